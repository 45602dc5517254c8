"""The journal: who of the shop's people did what, and when. It is only added to."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from integrations.database.engine import Sessions
from integrations.database.staff_tables import JournalRow


@dataclass(frozen=True)
class Deed:
    """One line of the journal."""

    at: datetime
    who: str
    deed: str
    subject: str
    told: str = ""


class Journal:
    """Adds to the journal of a home and reads it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def add(self, who: str, deed: str, subject: str, told: str = "") -> None:
        """Note what somebody did."""
        async with self._sessions.begin() as database:
            database.add(row_of(who, deed, subject, told))

    async def deeds(self, most: int = 50, deed: str = "", since: datetime | None = None) -> list[Deed]:
        """The last deeds, newest first; those whose name begins with `deed`, and not before `since`."""
        wanted = select(JournalRow).order_by(JournalRow.position.desc()).limit(most)
        wanted = wanted.where(JournalRow.deed.startswith(deed, autoescape=True)) if deed else wanted
        wanted = wanted.where(JournalRow.at >= since) if since else wanted
        async with self._sessions() as database:
            rows = await database.scalars(wanted)
            return [Deed(row.at, row.who, row.deed, row.subject, row.told) for row in rows]


def row_of(who: str, deed: str, subject: str, told: str = "") -> JournalRow:
    """A line that is to be added in the same transaction as the deed."""
    return JournalRow(at=datetime.now(UTC), who=who[:200], deed=deed, subject=subject[:200], told=told[:500])


def veiled(customer_id: str, secret: str) -> str:
    """A customer as the journal names them: the same each time, and not to be turned back without the home's secret.
    A line that cannot be erased must not hold who was erased.
    """
    return (
        "customer " + hmac.new(secret.encode(), customer_id.encode(errors="replace"), hashlib.sha256).hexdigest()[:16]
    )
