"""Words around a claim that show something else is meant: a denial, a question, a warning, a rule's own exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.claims.rules import ByLanguage, Rule, Severity, Unless, word_lists
from knowledge.claims.tongues import Tongue
from tools.claims.evidence import Given, is_one_of
from tools.claims.folding import Folded, plain
from tools.claims.phrases import Hit
from tools.claims.words import Words

DENIAL_REACH = 3
"""Words between a denial and the claim it denies."""
NEXT_REACH = 2
"""The same for a word that denies what it stands before ("no", "kein")."""
LIST_REACH = 5
"""The same for one that denies a list ("not treat, cure or prevent")."""
BOAST_REACH = 5
"""Words between a boast's beginning and the denial that is part of it."""
NEAR = 40
"""Letters behind a denied claim in which "only" turns the denial round."""
RUNNING_REACH = 2
"""The same in letters, where words run together."""
CLAUSES = re.compile(r"[。.!?!?;;,,、\n،؛؟]")


@dataclass(frozen=True)
class Claim:
    """A phrase of a rule found in a text: letters of the folded text, and the letters of its sentence."""

    rule: str
    phrase: str
    start: int
    end: int
    sentence: tuple[int, int]
    severity: Severity | None = None


@dataclass(frozen=True)
class Seen:
    """What was found of exceptions: spans of each word, by rule or list, exception and word."""

    spans: dict[tuple[str, int, str], list[tuple[int, int]]]

    def of(self, claim: Claim, place: int, words: ByLanguage) -> Iterator[tuple[int, int]]:
        """Where words of a claim's exception stand; "@name" stands for a list's."""
        for word in {word: None for held in words.values() for word in held}:
            if word.startswith("@"):
                for entry in {entry: None for held in word_lists()[word].values() for entry in held}:
                    yield from self.spans.get((word, 0, entry), ())
            else:
                yield from self.spans.get((claim.rule, place, word), ())


def excuse(claim: Claim, rule: Rule, seen: Seen, text: str, given: Given) -> Unless | None:
    """The exception of its rule that a claim falls under: one that lets it pass before one that softens it."""
    met = [
        unless
        for place, unless in enumerate(rule.unless)
        if _concerns(unless, claim, given) and _meets(claim, (place, unless), seen, text)
    ]
    return min(met, key=lambda unless: unless.severity is not None, default=None)


def _concerns(unless: Unless, claim: Claim, given: Given) -> bool:
    if unless.of and not is_one_of(claim.phrase, unless.of):
        return False
    if unless.categories and given.category.lower() not in unless.categories:
        return False
    return not set(unless.except_scopes) & (given.scopes or set())


def _meets(claim: Claim, entry: tuple[int, Unless], seen: Seen, text: str) -> bool:
    place, unless = entry
    if any(True for _ in seen.of(claim, place, unless.without)):
        return False
    sentence = text[slice(*claim.sentence)]
    return (
        any(start < claim.end and claim.start < end for start, end in seen.of(claim, place, unless.phrases))
        or any(_beside(span, claim) for span in seen.of(claim, place, unless.near))
        or bool(unless.pattern and re.search(unless.pattern, sentence))
        or bool(unless.text and re.search(unless.text, text))
        or bool(unless.lacks and not re.search(unless.lacks, sentence))
        or not (unless.phrases or unless.near or unless.pattern or unless.text or unless.lacks)
    )


def _beside(span: tuple[int, int], claim: Claim) -> bool:
    """In the claim's sentence, and no part of the claim itself."""
    inside = claim.sentence[0] <= span[0] and span[1] <= claim.sentence[1]
    return inside and (span[1] <= claim.start or claim.end <= span[0])


def is_denied(words: Words, hit: Hit, tongue: Tongue) -> bool:
    """Whether a claim is denied: before, right after, or in between."""
    return (
        _denied_before(words, hit.first, tongue)
        or _denied_in_list(words, hit, tongue)
        or _denied_after(words, hit.after, tongue)
        or _denied_within(words, hit, tongue)
    )


