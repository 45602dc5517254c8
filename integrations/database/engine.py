"""Opening the database, and saying plainly what is wrong when it cannot be opened."""

from __future__ import annotations

from sqlalchemy import URL, Connection, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.schema import CreateColumn

from integrations.database.tables import Base


class DatabaseUnusable(Exception):
    """The database cannot be opened, is damaged or may not be written; the text says what to do."""


DatabaseSession = AsyncSession
Sessions = async_sessionmaker[DatabaseSession]

OUR_LOCK = 20_260_601
"""The number of our lock among those that applications keep in one PostgreSQL database."""


DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""By what people call a database, what SQLAlchemy calls it with the driver we use."""

CONNECT_SECONDS = 10
"""How long a server that does not answer is waited for, where the URL does not say."""


def open_engine(url: str) -> AsyncEngine:
    """An engine for a URL as people write it (sqlite:///…, postgresql://…). Connects only when used. Raises
    DatabaseUnusable.
    """
    address = _read(url)
    if address.drivername == DRIVERS["sqlite"]:
        engine = create_async_engine(address)
        event.listen(engine.sync_engine, "connect", _calm_sqlite)
        return engine
    wait = {"connect_timeout": address.query.get("connect_timeout", CONNECT_SECONDS)}
    try:
        return create_async_engine(address, pool_pre_ping=True, connect_args=wait)
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            f"The database needs the package {error.name}: install it with  pip install 'dragoman[postgres]'"
        ) from error


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
    """Readers beside one writer, and a wait instead of 'database is locked'."""
    cursor = connection.cursor()
    cursor.execute("pragma busy_timeout=15000")
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=normal")
    cursor.close()


async def prepare(engine: AsyncEngine) -> Sessions:
    """Create what tables are missing. Raises DatabaseUnusable."""
    try:
        async with engine.begin() as connection:
            if await connection.run_sync(_lacking):
                await write_alone(connection)
                await connection.run_sync(_complete)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(explain(error, engine)) from error
    return async_sessionmaker(engine, expire_on_commit=False)


def _lacking(connection: Connection) -> list[tuple[str, str]]:
    """Columns that are not there, by table; those of a table that is not there, too."""
    known = inspect(connection)
    held = {table: {column["name"] for column in known.get_columns(table)} for table in known.get_table_names()}
    tables = Base.metadata.sorted_tables
    return [(t.name, c.name) for t in tables for c in t.columns if c.name not in held.get(t.name, ())]


def _complete(connection: Connection) -> None:
    """Create tables that are not there, and give those of an earlier version the columns they lack."""
    Base.metadata.create_all(connection)
    for table, column in _lacking(connection):
        added = CreateColumn(Base.metadata.tables[table].columns[column]).compile(dialect=connection.dialect)
        connection.execute(text(f"alter table {table} add column {added}"))


async def write_alone(connection: AsyncConnection) -> None:
    """Wait until no other transaction that asked for this is under way, and keep others waiting until this one ends, so
    that what it reads stays true while it writes.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    await connection.execute(text("begin immediate" if on_sqlite else f"select pg_advisory_xact_lock({OUR_LOCK})"))


def explain(error: Exception, engine: AsyncEngine) -> str:
    """What went wrong with a database, and what to do about it, without its password."""
    reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
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
    told = reason.splitlines()[0] if reason else type(error).__name__
    return f"The database {place} cannot be used: {told}. See that it runs and that DRAGOMAN_DATABASE_URL is right."
