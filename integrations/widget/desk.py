"""What a person of the shop does in a shopper's conversation: take it over, write in it, give it back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from assistant.events import Event, PersonMessage
from assistant.notices import given_back, taken_over, writing
from integrations.widget.events import Wire

if TYPE_CHECKING:
    from integrations.database.sessions import SessionStore
    from integrations.database.turns import TurnStore
    from tools.context import Handoff, Said, Session


class HandoffRefused(Exception):
    """It cannot be done with this handoff; the text says why."""


class Desk:
    """The conversations that people of the shop have with shoppers."""

    def __init__(self, sessions: SessionStore, turns: TurnStore) -> None:
        self._sessions, self._turns = sessions, turns
        self._handoffs = sessions.handoffs

    async def find(self, reference: str) -> Handoff:
        """A handoff by its reference. Raises HandoffRefused."""
        handoff = await self._handoffs.find(reference)
        if handoff is None:
            raise HandoffRefused(f"There is no handoff {reference}.")
        return handoff

    async def claim(self, reference: str, by: str) -> Handoff:
        """Take a conversation over: from now on the assistant is silent. The first to claim has it. Raises
        HandoffRefused.
        """
        handoff = await self.find(reference)
        if not await self._handoffs.claim(handoff.id, by):
            raise HandoffRefused(_why_not(await self.find(reference), by))
        await self._silence(handoff)
        await self._tell(handoff, taken_over(handoff.id, by, await self._session(handoff)))
        return await self.find(reference)

    async def _silence(self, handoff: Handoff) -> None:
        """What the assistant is answering just now goes to the person instead."""
        stopped = await self._turns.inbox.stop(handoff.session_id, why="person")
        session = await self._session(handoff)
        said = [await self._handoffs.say(handoff, "shopper", "", text, session.language) for text in stopped.values()]
        await self._handoffs.hear(said)

    async def say(self, reference: str, by: str, text: str) -> Said:
        """Write to the shopper. Raises HandoffRefused."""
        handoff = await self.find(reference)
        if handoff.status != "claimed" or handoff.claimed_by != by:
            raise HandoffRefused(_why_not(handoff, by))
        said = await self._handoffs.say(handoff, "person", by, text)
        await self._tell(handoff, PersonMessage(by, text, said.at.isoformat()))
        return said

    async def writes(self, reference: str, by: str) -> Handoff:
        """Show the shopper that the person is writing. Raises HandoffRefused."""
        handoff = await self.find(reference)
        if handoff.status != "claimed" or handoff.claimed_by != by:
            raise HandoffRefused(_why_not(handoff, by))
        await self._tell(handoff, writing(by, await self._session(handoff)))
        return handoff

    async def give_back(self, reference: str, by: str, resolved: bool) -> Handoff:
        """The assistant answers again; it knows what was said. Raises HandoffRefused."""
        handoff = await self.find(reference)
        status = "resolved" if resolved else "returned"
        if handoff.claimed_by not in ("", by) or not await self._handoffs.end(handoff.id, status):
            raise HandoffRefused(_why_not(await self.find(reference), by))
        told = given_back(handoff.id, status, handoff.claimed_by, await self._session(handoff))
        await self._tell(handoff, told)
        return await self.find(reference)

    async def _session(self, handoff: Handoff) -> Session:
        from tools.context import Session

        return await self._sessions.find(handoff.session_id) or Session(handoff.session_id)

    async def _tell(self, handoff: Handoff, event: Event) -> None:
        """Show an event in the shopper's stream, between two answers."""
        wire = Wire(handoff.session_id, turn := f"person-{uuid.uuid4().hex}")
        frames = [wire.start(), *wire.translate(event), *wire.break_off(person=True)]
        async with self._turns.floor.hold(handoff.session_id) as holder:
            number = await self._turns.last_number(handoff.session_id)
            await self._turns.keep_frames(handoff.session_id, turn, wire.numbered(number, frames), holder)


def _why_not(handoff: Handoff, by: str) -> str:
    if handoff.status == "claimed":
        mine = "You have it already." if handoff.claimed_by == by else f"{handoff.claimed_by} has it."
        return f"Handoff {handoff.id} is claimed. {mine}"
    if handoff.status == "waiting":
        return f"Handoff {handoff.id} is not claimed yet: dragoman handoff claim {handoff.id}"
    return f"Handoff {handoff.id} is {handoff.status} already."
