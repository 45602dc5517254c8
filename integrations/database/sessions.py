"""Sessions and proofs of identity, in SQL."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from integrations.database.engine import Sessions, write_alone
from integrations.database.handoffs import HandoffStore
from integrations.database.tables import Attempt, FeedbackRow, SessionRow
from tools.context import Session

ATTEMPT_WINDOW = timedelta(hours=1)
"""How long a failed proof of identity counts."""

_SPOKEN = (SessionRow.language, SessionRow.market, SessionRow.locale)
"""What changes with what a shopper writes."""


class SessionStore:
    """Keeps who speaks. Implements the port `Identities` of the tools; `handoffs` has who waits for a person."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self.handoffs = HandoffStore(sessions)

    async def start(self, session: Session) -> str:
        """Keep a new session; returns the bearer token that speaks for it."""
        token = secrets.token_urlsafe(32)
        async with self._sessions.begin() as database:
            database.add(_row(session, _hash(token)))
        return token

    async def find(self, session_id: str) -> Session | None:
        """A session by its id."""
        async with self._sessions() as database:
            row = await database.get(SessionRow, session_id)
            return _session(row) if row else None

    async def find_by_token(self, token: str) -> Session | None:
        """The session a bearer token speaks for."""
        async with self._sessions() as database:
            row = await database.scalar(select(SessionRow).where(SessionRow.token_hash == _hash(token)))
            return _session(row) if row else None

    async def remember(self, session: Session) -> None:
        """Keep the session as it is now, but for what was attested, which only proofs change. Where nothing changed,
        nothing is written.
        """
        this = SessionRow.session_id == session.id
        now = (session.language, session.market, session.locale)
        async with self._sessions.begin() as database:
            held = await database.execute(select(*_SPOKEN).where(this))
            before = held.first()
            if before is None:
                database.add(_row(session, ""))
            elif tuple(before) != now:
                await database.execute(update(SessionRow).where(this).values(dict(zip(_SPOKEN, now, strict=True))))

    async def open_order(self, session: Session, order_id: str) -> Session:
        """The session, from now on allowed to see this order too."""
        orders = session.order_ids | {order_id}
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            row = await database.get(SessionRow, session.id)
            if row is not None:
                orders |= frozenset(row.order_ids)
                row.order_ids = sorted(orders)
        return replace(session, order_ids=orders)

    async def failures(self, subject: str) -> int:
        """Attempts that count on a subject: those of the last hour that were not withdrawn."""
        since = datetime.now(UTC) - ATTEMPT_WINDOW
        counted = select(func.count()).select_from(Attempt).where(Attempt.subject == subject, Attempt.at >= since)
        async with self._sessions() as database:
            return int(await database.scalar(counted) or 0)

    async def begin_attempt(self, subjects: list[str]) -> tuple[list[int], int]:
        """Count an attempt against each subject; returns what withdraws it, and the most that count on one now."""
        now = datetime.now(UTC)
        async with self._sessions.begin() as database:
            await database.execute(delete(Attempt).where(Attempt.at < now - ATTEMPT_WINDOW))
            rows = [Attempt(subject=subject[:128], at=now) for subject in subjects]
            database.add_all(rows)
            await database.flush()
            attempt = [row.attempt_id for row in rows]
        return attempt, max([await self.failures(subject[:128]) for subject in subjects])

    async def withdraw_attempt(self, attempt: list[int]) -> None:
        """Count an attempt no longer."""
        async with self._sessions.begin() as database:
            await database.execute(delete(Attempt).where(Attempt.attempt_id.in_(attempt)))

    async def rate(self, session: Session, turn: str, score: int, comment: str) -> None:
        """Keep what a shopper thought of an answer."""
        async with self._sessions.begin() as database:
            database.add(FeedbackRow(
                session_id=session.id, turn=turn, score=score, comment=comment[:2000], at=datetime.now(UTC)
            ))  # fmt: skip


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _row(session: Session, token_hash: str) -> SessionRow:
    return SessionRow(
        session_id=session.id, token_hash=token_hash, role=session.role, channel=session.channel,
        locale=session.locale, language=session.language, market=session.market, customer_id=session.customer_id,
        order_ids=sorted(session.order_ids), created_at=datetime.now(UTC),
    )  # fmt: skip


def _session(row: SessionRow) -> Session:
    fields: dict[str, Any] = {
        name: getattr(row, name) for name in ("role", "channel", "locale", "language", "market", "customer_id")
    }
    return Session(id=row.session_id, order_ids=frozenset(row.order_ids), **fields)
