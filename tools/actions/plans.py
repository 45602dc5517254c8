"""From a case to a plan: what each action would leave behind."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.service.case import Case
from knowledge.service.policy import Effect
from tools.actions import order_plans, other_plans, return_plans
from tools.actions.books import Books, Plan

PLANS: dict[str, Callable[[Books], None]] = {
    plan.__name__: plan
    for plan in (
        order_plans.cancel_order,
        order_plans.change_order_address,
        order_plans.change_payment_method,
        order_plans.change_order_items,
        order_plans.change_default_address,
        return_plans.return_items,
        return_plans.exchange_items,
        return_plans.withdraw,
        return_plans.settle_return,
        other_plans.refund_order,
        other_plans.give_goodwill,
        other_plans.resend_parcel,
        other_plans.pause_subscription,
        other_plans.skip_delivery,
        other_plans.swap_subscription,
        other_plans.cancel_subscription,
    )
}
"""How each action is drawn up, by its name."""


def draw_up(case: Case, effect: Effect, operation_id: str) -> Plan:
    """What an allowed action would leave behind, and its quote. Changes nothing."""
    books = Books(case, effect, operation_id)
    PLANS[case.request.name](books)
    return books.plan()
