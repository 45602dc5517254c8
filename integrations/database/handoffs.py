"""Shoppers in line for a person, and what they and the person said to each other, in SQL."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CursorResult, Row, bindparam, func, select, update

from integrations.database.engine import Sessions, briefly, reading, transact, write_alone
from integrations.database.tables import HandoffRow, PersonTalkRow, SessionRow
from tools.context import Handoff, Said, Session

_handoffs = HandoffRow.__table__
_LAST = (
    select(_handoffs)
    .where(_handoffs.c.session_id == bindparam("session"))
    .order_by(_handoffs.c.created_at.desc())
    .limit(1)
)

OPEN = ("waiting", "claimed")
"""States in which a shopper waits for a person, or has one."""

_theirs = select(SessionRow.session_id).where(SessionRow.customer_id == bindparam("customer"))
_OPEN_OF = (
    select(_handoffs)
    .where(_handoffs.c.status.in_(OPEN), _handoffs.c.session_id.in_(_theirs))
    .order_by(_handoffs.c.created_at)
)


class HandoffStore:
    """Keeps the line. Implements the port `Handoffs` of the tools."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, briefly(reading(sessions))

    async def open(self, session: Session, reason: str) -> Handoff:
        """Put a session in line for a person; one that waits already, or has a person, keeps its place."""
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            held = select(HandoffRow).where(HandoffRow.session_id == session.id, HandoffRow.status.in_(OPEN))
            row = await database.scalar(held)
            if row is None:
                row = HandoffRow(
                    handoff_id=f"H-{secrets.token_hex(3).upper()}", session_id=session.id, reason=reason,
                    status="waiting", created_at=datetime.now(UTC), claimed_by="", summary={},
                )  # fmt: skip
                database.add(row)
            return _handoff(row)

    async def summarize(self, handoff_id: str, summary: dict[str, Any]) -> None:
        """Keep what the person should know."""
        await self._change(handoff_id, OPEN, summary=summary)

    async def last(self, session_id: str) -> Handoff | None:
        """The newest handoff of a session, in whatever state."""
        named = {"session": session_id}
        row = await transact(self._reading, lambda connection: connection.execute(_LAST, named).first())
        return _handoff(row) if row else None

    async def open_of(self, customer_id: str) -> list[Handoff]:
        """The handoffs a customer has open, in whatever session."""
        named = {"customer": customer_id}
        rows = await transact(self._reading, lambda connection: connection.execute(_OPEN_OF, named).all())
        return [_handoff(row) for row in rows]

    async def find(self, handoff_id: str) -> Handoff | None:
        """A handoff by its reference."""
        async with self._sessions() as database:
            row = await database.get(HandoffRow, handoff_id.strip().upper())
            return _handoff(row) if row else None

    async def waiting(self, *statuses: str) -> list[Handoff]:
        """Who waits for a person, longest first; or handoffs in other states."""
        wanted = select(HandoffRow).where(HandoffRow.status.in_(statuses or ("waiting",)))
        async with self._sessions() as database:
            return [_handoff(row) for row in await database.scalars(wanted.order_by(HandoffRow.created_at))]

    async def first_answers(self, since: datetime) -> list[tuple[datetime, datetime]]:
        """When shoppers asked for a person, and when one first wrote to them: those answered after a moment."""
        first = func.min(PersonTalkRow.at).label("first")
        spoken = select(PersonTalkRow.handoff_id, first).where(PersonTalkRow.speaker == "person")
        answered = spoken.group_by(PersonTalkRow.handoff_id).having(first >= since).subquery()
        wanted = select(HandoffRow.created_at, answered.c.first).join(
            answered, HandoffRow.handoff_id == answered.c.handoff_id
        )  # fmt: skip
        async with self._sessions() as database:
            return [(asked, told) for asked, told in await database.execute(wanted)]

    async def claim(self, handoff_id: str, by: str) -> bool:
        """A person takes over, whoever is first; False where somebody else was, or nobody waits."""
        return await self._change(handoff_id, ("waiting",), status="claimed", claimed_by=by)

    async def end(self, handoff_id: str, status: str) -> bool:
        """The conversation goes back to the assistant; False where it had gone back already."""
        return await self._change(handoff_id, OPEN, status=status)

    async def say(
        self, handoff: Handoff, speaker: str, name: str, text: str, language: str = "", origin: str = ""
    ) -> Said:
        """Keep what the shopper or the person said. While a person is there nobody else hears it. `origin` is where it
        was written.
        """
        said = PersonTalkRow(
            handoff_id=handoff.id, session_id=handoff.session_id, speaker=speaker, name=name, text=text,
            language=language, at=datetime.now(UTC), heard=False, origin=origin,
        )  # fmt: skip
        async with self._sessions.begin() as database:
            database.add(said)
            await database.flush()
            return said_of(said)

    async def said(self, handoff_id: str) -> list[Said]:
        """What was said with a person, oldest first."""
        return await self._talk(PersonTalkRow.handoff_id == handoff_id)

    async def said_at(self, origin: str) -> Said | None:
        """What was said in a message of another channel."""
        return next(iter(await self._talk(PersonTalkRow.origin == origin)), None)

    async def said_by(self, position: int) -> tuple[str, Said] | None:
        """What was said, by its position, with its handoff's reference."""
        async with self._sessions() as database:
            row = await database.get(PersonTalkRow, position)
            return (row.handoff_id, said_of(row)) if row else None

    async def reword(self, said: Said, text: str) -> Said:
        """Put other words in the place of what was said."""
        ours = update(PersonTalkRow).where(PersonTalkRow.position == said.position).values(text=text)
        async with self._sessions.begin() as database:
            await database.execute(ours.execution_options(synchronize_session=False))
        return replace(said, text=text)

    async def said_in(self, session_id: str) -> list[Said]:
        """What was said with persons in a whole conversation."""
        return await self._talk(PersonTalkRow.session_id == session_id)

    async def unheard(self, session_id: str) -> list[Said]:
        """What was said with a person that the assistant does not know of yet."""
        return await self._talk(PersonTalkRow.session_id == session_id, PersonTalkRow.heard.is_(False))

    async def hear(self, said: Sequence[Said]) -> None:
        """The assistant knows of these now."""
        known = update(PersonTalkRow).where(PersonTalkRow.position.in_([entry.position for entry in said]))
        async with self._sessions.begin() as database:
            await database.execute(known.values(heard=True).execution_options(synchronize_session=False))

    async def _talk(self, *which: Any) -> list[Said]:
        async with self._sessions() as database:
            rows = await database.scalars(select(PersonTalkRow).where(*which).order_by(PersonTalkRow.position))
            return [said_of(row) for row in rows]

    async def _change(self, handoff_id: str, since: tuple[str, ...], **values: Any) -> bool:
        ours = update(HandoffRow).where(HandoffRow.handoff_id == handoff_id, HandoffRow.status.in_(since))
        async with self._sessions.begin() as database:
            changed = ours.values(**values, changed_at=datetime.now(UTC))
            done = await database.execute(changed.execution_options(synchronize_session=False))
        return isinstance(done, CursorResult) and done.rowcount == 1


def _handoff(row: HandoffRow | Row[Any]) -> Handoff:
    return Handoff(
        row.handoff_id, row.session_id, row.reason, row.status, row.created_at, row.claimed_by, row.summary or {}
    )  # fmt: skip


def said_of(row: PersonTalkRow) -> Said:
    """A row as what was said."""
    return Said(row.position, row.speaker, row.name, row.text, row.language, row.at, row.session_id, row.origin)
