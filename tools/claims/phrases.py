"""Phrases found in a text, whatever form their words take."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from knowledge.claims.rules import entries
from knowledge.claims.tongues import Tongue
from tools.claims.folding import Folded, plain
from tools.claims.words import BRAND, WORD, Words

SPACE = re.compile(r"[^\S\n]|[・·*_]")
NUMBER = "<n>"
"""Any number, in a phrase."""
YEAR = "<year>"
"""A year to come, in a phrase."""
TO_COME = re.compile(r"20(?:2[7-9]|[3-6]\d)")
PARTS = re.compile(f"{NUMBER}|{YEAR}|{BRAND}|@\\w+|{WORD.pattern}")
SLOT = re.compile(r"@\w+")
"""Any word of a list, in a phrase."""
APART = "…"
"""Up to STRAY other words, in a phrase."""
STRAY = 6
WITHIN = r"[^。.!?!?;;,,、\n]{0,8}?"
"""The same where words run together, in letters."""
VERB_LAST = frozenset({"de", "nl"})
"""Languages that may say what is cured before they say that it is."""
NAMED = "\ue000"
"""What stands for each letter of a brand where words run together."""
JOINABLE = 7
"""Letters a phrase of several words needs so that it also counts written as one word."""
NUMERAL = r"\d+(?:[.,]\d+)?"
MOST_KNOWN = 50_000
"""Words whose keys are kept."""
COMPOUND = 7
"""Letters a word needs so that it also counts at either end of a longer one."""


@dataclass(frozen=True)
class Meaning:
    """What a phrase stands for: a rule, and which of its exceptions (-1: the claim itself, as `phrase` writes it)."""

    rule: str
    unless: int = -1
    phrase: str = ""


@dataclass(frozen=True)
class Hit:
    """A phrase found: from which word to which (not included), or letters where words run together."""

    meaning: Meaning
    first: int
    after: int


@dataclass(frozen=True, eq=False)
class Looked:
    """A phrase as it is looked for: words after the first, and how many others may stand between two."""

    words: tuple[frozenset[str], ...]
    gap: int
    meaning: Meaning


class WordPhrases:
    """Phrases of languages whose words stand apart."""

    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue
        self._by_first: dict[str, list[Looked]] = defaultdict(list)
        self._inside: dict[str, list[Meaning]] = defaultdict(list)
        self._looked_for: dict[str, frozenset[str]] = {}
        self._known: dict[str, frozenset[str]] = {}
        self._begins: dict[str, tuple[Looked, ...]] = {}

    def add(self, phrase: str, meaning: Meaning, gap: int = 0, compounds: bool = False) -> None:
        """Look for a phrase from now on."""
        slots = SLOT.findall(phrase)
        several = [[slot, *(one for one in entries(slot, self.tongue.language) if " " in one)] for slot in slots]
        for chosen in product(*several):
            filled = phrase
            for slot, entry in zip(slots, chosen, strict=True):
                filled = filled.replace(slot, entry, 1)
            self._add(filled, meaning, gap, compounds and not slots, keeps_light=bool(slots))

    def _add(self, phrase: str, meaning: Meaning, gap: int, compounds: bool, keeps_light: bool) -> None:
        exact = phrase.startswith("=")
        apart = APART in phrase
        phrase = phrase.replace(APART, " ")
        words = [word.replace(",", ".") for word in PARTS.findall(plain(phrase, self.tongue.keeps_marks))]
        if not words:
            return
        self._look(words, STRAY if apart else 0, meaning, exact)
        if gap and not apart:
            self._look_loosely(words, gap, meaning, keeps_light)
        joined = "".join(words)
        if len(words) > 1 and not apart and len(joined) >= JOINABLE and joined.isalpha():
            self._look([joined], 0, meaning, exact)
        if compounds and self.tongue.compounds and len(words) == 1 and len(words[0]) >= COMPOUND and not exact:
            self._inside[min(self.tongue.stems(words[0]), key=len)].append(meaning)

    def find(self, words: Words) -> Iterator[Hit]:
        """Every phrase that stands in a text."""
        present = frozenset().union(*(self._keys(one.word) for readings in words.readings for one in readings))
        for at in range(len(words)):
            known = False
            for reading in words.readings[at]:
                begun = self._begun(reading.word)
                known = known or bool(begun)
                for looked in begun:
                    if looked.words and looked.words[-1].isdisjoint(present):
                        continue
                    after = self._follow(words, reading.after, looked)
                    if after:
                        yield Hit(looked.meaning, at, after)
            if self._inside and not known:
                yield from self._compounds(words.word(at), at)

    def _begun(self, word: str) -> tuple[Looked, ...]:
        """The phrases a word may begin."""
        if word not in self._begins:
            if len(self._begins) > MOST_KNOWN:
                self._begins.clear()
            found = {one: None for key in self._keys(word) for one in self._by_first.get(key, ())}
            self._begins[word] = tuple(found)
        return self._begins[word]

    def _look(self, words: list[str], gap: int, meaning: Meaning, exact: bool = False) -> None:
        first, *rest = [frozenset((f"={word}",)) if exact else self._key(word) for word in words]
        looked = Looked(tuple(rest), gap, meaning)
        for key in first:
            self._by_first[key].append(looked)

    def _look_loosely(self, words: list[str], gap: int, meaning: Meaning, keeps_light: bool) -> None:
        heavy = [word for word in words if keeps_light or word not in self.tongue.light] or words
        if len(heavy) > 1:
            self._look(heavy, gap, meaning)
        if len(heavy) == 2 and not (SLOT.match(heavy[1]) and self.tongue.language not in VERB_LAST):
            self._look(heavy[::-1], gap, meaning)

    def _key(self, word: str) -> frozenset[str]:
        """What a word of a phrase is looked for by: its stems, or those of all words of a list."""
        if word not in self._looked_for:
            self._looked_for[word] = self._new_key(word)
        return self._looked_for[word]

    def _new_key(self, word: str) -> frozenset[str]:
        if SLOT.match(word):
            held = [entry for entry in entries(word, self.tongue.language) if " " not in entry]
            return frozenset().union(*(self._key_of(entry) for entry in held))
        return self.tongue.stems(word) if word.isalpha() else frozenset((f"={word}",))

    def _key_of(self, entry: str) -> frozenset[str]:
        """The key of a list's word, which may be meant in its form alone."""
        word = plain(entry.lstrip("="), self.tongue.keeps_marks)
        return frozenset((f"={word}",)) if entry[0] == "=" else self._key(word) if word.isalpha() else frozenset()

    def _keys(self, word: str) -> frozenset[str]:
        if word not in self._known:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[word] = self._new_keys(word)
        return self._known[word]

    def _new_keys(self, word: str) -> frozenset[str]:
        if word.isalpha():
            return self.tongue.stems(word) | {f"={word}"}
        if not word[0].isdigit():
            return frozenset((f"={word}",))
        return frozenset((f"={word}", f"={NUMBER}", f"={YEAR}" if TO_COME.fullmatch(word) else f"={NUMBER}"))

    def _follow(self, words: Words, at: int, looked: Looked) -> int:
        """The place after the phrase's last word when the rest stands from `at` on, else 0."""
        if not looked.words:
            return at
        places = {at}
        for wanted in looked.words:
            places = {after for place in places for after in self._step(words, place, wanted, looked.gap)}
            if not places:
                return 0
        return min(places)

    def _step(self, words: Words, at: int, wanted: frozenset[str], gap: int) -> Iterator[int]:
        for place in range(at, min(at + gap + 1, len(words))):
            if words.breaks[place - 1] and not (gap == STRAY and words.has_comma(place - 1)):
                return
            for reading in words.readings[place]:
                if not wanted.isdisjoint(self._keys(reading.word)):
                    yield reading.after

    def _compounds(self, word: str, at: int) -> Iterator[Hit]:
        if len(word) < COMPOUND + 2:
            return
        for stem, meanings in self._inside.items():
            if len(word) > len(stem) + 2 and (
                word.startswith(stem) or any(form.endswith(stem) for form in self._keys(word))
            ):
                yield from (Hit(meaning, at, at + 1) for meaning in meanings)


