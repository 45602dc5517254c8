"""Deleted means gone: nothing of what was deleted stays in the database's files."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from integrations.database.engine import Sessions

OWN_POSTGRES = "postgres"
"""The folder of a home that `dragoman up` keeps a PostgreSQL in."""

TRIES = 20
"""How often others who read or write are waited for."""


async def shred(sessions: Sessions, whole: bool = False) -> bool:
    """Let the database give up the room of what was deleted; `whole` writes it anew, for homes older than this. False
    where others kept it from that; what is deleted is gone all the same once they are done and this is tried again.
    PostgreSQL does it by itself (autovacuum).
    """
    engine = sessions.kw["bind"]
    if engine.dialect.name != "sqlite":
        return True
    for _ in range(TRIES):
        try:
            async with engine.connect() as connection:
                free = await connection.execution_options(isolation_level="AUTOCOMMIT")
                if whole:
                    await free.execute(text("vacuum"))
                busy = (await free.execute(text("pragma wal_checkpoint(truncate)"))).scalar()
            if not busy:
                return True
        except DBAPIError:  # locked
            pass
        await asyncio.sleep(0.1)
    return False


def shred_file(path: Path, whole: bool = False) -> None:
    """The same for an SQLite file that is not the database's. Others who use it are waited for."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=15, isolation_level=None)) as opened:
        if whole:
            opened.execute("vacuum")
        opened.execute("pragma wal_checkpoint(truncate)")


def found_in(home: Path, marks: frozenset[str]) -> list[str]:
    """Files of a home in which one of these texts still stands, byte for byte. Those of a PostgreSQL of the home's own
    are its to write anew (`shred`).
    """
    needles = {form for mark in marks for form in (mark.encode(errors="replace"), _escaped(mark)) if len(form) > 4}
    own = home / OWN_POSTGRES
    held = (path for path in sorted(home.rglob("*")) if path.is_file() and own not in path.parents)
    return [str(path.relative_to(home)) for path in held if not path.name.endswith("-shm") and _holds(path, needles)]


def _escaped(mark: str) -> bytes:
    """A text as JSON may have written it."""
    return mark.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")


def _holds(path: Path, needles: set[bytes]) -> bool:
    longest, before = max(map(len, needles), default=0), b""
    with path.open("rb") as file:
        while part := file.read(1 << 22):
            if any(needle in before + part for needle in needles):
                return True
            before = part[-longest:]
    return False
