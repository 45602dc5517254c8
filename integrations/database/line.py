"""Waiting for a SQLite database's lock, in a line or for a thread at work on it: it holds nothing up."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from concurrent.futures import Future

PAUSE = 0.02
"""Seconds between two tries where another process has the lock; one of ours says when it lets go."""


class Line:
    """Who waits for a database's lock, in the order they came."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def wait(self) -> None:
        """Until it is our turn to try, a short while at most."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        alarm = loop.call_later(PAUSE, _settle, turn)
        self._waiting.append(turn)
        try:
            await turn
        finally:
            alarm.cancel()

    def move(self) -> None:
        """The lock was let go: the next may try."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


def _settle(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)


def is_locked(error: BaseException) -> bool:
    """Whether another holds the lock, and waiting helps: it does not where what we read is out of date."""
    code: int = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT


async def until_done(under_way: Future[None]) -> None:
    """Wait for what a thread does with a connection. Who is given up meanwhile goes when the thread has let go."""
    try:
        await asyncio.wrap_future(under_way)
    except asyncio.CancelledError:
        while not under_way.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.001)
        raise
