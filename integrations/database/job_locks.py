"""Who works on a part of a job: one process at a time, and none any more when that process has died."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import IO, cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.engine import Sessions

PART = 250
"""Items of a part, where several machines share a job: enough for the pace to be steady, few enough to share."""


class JobLocks:
    """Locks that the system lets go of when their holder dies: a file's beside SQLite, a connection's on PostgreSQL."""

    def __init__(self, sessions: Sessions) -> None:
        self._engine = cast(AsyncEngine, sessions.kw["bind"])
        self.on_sqlite = self._engine.dialect.name == "sqlite"

    @property
    def conninfo(self) -> str:
        """The database's address as PostgreSQL's own library reads it, with the password."""
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def parts(self, total: int) -> list[tuple[int, int]]:
        """How a job is shared out: from one number to before another. On one machine it is not."""
        size = max(total, 1) if self.on_sqlite else PART
        return [(first, min(first + size, total)) for first in range(0, total, size)]

    def hold(self, job_id: str, first: int) -> AbstractAsyncContextManager[bool]:
        """Hold a part of a job; False where another process does."""
        return self._file(job_id) if self.on_sqlite else self._advisory(f"{job_id}:{first}")

    @asynccontextmanager
    async def _file(self, job_id: str) -> AsyncIterator[bool]:
        folder = Path(f"{self._engine.url.database}.jobs")
        folder.mkdir(exist_ok=True)  # noqa: ASYNC240  (of a moment)
        with (folder / job_id).open("w") as file, _locked(file) as held:
            yield held

    @asynccontextmanager
    async def _advisory(self, name: str) -> AsyncIterator[bool]:
        key = func.hashtextextended(name, 0)
        async with self._engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            held = bool(await connection.scalar(select(func.pg_try_advisory_lock(key))))
            try:
                yield held
            finally:
                if held:
                    await connection.execute(select(func.pg_advisory_unlock(key)))


@contextlib.contextmanager
def _locked(file: IO[str]) -> Iterator[bool]:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
