"""What people decide on actions that wait: a shopper takes a quote back, the staff approve, deny or try again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from knowledge.service.case import Asker
from knowledge.service.requests import Request
from tools.actions.approvals import may_approve, weighed
from tools.actions.clerk import Clerk, Errand
from tools.actions.consent import Consent, sign
from tools.actions.ledger import Entry
from tools.actions.outcome import Outcome, outcome_of
from tools.actions.plans import draw_up
from tools.actions.reconciling import NOT_CARRIED_OUT, move

MAY_NOT_APPROVE, SELF_APPROVAL, DENIED_BY_PERSON = "MAY_NOT_APPROVE", "SELF_APPROVAL", "DENIED_BY_PERSON"


class ActionUnknown(LookupError):
    """There is no such action in the ledger."""


async def approve(clerk: Clerk, operation_id: str, approver: Asker, who: str, why: str = "") -> Outcome:
    """Say yes for the shop to exactly what was quoted and confirmed; whoever is first. The policy is asked again: what
    has changed since is not approved. Raises ActionUnknown.
    """
    entry = await _waiting(clerk, operation_id)
    if entry.status != "needs_approval":
        return outcome_of(entry)
    refusal = await _objection(clerk, entry, approver, who)
    if refusal:
        return Outcome("denied", operation_id, refusal)
    claimed = entry.moved("started", clerk.now(), who, why)
    if not await clerk.ledger.move(claimed, "needs_approval"):
        return outcome_of(await _waiting(clerk, operation_id))
    return await clerk.carry_out(errand_of(entry), claimed)


async def _objection(clerk: Clerk, entry: Entry, approver: Asker, who: str) -> str:
    """Why somebody may not approve an action, or ''."""
    if who == entry.asker["who"]:
        return SELF_APPROVAL
    limit = clerk.policy.limit_of(entry.name, approver.level)
    errand = errand_of(entry)
    case = clerk.case_of(errand, await clerk.look(errand))
    amount = Decimal(str(entry.quote["total"]))
    if limit and limit.per == "order" and clerk.policy.breach(case) is None:
        amount = weighed(draw_up(case, clerk.policy.actions[entry.name], "").quote, case.order, "order")  # type: ignore[index]
    allowed = may_approve(clerk.policy, approver, entry.name, amount, str(entry.quote["currency"]))
    return "" if allowed else MAY_NOT_APPROVE


async def deny(clerk: Clerk, operation_id: str, decider: Asker, who: str, why: str) -> Outcome:
    """Say no for the shop, with a reason. Raises ActionUnknown."""
    entry = await _waiting(clerk, operation_id)
    if not decider.staff:
        return Outcome("denied", operation_id, MAY_NOT_APPROVE)
    if entry.status == "needs_approval":
        entry = await move(clerk.ledger, entry, entry.moved("denied", clerk.now(), who, why, rule=DENIED_BY_PERSON))
    return outcome_of(entry)


async def take_back(clerk: Clerk, operation_id: str, who: str) -> Outcome:
    """The one who asked does not want it after all. Raises ActionUnknown, also where it was another who asked."""
    entry = await _waiting(clerk, operation_id)
    if entry.asker["who"] != who:
        raise ActionUnknown(operation_id)
    if entry.status in ("needs_confirmation", "needs_approval"):
        entry = await move(clerk.ledger, entry, entry.moved("cancelled", clerk.now(), who))
    return outcome_of(entry)


async def retry(clerk: Clerk, operation_id: str, who: str) -> Outcome:
    """Find out what became of an action the shop did not answer to; what was not carried out is carried out now, under
    an operation of its own. Raises ActionUnknown.
    """
    entry = await _waiting(clerk, operation_id)
    if entry.rule != NOT_CARRIED_OUT or entry.status != "denied":
        return outcome_of(entry)
    errand = errand_of(entry)
    again = replace(
        errand, operation_id=f"{operation_id}.again", consent=replace(errand.consent or Consent(""), operation_id="")
    )
    return await clerk.act(replace(again, why=f"tried again by {who}"))


async def confirm(clerk: Clerk, consent: Consent, asker: Asker, who: str) -> Outcome:
    """Carry out what was quoted, on the yes of the one it was quoted to. Raises ActionUnknown, also where it was
    quoted to another.
    """
    entry = await _waiting(clerk, consent.operation_id)
    if entry.asker["who"] != who:
        raise ActionUnknown(consent.operation_id)
    return await clerk.act(replace(errand_of(entry), asker=asker, consent=consent))


async def show_again(clerk: Clerk, operation_id: str, who: str) -> Outcome:
    """An action as it stands; a quote that still waits with the token that confirms it. Raises ActionUnknown, also
    where it was another who asked.
    """
    entry = await _waiting(clerk, operation_id)
    if entry.asker["who"] != who:
        raise ActionUnknown(operation_id)
    outcome = outcome_of(entry).explained(clerk.policy.rules_of(entry.name))
    if entry.status != "needs_confirmation" or entry.expires_at is None:
        return outcome
    return replace(outcome, token=sign(clerk.secret, consent_of(entry), who, entry.expires_at))


def consent_of(entry: Entry) -> Consent:
    """A yes to an entry's quote, on the state it was quoted on."""
    request = Request.of(entry.name, entry.arguments)
    return Consent.to_told(request, entry.quote, entry.version, entry.operation_id)


def errand_of(entry: Entry) -> Errand:
    """The errand an entry came from, with the yes that was said to its quote."""
    held = entry.asker
    asker = Asker(held["customer_id"], frozenset(held["order_ids"]), held["role"], held["rank"])
    request = Request.of(entry.name, entry.arguments)
    return Errand(
        asker, request, held["who"], entry.session_id, entry.why,
        Consent.to_told(request, entry.quote, None, entry.operation_id), entry.operation_id,
    )  # fmt: skip


async def _waiting(clerk: Clerk, operation_id: str) -> Entry:
    entry = await clerk.ledger.find(operation_id)
    if entry is None:
        raise ActionUnknown(operation_id)
    return await clerk.look_into(entry)
