"""Messages as they come in. They are kept before they are answered, so none is lost, whatever becomes of a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from integrations.database.engine import Sessions, briefly, reading, transact
from integrations.database.tables import Frame, MessageRow

_messages = MessageRow.__table__
_told = select(*(_messages.c[name] for name in ("turn", "text", "status", "answered_by", "stopped")))
_ORDERED = _told.order_by(_messages.c.position)
_IS_OPEN = _messages.c.status != "ended"
_OPEN = _ORDERED.where(_IS_OPEN, _messages.c.session_id == bindparam("session"))
_OPEN_OF_SEVERAL = _ORDERED.add_columns(_messages.c.session_id).where(
    _IS_OPEN, _messages.c.session_id.in_(bindparam("several", expanding=True))
)
_RECEIVE = insert(MessageRow)
LAST_FRAME = select(func.coalesce(func.max(Frame.number), 0)).where(Frame.session_id == bindparam("session"))
_BEGIN = update(_messages).where(  # type: ignore[arg-type]
    _messages.c.session_id == bindparam("session"), _messages.c.turn.in_(bindparam("turns", expanding=True))
).values(status="running", answered_by=bindparam("answers"))  # fmt: skip


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
        self._engine, self._reading = briefly(sessions), briefly(reading(sessions))

    async def receive(self, session_id: str, turn: str, text: str) -> int | None:
        """Keep a message; the number after which its frames come, None where its turn is known already."""
        try:
            return await transact(self._engine, lambda connection: receive(connection, session_id, turn, text))
        except IntegrityError:
            return None

    async def chain(self, session_id: str, turn: str) -> list[Received]:
        """A message by its turn, with the later ones that are answered with it; empty where it is unknown."""
        one = select(MessageRow.position, MessageRow.answered_by).where(
            MessageRow.session_id == session_id, MessageRow.turn == turn
        ).subquery()  # fmt: skip
        together = (MessageRow.answered_by == one.c.answered_by) & (MessageRow.answered_by != "")
        wanted = _ORDERED.where(
            MessageRow.session_id == session_id, MessageRow.position >= one.c.position,
            together | (MessageRow.position == one.c.position),
        )  # fmt: skip
        return await transact(self._reading, lambda held: [Received(*row) for row in held.execute(wanted)])

    async def open(self, session_id: str) -> list[Received]:
        """What has no answer yet, oldest first."""
        return await transact(self._reading, lambda connection: open_ones(connection, session_id))

    async def open_of(self, session_ids: Sequence[str]) -> dict[str, list[Received]]:
        """What has no answer yet in several conversations, oldest first."""
        found: dict[str, list[Received]] = {session_id: [] for session_id in session_ids}
        asked = {"several": session_ids}
        rows = await transact(self._reading, lambda connection: connection.execute(_OPEN_OF_SEVERAL, asked).all())
        for *told, session_id in rows:
            found[session_id].append(Received(*told))
        return found

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
        wanted = select(MessageRow.session_id).where(MessageRow.status.in_(("waiting", "running"))).distinct()
        return list(await transact(self._reading, lambda connection: connection.scalars(wanted).all()))

    async def _set(self, session_id: str, which: Any, **values: Any) -> None:
        changed = update(MessageRow).where(MessageRow.session_id == session_id, which).values(**values)
        await transact(self._engine, lambda connection: connection.execute(changed))


def receive(connection: Connection, session_id: str, turn: str, text: str) -> int:
    """Keep a message in the transaction at hand; the number after which its frames come. Raises IntegrityError where
    its turn is known already.
    """
    row = {"session_id": session_id, "turn": turn, "text": text, "status": "waiting", "answered_by": "",
           "stopped": "", "at": datetime.now(UTC)}  # fmt: skip
    connection.execute(_RECEIVE, row)
    return last_frame(connection, session_id)


def last_frame(connection: Connection, session_id: str) -> int:
    """The number of a conversation's last frame, 0 before the first."""
    return int(connection.scalar(LAST_FRAME, {"session": session_id}) or 0)


def open_ones(connection: Connection, session_id: str) -> list[Received]:
    """What has no answer yet, oldest first, in the transaction at hand."""
    return [Received(*row) for row in connection.execute(_OPEN, {"session": session_id})]


def begin(connection: Connection, session_id: str, turns: Sequence[str], answered_by: str) -> None:
    """These messages are being answered, in one turn: said in the transaction that keeps its first frame."""
    connection.execute(_BEGIN, {"session": session_id, "turns": list(turns), "answers": answered_by})
