"""Taking a conversation out of the database, whole. What was done in the shop stays in the ledger of actions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, select

from integrations.database.engine import DatabaseSession, Sessions, write_alone
from integrations.database.tables import (
    ActionRow,
    Attempt,
    FeedbackRow,
    FloorRow,
    Frame,
    GapDecision,
    HandoffRow,
    MessageRow,
    PersonTalkRow,
    SearchRow,
    SessionRow,
    TraceRow,
    TurnRow,
)
from integrations.database.widget_tables import AttachmentRow, RatingRow, TokenRow, TypingRow

OF_A_SESSION: tuple[Any, ...] = (
    TurnRow, Frame, MessageRow, TraceRow, PersonTalkRow, HandoffRow, AttachmentRow, FeedbackRow, RatingRow, TypingRow,
    SearchRow, FloorRow, TokenRow, SessionRow,
)  # fmt: skip
"""Tables whose rows of a session go with it."""


async def erase_sessions(sessions: Sessions, session_ids: Collection[str]) -> bool:
    """Erase conversations in one transaction; whether the ledger has actions of theirs, which stay."""
    async with sessions.begin() as database:
        await write_alone(await database.connection())
        await _erase_quoted(database, session_ids)
        for table in OF_A_SESSION:
            await database.execute(delete(table).where(table.session_id.in_(session_ids)))
        await database.execute(delete(Attempt).where(Attempt.subject.in_([f"session {name}" for name in session_ids])))
        acted = select(func.count()).select_from(ActionRow).where(ActionRow.session_id.in_(session_ids))
        return bool(await database.scalar(acted))


async def _erase_quoted(database: DatabaseSession, session_ids: Collection[str]) -> None:
    """Take their words out of what was dismissed as a gap, where nobody else searched for the same."""
    theirs = select(SearchRow.text).where(SearchRow.session_id.in_(session_ids))
    others = select(SearchRow.text).where(SearchRow.session_id.not_in(session_ids))
    quoted = GapDecision.question.in_(theirs) & GapDecision.question.not_in(others)
    await database.execute(delete(GapDecision).where(GapDecision.decision == "dismissed", quoted))
