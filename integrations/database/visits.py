"""How often somebody comes, counted for all processes of a shop together."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from integrations.database.engine import Sessions
from integrations.database.process_tables import VisitRow

TIDY = 60.0
"""Seconds between two times that those of whom nothing counts any more are forgotten."""

_visits = VisitRow.__table__
_fresh = insert(VisitRow).values(subject=bindparam("name"), times=[], until=bindparam("until"))
_OPEN = _fresh.on_conflict_do_update(index_elements=["subject"], set_={"until": _fresh.excluded.until}).returning(
    _visits.c.times
)
"""Reads who came when, and nobody else counts it until we commit."""

_COUNT = update(_visits).where(_visits.c.subject == bindparam("name")).values(times=bindparam("now"))  # type: ignore[arg-type]


class VisitBook:
    """Limits how often something happens in some seconds, by session or address. Who comes is kept as a hash, and no
    longer than it counts.
    """

    def __init__(self, sessions: Sessions, clock: Callable[[], float] = time.time) -> None:
        self._engine: AsyncEngine = sessions.kw["bind"]
        self._clock = clock
        self._tidy_at = 0.0

    async def allows(self, most: int, subject: str, seconds: float = 60) -> bool:
        """Whether one more is allowed now, and counts it."""
        now, name = self._clock(), hashlib.sha256(f"{seconds:g} {subject}".encode("utf-8", "replace")).hexdigest()
        async with self._engine.begin() as connection:
            await self._tidy(connection, now)
            held = await connection.scalar(_OPEN, {"name": name, "until": _moment(now + seconds)})
            times = [at for at in held or [] if at > now - seconds]
            if len(times) >= most:
                return False
            await connection.execute(_COUNT, {"name": name, "now": [*times, now]})
        return True

    async def _tidy(self, connection: AsyncConnection, now: float) -> None:
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY
            await connection.execute(delete(_visits).where(_visits.c.until <= _moment(now)))  # type: ignore[arg-type]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
