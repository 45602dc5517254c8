"""Cells of the copy studio: their text with every version it had, decisions, comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, case, func, insert, or_, select, update

from integrations.database.engine import DatabaseSession, Sessions
from integrations.database.studio_batches import MOST_IN_ONE, Slot, close_slot
from integrations.database.studio_tables import CellRow, CellVersionRow, CommentRow, StudioDraftRow

GRAVE = ("block", "warn")
"""Findings that flag a cell; others are only good to know."""


@dataclass(frozen=True)
class Cell:
    """One text of a draft, as it stands."""

    id: int
    draft_id: int
    batch_id: str
    position: int
    channel: str
    locale: str
    field: str
    item: int
    place: int
    text: str
    live: str = ""
    version: int = 1
    origin: str = ""
    model: str = ""
    level: str = ""
    findings: Sequence[Mapping[str, Any]] = ()
    claims: Sequence[Mapping[str, Any]] = ()
    state: str = "open"
    decided_by: str = ""
    decided_at: datetime | None = None
    comments: int = 0

    @property
    def is_flagged(self) -> bool:
        """Whether somebody has to look."""
        return self.level in GRAVE


@dataclass(frozen=True)
class Version:
    """A text a cell had, from whom."""

    number: int
    text: str
    origin: str
    restates: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Counts:
    """How many cells of a channel there are: all, with text, flagged, approved, rejected, and clean ones to approve."""

    all: int = 0
    written: int = 0
    flagged: int = 0
    approved: int = 0
    rejected: int = 0
    clean: int = 0


class Outdated(Exception):
    """A cell has another text by now than the one that was changed."""


class StudioCells:
    """The cells of a home."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def keep(self, slot: Slot, cells: Iterable[Cell], by: str) -> bool:
        """Keep a draft with its cells, once; False where another process was first."""
        now = datetime.now(UTC)
        async with self._sessions.begin() as session:
            if not await close_slot(session, slot):
                return False
            rows = [{name: value for name, value in vars(cell).items() if name != "id"} for cell in cells]
            if not rows:
                return True
            ids = list(await session.scalars(insert(CellRow).returning(CellRow.cell_id, sort_by_parameter_order=True),
                                             rows))  # fmt: skip
            await session.execute(insert(CellVersionRow), [
                {"cell_id": cell_id, "version": 1, "text": row["text"], "origin": row["origin"], "restates": 1,
                 "by": by, "at": now}
                for cell_id, row in zip(ids, rows, strict=True)
            ])  # fmt: skip
        return True

    async def find(self, cell_id: int) -> Cell | None:
        """A cell by its id."""
        async with self._sessions() as session:
            row = await session.get(CellRow, cell_id)
        return _cell(row) if row else None

    async def of_draft(self, draft_id: int) -> list[Cell]:
        """The cells of a draft in their order."""
        return await self._select(CellRow.draft_id == draft_id)

    async def on(self, batch_id: str, channel: str, positions: Sequence[int]) -> list[Cell]:
        """The cells of some products for a channel, in their order."""
        places = CellRow.position.in_(list(positions)[:MOST_IN_ONE])
        return await self._select(CellRow.batch_id == batch_id, CellRow.channel == channel, places)

    async def some(self, batch_id: str, channel: str, only: str, after: int, most: int) -> list[Cell]:
        """Cells to review: all that have or lack something ('flagged', 'clean', 'approved', ...), from a place on."""
        held = CellRow.batch_id == batch_id, CellRow.channel == channel, *_only(only)
        asked = select(CellRow).where(*held).order_by(CellRow.position, CellRow.place, CellRow.cell_id)
        async with self._sessions() as session:
            return [_cell(row) for row in await session.scalars(asked.offset(after).limit(most))]

    async def all(self, batch_id: str, channel: str) -> list[Cell]:
        """Every cell for a channel, in the order of the grid."""
        return await self._select(CellRow.batch_id == batch_id, CellRow.channel == channel)

    async def _select(self, *held: Any) -> list[Cell]:
        asked = select(CellRow).where(*held).order_by(CellRow.position, CellRow.place, CellRow.cell_id)
        async with self._sessions() as session:
            return [_cell(row) for row in await session.scalars(asked)]

    async def positions(self, batch_id: str, channel: str, *, flagged: bool) -> list[int]:
        """The places of products with drafts for a channel, or of those where somebody has to look."""
        if flagged:
            asked = select(CellRow.position).where(
                CellRow.batch_id == batch_id, CellRow.channel == channel, *_only("flagged")
            )
        else:
            asked = select(StudioDraftRow.position).where(
                StudioDraftRow.batch_id == batch_id, StudioDraftRow.channel == channel
            )
        async with self._sessions() as session:
            return sorted(set(await session.scalars(asked.distinct())))

    async def counts(self, batch_id: str, channel: str) -> Counts:
        """How a channel's cells stand."""
        kinds = [
            case((and_(*_only(only)), 1), else_=0) for only in ("written", "flagged", "approved", "rejected", "clean")
        ]
        asked = select(func.count(), *(func.coalesce(func.sum(kind), 0) for kind in kinds))
        async with self._sessions() as session:
            found = await session.execute(asked.where(CellRow.batch_id == batch_id, CellRow.channel == channel))
            return Counts(*(int(count) for count in found.one()))

    async def change(self, before: Cell, after: Cell, by: str, restates: int = 0) -> Cell:
        """Give a cell another text as its next version. Raises Outdated where it no longer has the one before."""
        now = datetime.now(UTC)
        fresh = replace(after, version=before.version + 1, state="open", decided_by="", decided_at=None)
        async with self._sessions.begin() as session:
            asked = update(CellRow).where(CellRow.cell_id == before.id, CellRow.version == before.version)
            told = {name: getattr(fresh, name) for name in ("text", "version", "origin", "level", "findings", "claims",
                    "state", "decided_by", "decided_at")}  # fmt: skip
            if (await session.execute(asked.values(**told))).rowcount != 1:  # type: ignore[attr-defined]
                raise Outdated
            session.add(CellVersionRow(cell_id=before.id, version=fresh.version, text=fresh.text, origin=fresh.origin,
                                       restates=restates or fresh.version, by=by, at=now))  # fmt: skip
        return fresh

    async def judge(self, cells: Iterable[Cell]) -> None:
        """Keep what a check has to say of cells whose own text did not change; an approval of one it blocks ends."""
        async with self._sessions.begin() as session:
            for cell in cells:
                held = CellRow.cell_id == cell.id, CellRow.version == cell.version
                await session.execute(update(CellRow).where(*held).values(level=cell.level, findings=cell.findings))
                if cell.level == "block":
                    ended = update(CellRow).where(*held, CellRow.state == "approved")
                    await session.execute(ended.values(state="open", decided_by="", decided_at=None))

    async def decide(self, cell: Cell, state: str, by: str) -> Cell:
        """Approve, reject or open a cell as it stands. Raises Outdated."""
        at, who = (None, "") if state == "open" else (datetime.now(UTC), by)
        async with self._sessions.begin() as session:
            asked = update(CellRow).where(CellRow.cell_id == cell.id, CellRow.version == cell.version)
            if state == "approved":
                asked = asked.where(CellRow.level != "block", CellRow.text != "")
            done = await session.execute(asked.values(state=state, decided_by=who, decided_at=at))
            if done.rowcount != 1:  # type: ignore[attr-defined]
                raise Outdated
        return replace(cell, state=state, decided_by=who, decided_at=at)

    async def approve_clean(self, batch_id: str, channel: str, by: str) -> int:
        """Approve every open cell of a channel that nothing is found in. Returns how many."""
        held = CellRow.batch_id == batch_id, CellRow.channel == channel, *_only("clean")
        async with self._sessions.begin() as session:
            told = {"state": "approved", "decided_by": by, "decided_at": datetime.now(UTC)}
            done = await session.execute(update(CellRow).where(*held).values(**told))
            return int(done.rowcount)  # type: ignore[attr-defined]

    async def history(self, cell_id: int) -> list[Version]:
        """Every text a cell had, the newest first."""
        asked = select(CellVersionRow).where(CellVersionRow.cell_id == cell_id)
        async with self._sessions() as session:
            rows = await session.scalars(asked.order_by(CellVersionRow.version.desc()))
            return [Version(r.version, r.text, r.origin, r.restates, r.by, r.at) for r in rows]

    async def texts_at(self, batch_id: str, channel: str, moment: datetime) -> dict[int, str]:
        """The texts that a channel's cells had at a moment, by the cells' ids."""
        asked = select(CellVersionRow.cell_id, CellVersionRow.text).join(
            CellRow, CellRow.cell_id == CellVersionRow.cell_id
        ).where(CellRow.batch_id == batch_id, CellRow.channel == channel, CellVersionRow.at <= moment)  # fmt: skip
        async with self._sessions() as session:
            rows = await session.execute(asked.order_by(CellVersionRow.version))
            return {row.cell_id: row.text for row in rows}

    async def comment(self, cell_id: int, by: str, text: str) -> None:
        """Keep what somebody says about a cell."""
        async with self._sessions.begin() as session:
            session.add(CommentRow(cell_id=cell_id, by=by, at=datetime.now(UTC), text=text))
            await _count_comment(session, cell_id)

    async def comments(self, cell_id: int) -> list[tuple[str, datetime, str]]:
        """What was said about a cell: who, when, what; the oldest first."""
        asked = select(CommentRow).where(CommentRow.cell_id == cell_id).order_by(CommentRow.comment_id)
        async with self._sessions() as session:
            return [(row.by, row.at, row.text) for row in await session.scalars(asked)]


