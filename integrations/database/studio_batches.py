"""Batches of the copy studio: their products, and the drafts that are to be written."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from integrations.database.engine import DatabaseSession, Sessions
from integrations.database.studio_tables import BatchRow, CellRow, StudioDraftRow, StudioProductRow

LEASE = timedelta(seconds=60)
"""How long a process that fills a batch has it for itself, from its last sign of life."""

MOST_IN_ONE = 500
"""Most keys in one query; databases bound them."""


@dataclass(frozen=True)
class Batch:
    """Products to be written for channels and locales; the first locale is the source."""

    id: str
    title: str
    made_at: datetime
    made_by: str
    state: str
    locales: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    writer: str = "templates"


@dataclass(frozen=True)
class Entry:
    """A line that was asked for: a product with its facts as told, or one nobody knows."""

    sku: str
    name: str
    state: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    conflicts: tuple[Mapping[str, Any], ...] = ()
    position: int = -1


@dataclass(frozen=True)
class Slot:
    """A draft that is to be written, or was."""

    id: int
    position: int
    channel: str
    locale: str
    state: str
    why: str
    written_by: str
    rest: Mapping[str, Any]
    missing: Sequence[Mapping[str, Any]]


class StudioBatches:
    """The batches of a home."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def make(self, title: str, by: str, entries: Iterable[Entry]) -> str:
        """Keep a new batch with its lines, whole or not at all. Returns its id."""
        batch_id = secrets.token_hex(6)
        rows = [
            {"batch_id": batch_id, "position": place, "sku": e.sku, "name": e.name, "state": e.state,
             "facts": dict(e.facts), "conflicts": [dict(one) for one in e.conflicts]}
            for place, e in enumerate(entries)
        ]  # fmt: skip
        async with self._sessions.begin() as session:
            session.add(BatchRow(batch_id=batch_id, title=title, made_at=datetime.now(UTC), made_by=by, state="facts",
                                 locales=[], channels=[]))  # fmt: skip
            if rows:
                await session.execute(insert(StudioProductRow), rows)
        return batch_id

    async def find(self, batch_id: str) -> Batch | None:
        """A batch by its id."""
        async with self._sessions() as session:
            row = await session.get(BatchRow, batch_id)
        return _batch(row) if row else None

    async def newest(self, most: int = 50) -> list[Batch]:
        """The batches made last, the newest first."""
        async with self._sessions() as session:
            rows = await session.scalars(select(BatchRow).order_by(BatchRow.made_at.desc()).limit(most))
            return [_batch(row) for row in rows]

    async def states(self, batch_id: str) -> dict[str, int]:
        """How many lines of a batch are ready, in conflict, unknown, duplicate."""
        return await self._counts(StudioProductRow, batch_id)

    async def progress(self, batch_id: str) -> dict[str, int]:
        """How many drafts of a batch are waiting, written, unwritten, refused."""
        return await self._counts(StudioDraftRow, batch_id)

    async def _counts(self, table: type[Any], batch_id: str) -> dict[str, int]:
        asked = select(table.state, func.count()).where(table.batch_id == batch_id).group_by(table.state)
        async with self._sessions() as session:
            return {str(row[0]): int(row[1]) for row in await session.execute(asked)}

    async def entries(
        self, batch_id: str, positions: Iterable[int] | None = None, states: Sequence[str] = (), most: int | None = None
    ) -> list[Entry]:
        """Lines of a batch in their order: all, those at some places, or those of some states."""
        asked = select(StudioProductRow).where(StudioProductRow.batch_id == batch_id)
        if positions is not None:
            asked = asked.where(StudioProductRow.position.in_(list(positions)[:MOST_IN_ONE]))
        if states:
            asked = asked.where(StudioProductRow.state.in_(states))
        async with self._sessions() as session:
            rows = await session.scalars(asked.order_by(StudioProductRow.position).limit(most))
            return [Entry(r.sku, r.name, r.state, r.facts, tuple(r.conflicts), r.position) for r in rows]

    async def skus(self, batch_id: str) -> dict[int, str]:
        """The SKUs of a batch by their places."""
        asked = select(StudioProductRow.position, StudioProductRow.sku).where(StudioProductRow.batch_id == batch_id)
        async with self._sessions() as session:
            return {row.position: row.sku for row in await session.execute(asked)}

    async def settle(self, batch_id: str, entry: Entry) -> None:
        """Keep what a person decided about a line's facts."""
        async with self._sessions.begin() as session:
            asked = update(StudioProductRow).where(
                StudioProductRow.batch_id == batch_id, StudioProductRow.position == entry.position
            )
            told = {"facts": dict(entry.facts), "conflicts": [dict(one) for one in entry.conflicts]}
            await session.execute(asked.values(state=entry.state, **told))

    async def begin(self, batch_id: str, channels: Sequence[str], locales: Sequence[str], writer: str) -> bool:
        """Say what is to be written, once; a second time changes nothing and says so."""
        async with self._sessions.begin() as session:
            asked = update(BatchRow).where(BatchRow.batch_id == batch_id, BatchRow.state == "facts")
            held = asked.values(
                state="filling", channels=list(channels), locales=list(locales), source=locales[0], writer=writer
            )
            if (await session.execute(held)).rowcount != 1:  # type: ignore[attr-defined]
                return False
            ready = select(StudioProductRow.position).where(
                StudioProductRow.batch_id == batch_id, StudioProductRow.state == "ready"
            )
            places = list(await session.scalars(ready.order_by(StudioProductRow.position)))
            rows = [
                {"batch_id": batch_id, "position": position, "channel": channel, "locale": locale, "rest": {},
                 "missing": []}
                for position in places for channel in channels for locale in locales
            ]  # fmt: skip
            if rows:
                await session.execute(insert(StudioDraftRow), rows)
        return True

    async def turn(self, batch_id: str, state: str, among: Sequence[str]) -> bool:
        """Put a batch into a state, from one of some others; whether it was in one of them."""
        asked = update(BatchRow).where(BatchRow.batch_id == batch_id, BatchRow.state.in_(among))
        async with self._sessions.begin() as session:
            done = await session.execute(asked.values(state=state, lease=None))
            return bool(done.rowcount == 1)  # type: ignore[attr-defined]

    async def lease(self, batch_id: str, *, mine: bool) -> bool:
        """Take a batch that is being filled for a while, or keep it where it is `mine`; False where it is another's."""
        now = datetime.now(UTC)
        asked = update(BatchRow).where(BatchRow.batch_id == batch_id, BatchRow.state == "filling")
        if not mine:
            asked = asked.where(or_(BatchRow.lease.is_(None), BatchRow.lease < now))
        async with self._sessions.begin() as session:
            done = await session.execute(asked.values(lease=now + LEASE))
            return bool(done.rowcount == 1)  # type: ignore[attr-defined]

    async def left_filling(self) -> list[str]:
        """The batches that are to be filled."""
        async with self._sessions() as session:
            return list(await session.scalars(select(BatchRow.batch_id).where(BatchRow.state == "filling")))

    async def waiting(self, batch_id: str, most: int) -> list[Slot]:
        """Drafts that wait to be written, a product's source before its others."""
        asked = select(StudioDraftRow).where(StudioDraftRow.batch_id == batch_id, StudioDraftRow.state == "waiting")
        order = asked.order_by(StudioDraftRow.position, StudioDraftRow.draft_id).limit(most)
        async with self._sessions() as session:
            return [_slot(row) for row in await session.scalars(order)]

    async def slots(self, batch_id: str, channel: str, positions: Sequence[int]) -> list[Slot]:
        """The drafts of some products for a channel."""
        asked = select(StudioDraftRow).where(
            StudioDraftRow.batch_id == batch_id, StudioDraftRow.channel == channel,
            StudioDraftRow.position.in_(list(positions)[:MOST_IN_ONE]),
        )  # fmt: skip
        async with self._sessions() as session:
            return [_slot(row) for row in await session.scalars(asked.order_by(StudioDraftRow.draft_id))]

    async def slot(self, draft_id: int) -> Slot | None:
        """A draft by its id."""
        async with self._sessions() as session:
            row = await session.get(StudioDraftRow, draft_id)
        return _slot(row) if row else None

    async def remove(self, batch_id: str) -> None:
        """Take a batch away that nobody began to write."""
        async with self._sessions.begin() as session:
            for table in (CellRow, StudioDraftRow, StudioProductRow):
                await session.execute(delete(table).where(table.batch_id == batch_id))
            await session.execute(delete(BatchRow).where(BatchRow.batch_id == batch_id))


async def close_slot(session: DatabaseSession, slot: Slot) -> bool:
    """Note that a waiting draft was dealt with; False where another process was first."""
    asked = update(StudioDraftRow).where(StudioDraftRow.draft_id == slot.id, StudioDraftRow.state == "waiting")
    told = {"rest": dict(slot.rest), "missing": [dict(one) for one in slot.missing]}
    done = await session.execute(asked.values(state=slot.state, why=slot.why, written_by=slot.written_by, **told))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _batch(row: BatchRow) -> Batch:
    held = row.batch_id, row.title, row.made_at, row.made_by, row.state
    return Batch(*held, tuple(row.locales), tuple(row.channels), row.writer)


def _slot(row: StudioDraftRow) -> Slot:
    held = row.draft_id, row.position, row.channel, row.locale, row.state, row.why, row.written_by
    return Slot(*held, row.rest, row.missing)
