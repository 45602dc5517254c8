"""Sessions and proofs of identity, in SQL."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from integrations.database.arrangements import Arrangements
from integrations.database.attachments import AttachmentStore
from integrations.database.engine import Sessions, briefly, is_server, reading, transact, write_alone
from integrations.database.erasing import erase_sessions
from integrations.database.handoffs import HandoffStore
from integrations.database.ratings import RatingStore, TypingBoard
from integrations.database.tables import Attempt, FeedbackRow, SessionRow
from integrations.database.tokens import LASTING, Ticket, TokenStore, give, session_of
from integrations.database.visits import VisitBook
from tools.context import Session

ATTEMPT_WINDOW = timedelta(hours=1)
"""How long a failed proof of identity counts."""

_SPOKEN = (SessionRow.language, SessionRow.market, SessionRow.locale)
"""What changes with what a shopper writes."""

_rows = SessionRow.__table__
_FIND = select(_rows).where(_rows.c.session_id == bindparam("session"))
_SPEAKS = select(_rows.c.language, _rows.c.market, _rows.c.locale).where(_rows.c.session_id == bindparam("session"))

FRESH = 5.0
"""Seconds for which a session that was read is known to be kept as it was: the turn it was read for begins."""


class SessionStore:
    """Keeps who speaks. Implements the port `Identities` of the tools; `handoffs` has who waits for a person, `tokens`
    what speaks for a session, `attachments` its files, `ratings` what was thought of it, `arrangements` what the desk
    changed of itself, `visits` how often who came, where several machines count together.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, reading(sessions)
        self._reader = briefly(self._reading)
        self._found: dict[str, tuple[Session, float]] = {}
        self.handoffs = HandoffStore(sessions)
        self.tokens = TokenStore(sessions)
        self.attachments = AttachmentStore(sessions)
        self.ratings, self.typing = RatingStore(sessions), TypingBoard(sessions)
        self.visits = VisitBook(sessions) if is_server(sessions) else None
        self.arrangements = Arrangements(sessions)

    @classmethod
    async def open(cls, sessions: Sessions) -> SessionStore:
        """The store, with what the desk changed read."""
        opened = cls(sessions)
        await opened.arrangements.refresh()
        return opened

    async def start(self, session: Session, until: datetime | None = None) -> str:
        """Keep a new session; returns the bearer token that speaks for it until a moment."""
        async with self._sessions.begin() as database:
            database.add(_row(session))
            return give(database, session.id, until or datetime.now(UTC) + LASTING)

    async def find(self, session_id: str) -> Session | None:
        """A session by its id."""
        named = {"session": session_id}
        row = await transact(self._reader, lambda connection: connection.execute(_FIND, named).first())
        if row is None:
            return None
        return self._noted(session_of(row))

    async def ticket(self, token: str) -> Ticket | None:
        """What a bearer token stands for; also one that ended lately, which can only be renewed."""
        found = await self.tokens.find(token)
        if found:
            self._noted(found.session)
        return found

    def _noted(self, found: Session) -> Session:
        """A session that was read this moment."""
        now = time.monotonic()
        self._found.pop(found.id, None)
        self._found[found.id] = found, now
        while next(iter(self._found.values()))[1] < now - FRESH:
            del self._found[next(iter(self._found))]
        return found

    async def remember(self, session: Session) -> None:
        """Keep the session as it is now, but for what was attested, which only proofs change. Where nothing changed,
        nothing is written.
        """
        found, at = self._found.pop(session.id, (None, 0.0))
        if found is not None and at > time.monotonic() - FRESH and _spoken(found) == _spoken(session):
            return
        this = SessionRow.session_id == session.id
        now, named = _spoken(session), {"session": session.id}
        if await transact(self._reader, lambda connection: connection.execute(_SPEAKS, named).first()) == now:
            return
        async with self._sessions.begin() as database:
            held = await database.execute(select(*_SPOKEN).where(this))
            before = held.first()
            if before is None:
                database.add(_row(session))
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
        async with self._reading() as database:
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

    async def scores(self, session_id: str) -> dict[str, int]:
        """What a shopper thought of answers, the last they said of each, by turn."""
        wanted = select(FeedbackRow.turn, FeedbackRow.score).where(FeedbackRow.session_id == session_id)
        async with self._reading() as database:
            return dict((await database.execute(wanted.order_by(FeedbackRow.feedback_id))).all())

    async def erase(self, session_id: str) -> bool:
        """Erase a conversation with all that is kept of it; whether actions of it stay in the ledger."""
        return await erase_sessions(self._sessions, [session_id])


def _spoken(session: Session) -> tuple[str, str, str]:
    return session.language, session.market, session.locale


def _row(session: Session) -> SessionRow:
    return SessionRow(
        session_id=session.id, role=session.role, channel=session.channel,
        locale=session.locale, language=session.language, market=session.market, customer_id=session.customer_id,
        order_ids=sorted(session.order_ids), created_at=datetime.now(UTC),
    )  # fmt: skip
