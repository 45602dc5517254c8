"""Which of the searches that were noted left a question about the shop unanswered."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from assistant.embedded.task import ORDER_INTENTS, SHOP_QUESTIONS, SMALL_TALK
from integrations.database.searches import Disliked, Recorded
from knowledge.gaps import ANSWERED, ENTRY_ANSWERED, Question, Source

HANDED_OVER = timedelta(minutes=15)
"""How soon after a search that found nothing near a person is asked for because of it."""

MOST_QUESTIONS = 500
"""How many different questions are looked at, the newest: each is routed, and searched for again."""

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
    entries: frozenset[str] = frozenset(),
) -> list[Question]:
    """The questions that were not answered, oldest first.

    A search of the policies that found nothing near is one, if the message asks about the shop and no product answered
    it; one whose subject was not recognised is, if a person was asked for next. Whatever was shown, a thumbs down on
    the turn makes it one. `entries` are documents that must be nearer than others to answer.
    """
    products = {(s.session_id, s.at, s.text): s.score for s in searches if s.kind == "products"}
    after = _Aftermath(searches, handed_over, disliked, entries)
    routes: dict[tuple[str, str], Route] = {}
    found = []
    for search in reversed(searches):
        source = after.source(search) if search.kind == "policies" else None
        key = (search.text, search.language)
        if source is None or (key not in routes and len(routes) >= MOST_QUESTIONS):
            continue
        asked = routes[key] = routes.get(key) or route(*key)
        shown = products.get((search.session_id, search.at, search.text), 0.0)
        if _asks(asked, source) and (source == "feedback" or not _is_about(shown, asked)):
            found.append(Question(
                search.text, search.language, search.at, search.market, search.role, source, search.documents,
                search.score,
            ))  # fmt: skip
    return found[::-1]


def _asks(route: Route, source: Source) -> bool:
    """Whether a message asks for what an entry could say."""
    if source == "search":
        return route.chance(*SHOP_QUESTIONS) >= ABOUT_THE_SHOP
    return route.best not in NO_QUESTIONS


def _is_about(shown: float, route: Route) -> bool:
    """Whether the products shown answer a message: one it names, or near ones where it does not ask for a policy."""
    return shown >= 1.0 or (shown >= ANSWERED and route.best != "policy_question")


class _Aftermath:
    """What followed the searches of each conversation."""

    def __init__(
        self,
        searches: Sequence[Recorded],
        handed_over: dict[str, list[datetime]],
        disliked: Iterable[Disliked],
        entries: frozenset[str],
    ) -> None:
        self._entries = entries
        self._calls = {session: sorted(times) for session, times in handed_over.items()}
        self._marks: dict[str, list[Disliked]] = {}
        for mark in disliked:
            self._marks.setdefault(mark.session_id, []).append(mark)
        turns: dict[str, list[datetime]] = {}
        for search in searches:
            turns.setdefault(search.session_id or "", []).append(search.at)
        self._turns = {session: sorted(set(times)) for session, times in turns.items()}

    def source(self, search: Recorded) -> Source | None:
        """How a search came to be unanswered; None for one that was answered."""
        session = search.session_id or ""
        if session and any(mark.since < search.at <= mark.until for mark in self._marks.get(session, ())):
            return "feedback"
        if search.score >= (ENTRY_ANSWERED if self._entries & set(search.documents) else ANSWERED):
            return None
        return "handoff" if session and self._called(session, search.at) else "search"

    def _called(self, session: str, at: datetime) -> bool:
        """Whether a person was asked for before the next turn that searched, and soon."""
        turns, calls = self._turns[session], self._calls.get(session, [])
        end = min([at + HANDED_OVER, *turns[bisect_right(turns, at) :][:1]])
        place = bisect_left(calls, at)
        return place < len(calls) and calls[place] <= end
