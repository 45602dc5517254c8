"""What was looked for and what was found, in SQL, and what shoppers did next: called a person, or thumbs down."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from assistant.embedded.wording import asides
from integrations.database.engine import Sessions
from integrations.database.gap_decisions import DecisionStore
from integrations.database.tables import FeedbackRow, HandoffRow, SearchRow, TurnRow
from knowledge.masking import mask_personal, one_line
from tools.context import Search, Session

log = logging.getLogger(__name__)

PATIENCE = 0.2
"""Seconds a turn waits at most for its search to be noted; a locked database is written to when it is free."""

SESSION_KEPT = timedelta(days=90)
"""How long a search tells whose it was."""

MOST_SEARCHES = 20_000
"""How many of the newest searches are looked at."""


@dataclass(frozen=True)
class Recorded:
    """A search as it was noted. `at` is when its turn began, so searches of one turn share it."""

    at: datetime
    kind: str
    text: str
    language: str
    market: str
    role: str
    session_id: str | None
    documents: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Disliked:
    """A turn that got a thumbs down: the searches it made lie after `since` and not after `until`."""

    session_id: str
    since: datetime
    until: datetime


class SearchStore:
    """Keeps searches. Implements the port `Searches` of the tools."""

    def __init__(self, sessions: Sessions) -> None:
        self.decisions = DecisionStore(sessions)
        self._sessions = sessions
        self._writing: set[asyncio.Task[None]] = set()

    async def record(self, session: Session, search: Search, at: datetime) -> None:
        """Note a search, its text masked, unless nobody asked but we. Never raises; waits no longer than PATIENCE for
        the database.
        """
        text = one_line(mask_personal(one_line(search.text, 4000)))
        if not text or search.text in asides(session.language):
            return
        row = SearchRow(
            at=at, kind=search.kind, text=text, language=session.language, market=search.market[:8],
            role=session.role, channel=session.channel, session_id=session.id, score=search.score,
            outcome="found" if search.documents else "none", documents=list(search.documents),
        )  # fmt: skip
        task = asyncio.create_task(self._write(row))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        await asyncio.wait({task}, timeout=PATIENCE)

    async def _write(self, row: SearchRow) -> None:
        try:
            async with self._sessions.begin() as database:
                database.add(row)
        except (SQLAlchemyError, OSError) as error:
            log.warning("a search was not noted: %s", type(error).__name__)

    async def forget_sessions(self) -> None:
        """Take the session away from searches older than SESSION_KEPT."""
        old = SearchRow.at < datetime.now(UTC) - SESSION_KEPT
        async with self._sessions.begin() as database:
            await database.execute(
                update(SearchRow).where(old, SearchRow.session_id.is_not(None)).values(session_id=None)
            )

    async def recorded(self) -> list[Recorded]:
        """The newest searches, oldest first; those of evaluations left out."""
        wanted = (
            select(SearchRow).where(SearchRow.channel != "evals").order_by(SearchRow.at.desc(), SearchRow.id.desc())
        )
        async with self._sessions() as database:
            rows = list(await database.scalars(wanted.limit(MOST_SEARCHES)))
        return [_recorded(row) for row in reversed(rows)]

    async def retrieved(self) -> dict[str, int]:
        """How many of the noted searches were shown each document."""
        counts: Counter[str] = Counter()
        for search in await self.recorded():
            counts.update(search.documents)
        return dict(counts)

    async def handed_over(self) -> dict[str, list[datetime]]:
        """When sessions asked for a person, by session."""
        asked: dict[str, list[datetime]] = {}
        async with self._sessions() as database:
            for session_id, at in await database.execute(select(HandoffRow.session_id, HandoffRow.created_at)):
                asked.setdefault(session_id, []).append(at)
        return asked

    async def disliked(self) -> list[Disliked]:
        """The turns that got a thumbs down."""
        wanted = select(FeedbackRow.session_id, FeedbackRow.turn).where(FeedbackRow.score < 0)
        async with self._sessions() as database:
            marked = {(session_id, turn) for session_id, turn in await database.execute(wanted)}
            names = {session_id for session_id, _ in marked}
            held = select(TurnRow).where(TurnRow.session_id.in_(names)).order_by(TurnRow.turn_id)
            rows = list(await database.scalars(held))
        found, before = [], dict.fromkeys(names, datetime.min.replace(tzinfo=UTC))
        for row in rows:
            if (row.session_id, row.turn) in marked:
                found.append(Disliked(row.session_id, before[row.session_id], row.at))
            before[row.session_id] = row.at
        return found


def _recorded(row: SearchRow) -> Recorded:
    return Recorded(
        row.at, row.kind, row.text, row.language, row.market, row.role, row.session_id,
        tuple(row.documents), row.score,
    )  # fmt: skip
