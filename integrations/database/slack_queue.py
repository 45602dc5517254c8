"""What Slack sends, kept before it is acknowledged and worked through afterwards, by whichever process comes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from integrations.database.engine import Sessions, write_alone
from integrations.database.grouped import GroupedWriter, Rows
from integrations.database.slack_tables import SlackEventRow

LEASE = timedelta(seconds=30)
"""How long an event is left to a process that shows no sign of life."""

KEPT = timedelta(days=3)
"""How long it is known that an event was here: Slack sends again for an hour."""

FAILED_KEPT = timedelta(days=30)
"""How long what could not be worked through is kept to be looked at, with what it said."""

OPEN = ("waiting", "running")


@dataclass(frozen=True)
class Arrived:
    """What came in: its id at Slack, where it belongs and, as Slack's clock says, when."""

    event_id: str
    lane: str
    place: str
    ts: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """An event to work on. `tries` counts earlier attempts."""

    position: int
    event_id: str
    body: dict[str, Any]
    tries: int


class SlackQueue:
    """Events in the order of their places. All processes of a home share it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._arriving, self._ending = GroupedWriter(self._insert), GroupedWriter(self._end)

    async def receive(self, arrived: Arrived) -> None:
        """Keep an event; one that is here already is not kept again."""
        now = datetime.now(UTC)
        row = {**vars(arrived), "status": "waiting", "tries": 0, "not_before": now, "at": now}
        await self._arriving.add([row])

    async def _insert(self, rows: Rows) -> None:
        async with self._sessions.begin() as database:
            on_sqlite = (await database.connection()).dialect.name == "sqlite"
            insert = sqlite.insert if on_sqlite else postgresql.insert
            known = insert(SlackEventRow).on_conflict_do_nothing(index_elements=["event_id"])
            await database.execute(known, rows)

    async def take(self, lane: str, most: int) -> list[Taken]:
        """The next events, at most one of a place, and none of a place where one is being worked on."""
        now = datetime.now(UTC)
        order = (case((SlackEventRow.status == "running", 0), else_=1), SlackEventRow.ts, SlackEventRow.position)
        first = func.row_number().over(partition_by=SlackEventRow.place, order_by=order).label("first")
        fields = (SlackEventRow.position, SlackEventRow.status, SlackEventRow.until, SlackEventRow.not_before)
        heads = select(*fields, first).where(SlackEventRow.status.in_(OPEN), SlackEventRow.lane == lane).subquery()
        free = or_(heads.c.status == "waiting", heads.c.until < now)
        wanted = select(heads.c.position).where(heads.c.first == 1, free, heads.c.not_before <= now)
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            found = list(await database.scalars(wanted.order_by(heads.c.position).limit(most)))
            if not found:
                return []
            ours = update(SlackEventRow).where(SlackEventRow.position.in_(found))
            held = ours.values(status="running", until=now + LEASE, tries=SlackEventRow.tries + 1)
            await database.execute(held.execution_options(synchronize_session=False))
            rows = select(SlackEventRow).where(SlackEventRow.position.in_(found))
            return [Taken(row.position, row.event_id, row.body, row.tries - 1) for row in await database.scalars(rows)]

    async def renew(self, positions: Sequence[int]) -> None:
        """These are still being worked on."""
        await self._set(positions, until=datetime.now(UTC) + LEASE)

    async def finish(self, position: int) -> None:
        """This is done; what it said is forgotten."""
        await self._ending.add([{"position": position}])

    async def _end(self, rows: Rows) -> None:
        await self._set([row["position"] for row in rows], status="done", body={})

    async def again(self, position: int, seconds: float) -> None:
        """This is to be tried again, after some seconds; its place waits for it."""
        later = datetime.now(UTC) + timedelta(seconds=seconds)
        await self._set([position], status="waiting", not_before=later)

    async def fail(self, position: int) -> None:
        """This is tried no more; it is kept to be looked at."""
        await self._set([position], status="failed")

    async def forget(self) -> None:
        """Old events that are over are known no longer."""
        now = datetime.now(UTC)
        async with self._sessions.begin() as database:
            for status, kept in (("done", KEPT), ("failed", FAILED_KEPT)):
                old = delete(SlackEventRow).where(SlackEventRow.at < now - kept, SlackEventRow.status == status)
                await database.execute(old.execution_options(synchronize_session=False))

    async def counts(self) -> dict[str, int]:
        """How many events are in each state."""
        wanted = select(SlackEventRow.status, func.count()).group_by(SlackEventRow.status)
        async with self._sessions() as database:
            return {str(status): int(count) for status, count in await database.execute(wanted)}

    async def _set(self, positions: Sequence[int], **values: Any) -> None:
        ours = update(SlackEventRow).where(SlackEventRow.position.in_(list(positions))).values(**values)
        async with self._sessions.begin() as database:
            await database.execute(ours.execution_options(synchronize_session=False))
