"""The floor of a conversation: one answers at a time, in whatever process. Kept by a lease, so that one who died loses
it.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from integrations.database.engine import DatabaseSession, Sessions
from integrations.database.tables import FloorRow

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""How long the floor is kept by one who no longer shows a sign of life."""

BEAT = 3.0
"""Seconds between two such signs."""

PAUSE = 0.2
"""Seconds between two looks at a floor that somebody else has."""


class FloorLost(Exception):
    """The floor was taken by somebody else, as ours had run out; nothing more may be said."""


class Floor:
    """Gives and takes the floor. All processes of a home share it through the database."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def take(self, session_id: str) -> str:
        """The floor, if it is free: what names us as its holder; '' where somebody else has it."""
        holder, now = uuid.uuid4().hex, datetime.now(UTC)
        with suppress(IntegrityError):
            async with self._sessions.begin() as database:
                known = await database.get(FloorRow, session_id)
                if known is None:
                    database.add(FloorRow(session_id=session_id, holder=holder, until=_until()))
                elif (known.holder and known.until >= now) or not await _overtake(database, session_id, holder, now):
                    return ""
            return holder
        return ""

    async def renew(self, session_id: str, holder: str) -> None:
        """Show a sign of life. Raises FloorLost."""
        async with self._sessions.begin() as database:
            await stay(database, session_id, holder)

    async def leave(self, session_id: str, holder: str) -> None:
        """Give the floor back."""
        ours = update(FloorRow).where(FloorRow.session_id == session_id, FloorRow.holder == holder)
        async with self._sessions.begin() as database:
            await database.execute(ours.values(holder=""))

    @asynccontextmanager
    async def hold(self, session_id: str) -> AsyncIterator[str]:
        """Wait for the floor and keep it for a while."""
        while not (holder := await self.take(session_id)):  # noqa: ASYNC110  (it may be in another process)
            await asyncio.sleep(PAUSE)
        beating = asyncio.create_task(self._beat(session_id, holder))
        try:
            yield holder
        finally:
            beating.cancel()
            await self.leave(session_id, holder)

    async def _beat(self, session_id: str, holder: str) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self.renew(session_id, holder)
            except FloorLost:
                log.warning("the floor of a conversation was lost while it was held", extra={"session": session_id})
                return


async def _overtake(database: DatabaseSession, session_id: str, holder: str, now: datetime) -> bool:
    free = or_(FloorRow.holder == "", FloorRow.until < now)
    taken = update(FloorRow).where(FloorRow.session_id == session_id, free).values(holder=holder, until=_until())
    done = await database.execute(taken.execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


async def stay(database: DatabaseSession, session_id: str, holder: str) -> None:
    """Keep the floor, in a transaction that says something. Raises FloorLost, and then nothing of it is said."""
    ours = update(FloorRow).where(FloorRow.session_id == session_id, FloorRow.holder == holder)
    done = await database.execute(ours.values(until=_until()))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise FloorLost(session_id)


def _until() -> datetime:
    return datetime.now(UTC) + LEASE
