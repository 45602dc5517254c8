"""The floor of a conversation: one answers at a time, in whatever process. Kept by a lease, so that one who died loses
it.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, update
from sqlalchemy.dialects.postgresql import insert

from integrations.database.engine import Sessions, briefly, transact
from integrations.database.tables import FloorRow

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""How long the floor is kept by one who no longer shows a sign of life."""

BEAT = 3.0
"""Seconds between two such signs."""

PAUSE = 0.2
"""Seconds between two looks at a floor that somebody else has."""


_floors = FloorRow.__table__
_wanted = insert(FloorRow).values(session_id=bindparam("session"), holder=bindparam("ours"), until=bindparam("to"))
_free = or_(_floors.c.holder == "", _floors.c.until < bindparam("now", type_=_floors.c.until.type))
_TAKE = _wanted.on_conflict_do_update(
    index_elements=["session_id"], set_={"holder": _wanted.excluded.holder, "until": _wanted.excluded.until},
    where=_free,
).returning(_floors.c.holder)  # fmt: skip
"""One statement for both databases, so that of those who come at once one has the floor."""

_ours = update(FloorRow).where(_floors.c.session_id == bindparam("session"), _floors.c.holder == bindparam("ours"))
_STAY, _LEAVE = _ours.values(until=bindparam("to")), _ours.values(holder="")


class FloorLost(Exception):
    """The floor was taken by somebody else, as ours had run out; nothing more may be said."""


class Floor:
    """Gives and takes the floor. All processes of a home share it through the database."""

    def __init__(self, sessions: Sessions) -> None:
        self._engine = briefly(sessions)

    async def take(self, session_id: str) -> str:
        """The floor, if it is free: what names us as its holder; '' where somebody else has it."""
        return await transact(self._engine, lambda connection: take(connection, session_id))

    async def renew(self, session_id: str, holder: str) -> None:
        """Show a sign of life. Raises FloorLost."""
        await transact(self._engine, lambda connection: stay(connection, session_id, holder))

    async def leave(self, session_id: str, holder: str) -> None:
        """Give the floor back."""
        await transact(self._engine, lambda connection: leave(connection, session_id, holder))

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


def take(connection: Connection, session_id: str) -> str:
    """Take the floor in the transaction at hand; '' where somebody else has it."""
    holder, now = uuid.uuid4().hex, datetime.now(UTC)
    asked = {"session": session_id, "ours": holder, "to": now + LEASE, "now": now}
    return connection.scalar(_TAKE, asked) or ""


def stay(connection: Connection, session_id: str, holder: str) -> None:
    """Keep the floor, in a transaction that says something. Raises FloorLost, and then nothing of it is said."""
    asked = {"session": session_id, "ours": holder, "to": datetime.now(UTC) + LEASE}
    if connection.execute(_STAY, asked).rowcount != 1:
        raise FloorLost(session_id)


def leave(connection: Connection, session_id: str, holder: str) -> None:
    """Give the floor back in the transaction at hand."""
    connection.execute(_LEAVE, {"session": session_id, "ours": holder})
