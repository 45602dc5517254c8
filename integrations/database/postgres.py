"""Connections to PostgreSQL that are kept: whether one that is taken up again is one still."""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

QUIET = 10.0
"""Seconds for which a server is taken to be there because it was: one that goes says so on all of its connections, but
for one whose machine has gone.
"""

ASKED = "dragoman_asked"


def know_the_dead(engine: AsyncEngine) -> None:
    """Have connections that the server ended made anew before anybody is handed one. To ask the server each time, as
    SQLAlchemy would, costs as much as a short statement.
    """
    dialect = engine.sync_engine.dialect

    def look(connection: Any, record: Any, _proxy: Any) -> None:
        now = time.monotonic()
        if now - record.info.setdefault(ASKED, now) < QUIET and not _told(connection.driver_connection.fileno()):
            return
        record.info[ASKED] = now
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine.sync_engine, "checkout", look)


def _told(socket: int) -> bool:
    """Whether a server said something that nobody asked: mostly that it goes."""
    ear = select.poll()
    ear.register(socket, select.POLLIN)
    return bool(ear.poll(0))
