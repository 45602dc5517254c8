"""Which of two passages on one matter a reader is to be shown: the valid one, then the one for the narrower market,
then the newer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.documents import Passage, expand_markets
from knowledge.figures import Figure

SEVERITIES = {"same": "error", "translation": "error", "expired": "warning", "market": "note"}


@dataclass(frozen=True)
class Conflict:
    """Two passages that disagree. `kind` says why one of them holds: the other is 'expired' (or replaced), one is for
    a 'market'; or that nothing decides: 'same', and 'translation' of one document.

    `passages` and `figures` in one order, what holds first; `similarity` their cosine; `why` one sentence.
    """

    kind: str
    passages: tuple[Passage, Passage]
    figures: tuple[tuple[Figure, ...], tuple[Figure, ...]]
    similarity: float
    decided: bool
    why: str

    @property
    def winner(self) -> Passage | None:
        """The passage that holds, or None where the operator must decide."""
        return self.passages[0] if self.decided else None

    @property
    def loser(self) -> Passage:
        """The passage that does not hold, or the other one where nothing decides."""
        return self.passages[1]

    @property
    def severity(self) -> str:
        """error, warning or note."""
        return SEVERITIES[self.kind]


def more_specific(a: Passage, b: Passage, market: str, today: date) -> Passage | None:
    """The passage a reader of a market (ISO country, '' unknown) is to be shown today, or None where nothing decides.

    One that does not hold today or is for other markets gives way. Of two that hold, the one for fewer markets wins
    (for an unknown market the one for more), then the one valid from a later day.
    """
    held = [passage for passage in (a, b) if valid_on(passage, today) and _serves(passage, market)]
    if len(held) < 2:
        return held[0] if held else None
    narrow = narrower(a, b)
    if narrow is not None and not market:
        return b if narrow is a else a
    return narrow or newer(a, b)


def valid_on(passage: Passage, day: date) -> bool:
    """Whether a passage holds on a day; its first and last day count."""
    return (passage.valid_from or date.min) <= day <= (passage.valid_until or date.max)


def narrower(a: Passage, b: Passage) -> Passage | None:
    """The one of two passages that is for some of the other's countries only."""
    one, other = reach(a), reach(b)
    if one and (not other or one < other):
        return a
    return b if other and (not one or other < one) else None


def newer(a: Passage, b: Passage) -> Passage | None:
    """The one of two passages that is valid from a later day."""
    one, other = a.valid_from or date.min, b.valid_from or date.min
    return None if one == other else a if one > other else b


def reach(passage: Passage) -> frozenset[str]:
    """The countries a passage is for, by its markets or else its heading; empty for all."""
    return frozenset(expand_markets(passage.markets or passage.about)) - {"EU"}


def _serves(passage: Passage, market: str) -> bool:
    return not market or not reach(passage) or market in reach(passage)


def meeting_day(a: Passage, b: Passage, today: date) -> date | None:
    """The first day from today on which one reader can be shown both passages, or today where one holds and the other
    ended or is to come; None where they never meet.
    """
    if not _share_reader(a, b):
        return None
    first = max(today, a.valid_from or date.min, b.valid_from or date.min)
    if valid_on(a, first) and valid_on(b, first):
        return first
    return today if valid_on(a, today) != valid_on(b, today) else None


def _share_reader(a: Passage, b: Passage) -> bool:
    audiences = {a.audience, b.audience} - {"shopper"}
    return len(audiences) < 2 and (not reach(a) or not reach(b) or bool(reach(a) & reach(b)))


def prevailing(a: Passage, b: Passage, day: date) -> tuple[str, Passage | None, str]:
    """The kind of a conflict, the passage that holds on a day, and why in words: 'expired', 'market' or 'same'."""
    held = [passage for passage in (a, b) if valid_on(passage, day)]
    if len(held) == 1:
        other = b if held[0] is a else a
        return "expired", held[0], _validity(other, day)
    narrow, new = narrower(a, b), newer(a, b)
    if narrow:
        return "market", narrow, f"{name_of(narrow)} holds in {', '.join(narrow.markets or narrow.about)}"
    if new:
        return "expired", new, f"{name_of(new)} is newer, valid from {new.valid_from}"
    return "same", None, "both hold for the same readers and nothing decides between them"


def _validity(passage: Passage, day: date) -> str:
    if passage.valid_until is not None and passage.valid_until < day:
        return f"{name_of(passage)} ended on {passage.valid_until}"
    return f"{name_of(passage)} begins on {passage.valid_from}"


def name_of(passage: Passage) -> str:
    """How a passage's document is named to people."""
    return f"{passage.document} [{passage.locale}]"
