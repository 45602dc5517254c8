"""What shoppers thought of whole conversations, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select

from integrations.database.engine import Sessions, write_alone
from integrations.database.widget_tables import RatingRow, TypingRow


@dataclass(frozen=True)
class Rated:
    """One shopper's verdict on a conversation."""

    session_id: str
    stars: int
    comment: str
    at: datetime


class RatingStore:
    """Keeps the last rating of each conversation."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def keep(self, session_id: str, stars: int, comment: str) -> None:
        """Keep a rating in place of the one before."""
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            row = await database.get(RatingRow, session_id) or RatingRow(session_id=session_id)
            row.stars, row.comment, row.at = stars, comment[:2000], datetime.now(UTC)
            database.add(row)

    async def stars(self, session_id: str) -> int | None:
        """The stars a conversation was given, or None."""
        async with self._sessions() as database:
            return await database.scalar(select(RatingRow.stars).where(RatingRow.session_id == session_id))

    async def recent(self, most: int) -> list[Rated]:
        """The last ratings, newest first."""
        async with self._sessions() as database:
            rows = await database.scalars(select(RatingRow).order_by(RatingRow.at.desc()).limit(most))
            return [Rated(row.session_id, row.stars, row.comment, row.at) for row in rows]

    async def counted(self) -> dict[int, int]:
        """How many conversations were given how many stars."""
        wanted = select(RatingRow.stars, func.count()).group_by(RatingRow.stars)
        async with self._sessions() as database:
            return dict((await database.execute(wanted)).all())


class TypingBoard:
    """Who is writing just now."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def note(self, session_id: str, typing: bool) -> None:
        """A shopper is writing, or no longer."""
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            await database.execute(delete(TypingRow).where(TypingRow.session_id == session_id))
            if typing:
                database.add(TypingRow(session_id=session_id, at=datetime.now(UTC)))

    async def since(self, session_id: str) -> datetime | None:
        """When a shopper was last seen writing; None where they are not."""
        async with self._sessions() as database:
            return await database.scalar(select(TypingRow.at).where(TypingRow.session_id == session_id))
