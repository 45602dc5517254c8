"""Opening the database, and saying plainly what is wrong when it cannot be opened."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar, cast

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn

from integrations.database import (  # noqa: F401  (their tables are Base's)
    job_tables,
    localization_tables,
    process_tables,
    slack_tables,
    sqlite,
    staff_tables,
    studio_tables,
    widget_tables,
)
from integrations.database.migrating import create, revision_of, standing_of, upgrade
from integrations.database.migrations import HEAD
from integrations.database.postgres import know_the_dead

T = TypeVar("T")


class DatabaseUnusable(Exception):
    """The database cannot be opened, is damaged or may not be written; the text says what to do."""


DatabaseSession = AsyncSession
Sessions = async_sessionmaker[DatabaseSession]

OUR_LOCK = 20_260_601
"""The number of our lock among those that applications keep in one PostgreSQL database."""


DRIVERS = {"sqlite": sqlite.DRIVER, "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""By what people call a database, what SQLAlchemy calls it with the driver we use."""

BUSY_SECONDS = 15
"""How long a write to SQLite waits for another's to end, where the URL does not say (?timeout=)."""

POOL = 20
"""Connections that are kept to SQLite: to open one costs more than most of what it is asked."""

CONNECT_SECONDS = 10
"""How long a server that does not answer is waited for, where the URL does not say."""


def open_engine(url: str) -> AsyncEngine:
    """An engine for a URL as people write it (sqlite:///…, postgresql://…). Connects only when used. Raises
    DatabaseUnusable. What is written holds personal data, so faults do not repeat it.
    """
    address = _read(url)
    if address.drivername == DRIVERS["sqlite"]:
        return _open_file(address)
    wait = {"connect_timeout": address.query.get("connect_timeout", CONNECT_SECONDS)}
    try:
        engine = create_async_engine(address, hide_parameters=True, connect_args=wait)
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            f"The database needs the package {error.name}: install it with  pip install 'dragoman[postgres]'"
        ) from error
    know_the_dead(engine)
    return engine


def _open_file(address: URL) -> AsyncEngine:
    sqlite.register()
    patience = float(str(address.query.get("timeout", BUSY_SECONDS)))
    engine = create_async_engine(address, hide_parameters=True, connect_args={"timeout": patience}, pool_size=POOL)
    event.listen(engine.sync_engine, "connect", _calm_sqlite)
    event.listen(engine.sync_engine, "invalidate", _let_go)
    sqlite.share(engine, patience, _calm_sqlite)
    return engine


def _read(url: str) -> URL:
    try:
        address = make_url(url)
        return address.set(drivername=DRIVERS[address.drivername.partition("+")[0]])
    except (SQLAlchemyError, ValueError, KeyError) as error:
        raise DatabaseUnusable(
            "DRAGOMAN_DATABASE_URL is no database we know: write postgresql://user:password@host/database or"
            " sqlite:///path/of/a/file, or leave it out for a file in the home."
        ) from error


def _calm_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]
    """Readers beside one writer; what is deleted is overwritten."""
    cursor = connection.cursor()
    cursor.execute("pragma secure_delete=on")
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.close()


def _let_go(connection, _record, _error) -> None:  # type: ignore[no-untyped-def]
    """A connection whose task was given up holds its lock until Python collects it, though closed: roll back first."""
    with contextlib.suppress(Exception):
        connection.rollback()


async def prepare(engine: AsyncEngine, migrate: bool | None = None) -> Sessions:
    """The sessions of a database at this version's schema: an empty one is filled, one of an earlier version migrated
    where `migrate` says so, and where that says nothing, on SQLite, which is ours alone. Raises DatabaseUnusable.
    """
    by_ourselves = engine.dialect.name == "sqlite" if migrate is None else migrate
    try:
        async with engine.begin() as connection:
            if await connection.run_sync(standing_of) != "current":
                await write_alone(connection)
                await connection.run_sync(_bring_up, by_ourselves)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(explain(error, engine)) from error
    return async_sessionmaker(engine, expire_on_commit=False)


def engine_of(sessions: Sessions) -> AsyncEngine:
    """The engine beneath, for what every turn does: a statement made once costs half of what objects do."""
    bound: AsyncEngine = sessions.kw["bind"]
    return bound


async def transact(engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
    """Do something in a transaction of its own, in one go; returns what it returned. To await each statement, and each
    end of the transaction, costs more than the statements. Short works on a file go together (brief.py).
    """
    options = engine.sync_engine.get_execution_options()
    if options.get(sqlite.BRIEF) and (brief := sqlite.brief_of(engine)):
        return cast("T", await (brief.read(work) if options.get(sqlite.READS) else brief.write(work)))

    def whole() -> T:
        with engine.sync_engine.begin() as connection:
            return work(connection)

    return await greenlet_spawn(whole)


def briefly(sessions: Sessions) -> AsyncEngine:
    """The same engine for statements that touch few rows, found by an index: SQLite does them on the spot."""
    return engine_of(sessions).execution_options(**{sqlite.BRIEF: True})


def is_server(sessions: Sessions) -> bool:
    """Whether a database is a server's, which machines share; else it is a file of the home."""
    return engine_of(sessions).dialect.name != "sqlite"


def reading(sessions: Sessions) -> Sessions:
    """Sessions for what only reads and is asked often: on a server without a transaction."""
    options = {"isolation_level": "AUTOCOMMIT"} if is_server(sessions) else {sqlite.READS: True}
    return async_sessionmaker(engine_of(sessions).execution_options(**options), expire_on_commit=False)


def at_once(sessions: Sessions) -> AsyncEngine:
    """The same engine for a statement that stands alone: on a server without a transaction, whose begin and end would
    be two more journeys.
    """
    return briefly(reading(sessions) if is_server(sessions) else sessions)


def _bring_up(connection: Connection, migrate: bool) -> None:
    standing = standing_of(connection)
    if standing == "empty":
        create(connection)
    elif standing == "newer":
        raise DatabaseUnusable(
            f"The database is at revision {revision_of(connection)}, which a newer Dragoman made; this one knows"
            f" {HEAD}. Install the newer one again, or restore a backup made before it."
        )
    elif standing != "current":
        if not migrate:
            raise DatabaseUnusable(
                f"The database is at revision {revision_of(connection) or 'none'}, this version needs {HEAD}: make a"
                " backup, then run `dragoman migrate`."
            )
        upgrade(connection)


async def write_alone(connection: AsyncConnection) -> None:
    """Wait until no other transaction that asked for this is under way, and keep others waiting until this one ends, so
    that what it reads stays true while it writes.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    await connection.execute(text("begin immediate" if on_sqlite else f"select pg_advisory_xact_lock({OUR_LOCK})"))


def explain(error: Exception, engine: AsyncEngine) -> str:
    """What went wrong with a database, and what to do about it, without its password."""
    reason = cause_of(error)
    if "malformed" in reason or "not a database" in reason:
        return (
            f"The database {engine.url.database} is damaged ({reason}). Move it away (it is one file, with -wal and"
            " -shm beside it) and run the command again to start afresh, or put a backup in its place."
        )
    if "readonly" in reason or "unable to open" in reason:
        return (
            f"The database {engine.url.database} cannot be written ({reason}). Give this user write permission to the"
            " file and its folder, or set DRAGOMAN_HOME to a folder that can be written."
        )
    place = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=True)
    return f"The database {place} cannot be used: {reason}. See that it runs and that DRAGOMAN_DATABASE_URL is right."


def cause_of(error: Exception) -> str:
    """What a database or its driver said, in one line."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said.splitlines()[0] if said else type(error).__name__
