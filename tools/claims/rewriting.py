"""A text as it could stand: claims taken out until the check has nothing more to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.claims.tongues import Tongue
from tools.claims.words import HARD

ROUNDS = 4
"""Most times a text is gone over; what is still found then takes its sentence with it."""


@dataclass(frozen=True)
class Cut:
    """A claim to take out."""

    start: int
    end: int


def cut_of(text: str, span: tuple[int, int], whole_clause: bool, tongue: Tongue) -> Cut:
    """What has to go with a claim: a clause it is the verb of, the particle after it."""
    start, end = span
    if not whole_clause or tongue.unspaced:
        joint = next((joint for joint in tongue.joints if text.startswith(joint, end)), "")
        return Cut(start, end + len(joint))
    clause = max([0, *(match.end() for match in CLAUSE.finditer(text, 0, start))])
    relatives = [m.start() for m in re.finditer(r"\w+", text[:start]) if m.group().lower() in tongue.relatives]
    return Cut(
        max(clause, *relatives, 0) if relatives else clause,
        next((match.start() for match in CLAUSE.finditer(text, end)), len(text)),
    )


CLAUSE = re.compile(r"[,;:!?\n(–—]|\.(?=\s|$)")


def rewrite(text: str, cuts: Callable[[str], Sequence[Cut]], tongue: Tongue) -> str:
    """The text without its claims; '' where nothing is left that could stand. `cuts` finds the claims of a text."""
    written = text
    for _ in range(ROUNDS):
        found = cuts(written)
        if not found:
            break
        written = _without(written, found, tongue)
    else:
        while found := cuts(written):
            written = _without_sentence(written, found[0], tongue)
    return written if re.search(r"\w", written) else ""


def _without(text: str, cuts: Sequence[Cut], tongue: Tongue) -> str:
    first = len(text)
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end), reverse=True):
        if cut.end > first:
            continue
        text = text[: cut.start] + text[cut.end :]
        first = cut.start
    return tidied(text, tongue)


def _without_sentence(text: str, cut: Cut, tongue: Tongue) -> str:
    ends = [0, *(match.end() for match in HARD.finditer(text)), len(text)]
    start = max(end for end in ends if end <= cut.start)
    stop = min((end for end in ends if end >= cut.end and end > start), default=len(text))
    return tidied(text[:start] + text[stop:], tongue)


LOOSE = (
    (re.compile(r"[ \t\u00a0]{2,}"), " "),
    (re.compile(r"\s+([,.;:!?])(?=\s|$)"), r"\1"),
    (re.compile(r"([,;:–—-])\s*(?=[,;:.!?])"), ""),
    (re.compile(r"([,、,])\s*([,、,])"), r"\1"),
    (re.compile(r"(^|[.!?\n])[ \t]*[,;:、,–—-]+\s*"), r"\1 "),
    (re.compile(r"[ \t]*[,;:、,–—-]+[ \t]*(?=\n|$)"), ""),
    (re.compile(r"\(\s*\)|\"\s*\"|«\s*»|「\s*」"), ""),
)
"""What a cut leaves behind, and what becomes of it."""


def tidied(text: str, tongue: Tongue) -> str:
    """A text without doubled spaces, orphaned commas and words that lead nowhere. A capital at its start stays."""
    capital = text.lstrip()[:1].isupper() or text[:1].isspace()
    for _ in range(3):
        for pattern, tidy in LOOSE:
            text = pattern.sub(tidy, text)
        text = _without_dangling(text.strip(), tongue)
    text = re.sub(r"^[\s.!?]+", "", text)
    return text[:1].upper() + text[1:] if capital else text


def _without_dangling(text: str, tongue: Tongue) -> str:
    if not tongue.dangling:
        return text
    words = "|".join(re.escape(word) for word in tongue.dangling)
    return re.sub(rf"(?i)(?<!\w)(?:{words})\s*(?=[,.;:!?]|$)", "", text)
