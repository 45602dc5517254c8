"""The ledger of actions, in SQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from integrations.database.engine import Sessions, cause_of, engine_of, reading
from integrations.database.journal import row_of
from integrations.database.staff_tables import JournalRow
from integrations.database.tables import ActionRow
from tools.actions.decisions import DENIED_BY_PERSON
from tools.actions.ledger import Entry, LedgerUnavailable, Status

NAMES = tuple(field.name for field in fields(Entry))


class ActionLedger:
    """Keeps entries. Implements the port `Ledger` of the tools."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, engine_of(reading(sessions))

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise LedgerUnavailable(f"the record of actions did not answer: {cause_of(error)}") from error

    async def open(self, entry: Entry) -> Entry | None:
        """Keep a new entry; the one that is there comes back where its operation is known."""
        async with self._asking():
            try:
                async with self._sessions.begin() as database:
                    await database.execute(insert(ActionRow).values(_columns(entry)))
            except IntegrityError:
                return await self.find(entry.operation_id)
        return None

    async def move(self, entry: Entry, since: Status) -> bool:
        """Keep an entry in its new state, if it is still in the one it left."""
        wanted = update(ActionRow).where(ActionRow.operation_id == entry.operation_id, ActionRow.status == since)
        async with self._asking(), self._sessions.begin() as database:
            done = await database.execute(wanted.values(_columns(entry)).execution_options(synchronize_session=False))
            if decision := decided(entry, since) if done.rowcount else None:  # type: ignore[attr-defined]
                database.add(decision)
        return bool(done.rowcount == 1)  # type: ignore[attr-defined]

    async def find(self, operation_id: str) -> Entry | None:
        """An entry by its operation."""
        async with self._asking(), self._sessions() as database:
            row = await database.get(ActionRow, operation_id)
            return _entry(row) if row is not None else None

    async def entries(
        self, status: str = "", limit: int = 100, session_id: str = "", customer_id: str = ""
    ) -> list[Entry]:
        """The newest entries."""
        wanted = select(ActionRow.__table__).order_by(ActionRow.created_at.desc(), ActionRow.operation_id).limit(limit)
        wanted = wanted.where(ActionRow.status == status) if status else wanted
        named = {ActionRow.session_id: session_id, ActionRow.customer_id: customer_id}
        owned = [column == value for column, value in named.items() if value]
        wanted = wanted.where(or_(*owned)) if owned else wanted
        async with self._asking(), self._reading.connect() as connection:
            return [_entry(row) for row in await connection.execute(wanted)]

    async def note_told(self, entry: Entry) -> None:
        """Whoever asked knows now that the entry is in this state."""
        noted = update(ActionRow).where(ActionRow.operation_id == entry.operation_id)
        async with self._asking(), self._sessions.begin() as database:
            await database.execute(noted.values(told=entry.status).execution_options(synchronize_session=False))


def decided(entry: Entry, since: Status) -> JournalRow | None:
    """The journal's line where a person let an action that waited for one go on, or did not."""
    deed = {"started": "action approved", "denied": "action denied"}.get(entry.status, "")
    by_person = since == "needs_approval" and (entry.status == "started" or entry.rule == DENIED_BY_PERSON)
    return row_of(entry.history[-1]["by"], deed, entry.operation_id, entry.name) if deed and by_person else None


def _columns(entry: Entry) -> dict[str, Any]:
    held = {name: getattr(entry, name) for name in NAMES}
    return held | {"signals": list(entry.signals), "history": list(entry.history)}


def _entry(row: ActionRow | Row[Any]) -> Entry:
    held = {name: getattr(row, name) for name in NAMES}
    return Entry(**{**held, "signals": tuple(row.signals), "history": tuple(row.history)})
