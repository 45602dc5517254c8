"""All rows of a database as lines of JSON, and back: alike on SQLite and PostgreSQL, so a shop moves between them."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Integer, LargeBinary, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from integrations.database.engine import DatabaseUnusable, explain, open_engine, prepare, write_alone
from integrations.database.migrating import revision_of, standing_of, upgrade
from integrations.database.migrations import HEAD, REVISIONS
from integrations.database.tables import Base

LEFT = ("alembic_version", "visits", "floors")
"""Tables that are not taken along: they are of the moment only."""

STATES = "agent_states"
"""On SQLite these are in a file of their own."""

GROUP = 500
"""Rows that are written at once."""


class CannotRestore(ValueError):
    """A backup cannot be put here; the text says why and what to do."""


async def read_rows(url: str, take: Callable[[str, Iterator[str]], None]) -> None:
    """Hand over the rows of every table, a line each, all as they were at one moment. Raises DatabaseUnusable."""
    async with _opened(url) as engine:
        await prepare(engine)
        async with engine.begin() as connection:
            on_sqlite = connection.dialect.name == "sqlite"
            repeatable = "set transaction isolation level repeatable read, read only"
            await connection.execute(text("begin" if on_sqlite else repeatable))
            await connection.run_sync(_hand_over, take)


async def put_rows(url: str, revision: str, tables: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Fill an empty database with rows of a revision and bring it to ours, all or nothing. Raises CannotRestore,
    DatabaseUnusable.
    """
    async with _writing(url) as connection:
        await connection.run_sync(_put, revision, tables)


async def bring_up(url: str) -> str:
    """Migrate a database to this version; the revision it was at, '' for none. Raises DatabaseUnusable."""
    async with _opened(url) as engine:
        async with engine.connect() as connection:
            before = await connection.run_sync(revision_of)
        await prepare(engine, migrate=True)
    return before


async def described(url: str) -> tuple[str, str, bool]:
    """Where a database is, without its password; its revision; whether it is a server's. Raises DatabaseUnusable."""
    async with _opened(url) as engine, engine.connect() as connection:
        where = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=True)
        return where, await connection.run_sync(revision_of), engine.dialect.name != "sqlite"


async def refuse_unless_bare(url: str) -> None:
    """See that a database has no rows yet. Raises CannotRestore, DatabaseUnusable."""
    async with _writing(url) as connection:
        if await connection.run_sync(lambda c: standing_of(c) != "empty" and not _is_bare(c)):
            raise CannotRestore(
                "The database here is not empty. A backup is restored into a new home (DRAGOMAN_HOME) or an empty"
                " database (DRAGOMAN_DATABASE_URL); nothing was changed."
            )


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url)
    try:
        yield engine
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(explain(error, engine)) from error
    finally:
        await engine.dispose()


@asynccontextmanager
async def _writing(url: str) -> AsyncIterator[AsyncConnection]:
    async with _opened(url) as engine, engine.begin() as connection:
        await write_alone(connection)
        yield connection


def _hand_over(connection: Connection, take: Callable[[str, Iterator[str]], None]) -> None:
    for table in _tables(connection):
        if table.name in Base.metadata.tables:  # others may keep theirs in the same database
            take(table.name, _lines(connection, table))


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    left = (*LEFT, STATES) if connection.dialect.name == "sqlite" else LEFT
    return [table for table in found.sorted_tables if table.name not in left]


def _lines(connection: Connection, table: Table) -> Iterator[str]:
    for row in connection.execute(select(table)).mappings().yield_per(GROUP):
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False) + "\n"


def _put(connection: Connection, revision: str, tables: Iterable[tuple[str, Iterable[str]]]) -> None:
    if revision not in REVISIONS:
        raise CannotRestore(
            f"The backup is of revision {revision}, this version knows {HEAD}: install a newer Dragoman."
        )
    if standing_of(connection) == "empty":
        upgrade(connection, revision)
    if revision_of(connection) != revision:
        raise CannotRestore(
            f"The database here is of another revision than the backup's {revision}: name an empty one."
        )
    known = {table.name: table for table in _tables(connection)}
    for name, lines in tables:
        if name in known:
            _fill(connection, known[name], lines)
        elif name != STATES:
            raise CannotRestore(f"The backup has a table {name} that its revision does not have: it is damaged.")
    if revision != HEAD:
        upgrade(connection)


def _is_bare(connection: Connection) -> bool:
    return not any(connection.scalar(select(func.count()).select_from(table)) for table in _tables(connection))


def _fill(connection: Connection, table: Table, lines: Iterable[str]) -> None:
    group: list[dict[str, Any]] = []
    for line in lines:
        group.append(_typed(table, json.loads(line)))
        if len(group) == GROUP:
            connection.execute(insert(table), group)
            group = []
    if group:
        connection.execute(insert(table), group)
    _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number the next row after those that came with numbers."""
    key = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(key) != 1 or not isinstance(key[0].type, Integer):
        return
    highest = connection.scalar(select(func.max(key[0])))
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key[0].name)))
    if highest is not None and sequence is not None:
        connection.execute(select(func.setval(sequence, highest)))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.columns[name].type, value) for name, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    if isinstance(value, str) and isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return datetime.fromisoformat(value) if isinstance(value, str) and isinstance(kind, DateTime) else value
