"""Actions that wait for a person, as cards in the approvals channel. The card is a face: who may decide, what exactly
is approved and that it happens once is decided where actions are carried out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from integrations.slack.block_kit import Block
from integrations.slack.blocks import (
    Message,
    actions,
    asked,
    button,
    context,
    cut,
    fields,
    header,
    modal,
    quoted,
    safe,
    said,
    section,
)  # fmt: skip
from integrations.slack.office import Office
from integrations.slack.people import Colleague, People
from integrations.slack.web import Place, Web
from knowledge.filters import Filter
from tools.actions.speech import quote_told
from tools.context import Session

if TYPE_CHECKING:
    from integrations.database.slack_records import Post
    from tools.actions.ledger import Entry
    from tools.actions.outcome import Outcome

REFUSED = {
    "MAY_NOT_APPROVE": "Your limit does not cover this. Somebody of a higher rank decides it.",
    "SELF_APPROVAL": "You asked for this yourself; somebody else decides it.",
}
"""Why somebody may not decide, in words."""

NOBODY = "Only people whose rank stands in DRAGOMAN_SLACK_PEOPLE decide on actions. You are not among them."

STATES = {
    "needs_approval": "waits for a decision", "done": "approved and done", "denied": "denied", "expired": "expired",
    "cancelled": "taken back by who asked", "unknown": "approved; the shop has not answered yet",
    "started": "approved; being carried out", "needs_confirmation": "changed since; the customer is asked again",
}  # fmt: skip


class Approvals:
    """Puts cards up, takes decisions, and keeps cards true."""

    def __init__(self, office: Office, web: Web, people: People, team: Callable[[], Awaitable[str]]) -> None:
        self._office, self._web, self._people, self._team = office, web, people, team

    async def post(self, operation_id: str) -> None:
        """Put the card of an action up, once."""
        entry = await self._office.decisions.find(operation_id)
        place = Place(await self._team(), self._office.terms.approvals)
        message = await self._card(entry, place)
        await self._web.post(f"approval:{operation_id}", place, message, {"status": entry.status})

    async def _card(self, entry: Entry, place: Place) -> Message:
        """The card, with as much of the customer as everybody in its channel may know."""
        closed = await self._people.is_closed(place.team, place.channel)
        context = await self._office.context(Session("slack-approvals", "operator", "slack"))
        wanted = Filter(audience="operator", on=context.today)
        hit = context.retriever.passage(entry.passage, "en", wanted) if entry.passage else None
        clause = f"{' – '.join([hit.passage.title, *hit.passage.heading])}: {hit.passage.text}" if hit else ""
        return card(entry, clause, hit.passage.document if hit else "", closed)

    async def refresh(self) -> None:
        """Have every card say how its action stands, wherever it was decided; call for help where nobody decides."""
        for post in await self._web.records.posts("approval:"):
            if not post.ts or post.state.get("over"):
                continue
            entry = await self._office.decisions.find(post.key.removeprefix("approval:"))
            if entry.status == "expired":
                await self._office.decisions.tell_shopper(entry.operation_id)
            if entry.status != post.state.get("status"):
                over = entry.status in ("done", "denied", "expired", "cancelled")
                message = await self._card(entry, Place(post.team, post.channel))
                await self._web.change(post, message, {**post.state, "status": entry.status, "over": over})
            elif entry.status == "needs_approval":
                await self._escalate(post, entry)

    async def _escalate(self, post: Post, entry: Entry) -> None:
        late = timedelta(minutes=self._office.terms.escalate_minutes)
        if datetime.now(UTC) - entry.changed_at < late or post.state.get("escalated"):
            return
        able = [user for user, rank in self._office.terms.people.items() if self._covers(rank, entry)]
        calls = " ".join(f"<@{user}>" for user in able[:10]) or "Nobody who is listed may decide this."
        words = f"Nobody has decided this for {self._office.terms.escalate_minutes} minutes. {calls}"
        thread = Place(post.team, post.channel, post.ts)
        await self._web.post(f"escalated:{entry.operation_id}", thread, said(words))
        await self._web.records.change_post(post.key, state={**post.state, "escalated": True})

    def _covers(self, rank: str, entry: Entry) -> bool:
        """Whether a rank's limit covers what an action gives."""
        limit = self._office.clerk().policy.limit_of(entry.name, rank)
        amount = Decimal(str(entry.quote.get("total", "0")))
        return rank != "marketer" and (limit is None or limit.covers(amount, str(entry.quote.get("currency", ""))))

    async def _staff(self, place: Place, user: str) -> Colleague | None:
        """Who decides; whoever may not is told so, and is None."""
        who = await self._people.who(place.team, user)
        if who.staff:
            return who
        await self._web.whisper(place, user, said(NOBODY))
        return None

    async def approve(self, operation_id: str, place: Place, user: str) -> None:
        """Approve exactly what the card shows."""
        who = await self._staff(place, user)
        if who is None:
            return
        outcome = await self._office.decisions.approve(operation_id, who.decider)
        await self._tell(operation_id, place, user, outcome)

    async def ask(self, what: str, operation_id: str, place: Place, user: str, trigger: str) -> None:
        """Open the modal that asks why not, or for which amount."""
        who = await self._staff(place, user)
        if who is None:
            return
        entry = await self._office.decisions.find(operation_id)
        about = f"{operation_id}|{place.channel}"
        why = asked("Why", "why", 500, lines=True, hint="It stands in the ledger. The shopper does not read it.")
        if what == "deny":
            view = modal("denied", "Deny", "Deny", about, why)
        else:
            label = f"Amount in {entry.quote.get('currency', '')}"
            amount = asked(label, "amount", 20, initial=str(entry.arguments.get("amount", "")))
            view = modal("amount_changed", "Another amount", "Approve this amount", about, amount, why)
        await self._web.open_modal(place.team, trigger, view)

    async def denied(self, operation_id: str, place: Place, user: str, why: str) -> None:
        """Deny an action, with the reason typed."""
        who = await self._staff(place, user)
        if who is None:
            return
        outcome = await self._office.decisions.deny(operation_id, who.decider, why)
        await self._tell(operation_id, place, user, outcome)

    async def amount_changed(self, operation_id: str, place: Place, user: str, amount: Decimal, why: str) -> None:
        """Give another amount than was asked for, in the decider's own name."""
        who = await self._staff(place, user)
        if who is None:
            return
        outcome = await self._office.decisions.change_amount(operation_id, who.decider, amount, why)
        await self._tell(operation_id, place, user, outcome)

    async def _tell(self, operation_id: str, place: Place, user: str, outcome: Outcome) -> None:
        """Say to who pressed what came of it, where the card does not, and bring the card up to date."""
        entry = await self._office.decisions.find(operation_id)
        if outcome.rule in REFUSED:
            await self._web.whisper(place, user, said(REFUSED[outcome.rule]))
        elif entry.status != "needs_approval" and not _decider(entry).startswith(f"slack {user} "):
            words = f"This is decided already: {STATES[entry.status]}, by {_shown(_decider(entry)) or 'nobody'}."
            await self._web.whisper(place, user, said(safe(words)))
        await self.refresh()


