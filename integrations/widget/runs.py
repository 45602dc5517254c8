"""Turns that run apart from the connection that asked for them: a closed tab loses nothing, a lost one resumes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from assistant import events
from assistant.embedded.wording import Words
from assistant.steps import ONE_MOMENT
from integrations.widget.admission import Places
from integrations.widget.events import Wire

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.database.turns import TurnStore
    from tools.context import Session

Sent = tuple[int, str]
"""A frame: its number in the conversation and its JSON."""


class Runs:
    """Running turns, by session. One at a time in a conversation; the next waits for it."""

    def __init__(
        self, assistant: Assistant, turns: TurnStore, observe: Callable[[float], None], places: Places | None = None
    ) -> None:
        self._observe = observe
        self._places = places or Places(80, 400)
        self._assistant = assistant
        self._turns = turns
        self._live: dict[str, _Run] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, session: Session, message: str, turn: str) -> int:
        """Start a turn; returns the number after which its frames come. A turn begun before is not begun again. Raises
        Full.
        """
        lock = self._locks.setdefault(session.id, asyncio.Lock())
        async with lock:
            first = await self._turns.first_number(session.id, turn)
            if first is not None:
                return first - 1
            await self._wait_for(session.id)
            number = await self._turns.last_number(session.id)
            self._places.come_in()
            run = _Run(number, turn)
            self._live[session.id] = run
            task = asyncio.create_task(self._work(run, session, message, turn))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await run.started.wait()
        return number

    async def _wait_for(self, session_id: str) -> None:
        run = self._live.get(session_id)
        if run:
            await run.ended.wait()

    async def _work(self, run: _Run, session: Session, message: str, turn: str) -> None:
        wire = Wire(session.id, turn)
        started = time.perf_counter()
        answer: list[str] = []
        shown: dict[str, Any] = {}
        try:
            await self._send(run, session.id, turn, [wire.start(), *self._notice(wire, session.language)])
            async with self._places:
                async for event in self._assistant.reply(message, session):
                    frames = list(wire.translate(event))
                    if isinstance(event, events.Sentence):
                        answer.append(event.text)
                    shown |= {frame.name: frame.value for frame in frames if frame.type == "CUSTOM"}  # type: ignore[attr-defined]
                    await self._send(run, session.id, turn, frames)
            await self._keep(session.id, turn, message, "".join(answer), shown)
        finally:
            self._places.leave()
            self._observe(time.perf_counter() - started)
            run.started.set()
            run.ended.set()
            run.wake()
            if self._live.get(session.id) is run:
                del self._live[session.id]

    def _notice(self, wire: Wire, language: str) -> Iterator[Any]:
        """What tells that the turn must wait for others, where it must."""
        if self._places.is_busy:
            yield from wire.translate(events.Notice(Words(language).say(ONE_MOMENT)))

    async def _send(self, run: _Run, session_id: str, turn: str, frames: list[Any]) -> None:
        """Number frames, keep them, then show them: what a client saw can be replayed."""
        sent: list[Sent] = []
        for frame in frames:
            run.number += 1
            sent.append((run.number, frame.model_dump_json(by_alias=True, exclude_none=True)))
        await self._turns.keep_frames(session_id, turn, sent)
        run.frames += sent
        run.started.set()
        run.wake()

    async def _keep(self, session_id: str, turn: str, question: str, answer: str, shown: dict[str, Any]) -> None:
        from integrations.database.turns import Exchange, now

        await self._turns.keep(session_id, Exchange(turn, question, answer.strip(), shown, now()))

    async def follow(self, session_id: str, number: int, turn: str = "") -> AsyncIterator[Sent]:
        """Frames after a number, those kept first, then those of the running turn as they come, to its end. Of one
        turn only, where it is named.
        """
        run = self._live.get(session_id)
        run = run if run and turn in ("", run.turn) else None
        if run is None or number < run.began:
            for sent in await self._turns.frames_after(session_id, number, turn):
                yield sent
                number = sent[0]
        while run is not None:
            fresh = [sent for sent in run.frames if sent[0] > number]
            for sent in fresh:
                yield sent
                number = sent[0]
            if run.ended.is_set() and number >= run.number:
                return
            if not fresh:
                await run.wait()

    async def drain(self) -> None:
        """Wait for what still runs, at shutdown."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


class _Run:
    """A turn under way."""

    def __init__(self, number: int, turn: str) -> None:
        self.number = self.began = number
        self.turn = turn
        self.frames: list[Sent] = []
        self.started = asyncio.Event()
        self.ended = asyncio.Event()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Tell followers that there is something new."""
        self._news.set()
        self._news = asyncio.Event()

    async def wait(self) -> None:
        """Until there is something new."""
        news = self._news
        if not self.ended.is_set():
            await news.wait()
