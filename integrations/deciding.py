"""What people decide on actions that wait for them, told at once to the shopper who asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.events import ActionShown, Event, Sentence
from knowledge.service.requests import Request
from tools.actions.consent import Consent
from tools.actions.decisions import ActionUnknown, approve, deny, errand_of
from tools.actions.outcome import outcome_of
from tools.offers import tell_result

if TYPE_CHECKING:
    from integrations.database.sessions import SessionStore
    from integrations.desk import Tell
    from knowledge.service.case import Asker
    from tools.actions.clerk import Clerk
    from tools.actions.ledger import Entry
    from tools.actions.outcome import Outcome
    from tools.context import Session, ToolContext

TOLD = ("done", "denied", "expired")
"""States the shopper is told of."""


@dataclass(frozen=True)
class Decider:
    """Who of the shop decides: with which rank, under which name the ledger knows them."""

    asker: Asker
    who: str


class Decisions:
    """Approves, denies and changes what waits. The first to decide decides; the shopper reads the outcome at once."""

    def __init__(
        self, clerk: Callable[[], Clerk], sessions: SessionStore,
        context: Callable[[Session], Awaitable[ToolContext]], tell: Tell,
    ) -> None:  # fmt: skip
        self.clerk, self._sessions, self._context, self._tell = clerk, sessions, context, tell

    async def find(self, operation_id: str) -> Entry:
        """An action as it truly is. Raises ActionUnknown."""
        clerk = self.clerk()
        entry = await clerk.ledger.find(operation_id)
        if entry is None:
            raise ActionUnknown(operation_id)
        return await clerk.look_into(entry)

    async def approve(self, operation_id: str, by: Decider, why: str = "") -> Outcome:
        """Say yes to exactly what was quoted. Raises ActionUnknown."""
        outcome = await approve(self.clerk(), operation_id, by.asker, by.who, why)
        await self.tell_shopper(operation_id)
        return outcome

    async def deny(self, operation_id: str, by: Decider, why: str) -> Outcome:
        """Say no, with a reason. Raises ActionUnknown."""
        outcome = await deny(self.clerk(), operation_id, by.asker, by.who, why)
        await self.tell_shopper(operation_id)
        return outcome

    async def change_amount(self, operation_id: str, by: Decider, amount: Decimal, why: str) -> Outcome:
        """Say no to the amount that waits and ask for another in the decider's own name, by their own limits; asked
        twice, it happens once. Raises ActionUnknown.
        """
        entry, clerk, fresh = await self.find(operation_id), self.clerk(), f"{operation_id}.changed"
        if entry.status == "needs_approval":
            await deny(clerk, operation_id, by.asker, by.who, why)
            entry = await self.find(operation_id)
        ours = entry.status == "denied" and entry.history[-1]["by"] == by.who
        if not by.asker.staff or not ours:
            return await approve(clerk, operation_id, by.asker, by.who)
        request = Request.of(entry.name, {**entry.arguments, "amount": str(amount)})
        errand = replace(errand_of(entry), asker=by.asker, request=request, who=by.who, why=why)
        outcome = await clerk.act(replace(errand, consent=Consent.to(request), operation_id=fresh))
        await self.tell_shopper(fresh)
        return outcome

    async def tell_shopper(self, operation_id: str) -> None:
        """Show the end of an action in the conversation it was asked in, once; one that is still open is not shown."""
        entry = await self.find(operation_id)
        session = await self._sessions.find(entry.session_id) if entry.session_id else None
        if session is None or entry.status not in TOLD or entry.told == entry.status:
            return
        context = await self._context(session)
        told = await self._told(context, entry)
        shown: list[Event] = [ActionShown(told), Sentence(told["message"])]
        await self._tell(session.id, f"decided-{entry.operation_id}-{entry.status}", shown)
        await context.clerk.ledger.note_told(entry)

    async def _told(self, context: ToolContext, entry: Entry) -> dict[str, str]:
        outcome = outcome_of(entry).explained(context.policy.rules_of(entry.name))
        _, told = await tell_result(context, entry.name, outcome, entry.arguments)
        return told
