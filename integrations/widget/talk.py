"""A conversation as this process answers it, and the run under way in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Literal

from assistant import events
from integrations.database.floor import BEAT
from integrations.widget.events import Wire

if TYPE_CHECKING:
    from integrations.database.inbox import Received
    from integrations.database.turns import Standing
    from tools.context import Session

Sent = tuple[int, str]
"""A frame: its number in the conversation and its JSON."""

End = Literal["", "stale", "stopped", "person", "interrupted", "lost"]
"""Why a run is not told to its end: more was said before anything was shown, the shopper wants no answer, a person has
taken over, the server stops, another process has the floor. '' where it is told to its end.
"""

MOST_JOINS = 5
"""How often a run begins anew because more was said."""

PROGRESS = (events.Step, events.StepDone, events.Notice)
"""What may be shown of a run that is then given up."""


class Talk:
    """What followers in this process see of a conversation, without asking the database. `since` is the number before
    the frames held here; None while somebody else has the floor, or we ask for it the first time (`arriving`).
    `holder` names us as who has the floor; `fresh` says that `session` was read with the message.
    """

    def __init__(self, session: Session | None) -> None:
        self.session = session
        self.standing: Standing | None = None
        self.fresh = False
        self.since: int | None = None
        self.arriving = True
        self.number = 0
        self.frames: list[tuple[str, Sent]] = []
        self.answered: dict[str, str] = {}
        self.ended: set[str] = set()
        self.run: Run | None = None
        self.wanted = True
        self.holder, self._proved = "", 0.0
        self.news = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def wake(self) -> None:
        """Tell followers that there is something new."""
        self.news += 1
        for follower in self._waiting:
            _settle(follower)

    async def pause(self, news: int, seconds: float) -> None:
        """Until there is something newer than what is known, at most some seconds."""
        if self.news != news:
            return
        loop = asyncio.get_running_loop()
        follower: asyncio.Future[None] = loop.create_future()
        self._waiting.add(follower)
        alarm = loop.call_later(seconds, _settle, follower)
        try:
            await follower
        finally:
            alarm.cancel()
            self._waiting.discard(follower)

    def begin(self, holder: str, number: int) -> None:
        """We have the floor; frames are numbered from here."""
        self.since = self.number = number
        self.frames = []
        self.holder, self._proved = holder, time.monotonic()
        self.arrived()

    def handed(self) -> Standing | None:
        """How the conversation stands, where its floor was taken with the message that began this."""
        standing, self.standing = self.standing, None
        self.fresh = standing is not None
        return standing

    def arrived(self) -> None:
        """Who has the floor is known now."""
        self.arriving = False
        self.wake()

    def proof(self) -> str:
        """Who we are as holder of the floor, where that is to be shown again; '' while it is surely ours."""
        now = time.monotonic()
        due = now - self._proved > BEAT
        self._proved = now if due else self._proved
        return self.holder if due else ""

    def chain(self, turn: str) -> set[str]:
        """A turn and those its answer passed to."""
        turns = list(self.answered)
        later = turns[turns.index(turn) :] if turn in self.answered else [turn]
        return {other for other in later if self.answered.get(other) == self.answered.get(turn)} | {turn}

    def after(self, number: int, turn: str) -> list[Sent]:
        """Frames after a number, of one turn and those its answer passed to, where it is named."""
        chain = self.chain(turn) if turn else set()
        return [sent for of, sent in self.frames if sent[0] > number and (not turn or of in chain)]

    def is_over(self, turn: str) -> bool:
        """Whether nothing more comes of a turn. Of all turns the database says it, once the floor is given back."""
        return turn in self.ended


def _settle(follower: asyncio.Future[None]) -> None:
    if not follower.done():
        follower.set_result(None)


class Run:
    """One answer under way, to one message or to several that came in a burst."""

    def __init__(self, session_id: str, batch: Sequence[Received], joins: int) -> None:
        self.turn = batch[-1].turn
        self.batch = list(batch)
        self.wire = Wire(session_id, self.turn)
        self.why: End = ""
        self.shown = self.acted = False
        self.may_join = joins < MOST_JOINS
        self.answer: list[str] = []
        self.payloads: dict[str, Any] = {}
        self._listening: asyncio.Task[Any] | None = None

    @property
    def question(self) -> str:
        """What is answered: fragments, one a line."""
        return "\n".join(received.text for received in self.batch)

    def interrupt(self, why: End) -> None:
        """End the run, at the next whole sentence. One in which something is being done is told to its end."""
        if self.acted and why != "lost":
            return
        self.why = self.why or why
        if self._listening is not None:
            self._listening.cancel()

    def judge(self, open_ones: Sequence[Received]) -> None:
        """Look at what has come in: the shopper's stop, or more of what they want to say."""
        ours = {received.turn for received in self.batch}
        stopped = {received.stopped for received in open_ones if received.turn in ours} - {""}
        if stopped:
            self.interrupt("person" if "person" in stopped else "stopped")
        elif not self.shown and self.may_join and any(received.turn not in ours for received in open_ones):
            self.interrupt("stale")

    async def listen(self, reply: AsyncIterator[events.Event]) -> AsyncIterator[events.Event]:
        """The events of a reply until the run is interrupted; what is under way in the reply is given up then."""
        async with aclosing(reply) as told:  # type: ignore[type-var]
            while not self.why and (event := await self._next(told)) is not None:
                yield event

    async def _next(self, told: AsyncIterator[events.Event]) -> events.Event | None:
        task = self._listening = asyncio.current_task()
        try:
            return await anext(told, None)
        except asyncio.CancelledError:
            if not self.why or task is None:
                raise
            task.uncancel()
            return None
        finally:
            self._listening = None

    def shows(self, event: events.Event) -> bool:
        """Whether an event is the first that cannot be undone: it is seen, or it does something."""
        acts = isinstance(event, events.Step) and event.name in events.ACTING
        return not self.shown and (acts or not isinstance(event, PROGRESS))

    def note(self, event: events.Event) -> list[Any]:
        """The wire's frames for an event; what it shows is kept for the history."""
        self.shown = self.shown or self.shows(event)
        self.acted = self.acted or (isinstance(event, events.Step) and event.name in events.ACTING)
        if isinstance(event, events.Sentence):
            self.answer.append(event.text)
        frames = list(self.wire.translate(event))
        self.payloads |= {frame.name: frame.value for frame in frames if frame.type == "CUSTOM"}  # type: ignore[attr-defined]
        return frames
