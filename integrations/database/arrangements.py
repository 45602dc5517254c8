"""What people of the desk changed of how the shop is set up: the newest change of a thing holds, over what was imported
or configured. Every change stays, with who made it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from integrations.database.engine import Sessions, briefly, reading, transact
from integrations.database.slack_tables import ArrangementRow
from tools.desk import Desk

FRESH = 1.0
"""Seconds for which what was read is believed."""

OF_DESK = ("opens", "closes", "weekdays", "zone", "languages")
"""Changes that stand in the place of what the shop's facts say of its desk."""


_rows = ArrangementRow.__table__
_newest = select(func.max(_rows.c.position)).group_by(_rows.c.name)
_NOW = select(_rows.c.name, _rows.c.value).where(_rows.c.position.in_(_newest))


@dataclass(frozen=True)
class Change:
    """One change, with who made it and when."""

    name: str
    value: Any
    by: str
    at: datetime


class Arrangements:
    """Keeps changes; `now` is what was changed, as it was last read."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, briefly(reading(sessions))
        self.now: dict[str, Any] = {}
        self._read_at = float("-inf")
        self._limited: tuple[Any, Any, dict[str, Any]] | None = None

    async def refresh(self, seconds: float = FRESH) -> dict[str, Any]:
        """What holds, at most some seconds old."""
        if time.monotonic() - self._read_at >= seconds:
            rows = await transact(self._reading, lambda connection: connection.execute(_NOW).all())
            self.now = {name: held["value"] for name, held in rows}
            self._read_at = time.monotonic()
        return self.now

    async def change(self, by: str, **values: Any) -> None:
        """Keep changes, all or none; they hold from now on here, and within a second elsewhere."""
        at = datetime.now(UTC)
        async with self._sessions.begin() as database:
            database.add_all(ArrangementRow(name=n, value={"value": v}, by=by, at=at) for n, v in values.items())
        await self.refresh(0)

    async def history(self, most: int = 20) -> list[Change]:
        """The last changes, newest first."""
        wanted = select(ArrangementRow).order_by(ArrangementRow.position.desc()).limit(most)
        async with self._sessions() as database:
            return [Change(row.name, row.value["value"], row.by, row.at) for row in await database.scalars(wanted)]

    async def desk(self, facts: dict[str, Any]) -> Desk:
        """The desk as it is now, of a shop that says this of itself."""
        await self.refresh()
        return Desk.of(self.about(facts))

    def about(self, facts: dict[str, Any]) -> dict[str, Any]:
        """What the shop says of itself, with its desk as it was changed."""
        changed = {name: self.now[name] for name in OF_DESK if name in self.now}
        return {**facts, "desk": {**(facts.get("desk") or {}), **changed}} if changed else facts

    def limited(self, policy: dict[str, Any] | None) -> dict[str, Any] | None:
        """A service policy with its limits as they were changed; the same object for the same policy and changes."""
        changed = self.now.get("limits")
        if not changed or not policy:
            return policy
        if self._limited is None or self._limited[0] is not policy or self._limited[1] != changed:
            self._limited = (policy, changed, with_limits(policy, changed))
        return self._limited[2]


def with_limits(policy: dict[str, Any], changed: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A policy with other amounts in the limits that are named."""
    limits = [
        {**limit, "up_to": changed[name_of(limit)]} if name_of(limit) in changed else limit
        for limit in policy.get("limits") or []
    ]
    return {**policy, "limits": limits}


def name_of(limit: dict[str, Any]) -> str:
    """What tells a limit from the others of a policy."""
    return f"{limit['level']}: {', '.join(limit['actions'])}"
