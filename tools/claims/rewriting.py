"""A text as it could stand: claims taken out until the check has nothing more to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.claims.words import HARD

ROUNDS = 4
"""Most times a text is gone over; what is still found then takes its sentence with it."""


@dataclass(frozen=True)
class Cut:
    """A claim to take out."""

    start: int
    end: int


def rewrite(text: str, cuts: Callable[[str], Sequence[Cut]]) -> str:
    """The text without its claims; '' where nothing is left that could stand. `cuts` finds the claims of a text."""
    written = text
    for _ in range(ROUNDS):
        found = cuts(written)
        if not found:
            break
        written = _without(written, found)
    else:
        while found := cuts(written):
            written = _without_sentence(written, found[0])
    return written if re.search(r"\w", written) else ""


def _without(text: str, cuts: Sequence[Cut]) -> str:
    first = len(text)
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end), reverse=True):
        if cut.end > first:
            continue
        text = text[: cut.start] + text[cut.end :]
        first = cut.start
    return tidied(text)


def _without_sentence(text: str, cut: Cut) -> str:
    ends = [0, *(match.end() for match in HARD.finditer(text)), len(text)]
    start = max(end for end in ends if end <= cut.start)
    stop = min((end for end in ends if end >= cut.end and end > start), default=len(text))
    return tidied(text[:start] + text[stop:])


LOOSE = (
    (re.compile(r"[ \t\u00a0]{2,}"), " "),
    (re.compile(r"\s+([,.;:!?])(?=\s|$)"), r"\1"),
    (re.compile(r"([,;:–—-])\s*(?=[,;:.!?])"), ""),
    (re.compile(r"([,、,])\s*([,、,])"), r"\1"),
    (re.compile(r"(^|[.!?\n])[ \t]*[,;:、,–—-]+\s*"), r"\1 "),
    (re.compile(r"[ \t]*[,;:、,–—-]+[ \t]*(?=\n|$)"), ""),
    (re.compile(r"\(\s*\)|\"\s*\"|«\s*»|「\s*」"), ""),
    (re.compile(r"(?i)(^|[.!?,;:]\s*|\n)(?:and|und|et|y|e|en|oraz|och|or|oder|ou|o|of|lub|eller|i|dan|ve)\s+(?=\S)"), r"\1"),
    (re.compile(r"(?i)\s+(?:and|und|et|y|e|en|oraz|och|i|or|oder|ou|dan|ve|&|that|die|der|das|qui|que|che|który|která|som)\s*(?=[,.;:!?]|$)"), ""),
    (re.compile(r"(?i)\b(and|und|et|oraz|och|dan|ve)\s+\1\b"), r"\1"),
)
"""What a cut leaves behind, and what becomes of it."""


def tidied(text: str) -> str:
    """A text without doubled spaces, orphaned commas and conjunctions; a sentence begins with a capital where it did."""
    capital = text.lstrip()[:1].isupper() or text[:1].isspace()
    for pattern, tidy in LOOSE:
        text = pattern.sub(tidy, text)
    text = text.strip()
    return text[:1].upper() + text[1:] if capital else text
