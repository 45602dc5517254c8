"""Short works on a SQLite file, for a whole process. They write by one connection and in groups: those that come while
a group is being committed are the next, and where there are many, each group waits a little for company, for the end of
a transaction costs more than a work. Each fails by itself. What only reads has a connection beside it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect

from integrations.database.line import Line, is_locked, until_done
from integrations.database.plain import Plain, as_told

PACE = 0.02
"""Seconds from the beginning of a group to that of the next, while many conversations go on."""

LATELY, SOON, SEVERAL = 24, 0.6, 14
"""So many works that came last, within so many seconds, of so many tasks, are of many conversations: one alone, however
fast it goes on, waits for nobody.
"""

Work = Callable[[Any], Any]
"""What is done with a plain connection; where it is given SQLAlchemy's, it does the same."""


@dataclass
class Waiting:
    """A work that waits for its turn, until when it does, and what tells how it went."""

    work: Work
    until: float
    told: asyncio.Future[Any]


class Brief:
    """Does short works, on connections that `connect` opens. Who finds the database locked waits in `line`, as long as
    `patience` lasts (seconds); `threads` wait for the disk.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], patience: float, dialect: Dialect, line: Line,
        threads: ThreadPoolExecutor,
    ) -> None:  # fmt: skip
        self._patience, self._dialect, self._line, self._threads = patience, dialect, line, threads
        self._writing, self._reading = connect(), connect()
        for connection in (self._writing, self._reading):
            connection.execute("pragma busy_timeout=0")
        self._reading.execute("pragma query_only=on")
        self._writer, self._reader = Plain(self._writing, dialect), Plain(self._reading, dialect)
        self._waiting: list[Waiting] = []
        self._busy: asyncio.Task[None] | None = None
        self._committing: Future[None] | None = None
        self._begun = 0.0
        self._lately: deque[tuple[float, int]] = deque(maxlen=LATELY)

    async def read(self, work: Work) -> Any:
        """Do what only reads, on the spot; again while another has the database for itself."""
        until = time.monotonic() + self._patience
        while True:
            try:
                return work(self._reader)
            except Exception as error:
                if not is_locked(error) or time.monotonic() > until:
                    raise
            await self._line.wait()

    async def write(self, work: Work) -> Any:
        """Do a work in a transaction; returns when it is kept. Raises what the work raised, and then nothing of it is
        kept. Who is given up before its turn has nothing done; later it is done whole.
        """
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        now = time.monotonic()
        self._lately.append((now, id(asyncio.current_task())))
        self._waiting.append(Waiting(work, now + self._patience, told))
        if self._busy is None or self._busy.done():
            self._busy = asyncio.create_task(self._work())
        return await told

    async def drain(self) -> None:
        """Wait for what is being written."""
        if self._busy:
            await asyncio.wait({self._busy})

    def close(self) -> None:
        """Let go of the file, once no thread works on it; what is not committed is not kept."""
        if self._committing:
            wait([self._committing])
        for connection in (self._writing, self._reading):
            connection.close()

    async def _work(self) -> None:
        try:
            while await self._lock():
                await self._group()
        except BaseException as error:
            _fail(self._take(), self._told(error))
            if not isinstance(error, sqlite3.Error):
                raise

    async def _lock(self) -> bool:
        """Take the database's lock. Whether there is anything to do with it; if not, we do not have it."""
        await self._keep_pace()
        while self._waiting:
            try:
                self._writing.execute("begin immediate")
                return True
            except sqlite3.OperationalError as error:
                if not is_locked(error):
                    raise
                self._give_up(error)
            await self._line.wait()
        return False

    def _give_up(self, error: sqlite3.Error) -> None:
        """Tell those whose patience has ended, and forget those who are gone."""
        now = time.monotonic()
        _fail([one for one in self._waiting if now > one.until], self._told(error))
        self._waiting = self._take()

    def _take(self) -> list[Waiting]:
        group, self._waiting = [one for one in self._waiting if not one.told.done()], []
        return group

    async def _group(self) -> None:
        """Do what waits, commit it, and tell each how it went."""
        group = self._take()
        try:
            results = [self._done(one, alone=len(group) == 1) for one in group]
            if self._writing.in_transaction:
                await self._commit()
        except BaseException as error:
            _fail(group, self._told(error))
            if not isinstance(error, sqlite3.Error):
                raise
            return
        finally:
            self._leave()
        for one, result in zip(group, results, strict=True):
            if not one.told.done():
                one.told.set_result(result)

    def _told(self, error: BaseException) -> BaseException:
        return as_told(error, "commit", self._dialect) if isinstance(error, sqlite3.Error) else error

    def _leave(self) -> None:
        """Let go of the lock, whatever became of the group."""
        if self._writing.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._writing.rollback()
        self._line.move()

    def _done(self, one: Waiting, alone: bool) -> Any:
        """Do a work; one that fails is told so and leaves nothing behind, and nothing of the others' is undone. Raises
        sqlite3.Error where SQLite gave up the whole transaction.
        """
        if not alone:
            self._writing.execute("savepoint work")
        try:
            return one.work(self._writer)
        except Exception as error:
            _fail([one], error)
            if not self._writing.in_transaction:
                raise sqlite3.OperationalError(f"the transaction was given up: {type(error).__name__}") from error
            self._writing.execute("rollback" if alone else "rollback to work")
            return None
        finally:
            if not alone and self._writing.in_transaction:
                self._writing.execute("release work")

    async def _commit(self) -> None:
        """Commit, by a thread, for it waits for the disk."""
        self._committing = self._threads.submit(self._writing.commit)
        await until_done(self._committing)

    async def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._begun + PACE and self._goes_on_among_many():
            await asyncio.sleep(self._begun + PACE - now)
        self._begun = time.monotonic()

    def _goes_on_among_many(self) -> bool:
        lately = self._lately
        crowded = len(lately) == LATELY and lately[-1][0] - lately[0][0] < SOON
        return crowded and len({task for _, task in lately}) >= SEVERAL


def _fail(group: list[Waiting], error: BaseException) -> None:
    for one in group:
        if isinstance(error, asyncio.CancelledError):
            one.told.cancel()
        elif not one.told.done():
            one.told.set_exception(error)
