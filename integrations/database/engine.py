"""Opening the database, and saying plainly what is wrong when it cannot be opened."""

from __future__ import annotations

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.schema import CreateColumn

from integrations.database.tables import Base


class DatabaseUnusable(Exception):
    """The database cannot be opened, is damaged or may not be written; the text says what to do."""


DatabaseSession = AsyncSession
Sessions = async_sessionmaker[DatabaseSession]


def open_engine(url: str) -> AsyncEngine:
    """An engine for a URL as people write it (sqlite:///…, postgresql://…). Connects only when used."""
    for plain, driver in (("sqlite://", "sqlite+aiosqlite://"), ("postgresql://", "postgresql+psycopg://")):
        if url.startswith(plain):
            url = driver + url.removeprefix(plain)
    try:
        engine = create_async_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            f"The database needs the package {error.name}: install it with  pip install 'dragoman[postgres]'"
        ) from error
    except SQLAlchemyError as error:
        raise DatabaseUnusable(f"DRAGOMAN_DATABASE_URL is no database we know: {error}") from error
    if url.startswith("sqlite"):
        event.listen(engine.sync_engine, "connect", _calm_sqlite)
    return engine


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
            await connection.run_sync(Base.metadata.create_all)
            await connection.run_sync(_add_columns)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(explain(error, engine)) from error
    return async_sessionmaker(engine, expire_on_commit=False)


def _add_columns(connection: Connection) -> None:
    """Give tables of an earlier version the columns they lack; each of those has a default."""
    known = inspect(connection)
    for table in Base.metadata.sorted_tables:
        held = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in held:
                added = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"alter table {table.name} add column {added}"))


def explain(error: Exception, engine: AsyncEngine) -> str:
    """What went wrong with a database, and what to do about it, without its password."""
    place = engine.url.render_as_string(hide_password=True)
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
    return f"The database {place} cannot be used: {reason.splitlines()[0] if reason else type(error).__name__}"
