"""Turns of a conversation: what was asked and shown, and every frame sent, so that a lost connection can resume."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select

from integrations.database.engine import Sessions
from integrations.database.grouped import GroupedWriter, Rows
from integrations.database.tables import Frame, TurnRow


@dataclass(frozen=True)
class Exchange:
    """One message and its answer, as they were shown."""

    turn: str
    question: str
    answer: str
    shown: dict[str, Any]
    at: datetime


class TurnStore:
    """Keeps frames and turns. Frame numbers count up within a conversation."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._frames = GroupedWriter(self._insert)

    async def last_number(self, session_id: str) -> int:
        """The number of the last frame of a conversation, 0 before the first."""
        async with self._sessions() as database:
            return int(await database.scalar(select(func.max(Frame.number)).where(Frame.session_id == session_id)) or 0)

    async def keep_frames(self, session_id: str, turn: str, frames: list[tuple[int, str]]) -> None:
        """Keep frames, before they are sent."""
        rows = [{"session_id": session_id, "turn": turn, "number": n, "data": data} for n, data in frames]
        if rows:
            await self._frames.add(rows)

    async def _insert(self, rows: Rows) -> None:
        async with self._sessions.begin() as database:
            await database.execute(insert(Frame.__table__), rows)  # type: ignore[arg-type]

    async def frames_after(self, session_id: str, number: int, turn: str = "") -> list[tuple[int, str]]:
        """Frames a client has not seen, in order; of one turn only, where it is named."""
        wanted = select(Frame).where(Frame.session_id == session_id, Frame.number > number).order_by(Frame.number)
        wanted = wanted.where(Frame.turn == turn) if turn else wanted
        async with self._sessions() as database:
            return [(row.number, row.data) for row in await database.scalars(wanted)]

    async def first_number(self, session_id: str, turn: str) -> int | None:
        """The number of a turn's first frame, or None for a turn never begun."""
        wanted = select(func.min(Frame.number)).where(Frame.session_id == session_id, Frame.turn == turn)
        async with self._sessions() as database:
            return await database.scalar(wanted)

    async def keep(self, session_id: str, exchange: Exchange) -> None:
        """Keep a finished turn."""
        async with self._sessions.begin() as database:
            database.add(TurnRow(
                session_id=session_id, turn=exchange.turn, question=exchange.question, answer=exchange.answer,
                shown=exchange.shown, at=exchange.at,
            ))  # fmt: skip

    async def history(self, session_id: str) -> list[Exchange]:
        """A conversation, oldest first."""
        wanted = select(TurnRow).where(TurnRow.session_id == session_id).order_by(TurnRow.turn_id)
        async with self._sessions() as database:
            rows = await database.scalars(wanted)
            return [Exchange(row.turn, row.question, row.answer, row.shown, row.at) for row in rows]


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)
