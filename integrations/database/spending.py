"""What served models took, by day and model, in SQL: all processes of a shop count together."""

from __future__ import annotations

import logging
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from integrations.database.engine import Sessions, write_alone
from integrations.database.tables import ModelUse

log = logging.getLogger(__name__)

Amounts = tuple[int, int, int]
"""Calls, tokens, millionths of a US dollar."""


class SpendingBook:
    """Keeps a sum for each day and model. A database that fails is logged and fails no turn: what was read last counts
    until it can be read again.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._known: dict[date, Amounts] = {}

    async def spent(self, day: date) -> Amounts:
        """What all models took on a day. Never raises."""
        columns = [func.coalesce(func.sum(c), 0) for c in (ModelUse.calls, ModelUse.tokens, ModelUse.microdollars)]
        try:
            async with self._sessions() as database:
                found = (await database.execute(select(*columns).where(ModelUse.day == day.isoformat()))).one()
        except (SQLAlchemyError, OSError) as error:
            log.warning("what models took was not read: %s", type(error).__name__)
            return self._known.get(day, (0, 0, 0))
        self._known = {day: (int(found[0]), int(found[1]), int(found[2]))}
        return self._known[day]

    async def add(self, day: date, model: str, amounts: Amounts) -> None:
        """Add what a model took. Never raises."""
        try:
            await self._add(day.isoformat(), model, amounts)
        except (SQLAlchemyError, OSError) as error:
            log.warning("what a model took was not noted: %s", type(error).__name__)

    async def _add(self, day: str, model: str, amounts: Amounts) -> None:
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            row = await database.get(ModelUse, (day, model))
            if row is None:
                row = ModelUse(day=day, model=model, calls=0, tokens=0, microdollars=0)
                database.add(row)
            calls, tokens, microdollars = amounts
            row.calls += calls
            row.tokens += tokens
            row.microdollars += microdollars