def _denied_within(words: Words, hit: Hit, tongue: Tongue) -> bool:
    inside = [words.word(at) for at in range(hit.first + 1, hit.after)]
    denials = [word for word in inside if word in tongue.denies or word in tongue.denied_after]
    return any(word not in plain(hit.meaning.phrase) for word in denials)


def _denied_before(words: Words, first: int, tongue: Tongue) -> bool:
    for at in range(first - 1, max(-1, first - 2 - DENIAL_REACH), -1):
        if words.breaks[at] or words.ends_here[at]:
            return False
        near = words.word(at) in tongue.denies or (words.word(at) in tongue.denies_next and first - at <= NEXT_REACH)
        if near and not words.word(at + 1)[0].isdigit():
            return not _from(words, at).startswith(tongue.only) and not _is_boast(words, at, tongue)
    return False


def _is_boast(words: Words, denial: int, tongue: Tongue) -> bool:
    """Whether a denial belongs to a boast before it: "aucune autre crème ne ..."."""
    for at in range(denial - 1, max(-1, denial - 1 - BOAST_REACH), -1):
        if words.breaks[at] or words.ends_here[at]:
            return False
        if tongue.boasts and _from(words, at).startswith(tongue.boasts):
            return True
    return False


def _from(words: Words, at: int) -> str:
    """Three words from a place on."""
    return " ".join(words.word(place) for place in range(at, min(at + 3, len(words))))


def _denied_in_list(words: Words, hit: Hit, tongue: Tongue) -> bool:
    """Whether it is one of several things denied at once: "does not treat, cure or prevent"."""
    around = range(max(0, hit.first - 2), min(hit.after + 2, len(words)))
    if not any(words.word(at) in tongue.either for at in around):
        return False
    for at in range(hit.first - 1, max(-1, hit.first - 2 - LIST_REACH), -1):
        if words.ends_here[at]:
            return False
        if words.word(at) in tongue.denies:
            return True
    return False


def _denied_after(words: Words, after: int, tongue: Tongue) -> bool:
    near = range(after, min(after + 2, len(words)))
    parted = [one or other for one, other in zip(words.breaks, words.ends_here, strict=True)]
    return any(words.word(at) in tongue.denied_after for at in near if not any(parted[after - 1 : at]))


def is_denied_running(squeezed: Folded, hit: Hit, tongue: Tongue, around: tuple[str, str]) -> bool:
    """The same where words run together; `around` is the text before and behind with its spaces."""
    if _is_denied_by_word(around, tongue):
        return True
    before = CLAUSES.split(squeezed.text[max(0, hit.first - 12) : hit.first])[-1]
    denied = any(before.endswith(sign) or sign in before[-len(sign) - RUNNING_REACH :] for sign in tongue.denies)
    if denied and not any(sign in before for sign in tongue.only):
        return True
    behind = CLAUSES.split(squeezed.text[hit.after : hit.after + 24])[0]
    return any(plain(sign).replace(" ", "") in behind for sign in tongue.denied_after)


def _is_denied_by_word(around: tuple[str, str], tongue: Tongue) -> bool:
    """Whether a word that denies stands right before: one that is told by the space behind it ("لا ", also "ولا ")."""
    before, behind = around[0][-12:], CLAUSES.split(around[1][:NEAR])[0]
    words = [re.escape(sign.strip()) for sign in tongue.denies if sign.endswith(" ")]
    if not words or not re.search(rf"(?<!\w)[وف]?(?:{'|'.join(words)})\s+$", before):
        return False
    return not any(sign in behind for sign in tongue.only)


def is_no_claim(sentence: str, tongue: Tongue) -> bool:
    """Whether a whole sentence denies ('not intended to treat'), asks, or warns of what it quotes."""
    if any(re.search(pattern, sentence) for pattern in tongue.disclaims):
        return True
    if sentence.rstrip().endswith("?"):
        first = re.search(r"\w+", sentence)
        if first and first.group() in tongue.asks:
            return True
    return any(word in sentence for word in tongue.warns) and re.search(r"[\"“”„«»'「『]", sentence) is not None
