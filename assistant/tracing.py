"""What happened in a turn, as data, for whoever watches: a store, metrics, a log. Nothing here knows who they are.

Code that does something worth knowing says so with `note`; it needs nothing handed to it, and outside a turn nothing is
noted. Watchers are told when a turn begins and when it has ended. They never hold a turn up and never fail it.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, runtime_checkable

from assistant import events
from tools.context import Session

log = logging.getLogger(__name__)

MOST_HAPPENINGS = 300
"""More of them in one turn are not kept: a model in a loop does not fill the memory."""


@dataclass(frozen=True)
class ModelAsked:
    """One attempt to get an answer of a model. `outcome` is answered, the kind of its fault, or why it was passed over:
    breaker, budget. Times are readings of time.perf_counter(); `first` is that of its first word.
    """

    model: str
    outcome: str
    began: float
    ended: float
    first: float | None = None
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    microdollars: int = 0
    finish_reason: str = ""
    answered_by: str = ""
    """The name the server gave its model."""


@dataclass(frozen=True)
class ToolRan:
    """A tool call and what came of it; `passages` are those it found, each with its score."""

    name: str
    call_id: str
    arguments: dict[str, Any]
    status: str
    began: float
    ended: float
    rule: str = ""
    passages: tuple[tuple[str, float], ...] = ()
    operation_id: str = ""


@dataclass(frozen=True)
class Masked:
    """How many pieces of personal data a served model read placeholders for, by kind."""

    kinds: dict[str, int]


@dataclass(frozen=True)
class Withheld:
    """A sentence the shopper was not shown, and why."""

    sentence: str
    reason: str


@dataclass(frozen=True)
class Refused:
    """The message was not admitted."""

    code: str


@dataclass(frozen=True)
class Acted:
    """What an action comes to or has come to, as the shopper was told."""

    action: str
    status: str
    rule: str
    operation_id: str


@dataclass(frozen=True)
class Handed:
    """The shopper was put in line for a person."""

    reference: str


@dataclass(frozen=True)
class Broke:
    """The turn ended in a fault: the kind of exception, never its text."""

    error: str


Happening = ModelAsked | ToolRan | Masked | Withheld | Refused | Acted | Handed | Broke
Outcome = Literal["running", "answered", "refused", "failed", "cancelled", "silent"]
"""`silent` is a turn in which the assistant had nothing to say: a person has taken over."""


@dataclass
class Trace:
    """One turn: who wrote what, all that happened, and what was shown. `id` is what a shopper sees when it fails."""

    id: str
    session: Session
    question: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.perf_counter)
    happened: list[Happening] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    first_shown: float | None = None
    ended: float = 0.0
    outcome: Outcome = "running"
    language: str = ""
    engine: str = ""

    @property
    def seconds(self) -> float:
        """How long the turn took."""
        return self.ended - self.began

    def close(self, outcome: Outcome) -> None:
        """The turn has ended; with this outcome, where no event told another."""
        self.ended = self.ended or time.perf_counter()
        self.outcome = outcome if self.outcome == "running" else self.outcome

    def add(self, happening: Happening) -> None:
        """Keep what happened."""
        if len(self.happened) < MOST_HAPPENINGS:
            self.happened.append(happening)

    def see(self, event: events.Event) -> None:
        """Keep what the shopper is shown."""
        match event:
            case events.Sentence(text):
                self.first_shown = self.first_shown or time.perf_counter()
                self.shown.append(text)
            case events.ActionShown(told):
                self.add(Acted(*(str(told.get(name) or "") for name in ("action", "status", "rule", "operation_id"))))
            case events.HandedOver(reference, status="waiting"):
                self.add(Handed(reference))
            case events.Failed():
                self.outcome = "failed"
            case events.Finished(language, engine):
                refused = any(isinstance(happening, Refused) for happening in self.happened)
                self.outcome = "refused" if refused else "answered"
                self.language, self.engine = language, engine


class Observer(Protocol):
    """Someone who watches turns."""

    def began(self, trace: Trace) -> None:
        """A turn begins; called in the context of its request. Returns at once."""
        ...

    def ended(self, trace: Trace) -> None:
        """A turn has ended, and nothing of its trace changes any more. Returns at once."""
        ...


@runtime_checkable
class Keeper(Protocol):
    """An observer that keeps what it sees."""

    async def erase(self, session_ids: Collection[str]) -> int:
        """Erase what was kept of conversations; returns how many turns."""
        ...


_request: ContextVar[str] = ContextVar("request", default="")
_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin_request() -> str:
    """Give what is done from here on one id, which a turn it leads to bears."""
    request = _new_id()
    _request.set(request)
    return request


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


def current_trace() -> Trace | None:
    """The turn under way here."""
    return _trace.get()


def current_id() -> str:
    """The id of the turn under way here, or of the request; '' for neither."""
    trace = _trace.get()
    return trace.id if trace else _request.get()


def note(happening: Happening) -> None:
    """Keep what happened in the turn under way here; outside of one nothing is kept."""
    if trace := _trace.get():
        trace.add(happening)


async def watched(
    turn: AsyncGenerator[events.Event], message: str, session: Session, observers: Sequence[Observer]
) -> AsyncGenerator[events.Event]:
    """The events of a turn, while observers watch it."""
    trace = Trace(_request.get() or _new_id(), session, message)
    _request.set("")  # what answers one message may go on to answer the next
    _trace.set(trace)
    _tell(observers, "began", trace)
    try:
        async with aclosing(turn):
            async for event in turn:
                trace.see(event)
                yield event
        trace.close("silent")
    finally:
        trace.close("cancelled")
        _tell(observers, "ended", trace)
        _trace.set(None)


def _tell(observers: Sequence[Observer], moment: Literal["began", "ended"], trace: Trace) -> None:
    for observer in observers:
        try:
            getattr(observer, moment)(trace)
        except Exception as error:  # noqa: BLE001  (whoever watches a turn cannot fail it)
            log.error("a turn was not watched: %s", type(error).__name__, extra={"observer": type(observer).__name__})
