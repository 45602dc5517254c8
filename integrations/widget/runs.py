"""Turns that run apart from the connection that asked for them: a closed tab loses nothing, a lost one resumes. One at
a time in a conversation, in whatever process; a message is kept before it is answered, a frame before it is shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant import events
from assistant.notices import interrupted, stopped
from integrations.database.floor import FloorLost
from integrations.widget.events import Wire
from integrations.widget.talk import Run, Sent, Talk
from tools.context import Session

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.database.inbox import Received
    from integrations.database.turns import TurnStore

log = logging.getLogger(__name__)

PAUSE = 0.2
"""Seconds between two looks at what another process does."""

IDLE = 0.7
"""Seconds between two looks of a stream that stays open though nothing runs."""

LOOK = 0.5
"""Seconds between two looks at what came in through another process, while we answer."""

BEAT = 3.0
"""Seconds between two signs of life of who has the floor."""

STAY = 600.0
"""Seconds a stream without a turn of its own is kept open."""

ENDED = (events.Finished, events.Failed)


class ShuttingDown(Exception):
    """The server is about to stop and begins nothing new."""


class Runs:
    """The conversations this process answers or watches."""

    def __init__(
        self, assistant: Assistant, turns: TurnStore, observe: Callable[[float], None],
        find: Callable[[str], Awaitable[Session | None]] | None = None,
    ) -> None:  # fmt: skip
        self._assistant, self._turns, self._observe, self._find = assistant, turns, observe, find
        self._talks: dict[str, Talk] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = self._late = False

    async def begin(self, session: Session, message: str, turn: str) -> int:
        """Take a message in; returns the number after which its frames come. A turn begun before is not begun again.
        Raises ShuttingDown.
        """
        if self._closing:
            raise ShuttingDown
        last = await self._turns.last_number(session.id)
        fresh = await self._turns.inbox.receive(session.id, turn, message)
        first = None if fresh else await self._turns.first_number(session.id, turn)
        self._wake(session.id, session)
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

    def _wake(self, session_id: str, session: Session | None = None) -> None:
        """See to it that a conversation is answered, here or elsewhere."""
        talk = self._talks.get(session_id)
        if talk is None:
            talk = self._talks[session_id] = Talk(session)
            task = asyncio.create_task(self._serve(session_id, talk))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        talk.wanted = True
        if talk.run is not None:
            talk.run.look.set()

    async def _serve(self, session_id: str, talk: Talk) -> None:
        """Answer what is open, or wait until whoever has the floor has done so or is gone."""
        try:
            while True:
                talk.wanted = False
                left = await self._turns.inbox.open(session_id)
                if left and (holder := await self._turns.floor.take(session_id)):
                    await self._answer(session_id, talk, holder)
                elif left and not self._closing:
                    await asyncio.sleep(PAUSE)
                if (not left or self._closing) and not talk.wanted:
                    return
        except Exception as error:
            log.error("a conversation could not be answered", exc_info=error, extra={"session": session_id})
        finally:
            del self._talks[session_id]
            talk.wake()

    async def _answer(self, session_id: str, talk: Talk, holder: str) -> None:
        """Answer all that is open, with the floor."""
        try:
            talk.begin(await self._turns.last_number(session_id))
            talk.holder = holder
            while (left := await self._turns.inbox.open(session_id)) and not self._late:
                known = await self._find(session_id) if self._find else None
                session = known or talk.session or Session(session_id, channel="widget")
                broken = [received for received in left if received.status == "running"]
                await (self._bury(talk, session, broken) if broken else self._turn(talk, session, left))
        finally:
            talk.since, talk.run, talk.frames = None, None, []
            with contextlib.suppress(Exception):
                await self._turns.floor.leave(session_id, holder)
            talk.wake()

    async def _bury(self, talk: Talk, session: Session, broken: list[Received]) -> None:
        """End a run whose process is gone, saying so; what it had shown stays in the history."""
        turn = broken[0].answered_by
        told = [json.loads(data) for _, data in await self._turns.frames_after(session.id, 0, turn)]
        run = Run(session.id, [received for received in broken if received.answered_by == turn], 0)
        run.turn, run.wire = turn, Wire(session.id, turn)
        run.answer = [frame["delta"] for frame in told if frame["type"] == "TEXT_MESSAGE_CONTENT"]
        run.payloads = {frame["name"]: frame["value"] for frame in told if frame["type"] == "CUSTOM"}
        start = [] if told else [run.wire.start()]
        await self._end(talk, session, run, [*start, *run.wire.translate(interrupted(session))])

    async def _turn(self, talk: Talk, session: Session, batch: list[Received]) -> None:
        """Answer messages as one, with those that come before anything of the answer is shown."""
        joins = 0
        while True:
            run = talk.run = Run(session.id, batch, joins)
            await self._turns.inbox.begin(session.id, [received.turn for received in batch], run.turn)
            talk.answered |= {received.turn: run.turn for received in batch}
            await self._send(talk, session.id, run, [run.wire.start()])
            ending = await self._play(talk, session, run)
            if run.why != "stale":
                break
            await self._assistant.forget(session, run.turn)
            batch = await self._turns.inbox.open(session.id)
            await self._send(talk, session.id, run, list(run.wire.break_off(joined=batch[-1].turn)))
            joins += 1
        await self._end(talk, session, run, ending)

    async def _play(self, talk: Talk, session: Session, run: Run) -> list[Any]:
        """Show an answer as it comes; returns the frames that end it."""
        started = time.perf_counter()
        watching = asyncio.create_task(self._watch(talk, session.id, run))
        run.judge(run.batch)
        ending: list[Any] = []
        reply = self._assistant.reply(run.question, session, run.turn)
        try:
            async with aclosing(run.listen(reply)) as heard:  # type: ignore[type-var]
                async for event in heard:
                    if run.shows(event):
                        run.judge(await self._turns.inbox.open(session.id))
                    frames = [] if run.why else run.note(event)
                    if frames and not isinstance(event, ENDED):
                        await self._send(talk, session.id, run, frames)
                    ending = frames
        finally:
            watching.cancel()
            self._observe(time.perf_counter() - started)
        return ending if not run.why else self._broken_off(session, run)

    def _broken_off(self, session: Session, run: Run) -> list[Any]:
        if run.why == "stopped":
            return [*run.note(stopped(session)), *run.wire.break_off(stopped=True)]
        if run.why == "person":
            return list(run.wire.break_off(person=True))
        return [] if run.why == "stale" else list(run.wire.translate(interrupted(session)))

    async def _watch(self, talk: Talk, session_id: str, run: Run) -> None:
        """While an answer is made: look at what comes in, here at once and elsewhere soon, and keep the floor."""
        renewed = time.monotonic()
        while not run.why:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(run.look.wait(), LOOK)
            run.look.clear()
            try:
                run.judge(await self._turns.inbox.open(session_id))
                if time.monotonic() - renewed > BEAT:
                    await self._turns.floor.renew(session_id, talk.holder)
                    renewed = time.monotonic()
            except FloorLost:
                log.warning("a running answer lost the floor", extra={"session": session_id})
                run.interrupt("lost")
            except Exception as error:
                log.warning("the floor could not be renewed", exc_info=error, extra={"session": session_id})

    async def _send(self, talk: Talk, session_id: str, run: Run, frames: list[Any]) -> None:
        """Number frames, keep them, then show them: what a client saw can be replayed."""
        sent = run.wire.numbered(talk.number, frames)
        await self._turns.keep_frames(session_id, run.turn, sent, talk.holder)
        _show(talk, run.turn, sent)

    async def _end(self, talk: Talk, session: Session, run: Run, frames: list[Any]) -> None:
        """Keep the turn as it was shown, with the frames that end it."""
        from integrations.database.turns import Exchange, now

        sent = run.wire.numbered(talk.number, frames)
        exchange = Exchange(run.turn, run.question, "".join(run.answer).strip(), run.payloads, now())
        await self._turns.keep(session.id, exchange, sent, talk.holder)
        talk.run = None
        talk.ended |= {received.turn for received in run.batch}
        _show(talk, run.turn, sent)

    async def follow(self, session_id: str, number: int, turn: str = "", stay: bool = False) -> AsyncIterator[Sent]:
        """Frames after a number, those kept first, then others as they come, until nothing runs. Of one turn only,
        where it is named; with `stay`, whatever comes in the next minutes too.
        """
        until = time.monotonic() + STAY
        while True:
            talk = self._talks.get(session_id)
            news = talk.news if talk else None
            over, fresh = await self._seen(talk, session_id, number, turn)
            for sent in fresh:
                yield sent
                number = sent[0]
            if over and (not stay or self._closing or time.monotonic() > until):
                return
            if self._late and not fresh:
                return
            if not over and talk is None:
                self._wake(session_id)
            if not over and talk is not None and talk.since is not None:
                await _pause(news, BEAT)
            else:
                await _pause(news, IDLE if over else PAUSE)

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
        self._late = True
        for talk in self._talks.values():
            if talk.run is not None:
                talk.run.interrupt("interrupted")
            talk.wake()
        await self.drain()


def _show(talk: Talk, turn: str, sent: list[Sent]) -> None:
    talk.number += len(sent)
    talk.frames += [(turn, frame) for frame in sent]
    talk.wake()


async def _pause(news: asyncio.Event | None, seconds: float) -> None:
    """Until there is something new, at most some seconds."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(news.wait() if news else asyncio.sleep(seconds), seconds)