async def _count_comment(session: DatabaseSession, cell_id: int) -> None:
    counted = update(CellRow).where(CellRow.cell_id == cell_id).values(comments=CellRow.comments + 1)
    await session.execute(counted)


def _only(only: str) -> tuple[Any, ...]:
    """The condition of a kind of cells; none for all."""
    flagged = or_(CellRow.level.in_(GRAVE), and_(CellRow.text == "", CellRow.origin == ""))
    clean = and_(CellRow.level.not_in(GRAVE), CellRow.text != "", CellRow.state == "open")
    kinds: dict[str, Any] = {
        "written": CellRow.text != "", "flagged": and_(flagged, CellRow.state != "approved"), "clean": clean,
        "approved": CellRow.state == "approved", "rejected": CellRow.state == "rejected",
        "undecided": and_(CellRow.state == "open", CellRow.text != ""),
    }  # fmt: skip
    return (kinds[only],) if only in kinds else ()


def _cell(row: CellRow) -> Cell:
    return Cell(
        row.cell_id, row.draft_id, row.batch_id, row.position, row.channel, row.locale, row.field, row.item, row.place,
        row.text, row.live, row.version, row.origin, row.model, row.level, row.findings, row.claims, row.state,
        row.decided_by, row.decided_at, row.comments,
    )  # fmt: skip
