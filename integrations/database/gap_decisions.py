"""What the operator decided on gaps, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from integrations.database.engine import Sessions
from integrations.database.tables import GapDecision


@dataclass(frozen=True)
class Decision:
    """`decision` is accepted or dismissed; `question` stands for the gap, `entry` is the document that answers it."""

    gap_id: str
    decision: str
    question: str
    language: str
    entry: str = ""
    reason: str = ""


class DecisionStore:
    """Keeps one decision a gap."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def keep(self, decision: Decision) -> None:
        """Keep a decision in place of an earlier one on the same gap."""
        async with self._sessions.begin() as database:
            await database.merge(GapDecision(**vars(decision), at=datetime.now(UTC)))

    async def all(self) -> list[Decision]:
        """Every decision, oldest first."""
        names = ("gap_id", "decision", "question", "language", "entry", "reason")
        async with self._sessions() as database:
            rows = await database.scalars(select(GapDecision).order_by(GapDecision.at, GapDecision.gap_id))
            return [Decision(**{name: getattr(row, name) for name in names}) for row in rows]

    async def remove(self, gap_id: str) -> None:
        """Undo a decision."""
        async with self._sessions.begin() as database:
            await database.execute(delete(GapDecision).where(GapDecision.gap_id == gap_id))
