"""Keeping processes running: started one after another, started again when they die, stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Tell = Callable[[str], None]
"""Told what happens, in a line."""

SHORTEST, LONGEST = 0.3, 15.0
"""Seconds before a process that died is started again: the first time, and once it died again and again."""

STEADY = 20.0
"""Seconds after which a process counts as running well."""

GRACE = 35.0
"""Seconds that a process has to end, once told to."""

PATIENCE = 180.0
"""Seconds that a process has to become ready."""

HOPELESS = 2
"""How our commands end when their settings are wrong: to start them again is no use."""


class GivenUp(Exception):
    """A process cannot be started; the text says which, and what it said last."""


@dataclass(frozen=True)
class Work:
    """A process to keep running. `says` is what it prints when it is ready, `answers` asks it; where neither is given,
    it is ready at once. What it prints goes to `log`, else to whoever watches.
    """

    name: str
    command: Sequence[str]
    says: str = ""
    answers: Callable[[], Awaitable[bool]] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    ends_by: signal.Signals = signal.SIGTERM
    log: Path | None = None
    user: str | None = None
    hands_over: tuple[int, ...] = ()


class Kept:
    """One process that is kept running."""

    def __init__(self, work: Work, tell: Tell, environment: Mapping[str, str]) -> None:
        self.work, self._tell = work, tell
        self._environment = {**environment, **work.environment}
        self.process: asyncio.subprocess.Process | None = None
        self._ready = asyncio.Event()
        self._last = ""
        self._closing = False

    async def run(self) -> None:
        """Start it, and again whenever it ends, until it is stopped. Raises GivenUp."""
        pause = SHORTEST
        while not self._closing:
            began = time.monotonic()
            code = await self._once()
            if self._closing:
                return
            if code == HOPELESS:
                raise GivenUp(f"{self.work.name} cannot start: {self._last}")
            pause = SHORTEST if time.monotonic() - began > STEADY else min(2 * pause, LONGEST)
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
            self._tell(f"{self.work.name} {how}; starting it again in {pause:.1f} s")
            await asyncio.sleep(pause)

    async def ready(self) -> None:
        """Wait until it is ready for the first time. Raises GivenUp."""
        try:
            await asyncio.wait_for(self._becomes_ready(), PATIENCE)
        except TimeoutError as late:
            raise GivenUp(f"{self.work.name} was not ready after {PATIENCE:.0f} s: {self._last}") from late
        self._tell(f"{self.work.name} is ready")

    async def _becomes_ready(self) -> None:
        if self.work.says:
            await self._ready.wait()
        while self.work.answers and not await self.work.answers():  # noqa: ASYNC110  (asked of another process)
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """End it, gently first."""
        self._closing = True
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(self.work.ends_by)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), GRACE)
            return
        self.process.kill()
        await self.process.wait()

    async def _once(self) -> int:
        with contextlib.ExitStack() as stack:
            to = stack.enter_context(self.work.log.open("ab")) if self.work.log else asyncio.subprocess.PIPE
            self.process = await asyncio.create_subprocess_exec(
                *self.work.command, env=self._environment, stdin=asyncio.subprocess.DEVNULL, stdout=to,
                stderr=asyncio.subprocess.STDOUT if self.work.log is None else to, user=self.work.user,
                pass_fds=self.work.hands_over, start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip
        if self.process.stdout is not None:
            await self._listen(self.process.stdout)
        return await self.process.wait()

    async def _listen(self, said: asyncio.StreamReader) -> None:
        async for line in said:
            self._last = line.decode("utf-8", "replace").rstrip()
            self._tell(f"{self.work.name} | {self._last}")
            if self.work.says and self.work.says in self._last:
                self._ready.set()


def _end_with_parent() -> None:
    """On Linux the kernel ends a process whose parent was killed; elsewhere it ends only when we end orderly."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


async def keep(stages: Sequence[Sequence[Work]], tell: Tell, environment: Mapping[str, str] | None = None) -> None:
    """Keep processes running until a signal says to stop; those of a stage begin when all before them are ready. They
    end in the other order. Raises GivenUp.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, stop.set)
    kept: list[list[Kept]] = []
    waiting = asyncio.create_task(stop.wait())
    running: list[asyncio.Task[Any]] = [waiting]
    try:
        for stage in stages:
            kept.append([Kept(work, tell, environment or os.environ) for work in stage])  # noqa: TID251
            running += [asyncio.create_task(one.run()) for one in kept[-1]]
            await _first(running, asyncio.gather(*(one.ready() for one in kept[-1])))
            if stop.is_set():
                return
        await _first(running)
    finally:
        tell("stopping")
        for stage_of in reversed(kept):
            await asyncio.gather(*(one.stop() for one in stage_of))
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for sig in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(sig)


async def _first(running: Sequence[asyncio.Task[Any]], until: asyncio.Future[Any] | None = None) -> None:
    """Until something is done, or one of those that run ends: the signal to stop came, or a fault that is raised."""
    watched: list[asyncio.Future[Any]] = [*running, *([until] if until else [])]
    done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
    if until is not None and until not in done:
        until.cancel()
        await asyncio.gather(until, return_exceptions=True)
    for one in done:
        one.result()
