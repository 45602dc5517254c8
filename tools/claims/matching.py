"""The rules of some places made ready for a language: every phrase of theirs, and every exception's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from knowledge.claims.rules import ANY, EVERYWHERE, Rule, claim_rules, word_lists
from knowledge.claims.tongues import Tongue, tongue_of, tongues
from tools.claims.folding import Folded, fold
from tools.claims.lines import shown
from tools.claims.phrases import Hit, Meaning, RunningPhrases, WordPhrases
from tools.claims.words import Words


class Reader:
    """Finds the claims some rules are about, in texts of a language (`also` of another) and in the English in them."""

    def __init__(self, rules: list[Rule], tongue: Tongue, also: Tongue | None = None) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.tongue = tongue
        read = {one.language: one for one in (tongue, also, tongues()["en"]) if one}
        self.tongues = list(read.values())
        self.spaced = [WordPhrases(one) for one in self.tongues if not one.unspaced]
        self.running = RunningPhrases(tongues().values())
        for rule in rules:
            self._add(rule)
        for name in sorted(
            {word for rule in rules for unless in rule.unless for _, word in unless.words if word[0] == "@"}
        ):
            for language, words in word_lists()[name].items():
                for word in words:
                    self._look(word, language, Meaning(name, 0, word))
        self.running.seal()

    def fold(self, text: str) -> Folded:
        """A text as this reader compares it."""
        seen = shown(text)
        return fold(seen.text, self.tongue.keeps_marks, self.tongue.simplified).within(seen)

    def find(self, words: Words, squeezed: Folded) -> tuple[list[tuple[Hit, Tongue]], list[Hit]]:
        """What stands in a text: hits in words with the language they were read in, and hits in letters of the text
        without spaces.
        """
        spaced = [(hit, phrases.tongue) for phrases in self.spaced for hit in phrases.find(words)]
        return spaced, list(self.running.find(squeezed))

    def _add(self, rule: Rule) -> None:
        for language, phrase in _phrases(rule):
            self._look(phrase, language, Meaning(rule.id, phrase=phrase), rule)
        for place, unless in enumerate(rule.unless):
            for language, phrase in unless.words:
                if phrase[0] != "@":
                    self._look(phrase, language, Meaning(rule.id, place, phrase))

    def _look(self, phrase: str, language: str, meaning: Meaning, rule: Rule | None = None) -> None:
        if language in self._running_languages(phrase, language):
            self.running.add(phrase, meaning, self.tongue if language == ANY else tongues()[language])
            return
        for phrases in self.spaced:
            if language in (ANY, phrases.tongue.language):
                phrases.add(phrase, meaning, rule.gap if rule else 0, rule.compounds if rule else False)

    def _running_languages(self, phrase: str, language: str) -> tuple[str, ...]:
        """The languages without spaces that this reader reads: its own, or all where it has its words apart."""
        if language == ANY:
            return (ANY,) if _is_running(phrase) else ()
        read = self.tongues if self.tongue.unspaced else tongues().values()
        return tuple(tongue.language for tongue in read if tongue.unspaced)


def _phrases(rule: Rule) -> Iterator[tuple[str, str]]:
    for language in {**rule.phrases, **rule.also}:
        yield from ((language, phrase) for phrase in rule.spoken(language))


def _is_running(phrase: str) -> bool:
    return any(letter > "\u0900" and letter.isalpha() and not "\u1e00" <= letter <= "\u1fff" for letter in phrase)


@lru_cache(maxsize=64)
def reader_for(where: frozenset[str], locale: str, seen: str = "") -> Reader:
    """The reader for some places and the language of a locale; `seen` is the language a text is written in, where that
    is another.
    """
    rules = [rule for rule in claim_rules().values() if (where | {EVERYWHERE}) & set(rule.where)]
    also = tongue_of(seen) if seen else None
    return Reader(rules, tongue_of(locale), also)
