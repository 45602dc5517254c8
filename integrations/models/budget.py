"""What served models may take: calls, tokens and money, in one turn and in one day of the shop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.messages.ai import UsageMetadata

from assistant.embedded.turn import REWRITE
from integrations.models.counting import count
from integrations.models.prices import price_of

log = logging.getLogger(__name__)

SPENT = "spent"
"""Where a message tells what it took, in its response_metadata: a Use as a dictionary."""


@dataclass(frozen=True)
class Use:
    """Calls made, tokens read and written, and money in millionths of a US dollar."""

    calls: int = 0
    tokens: int = 0
    microdollars: int = 0

    def __add__(self, other: Use) -> Use:
        return Use(self.calls + other.calls, self.tokens + other.tokens, self.microdollars + other.microdollars)


@dataclass(frozen=True)
class Limits:
    """The most that may be used; 0 is no limit. `usd` binds only models with a price."""

    calls: int = 0
    tokens: int = 0
    usd: float = 0

    def reached(self, use: Use) -> str:
        """Which limit is reached: calls, tokens, usd; '' for none."""
        pairs = (("calls", self.calls, use.calls), ("tokens", self.tokens, use.tokens),
                 ("usd", self.usd * 1e6, use.microdollars))  # fmt: skip
        return next((name for name, most, used in pairs if 0 < most <= used), "")


class Book(Protocol):
    """Where a day's use is kept, for all processes of a shop. Neither function raises."""

    async def spent(self, day: date) -> tuple[int, int, int]:
        """What all models have taken on a day: the fields of a Use."""
        ...

    async def add(self, day: date, model: str, amounts: tuple[int, int, int]) -> None:
        """Add what a model took."""
        ...


class Budget:
    """Says before each call whether it may still be made. The last call allowed may go over a limit."""

    def __init__(
        self,
        turn: Limits = Limits(),
        day: Limits = Limits(),
        book: Book | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._turn = turn
        self._day = day
        self._book = book if day != Limits() else None
        self._today = today
        self._told: set[tuple[date, str, str]] = set()

    async def allows(self, messages: Sequence[BaseMessage], more: Use) -> bool:
        """Whether another call may be made in the turn these messages end in; `more` is not in them yet."""
        scope, reached = "turn", self._turn.reached(spent_in_turn(messages) + more)
        if not reached and self._book:
            scope, reached = "day", self._day.reached(Use(*await self._book.spent(self._today())))
        if reached:
            self._tell(scope, reached)
        return not reached

    async def note(self, model: str, usage: UsageMetadata | None) -> Use:
        """Note a call to a model, and say what it took."""
        price = price_of(model)
        use = Use(1, usage["total_tokens"], count(price.microdollars(usage)) if price else 0) if usage else Use(1)
        if self._book:
            await self._book.add(self._today(), model, astuple(use))
        return use

    def _tell(self, scope: str, limit: str) -> None:
        """Once a day for each limit: a reached one is met by every call."""
        key = (self._today(), scope, limit)
        if key not in self._told:
            self._told.add(key)
            log.warning("model budget reached, the embedded model answers", extra={"scope": scope, "limit": limit})


def spent_in_turn(messages: Sequence[BaseMessage]) -> Use:
    """What the messages since the shopper's last took."""
    use = Use()
    for message in reversed(messages):
        if isinstance(message, HumanMessage) and not message.additional_kwargs.get(REWRITE):
            break
        if isinstance(message, AIMessage):
            use += Use(**message.response_metadata.get(SPENT, {}))
    return use
