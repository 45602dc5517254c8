"""SQLite under SQLAlchemy's asyncio. What waits for a disk, or may be long, is done by a thread: one way there and back
for a statement with its rows, one for a commit. What is known to be short (`brief`) is done on the spot: a look at an
index costs less than the way. Who finds the database locked waits in the event loop, in a line, and holds nothing up.
"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteExecutionContext
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util.concurrency import await_

from integrations.database.brief import Brief
from integrations.database.line import Line, is_locked, until_done
from integrations.database.plain import as_told

DRIVER = "sqlite+dragoman"
"""What SQLAlchemy knows it by."""

BRIEF = "dragoman_brief"
"""The execution option of statements that touch few rows, found by an index, and are done on the spot."""

READS = "dragoman_reads"
"""The execution option of those that only read."""

OPENING = 2.0
"""Seconds in which a connection for short works is opened though another process has the file for itself."""

THREADS = 32
"""As many as there may be connections of a pool, and a few."""


class Connection(sqlite3.Connection):
    """A connection that threads take turns at. `patience` is how many seconds it waits in `line` for another's lock."""

    threads: ThreadPoolExecutor
    line: Line
    patience: float
    under_way: Future[None] | None = None

    def cursor(self, factory: Any = None) -> Any:
        """A cursor; where none is named, one whose statements are done by a thread."""
        return super().cursor(factory or Cursor)  # type: ignore[arg-type]

    def commit(self) -> None:
        """Commit. Waits for the disk."""
        if self.in_transaction:
            await_(self.do(super().commit))
            self.line.move()

    def rollback(self) -> None:
        """Roll back: on the spot, for nothing is written."""
        self._rest()
        if self.in_transaction:
            super().rollback()
            self.line.move()

    def close(self) -> None:
        """Close: on the spot, for SQLAlchemy may do so where nothing can be awaited any more."""
        self._rest()
        super().close()

    def _rest(self) -> None:
        """Hold everything up until no thread works on it: whose connection is closed meanwhile crashes the process.
        Only who was swept away without being given up comes here too early.
        """
        if self.under_way and not self.under_way.done():
            wait([self.under_way])

    async def do(self, work: Callable[[], None], brief: bool = False) -> None:
        """Do something with the connection, again while another holds the lock. Raises what SQLite raises."""
        until = time.monotonic() + self.patience
        while not await self._done(work, brief, until):
            await self.line.wait()

    async def _done(self, work: Callable[[], None], brief: bool, until: float) -> bool:
        """Whether it is done; not where another holds the lock and may be waited for."""
        try:
            work() if brief else await self._apart(work)
        except sqlite3.OperationalError as error:
            if not is_locked(error) or time.monotonic() > until:
                raise
            return False
        return True

    async def _apart(self, work: Callable[[], None]) -> None:
        """Have a thread do it."""
        self.under_way = self.threads.submit(work)
        await until_done(self.under_way)


class Cursor(sqlite3.Cursor):
    """Reads all rows of a statement with it, by a thread."""

    server_side, brief = False, False

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._do = connection.do
        self._rows: deque[Any] = deque()

    def execute(self, statement: str, parameters: Any = ()) -> Any:
        """Carry out a statement."""
        await_(self._do(partial(self._execute, statement, parameters), self.brief))
        return self

    def executemany(self, statement: str, parameters: Iterable[Any]) -> Any:
        """Carry out a statement with several rows."""
        await_(self._do(partial(super().executemany, statement, parameters), self.brief))  # type: ignore[arg-type]
        return self

    def _execute(self, statement: str, parameters: Any) -> None:
        super().execute(statement, parameters)
        self._rows = deque(super().fetchall() if self.description else ())

    def fetchone(self) -> Any:
        """The next row, or None."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """The next rows."""
        return [self._rows.popleft() for _ in range(min(size or 1, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        rows, self._rows = self._rows, deque()
        return list(rows)

    async def _async_soft_close(self) -> None:
        """Nothing: the rows are here already."""


class BriefCursor(Cursor):
    """Does its statements on the spot."""

    brief = True


class Context(SQLiteExecutionContext):
    """One statement as SQLAlchemy has it carried out."""

    def create_default_cursor(self) -> Any:
        """A cursor as the statement's options ask for it."""
        return self._dbapi_connection.cursor(BriefCursor if self.execution_options.get(BRIEF) else Cursor)


class Dialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect over these connections."""

    driver = "dragoman"
    is_async = has_terminate = supports_statement_cache = True
    execution_ctx_cls = Context

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.threads, self.line = ThreadPoolExecutor(THREADS, "sqlite"), Line()
        self.brief: Brief | None = None
        self.open_brief: Callable[[], Brief] | None = None

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """A file has connections of its own for each, memory is one."""
        return pool.AsyncAdaptedQueuePool if cls._is_url_file_db(url) else pool.StaticPool

    def connect(self, *where: Any, timeout: float = 5.0, **how: Any) -> Any:
        """A new connection; `timeout` are seconds of patience."""
        how |= {"factory": Connection, "check_same_thread": False, "timeout": 0}
        opened: Connection = sqlite3.connect(*where, **how)
        opened.threads, opened.line, opened.patience = self.threads, self.line, timeout
        return opened

    def get_driver_connection(self, connection: Any) -> Any:
        """The connection itself."""
        return connection


def share(engine: AsyncEngine, patience: float, calm: Callable[[sqlite3.Connection, None], None]) -> None:
    """Have short works of an engine go together, where it is of a file; `calm` sets a new connection up."""
    dialect: Any = engine.dialect
    where, how = dialect.create_connect_args(engine.url)
    how |= {"check_same_thread": False, "timeout": OPENING, "isolation_level": None}

    def connect() -> sqlite3.Connection:
        opened: sqlite3.Connection = sqlite3.connect(*where, **how)
        calm(opened, None)
        return opened

    def close(_: Any) -> None:
        if dialect.brief:
            dialect.brief.close()
        dialect.brief = None

    if dialect._is_url_file_db(engine.url):
        dialect.open_brief = lambda: Brief(connect, patience, dialect, dialect.line, dialect.threads)
        event.listen(engine.sync_engine, "engine_disposed", close)


def open_brief(path: Path, patience: float, *pragmas: str) -> Brief:
    """What does short works on a file of its own. Raises sqlite3.DatabaseError."""

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(path, check_same_thread=False, timeout=OPENING, isolation_level=None)
        for pragma in pragmas:
            opened.execute(pragma)
        return opened

    dialect = Dialect()
    return Brief(connect, patience, dialect, dialect.line, dialect.threads)


def brief_of(engine: AsyncEngine) -> Brief | None:
    """What does short works of an engine; None where it is not of a file. Raises what SQLAlchemy would."""
    dialect: Any = engine.dialect
    if getattr(dialect, "brief", None) is None and getattr(dialect, "open_brief", None):
        try:
            dialect.brief = dialect.open_brief()
        except sqlite3.Error as error:
            raise as_told(error, "open", dialect) from error
    brief: Brief | None = getattr(dialect, "brief", None)
    return brief


def register() -> None:
    """Make the driver known to SQLAlchemy."""
    registry.register(DRIVER.replace("+", "."), __name__, "Dialect")
