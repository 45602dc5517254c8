"""What a person of the shop does in a shopper's conversation, from whatever channel: take it over, write in it, correct
what was written, give it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from assistant.events import Event, PersonMessage
from assistant.notices import given_back, taken_over, writing
from integrations.database.attachments import with_message

if TYPE_CHECKING:
    from integrations.database.attachments import Attachment
    from integrations.database.sessions import SessionStore
    from integrations.database.turns import TurnStore
    from tools.context import Handoff, Said, Session

Tell = Callable[[str, str, Sequence[Event]], Awaitable[None]]
"""Shows events in a shopper's conversation, between two answers: its session, a name under which they are shown once,
the events.
"""


class HandoffRefused(Exception):
    """It cannot be done with this handoff; the text says why."""


class Desk:
    """The conversations that people of the shop have with shoppers."""

    def __init__(self, sessions: SessionStore, turns: TurnStore, tell: Tell) -> None:
        self._sessions, self._turns, self._tell = sessions, turns, tell
        self._handoffs, self._files = sessions.handoffs, sessions.attachments

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
        await self._show(handoff, taken_over(handoff.id, by, await self.session(handoff)))
        return await self.find(reference)

    async def _silence(self, handoff: Handoff) -> None:
        """What the assistant is answering just now goes to the person instead."""
        stopped = await self._turns.inbox.stop(handoff.session_id, why="person")
        session = await self.session(handoff)
        said = [await self._handoffs.say(handoff, "shopper", "", text, session.language) for text in stopped.values()]
        await self._handoffs.hear(said)

    async def say(self, reference: str, by: str, text: str, origin: str = "", files: Sequence[Attachment] = ()) -> Said:
        """Write to the shopper, with files kept for their conversation. `origin` names the message where it was
        written: sent again it is said once. Raises HandoffRefused.
        """
        handoff = await self.find(reference)
        if handoff.status != "claimed" or handoff.claimed_by != by:
            raise HandoffRefused(_why_not(handoff, by))
        known = await self._handoffs.said_at(origin) if origin else None
        said = known or await self._handoffs.say(handoff, "person", by, text, origin=origin)
        with_it = with_message(said.position)
        await self._files.belong(said.session_id, [file.id for file in files], with_it)
        await self._show(handoff, await self._message(said), with_it)
        return said

    async def correct(self, origin: str, text: str) -> Said | None:
        """Change what was written to a shopper, where it was; '' takes it back. None where nothing was said there."""
        said = await self._handoffs.said_at(origin)
        if said is None or said.text == text:
            return said
        said = await self._handoffs.reword(said, text)
        if not text:
            await self._files.drop(said.session_id, with_message(said.position))
        corrected = await self._message(said, edited=True)
        await self._tell(said.session_id, f"corrected-{uuid.uuid4().hex}", [corrected])
        return said

    async def _message(self, said: Said, edited: bool = False) -> PersonMessage:
        held = [file for file in await self._files.of(said.session_id) if file.turn == with_message(said.position)]
        told = tuple(file.told() for file in held)
        return PersonMessage(said.name, said.text, said.at.isoformat(), str(said.position), edited, told)

    async def writes(self, reference: str, by: str) -> Handoff:
        """Show the shopper that the person is writing. Raises HandoffRefused."""
        handoff = await self.find(reference)
        if handoff.status != "claimed" or handoff.claimed_by != by:
            raise HandoffRefused(_why_not(handoff, by))
        await self._show(handoff, writing(by, await self.session(handoff)))
        return handoff

    async def give_back(self, reference: str, by: str, resolved: bool) -> Handoff:
        """The assistant answers again; it knows what was said. Raises HandoffRefused."""
        handoff = await self.find(reference)
        status = "resolved" if resolved else "returned"
        if handoff.claimed_by not in ("", by) or not await self._handoffs.end(handoff.id, status):
            raise HandoffRefused(_why_not(await self.find(reference), by))
        told = given_back(handoff.id, status, handoff.claimed_by, await self.session(handoff))
        await self._show(handoff, told)
        return await self.find(reference)

    async def session(self, handoff: Handoff) -> Session:
        """The shopper's session."""
        from tools.context import Session

        return await self._sessions.find(handoff.session_id) or Session(handoff.session_id)

    async def _show(self, handoff: Handoff, event: Event, name: str = "") -> None:
        await self._tell(handoff.session_id, name or f"person-{uuid.uuid4().hex}", [event])


def _why_not(handoff: Handoff, by: str) -> str:
    if handoff.status == "claimed":
        mine = "You have it already." if handoff.claimed_by == by else f"{handoff.claimed_by} has it."
        return f"Handoff {handoff.id} is claimed. {mine}"
    if handoff.status == "waiting":
        return f"Handoff {handoff.id} is not claimed yet: dragoman handoff claim {handoff.id}"
    return f"Handoff {handoff.id} is {handoff.status} already."
