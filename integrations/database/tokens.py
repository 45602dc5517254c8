"""Bearer tokens: short-lived, renewed before or shortly after they end, each speaking for one session."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from integrations.database.engine import DatabaseSession, Sessions, briefly, reading, transact
from integrations.database.tables import SessionRow
from integrations.database.widget_tables import TokenRow
from tools.context import Session

_sessions, _tokens = SessionRow.__table__, TokenRow.__table__
_BEARER = (
    select(_sessions, _tokens.c.until)
    .join_from(_tokens, _sessions, _tokens.c.session_id == _sessions.c.session_id)
    .where(_tokens.c.token_hash == bindparam("hash"))
)

LASTING = timedelta(hours=2)
"""How long a token speaks, where no setting says."""

RENEWABLE = timedelta(hours=24)
"""How long after its end a token can still be renewed: a laptop that slept keeps its conversation."""


@dataclass(frozen=True)
class Ticket:
    """Whom a token speaks for, and until when."""

    session: Session
    until: datetime


class TokenStore:
    """Gives tokens out and knows them again."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, briefly(reading(sessions))

    async def find(self, token: str) -> Ticket | None:
        """What a token stands for; also one that ended lately, which can only be renewed."""
        named = {"hash": _hash(token)}
        held = await transact(self._reading, lambda connection: connection.execute(_BEARER, named).first())
        if held is None or held.until + RENEWABLE <= datetime.now(UTC):
            return None
        return Ticket(session_of(held), held.until)

    async def renew(self, session_id: str, until: datetime) -> str:
        """Another token for a session. The one before speaks until its own end: other tabs have it."""
        gone = TokenRow.until < datetime.now(UTC) - RENEWABLE
        async with self._sessions.begin() as database:
            await database.execute(delete(TokenRow).where(TokenRow.session_id == session_id, gone))
            return give(database, session_id, until)


def give(database: DatabaseSession, session_id: str, until: datetime) -> str:
    """A new token, kept in the transaction at hand."""
    token = secrets.token_urlsafe(32)
    database.add(TokenRow(token_hash=_hash(token), session_id=session_id, until=until))
    return token


def session_of(row: SessionRow | Row[Any]) -> Session:
    """A session as its row holds it."""
    return Session(
        id=row.session_id, role=row.role, channel=row.channel, locale=row.locale, language=row.language,  # type: ignore[arg-type]
        market=row.market, customer_id=row.customer_id, order_ids=frozenset(row.order_ids),
    )  # fmt: skip


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
