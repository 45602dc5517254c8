"""Which of the searches that were noted left a question about the shop unanswered."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from assistant.embedded.task import ORDER_INTENTS, SHOP_QUESTIONS, SMALL_TALK
from integrations.database.searches import Disliked, Recorded
from knowledge.gaps import ANSWERED, Question, Source

HANDED_OVER = timedelta(minutes=15)
"""How soon after a search that found nothing near a person is asked for because of it."""

ABOUT_THE_SHOP = 0.5
"""Least probability that a message asks about the shop's policies or products, for it to be a gap by itself."""

NO_QUESTIONS = SMALL_TALK | ORDER_INTENTS | {"person", "private_data"}
"""Intents that no entry answers, whatever followed."""


class Route(Protocol):
    """What the router tells of a message."""

    @property
    def best(self) -> str:
        """The likeliest intent."""
        ...

    def chance(self, *names: str) -> float:
        """Probability that the intent is one of these."""
        ...


def unanswered(
    searches: Sequence[Recorded],
    handed_over: dict[str, list[datetime]],
    disliked: Iterable[Disliked],
    route: Callable[[str, str], Route],
) -> list[Question]:
    """The questions that were not answered, oldest first.

    A search of the policies that found nothing near is one, if the message asks about the shop and no product answered
    it; one whose subject was not recognised is, if a person was asked for next. Whatever was shown, a thumbs down on
    the turn makes it one.
    """
    by_product = {(s.session_id, s.at, s.text) for s in searches if s.kind == "products" and s.score >= ANSWERED}
    after = _Aftermath(searches, handed_over, disliked)
    found = []
    for search in searches:
        near = search.score >= ANSWERED or (search.session_id, search.at, search.text) in by_product
        source = after.source(search, near) if search.kind == "policies" else None
        if source and _asks(route(search.text, search.language), source):
            found.append(Question(
                search.text, search.language, search.at, search.market, search.role, source, search.documents
            ))  # fmt: skip
    return found


def _asks(route: Route, source: Source) -> bool:
    """Whether a message asks for what an entry could say."""
    if source == "search":
        return route.chance(*SHOP_QUESTIONS) >= ABOUT_THE_SHOP
    return route.best not in NO_QUESTIONS


class _Aftermath:
    """What followed the searches of each conversation."""

    def __init__(
        self,
        searches: Sequence[Recorded],
        handed_over: dict[str, list[datetime]],
        disliked: Iterable[Disliked],
    ) -> None:
        self._calls = {session: sorted(times) for session, times in handed_over.items()}
        self._marks: dict[str, list[Disliked]] = {}
        for mark in disliked:
            self._marks.setdefault(mark.session_id, []).append(mark)
        turns: dict[str, list[datetime]] = {}
        for search in searches:
            turns.setdefault(search.session_id or "", []).append(search.at)
        self._turns = {session: sorted(set(times)) for session, times in turns.items()}

    def source(self, search: Recorded, near: bool) -> Source | None:
        """How a search came to be unanswered; None for one that was answered."""
        session = search.session_id or ""
        if session and any(mark.since < search.at <= mark.until for mark in self._marks.get(session, ())):
            return "feedback"
        if near:
            return None
        return "handoff" if session and self._called(session, search.at) else "search"

    def _called(self, session: str, at: datetime) -> bool:
        """Whether a person was asked for before the next turn that searched, and soon."""
        turns, calls = self._turns[session], self._calls.get(session, [])
        end = min([at + HANDED_OVER, *turns[bisect_right(turns, at) :][:1]])
        place = bisect_left(calls, at)
        return place < len(calls) and calls[place] <= end
