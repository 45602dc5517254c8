"""What may still be asked for an order, for buttons beside it. The policy decides anew when it is asked for."""

from __future__ import annotations

from typing import Any

from knowledge.commerce import Customer, Order
from knowledge.service.case import Asker, Case
from knowledge.service.requests import WRITES, Request
from knowledge.service.rules import Rule
from knowledge.shop import Snapshot
from tools.actions.clerk import Errand
from tools.actions.outcome import Outcome
from tools.actions.telling import tell_outcome
from tools.context import Session, ToolContext

CHOSEN = frozenset((
    "reason", "pause_length", "items_named", "items_in_order", "excluded", "counts_match", "variant_exists",
    "same_product", "variant_different", "variant_available", "variant_priced", "method_known", "method_different",
    "refund_destination", "amount_digits", "gift_card_covers",
))  # fmt: skip
"""Checks of what the asker chooses; all others look at the order as it stands."""


UNASKED = ("refund_order",)
"""What no button invites to: it takes a reason that something went wrong, and that is said in words."""


def possible_actions(context: ToolContext, order: Order, customer: Customer | None) -> list[str]:
    """The actions no rule stands against, as far as the order alone tells."""
    policy, asker, held = context.policy, _asker(context.session), _sample(order)
    names = [
        name for name, asked in WRITES.items()
        if name in policy.actions and name not in UNASKED and "order_id" in asked.model_fields
    ]  # fmt: skip
    cases = [
        Case(
            _request(name, held), asker, context.now, order, customer, terms=policy.returns,
            home_currency=context.shop.home_currency,
        ) for name in names
    ]  # fmt: skip
    return [case.request.name for case in cases if _refusing(policy.rules_of(case.request.name), case) is None]


def _refusing(rules: list[Rule], case: Case) -> Rule | None:
    return next((r for r in rules if r.check not in CHOSEN and r.applies(case) and not r.holds(case)), None)


def _sample(order: Order) -> dict[str, Any]:
    """Arguments as they might be given, all items of the order among them."""
    skus = [item.sku for item in order.items for _ in range(item.quantity)][:200]
    return {
        "order_id": order.order_id, "item_ids": skus, "new_item_ids": skus, "item_id": skus[0] if skus else "-",
        "new_item_id": skus[0] if skus else "-", "payment_method_id": "-", "reason": "-", "address1": "-", "city": "-",
        "country": "-", "zip": "-", "until": "2100-01-01", "amount": "1", "return_id": "-",
    }  # fmt: skip


def _request(name: str, held: dict[str, Any]) -> Request:
    fields = WRITES[name].model_fields
    return Request.of(name, {field: value for field, value in held.items() if field in fields})


def _asker(session: Session) -> Asker:
    return Asker(session.customer_id, session.order_ids)


def why_no_return(context: ToolContext, seen: Snapshot, sku: str, method: str) -> str:
    """Why one item may not be sent back, in the session's words; '' where it may."""
    order = seen.order
    if order is None:
        return ""
    request = Request.of("return_items", {"order_id": order.order_id, "item_ids": [sku], "payment_method_id": method})
    case = context.clerk.case_of(Errand(_asker(context.session), request, ""), seen)
    rule = context.policy.breach(case)
    if rule is None and "return_items" in context.policy.actions:
        return ""
    denied = Outcome.denied("", rule, rule.figures(case)) if rule else Outcome("denied", "", "NOT_OFFERED")
    session = context.session
    return tell_outcome(
        denied, "return_items", session.locale or session.language, context.cite, language=session.language
    ).message