class RunningPhrases:
    """Phrases of languages whose words run together; hits are in letters of `squeezed`."""

    def __init__(self, tongues: Iterable[Tongue]) -> None:
        self._joints = "|".join(joint for tongue in tongues for joint in tongue.joints)
        self._patterns: dict[str, list[Meaning]] = defaultdict(list)
        self._compiled: re.Pattern[str] | None = None
        self._each: list[tuple[re.Pattern[str], list[Meaning]]] = []

    def add(self, phrase: str, meaning: Meaning, tongue: Tongue) -> None:
        """Look for a phrase from now on."""
        between = f"(?:{self._joints})?" if self._joints and tongue.joints else ""
        held = [plain(part, tongue.keeps_marks, tongue.simplified).split() for part in phrase.split(APART)]
        pattern = WITHIN.join(between.join(re.escape(part) for part in parts) for parts in held)
        pattern = pattern.replace(NUMBER, NUMERAL).replace(BRAND, f"{NAMED}+")
        first, last = phrase[0].replace("<", "0"), phrase[-1].replace(">", "0")
        before = r"(?<!\d)" if first.isdigit() else r"(?<![a-z])" if first.isascii() and first.isalpha() else ""
        behind = r"(?!\d)" if last.isdigit() else r"(?![a-z])" if last.isascii() and last.isalpha() else ""
        self._patterns[before + pattern + behind].append(meaning)

    def seal(self) -> None:
        """No more phrases will be added."""
        self._each = [(re.compile(pattern), meanings) for pattern, meanings in self._patterns.items()]
        if self._each:
            self._compiled = re.compile("|".join(self._patterns))

    def find(self, squeezed: Folded) -> Iterator[Hit]:
        """Every phrase that stands in a text without spaces."""
        if self._compiled is None or not self._compiled.search(squeezed.text):
            return
        for pattern, meanings in self._each:
            for match in pattern.finditer(squeezed.text):
                yield from (Hit(meaning, match.start(), match.end()) for meaning in meanings)
