"""Answering a conversation with the floor: whatever is open in it, in order, each frame kept before it is shown."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant import events
from assistant.notices import interrupted, one_moment, stopped
from integrations.database.floor import FloorLost
from integrations.widget.admission import Place, Places
from integrations.widget.events import Wire
from integrations.widget.talk import Run, Sent, Talk
from tools.context import Session

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.database.inbox import Received
    from integrations.database.turns import Standing, TurnStore

log = logging.getLogger(__name__)

LOOK = 0.5
"""Seconds between two looks at what came in through another process, while we answer."""

ENDED = (events.Finished, events.Failed)


class Answering:
    """Answers what is open. `late`: begin nothing more. `look` has it see at once what came in while it answers."""

    def __init__(
        self, assistant: Assistant, turns: TurnStore, observe: Callable[[float], None],
        find: Callable[[str], Awaitable[Session | None]] | None, places: Places,
    ) -> None:  # fmt: skip
        self._assistant, self._turns, self._observe, self._find = assistant, turns, observe, find
        self._places = places
        self.late = False
        self.look = asyncio.Event()
        self._running: dict[str, tuple[Talk, Run]] = {}
        self._watching: asyncio.Task[None] | None = None

    async def answer(self, session_id: str, talk: Talk, standing: Standing) -> None:
        """Answer all that is open in a conversation, with the floor, which is given back."""
        try:
            talk.begin(standing.holder, standing.last)
            left = standing.open
            while left and not self.late:
                session = await self._speaker(session_id, talk)
                broken = [received for received in left if received.status == "running"]
                left = await (self._bury(talk, session, broken) if broken else self._turn(talk, session, left))
        finally:
            talk.run = None
            if talk.holder:
                talk.since, talk.frames = None, []
                with contextlib.suppress(Exception):
                    await self._turns.floor.leave(session_id, talk.holder)
            talk.wake()

    async def _speaker(self, session_id: str, talk: Talk) -> Session:
        """Who speaks, as it is kept now."""
        if talk.fresh and talk.session:
            talk.fresh = False
            return talk.session
        known = await self._find(session_id) if self._find else None
        return known or talk.session or Session(session_id, channel="widget")

    async def _bury(self, talk: Talk, session: Session, broken: list[Received]) -> list[Received]:
        """End a run whose process is gone, saying so; what it had shown stays in the history."""
        turn = broken[0].answered_by
        told = [json.loads(data) for _, data in await self._turns.frames_after(session.id, 0, turn)]
        run = Run(session.id, [received for received in broken if received.answered_by == turn], 0)
        run.turn, run.wire = turn, Wire(session.id, turn)
        run.answer = [frame["delta"] for frame in told if frame["type"] == "TEXT_MESSAGE_CONTENT"]
        run.payloads = {frame["name"]: frame["value"] for frame in told if frame["type"] == "CUSTOM"}
        start = [] if told else [run.wire.start()]
        return await self._end(talk, session, run, [*start, *run.wire.translate(interrupted(session))])

    async def _turn(self, talk: Talk, session: Session, batch: list[Received]) -> list[Received]:
        """Answer messages as one, with those that come before anything of the answer is shown; returns what is left."""
        joins = 0
        async with self._places.place() as place:
            while True:
                run = talk.run = Run(session.id, batch, joins)
                talk.answered |= {received.turn: run.turn for received in batch}
                await self._send(talk, session.id, run, [run.wire.start()], [received.turn for received in batch])
                ending = await self._play(talk, session, run, place)
                if run.why != "stale":
                    break
                await self._assistant.forget(session, run.turn)
                batch = await self._turns.inbox.open(session.id)
                await self._send(talk, session.id, run, list(run.wire.break_off(joined=batch[-1].turn)))
                joins += 1
        return await self._end(talk, session, run, ending)

    async def _play(self, talk: Talk, session: Session, run: Run, place: Place) -> list[Any]:
        """Show an answer as it comes; returns the frames that end it."""
        started = time.perf_counter()
        self._watch_over(talk, session.id, run)
        run.judge(run.batch)
        ending: list[Any] = []
        reply = _placed(self._assistant.reply(run.question, session, run.turn), place, session)
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
            await self._unwatched(session.id)
            self._observe(time.perf_counter() - started)
        return ending if not run.why else self._broken_off(session, run)

    def _broken_off(self, session: Session, run: Run) -> list[Any]:
        if run.why == "stopped":
            return [*run.note(stopped(session)), *run.wire.break_off(stopped=True)]
        if run.why == "person":
            return list(run.wire.break_off(person=True))
        return [] if run.why == "stale" else list(run.wire.translate(interrupted(session)))

    def _watch_over(self, talk: Talk, session_id: str, run: Run) -> None:
        self._running[session_id] = talk, run
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    async def _unwatched(self, session_id: str) -> None:
        """Whoever watches ends with the last run, and is not broken off while it asks the database."""
        del self._running[session_id]
        if self._watching and not self._running:
            watching, self._watching = self._watching, None
            self.look.set()
            await watching

    async def _watch(self) -> None:
        """While answers are made: look at what comes in, here at once and elsewhere soon, for all of them together, and
        keep their floors.
        """
        while self._watching is asyncio.current_task():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self.look.wait()
            self.look.clear()
            if not (running := dict(self._running)):
                continue
            try:
                for session_id, left in (await self._turns.inbox.open_of(list(running))).items():
                    if self._running.get(session_id) == running[session_id]:
                        running[session_id][1].judge(left)
            except Exception as error:
                log.warning("what comes in could not be looked at", exc_info=error)
            for session_id, (talk, run) in running.items():
                await self._keep_floor(talk, session_id, run)

    async def _keep_floor(self, talk: Talk, session_id: str, run: Run) -> None:
        try:
            if not run.why and (holder := talk.proof()):
                await self._turns.floor.renew(session_id, holder)
        except FloorLost:
            log.warning("a running answer lost the floor", extra={"session": session_id})
            run.interrupt("lost")
        except Exception as error:
            log.warning("the floor could not be renewed", exc_info=error, extra={"session": session_id})

    async def _send(
        self, talk: Talk, session_id: str, run: Run, frames: list[Any], answering: Sequence[str] = ()
    ) -> None:  # fmt: skip
        """Number frames, keep them, then show them: what a client saw can be replayed."""
        sent = run.wire.numbered(talk.number, frames)
        await self._turns.keep_frames(session_id, run.turn, sent, talk.proof(), answering)
        _show(talk, run.turn, sent)

    async def _end(self, talk: Talk, session: Session, run: Run, frames: list[Any]) -> list[Received]:
        """Keep the turn as it was shown, with the frames that end it; returns which messages are left. Where none is,
        the floor is given back.
        """
        from integrations.database.turns import Exchange, now

        sent = run.wire.numbered(talk.number, frames)
        exchange = Exchange(run.turn, run.question, "".join(run.answer).strip(), run.payloads, now())
        left = await self._turns.keep(session.id, exchange, sent, talk.proof(), leaving=talk.holder)
        talk.run, talk.holder = None, talk.holder if left else ""
        talk.ended |= {received.turn for received in run.batch}
        _show(talk, run.turn, sent)
        return left


async def _placed(reply: AsyncGenerator[events.Event], place: Place, session: Session) -> AsyncGenerator[events.Event]:
    """A reply that begins when it has its place, saying so where it must wait."""
    async with aclosing(reply) as told:
        if place.must_wait:
            yield one_moment(session)
        await place.take()
        async for event in told:
            yield event


def _show(talk: Talk, turn: str, sent: list[Sent]) -> None:
    talk.number += len(sent)
    talk.frames += [(turn, frame) for frame in sent]
    talk.wake()
