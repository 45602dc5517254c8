"""Messages as they come in. They are kept before they are answered, so none is lost, whatever becomes of a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from integrations.database.engine import DatabaseSession, Sessions, reading
from integrations.database.tables import MessageRow


@dataclass(frozen=True)
class Received:
    """A message and where it stands: waiting, running or ended. `answered_by` is the turn that answers it,
    `stopped` why none shall ("", "shopper", "person").
    """

    turn: str
    text: str
    status: str
    answered_by: str
    stopped: str


class Inbox:
    """The messages of conversations, in the order they came."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions, self._reading = sessions, reading(sessions)

    async def receive(self, session_id: str, turn: str, text: str) -> bool:
        """Keep a message; False where its turn is known already."""
        try:
            async with self._sessions.begin() as database:
                database.add(MessageRow(session_id=session_id, turn=turn, text=text, at=datetime.now(UTC)))
        except IntegrityError:
            return False
        return True

    async def chain(self, session_id: str, turn: str) -> list[Received]:
        """A message by its turn, with the later ones that are answered with it; empty where it is unknown."""
        one = select(MessageRow.position, MessageRow.answered_by).where(
            MessageRow.session_id == session_id, MessageRow.turn == turn
        ).subquery()  # fmt: skip
        together = (MessageRow.answered_by == one.c.answered_by) & (MessageRow.answered_by != "")
        return await self._read(
            _of(session_id).where(
                MessageRow.position >= one.c.position, together | (MessageRow.position == one.c.position)
            )
        )

    async def open(self, session_id: str) -> list[Received]:
        """What has no answer yet, oldest first."""
        return await self._read(_of(session_id).where(MessageRow.status != "ended"))

    async def stop(self, session_id: str, turn: str = "", why: str = "shopper") -> dict[str, str]:
        """No answer is wanted any more: to one message, or to all that have none. A person who takes over stops only
        what is being answered: what waits comes to them. Returns turns and texts.
        """
        ours = [
            received for received in await self.open(session_id)
            if turn in ("", received.turn) and (why == "shopper" or received.status == "running")
        ]  # fmt: skip
        turns = {received.turn: received.text for received in ours}
        await self._set(session_id, MessageRow.turn.in_(list(turns)) & (MessageRow.status != "ended"), stopped=why)
        return turns

    async def unanswered(self) -> list[str]:
        """The sessions where a message has no answer yet."""
        async with self._reading() as database:
            wanted = select(MessageRow.session_id).where(MessageRow.status.in_(("waiting", "running"))).distinct()
            return list(await database.scalars(wanted))

    async def _read(self, wanted: Select[Any]) -> list[Received]:
        async with self._reading() as database:
            return [
                Received(row.turn, row.text, row.status, row.answered_by, row.stopped)
                for row in await database.scalars(wanted)
            ]

    async def _set(self, session_id: str, which: Any, **values: Any) -> None:
        async with self._sessions.begin() as database:
            changed = update(MessageRow).where(MessageRow.session_id == session_id, which).values(**values)
            await database.execute(changed.execution_options(synchronize_session=False))


async def begin(database: DatabaseSession, session_id: str, turns: Sequence[str], answered_by: str) -> None:
    """These messages are being answered, in one turn: said in the transaction that keeps its first frame."""
    ours = update(MessageRow).where(MessageRow.session_id == session_id, MessageRow.turn.in_(turns))
    begun = ours.values(status="running", answered_by=answered_by)
    await database.execute(begun.execution_options(synchronize_session=False))


def _of(session_id: str) -> Select[Any]:
    return select(MessageRow).where(MessageRow.session_id == session_id).order_by(MessageRow.position)
