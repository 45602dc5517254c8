"""Words around a claim that show something else is meant: a denial, a question, a warning, a rule's own exceptions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.claims.rules import Rule, Severity, Unless
from knowledge.claims.tongues import Tongue
from tools.claims.folding import Folded, plain
from tools.claims.phrases import Hit
from tools.claims.words import Words

DENIAL_REACH = 3
"""Words between a denial and the claim it denies."""
RUNNING_REACH = 2
"""The same in letters, where words run together."""
STOPS = re.compile(r"[。.!?!?;;\n]")
CLAUSES = re.compile(r"[。.!?!?;;,,、\n]")


@dataclass(frozen=True)
class Claim:
    """A phrase of a rule found in a text: letters of the folded text, and the letters of its sentence."""

    rule: str
    phrase: str
    start: int
    end: int
    sentence: tuple[int, int]
    severity: Severity | None = None


def excuse(
    claim: Claim, rule: Rule, exceptions: list[Hit], places: dict[Hit, tuple[int, int]], text: str, goods: str
) -> Unless | None:
    """The exception of its rule that a claim falls under: one that lets it pass before one that softens it."""
    phrase = plain(claim.phrase.lstrip("="))
    met = [
        unless
        for place, unless in enumerate(rule.unless)
        if _concerns(unless, phrase, goods)
        and _meets(
            claim,
            unless,
            [places[hit] + (hit.meaning.phrase,) for hit in exceptions if hit.meaning.unless == place],
            text,
        )
    ]
    return min(met, key=lambda unless: unless.severity is not None, default=None)


def _concerns(unless: Unless, phrase: str, goods: str) -> bool:
    return (not unless.of or any(plain(one) == phrase for one in unless.of)) and (
        not unless.categories or goods in unless.categories
    )


def _meets(claim: Claim, unless: Unless, hits: list[tuple[int, int, str]], text: str) -> bool:
    if any(_shows(claim, unless, hit) for hit in hits):
        return True
    if unless.text and re.search(unless.text, text):
        return True
    return bool(unless.pattern) and re.search(unless.pattern, text[slice(*claim.sentence)]) is not None


def _shows(claim: Claim, unless: Unless, hit: tuple[int, int, str]) -> bool:
    start, end, phrase = hit
    if phrase in unless.phrases and start < claim.end and claim.start < end:
        return True
    return phrase in unless.near and claim.sentence[0] <= start and end <= claim.sentence[1]


def is_denied(words: Words, first: int, after: int, tongue: Tongue) -> bool:
    """Whether the claim in words `first` to `after` is denied, asked or warned of."""
    return _denied_before(words, first, tongue) or _denied_after(words, after, tongue)


def _denied_before(words: Words, first: int, tongue: Tongue) -> bool:
    for at in range(first - 1, max(-1, first - 2 - DENIAL_REACH), -1):
        if words.breaks[at]:
            return False
        if words.word(at) in tongue.denies and not words.word(at + 1)[0].isdigit():
            return " ".join(words.word(place) for place in range(at, min(at + 2, first))) not in tongue.only
    return False


def _denied_after(words: Words, after: int, tongue: Tongue) -> bool:
    if after >= len(words) or words.breaks[after - 1]:
        return False
    near = range(after, min(after + 2, len(words)))
    return any(words.word(at) in tongue.denied_after for at in near if not any(words.breaks[after - 1 : at]))


def is_denied_running(squeezed: Folded, hit: Hit, tongue: Tongue) -> bool:
    """The same where words run together."""
    before = CLAUSES.split(squeezed.text[max(0, hit.first - 6) : hit.first])[-1]
    denied = any(before.endswith(sign) or sign in before[-len(sign) - RUNNING_REACH :] for sign in tongue.denies)
    if denied and not any(sign in before for sign in tongue.only):
        return True
    behind = CLAUSES.split(squeezed.text[hit.after : hit.after + 24])[0]
    return any(plain(sign).replace(" ", "") in behind for sign in tongue.denied_after)


def is_no_claim(sentence: str, tongue: Tongue) -> bool:
    """Whether a whole sentence denies ('not intended to treat'), asks, or warns of what it quotes."""
    if any(re.search(pattern, sentence) for pattern in tongue.disclaims):
        return True
    asked = sentence.rstrip().endswith(("?", "?"))
    words = re.findall(r"\w+", sentence)
    if asked and words and words[0] in tongue.asks:
        return True
    return any(word in sentence for word in tongue.warns) and re.search(r"[\"“”„«»'「『]", sentence) is not None
