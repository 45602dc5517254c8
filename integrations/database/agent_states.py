"""The agent's states in PostgreSQL, which several machines share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, delete, null, select
from sqlalchemy.dialects.postgresql import insert

from integrations.database.engine import Sessions, engine_of, reading
from integrations.database.process_tables import AgentStateRow

Kept = tuple[str, str, bytes | None, dict[str, Any]]
"""A state's id, how it was written, itself, and what is told about it."""


class AgentStates:
    """The last state of each conversation."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, reading(sessions)

    async def last(self, place: tuple[str, str], known: str) -> Kept | None:
        """The last state of a thread and namespace; without itself where its id is the one known."""
        state = case((AgentStateRow.state_id != known, AgentStateRow.state), else_=null())
        wanted = select(AgentStateRow.state_id, AgentStateRow.kind, state, AgentStateRow.about)
        async with self._reading() as database:
            row = (await database.execute(wanted.where(*_is(place)))).first()
        return (row[0], row[1], row[2], row[3]) if row else None

    async def replace(self, place: tuple[str, str], kept: Kept) -> None:
        """Keep a state in place of the one before."""
        values = dict(zip(("state_id", "kind", "state", "about"), kept, strict=True))
        fresh = insert(AgentStateRow).values(thread_id=place[0], namespace=place[1], **values)
        kept_once = fresh.on_conflict_do_update(index_elements=["thread_id", "namespace"], set_=values)
        async with engine_of(self._reading).begin() as connection:  # one statement needs no transaction
            await connection.execute(kept_once)

    async def forget(self, thread_id: str) -> None:
        """Forget a thread."""
        async with self._sessions.begin() as database:
            await database.execute(delete(AgentStateRow).where(AgentStateRow.thread_id == thread_id))


def _is(place: tuple[str, str]) -> tuple[Any, Any]:
    return AgentStateRow.thread_id == place[0], AgentStateRow.namespace == place[1]
