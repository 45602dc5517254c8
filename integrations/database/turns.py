"""Turns of a conversation: what was asked and shown, and every frame sent, so that a lost connection can resume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from integrations.database.engine import Sessions, at_once, briefly, is_server, reading, transact
from integrations.database.floor import Floor, leave, stay, take
from integrations.database.grouped import GroupedWriter, Rows
from integrations.database.inbox import Inbox, Received, begin, last_frame, open_ones, receive
from integrations.database.tables import Frame, MessageRow, TurnRow

_messages = MessageRow.__table__
_FRAMES, _TURN = insert(Frame), insert(TurnRow)
_ENDED = (
    update(_messages)  # type: ignore[arg-type]
    .where(_messages.c.session_id == bindparam("session"), _messages.c.answered_by == bindparam("answers"))
    .values(status="ended", text="")
)


@dataclass(frozen=True)
class Exchange:
    """One message and its answer, as they were shown."""

    turn: str
    question: str
    answer: str
    shown: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Standing:
    """How a conversation stands when we take its floor: what names us as its holder, the number of its last frame, and
    the messages without an answer.
    """

    holder: str
    last: int
    open: list[Received]


class TurnStore:
    """Keeps frames and turns. Frame numbers count up within a conversation. `inbox` has what is not answered yet,
    `floor` who answers.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._engine, self._reading = briefly(sessions), reading(sessions)
        self._looking, self._lone = briefly(self._reading), at_once(sessions)
        self.inbox, self.floor = Inbox(sessions), Floor(sessions)
        self._keep_rows = GroupedWriter(self._insert).add if is_server(sessions) else self._insert

    async def last_number(self, session_id: str) -> int:
        """The number of the last frame of a conversation, 0 before the first."""
        return await transact(self._looking, lambda connection: last_frame(connection, session_id))

    async def take_floor(self, session_id: str) -> Standing | None:
        """The floor of a conversation, with how it stands; None where somebody else has it."""
        return await transact(self._engine, lambda connection: _standing(connection, session_id))

    async def take_in(self, session_id: str, turn: str, text: str) -> tuple[int | None, Standing | None]:
        """Keep a message: the number after which its frames come, and the floor, where nobody has it. None where its
        turn is known already.
        """

        def work(connection: Connection) -> tuple[int | None, Standing | None]:
            last = receive(connection, session_id, turn, text)
            return last, _standing(connection, session_id)

        try:
            return await transact(self._engine, work)
        except IntegrityError:
            return None, None

    async def keep_frames(
        self, session_id: str, turn: str, frames: list[tuple[int, str]], holder: str = "", answering: Sequence[str] = ()
    ) -> None:
        """Keep frames before they are sent, by whoever has the floor; the first of a turn with which messages it
        answers. Raises FloorLost.
        """
        if answering:
            await self._begin(session_id, turn, frames, holder, answering)
        elif frames:
            await self._keep_rows([
                {"session_id": session_id, "turn": turn, "number": n, "data": data, "holder": holder}
                for n, data in frames
            ])  # fmt: skip

    async def _begin(
        self, session_id: str, turn: str, frames: list[tuple[int, str]], holder: str, answering: Sequence[str]
    ) -> None:
        def work(connection: Connection) -> None:
            if holder:
                stay(connection, session_id, holder)
            begin(connection, session_id, answering, turn)
            if frames:
                connection.execute(_FRAMES, _rows(session_id, turn, frames))

        await transact(self._engine, work)

    async def _insert(self, rows: Rows) -> None:
        """Rows of many conversations in one transaction; of one whose floor is lost, none of them. One row alone needs
        no transaction, whose begin and end are two journeys more to a server.
        """
        held = {(row["session_id"], row["holder"]) for row in rows if row["holder"]}
        kept = [{name: value for name, value in row.items() if name != "holder"} for row in rows]

        def work(connection: Connection) -> None:
            for session_id, holder in sorted(held):
                stay(connection, session_id, holder)
            connection.execute(_FRAMES, kept)

        await transact(self._engine if held or len(kept) > 1 else self._lone, work)

    async def frames_after(self, session_id: str, number: int, *turns: str) -> list[tuple[int, str]]:
        """Frames a client has not seen, in order; of some turns only, where they are named."""
        wanted = select(Frame).where(Frame.session_id == session_id, Frame.number > number).order_by(Frame.number)
        wanted = wanted.where(Frame.turn.in_(turns)) if turns else wanted
        async with self._reading() as database:
            return [(row.number, row.data) for row in await database.scalars(wanted)]

    async def first_number(self, session_id: str, turn: str) -> int | None:
        """The number of a turn's first frame, or None for a turn never begun."""
        wanted = select(func.min(Frame.number)).where(Frame.session_id == session_id, Frame.turn == turn)
        async with self._reading() as database:
            return await database.scalar(wanted)

    async def first_numbers(self, session_id: str) -> dict[str, int]:
        """The number of the first frame of each turn of a conversation."""
        wanted = select(Frame.turn, func.min(Frame.number)).where(Frame.session_id == session_id).group_by(Frame.turn)
        async with self._reading() as database:
            return dict((await database.execute(wanted)).all())

    async def custom_frames(self, session_id: str) -> list[tuple[str, str]]:
        """The frames of a conversation that are no text and no step, each with its turn, in order."""
        wanted = select(Frame.turn, Frame.data).where(Frame.session_id == session_id, Frame.data.contains('"CUSTOM"'))
        async with self._reading() as database:
            return [(turn, data) for turn, data in await database.execute(wanted.order_by(Frame.number))]

    async def keep(
        self, session_id: str, exchange: Exchange, frames: Sequence[tuple[int, str]] = (), holder: str = "",
        leaving: str = "",
    ) -> list[Received]:  # fmt: skip
        """Keep a finished turn with its last frames; the messages it answered are open no longer. Returns those that
        still are; where none is, the floor is given back by its holder, where that is told (`leaving`). Raises
        FloorLost.
        """

        def work(connection: Connection) -> list[Received]:
            if holder:
                stay(connection, session_id, holder)
            held = open_ones(connection, session_id)
            left = [received for received in held if received.answered_by != exchange.turn]
            if leaving and not left:
                leave(connection, session_id, leaving)
            if frames:
                connection.execute(_FRAMES, _rows(session_id, exchange.turn, frames))
            connection.execute(_ENDED, {"session": session_id, "answers": exchange.turn})
            connection.execute(_TURN, {**vars(exchange), "session_id": session_id})
            return left

        return await transact(self._engine, work)

    async def history(self, session_id: str) -> list[Exchange]:
        """A conversation, oldest first."""
        wanted = select(TurnRow).where(TurnRow.session_id == session_id).order_by(TurnRow.turn_id)
        async with self._reading() as database:
            rows = await database.scalars(wanted)
            return [Exchange(row.turn, row.question, row.answer, row.shown, row.at) for row in rows]


def _standing(connection: Connection, session_id: str) -> Standing | None:
    """The floor with how the conversation stands, in the transaction at hand; None where somebody else has it."""
    holder = take(connection, session_id)
    return Standing(holder, last_frame(connection, session_id), open_ones(connection, session_id)) if holder else None


def _rows(session_id: str, turn: str, frames: Sequence[tuple[int, str]]) -> Rows:
    return [{"session_id": session_id, "turn": turn, "number": number, "data": data} for number, data in frames]


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)