def card(entry: Entry, clause: str, document: str, closed: bool) -> Message:
    """An action that waits, or what became of it. Where outsiders read along the customer is not shown."""
    quote = entry.quote
    amount = f"{quote.get('total', '')} {quote.get('currency', '')}".strip()
    name = entry.name.replace("_", " ")
    whose = entry.customer_id or str(quote.get("customer_id", "")) or "see the order"
    about = [
        ("Order", entry.order_id if closed else "not shown here"), ("Amount", amount),
        ("Customer", whose if closed else "not shown here"),
        ("Asked by", _asker(entry) if closed else entry.asker.get("role", "")), ("Rule", entry.rule),
        ("Until", f"{entry.expires_at:%Y-%m-%d %H:%M} UTC" if entry.expires_at else ""),
    ]  # fmt: skip
    promised = quote_told(quote, "en") if quote.get("lines") else ""
    blocks: list[Block] = [header(f"{name}: {STATES.get(entry.status, entry.status)}"), fields(about)]
    blocks += [section("*What the customer was shown and said yes to*"), *quoted(promised)] if promised else []
    blocks += [context("*Why it was asked for* " + safe(cut(entry.why, 500)))] if entry.why and closed else []
    blocks += [context("*Signals* " + safe(", ".join(entry.signals)))] if entry.signals else []
    blocks += [context(f"*Policy* {safe(cut(clause, 1500))} [{safe(document)}]")] if clause else []
    return Message(f"{name}: {STATES.get(entry.status, entry.status)} {amount}", [*blocks, *_end(entry)])


def _asker(entry: Entry) -> str:
    return _shown(str(entry.asker.get("who", "")))


def _shown(who: str) -> str:
    """Somebody as a card names them: Slack's id is for the ledger."""
    return who.partition("(")[2].rstrip(")") if who.startswith("slack ") else who


def _decider(entry: Entry) -> str:
    """Who decided: whoever moved it out of waiting."""
    steps = list(entry.history)
    waited = [place for place, step in enumerate(steps) if step["status"] == "needs_approval"]
    after = steps[waited[-1] + 1 :] if waited else []
    return str(after[0]["by"]) if after else ""


def _end(entry: Entry) -> list[Block]:
    """Buttons while it waits; afterwards who decided, and why."""
    if entry.status == "needs_approval":
        edit = [button("Edit amount", "edit_amount", entry.operation_id)] if "amount" in entry.arguments else []
        sure = f"{entry.name.replace('_', ' ')}, {entry.quote.get('total', '')} {entry.quote.get('currency', '')}"
        return [actions(
            button("Approve", "approve", entry.operation_id, "primary", sure), *edit,
            button("Deny", "deny", entry.operation_id, "danger"),
        )]  # fmt: skip
    why = next((step["why"] for step in reversed(entry.history) if step.get("why")), "")
    words = [f"{STATES.get(entry.status, entry.status)}: *{safe(_shown(_decider(entry)) or 'nobody')}*"]
    return [context(*words, *([safe(cut(why, 500))] if why else []))]
