"""The ledger of actions, in SQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from integrations.database.engine import Sessions, briefly, cause_of, engine_of, reading, transact
from integrations.database.journal import row_of
from integrations.database.staff_tables import JournalRow
from integrations.database.tables import ActionRow
from tools.actions.decisions import DENIED_BY_PERSON
from tools.actions.ledger import Entry, LedgerUnavailable, Status

_actions = ActionRow.__table__

NAMES = tuple(field.name for field in fields(Entry))


class ActionLedger:
    """Keeps entries. Implements the port `Ledger` of the tools."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, engine_of(reading(sessions))
        self._brief = briefly(reading(sessions))

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
        owned = {name: told for name, told in (("session_id", session_id), ("customer_id", customer_id)) if told}
        wanted = _newest(bool(status), tuple(owned))
        asked = {"most": limit, "status": status, **owned}
        engine = self._brief if owned else self._reading
        async with self._asking():
            return [_entry(row) for row in await transact(engine, lambda held: held.execute(wanted, asked).all())]

    async def note_told(self, entry: Entry) -> None:
        """Whoever asked knows now that the entry is in this state."""
        noted = update(ActionRow).where(ActionRow.operation_id == entry.operation_id)
        async with self._asking(), self._sessions.begin() as database:
            await database.execute(noted.values(told=entry.status).execution_options(synchronize_session=False))


@cache
def _newest(of_status: bool, owned: tuple[str, ...]) -> Select[Any]:
    """The newest entries; of a status, and of a session's or a customer's, as it is told."""
    columns = _actions.c
    wanted = select(_actions).order_by(columns.created_at.desc(), columns.operation_id).limit(bindparam("most"))
    wanted = wanted.where(columns.status == bindparam("status")) if of_status else wanted
    return wanted.where(or_(*(columns[name] == bindparam(name) for name in owned))) if owned else wanted


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
