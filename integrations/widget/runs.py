"""Turns that run apart from the connection that asked for them: a closed tab loses nothing, a lost one resumes. One at
a time in a conversation, in whatever process; a message is kept before it is answered, a frame before it is shown.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from integrations.database.floor import BEAT, PAUSE
from integrations.widget.admission import Places
from integrations.widget.answering import Answering
from integrations.widget.talk import Sent, Talk
from tools.context import Session

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.database.turns import Standing, TurnStore

log = logging.getLogger(__name__)


IDLE = 0.7
"""Seconds between two looks of a stream that stays open though nothing runs."""


LIFE = 15.0
"""Seconds without a frame after which a stream shows that it is alive."""

STAY = 600.0
"""Seconds a stream without a turn of its own is kept open."""


class ShuttingDown(Exception):
    """The server is about to stop and begins nothing new."""


class Runs:
    """The conversations this process answers or watches."""

    def __init__(
        self, assistant: Assistant, turns: TurnStore, observe: Callable[[float], None],
        find: Callable[[str], Awaitable[Session | None]] | None = None, places: Places | None = None,
    ) -> None:  # fmt: skip
        self._turns, self._places = turns, places or Places(80, 400)
        self._answering = Answering(assistant, turns, observe, find, self._places)
        self._talks: dict[str, Talk] = {}
        self._arriving = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    async def begin(self, session: Session, message: str, turn: str) -> int:
        """Take a message in; returns the number after which its frames come. A turn begun before is not begun again.
        Raises ShuttingDown, Full.
        """
        if self._closing:
            raise ShuttingDown
        if session.id not in self._talks:
            self._places.admit(len(self._talks) + self._arriving)
        self._arriving += 1
        taken = asyncio.create_task(self._take_in(session, message, turn))
        self._tasks.add(taken)
        taken.add_done_callback(self._tasks.discard)
        last = await asyncio.shield(taken)
        return await self._begun_before(session.id, turn) if last is None else last

    async def _take_in(self, session: Session, message: str, turn: str) -> int | None:
        """Keep a message, and with it take the floor where nobody has it here; it is answered though who sent it has
        gone meanwhile.
        """
        standing = None
        try:
            if session.id in self._talks:
                last = await self._turns.inbox.receive(session.id, turn, message)
            else:
                last, standing = await self._turns.take_in(session.id, turn, message)
        finally:
            self._arriving -= 1
        self._wake(session.id, session, standing)
        return last

    async def _begun_before(self, session_id: str, turn: str) -> int:
        """The number before the frames of a turn that is known already."""
        last = await self._turns.last_number(session_id)
        first = await self._turns.first_number(session_id, turn)
        return last if first is None else first - 1

    async def recover(self) -> None:
        """Take up what was left unanswered when a process ended."""
        for session_id in await self._turns.inbox.unanswered():
            self._wake(session_id)

    async def stop(self, session_id: str, turn: str = "") -> list[str]:
        """The shopper wants no answer any more; returns the turns that had none yet."""
        turns = await self._turns.inbox.stop(session_id, turn)
        self._wake(session_id)
        return list(turns)

    def _wake(self, session_id: str, session: Session | None = None, standing: Standing | None = None) -> None:
        """See to it that a conversation is answered, here or elsewhere; `standing` where we have its floor."""
        talk = self._talks.get(session_id)
        if talk is None:
            talk = self._talks[session_id] = Talk(session)
            task = asyncio.create_task(self._serve(session_id, talk))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        talk.wanted, talk.standing = True, standing or talk.standing
        if talk.run is not None:
            self._answering.look.set()

    async def _serve(self, session_id: str, talk: Talk) -> None:
        """Answer what is open, or wait until whoever has the floor has done so or is gone."""
        try:
            while True:
                talk.wanted, talk.since, talk.frames = False, None, []
                if standing := talk.handed() or await self._turns.take_floor(session_id):
                    await self._answering.answer(session_id, talk, standing)
                elif not self._closing and await self._turns.inbox.open(session_id):
                    talk.arrived()
                    await asyncio.sleep(PAUSE)
                    continue
                if not talk.wanted:
                    return
        except Exception as error:
            log.error("a conversation could not be answered", exc_info=error, extra={"session": session_id})
        finally:
            del self._talks[session_id]
            talk.wake()

    async def follow(self, session_id: str, number: int, turn: str = "", stay: bool = False) -> AsyncIterator[Sent]:
        """Frames after a number, those kept first, then others as they come, until nothing runs. Of one turn only,
        where it is named; with `stay`, whatever comes in the next minutes too. A frame 0, empty, is a sign of life.
        """
        until, told = time.monotonic() + STAY, time.monotonic()
        seen: Talk | None = None
        while True:
            talk = self._talks.get(session_id) or (seen if seen is not None and seen.is_over(turn) else None)
            seen = talk
            news = talk.news if talk else 0
            if talk is not None and talk.arriving:  # nothing of it is told before we know who tells it
                await talk.pause(news, PAUSE)
                continue
            over, fresh = await self._seen(talk, session_id, number, turn)
            for sent in fresh:
                yield sent
                number, told = sent[0], time.monotonic()
            if over and (not stay or self._closing or time.monotonic() > until):
                return
            if self._answering.late and not fresh:
                return
            if time.monotonic() - told > LIFE:
                yield 0, ""
                told = time.monotonic()
            if not over and talk is None:
                self._wake(session_id)
            seconds = IDLE if over else BEAT if talk is not None and talk.since is not None else PAUSE
            await (talk.pause(news, seconds) if talk else asyncio.sleep(seconds))

    async def _seen(self, talk: Talk | None, session_id: str, number: int, turn: str) -> tuple[bool, list[Sent]]:
        """Whether a turn is over, and what of it comes after a number; from memory where we have the floor."""
        if talk is not None and talk.since is not None and number >= talk.since:
            return talk.is_over(turn), talk.after(number, turn)
        if not turn:
            over = not await self._turns.inbox.open(session_id)
            return over, await self._turns.frames_after(session_id, number)
        chain = await self._turns.inbox.chain(session_id, turn)
        over = all(received.status == "ended" for received in chain)
        turns = [turn, *(received.turn for received in chain)]
        return over, await self._turns.frames_after(session_id, number, *turns)

    async def drain(self) -> None:
        """Wait for what runs."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def closing(self) -> bool:
        """Whether nothing new is begun."""
        return self._closing

    async def close(self, seconds: float) -> None:
        """Begin nothing new; what runs may end within some seconds, and is then broken off, saying so."""
        self._closing = True
        for talk in self._talks.values():
            talk.wake()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._answering.late = True
        for talk in self._talks.values():
            if talk.run is not None:
                talk.run.interrupt("interrupted")
            talk.wake()
        await self.drain()
