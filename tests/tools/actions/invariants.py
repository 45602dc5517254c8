"""What must hold after every step, whatever the shop, its policy and the request; counted apart from what is tested."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from knowledge.commerce import Order
from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import Request
from tests.tools.actions.bench import State
from tests.tools.actions.random_shops import DIGITS
from tools.actions.outcome import Outcome

ZERO = Decimal(0)


@dataclass(frozen=True)
class Happened:
    """One request: the shop before and after it, and what was said of it."""

    request: Request
    outcome: Outcome
    before: State
    after: State

    @property
    def orders(self) -> tuple[Order, Order]:
        """The order it is about, before and after."""
        return self.before.orders[self.request.order_id], self.after.orders[self.request.order_id]


def check(happened: Happened, policy: ServicePolicy) -> None:
    """Every invariant."""
    recorded_truly(happened)
    if happened.outcome.status != "done":
        assert happened.after.shop == happened.before.shop
        return
    for order in happened.after.orders.values():
        adds_up(order)
    gift_cards_conserve(happened.before, happened.after)
    assert happened.after.stock == {
        sku: count + stock_moved(happened)[sku] for sku, count in happened.before.stock.items()
    }
    assert all(count >= 0 for count in happened.after.stock.values())
    others_untouched(happened)
    if happened.request.order_id:
        quoted_truly(happened)
        once_only(happened, policy)
        what_it_is_for(happened)


def recorded_truly(happened: Happened) -> None:
    """One entry for every operation, done if and only if the shop holds it."""
    ledger, operation = happened.after.ledger, happened.outcome.operation_id
    assert {key for key, status in ledger.items() if status == "done"} == happened.after.written
    known = "denied" if happened.outcome.rule in ("CANCELLED", "EXPIRED") else happened.outcome.status
    assert ledger[operation] in (known, "cancelled")
    assert set(ledger) - set(happened.before.ledger) <= {operation}


def money(order: Order, kind: str) -> Decimal:
    """All payments, or all refunds, of an order."""
    entries = [entry for entry in order.payment_history if entry["transaction_type"] == kind]
    return sum((Decimal(str(entry["amount"])) for entry in entries), ZERO)


def held(order: Order) -> Decimal:
    """What the shop holds of the customer's money for an order."""
    return money(order, "payment") - money(order, "refund")


def promised(order: Order) -> Decimal:
    """What is to be paid back when goods arrive."""
    waiting = [entry for entry in order.returns if entry.status == "requested"]
    return sum(
        ((entry.refund_amount or ZERO) + max(-(entry.price_difference or ZERO), ZERO) for entry in waiting), ZERO
    )


def due(order: Order) -> Decimal:
    """What is still to be paid."""
    return Decimal(str((order.attributes.get("payment_due") or {}).get("amount") or 0))


def adds_up(order: Order) -> None:
    """No more is paid back or promised than was paid; nothing is owed below 0; amounts are the currency's."""
    assert held(order) >= 0
    assert held(order) - promised(order) >= 0
    assert due(order) >= 0
    owed = [amount for entry in order.returns for amount in (entry.refund_amount, entry.price_difference)]
    written = [Decimal(str(entry["amount"])) for entry in order.payment_history]
    assert all(amount >= 0 for amount in written)
    for amount in [*written, due(order), *(amount for amount in owed if amount is not None)]:
        in_digits(amount, order.currency)
    if order.cancel_reason:
        assert held(order) == due(order) == 0


def in_digits(amount: Decimal, currency: str) -> None:
    """No more digits than the currency has."""
    assert amount == round(amount, DIGITS[currency]), (amount, currency)


def gift_cards_conserve(before: State, after: State) -> None:
    """A gift card holds more by what was paid back to it, less what it paid; never below 0."""
    moved: Counter[str] = Counter()
    for order_id, order in after.orders.items():
        old = before.orders[order_id].payment_history
        assert order.payment_history[: len(old)] == old
        for entry in order.payment_history[len(old) :]:
            sign = 1 if entry["transaction_type"] == "refund" else -1
            moved[entry["payment_method_id"]] += sign * Decimal(str(entry["amount"]))  # type: ignore[assignment]
    for customer_id, customer in after.customers.items():
        for name, method in customer.payment_methods.items():
            old_balance = before.customers[customer_id].payment_methods[name].get("balance")
            if old_balance is not None:
                assert Decimal(str(method["balance"])) - Decimal(str(old_balance)) == moved[name]
                assert Decimal(str(method["balance"])) >= 0


def stock_moved(happened: Happened) -> Counter[str]:
    """What the request takes from stock and puts back. Goods that left come back to no stock."""
    request, moved = happened.request, Counter[str]()
    if not request.order_id:
        return moved
    order, after = happened.orders
    every = Counter({item.sku: 0 for item in order.items})
    for item in order.items:
        every[item.sku] += item.quantity
    if request.name == "resend_parcel":
        moved.subtract(every)
    elif after.cancel_reason and not order.cancel_reason and not order.tracking:
        moved.update(every)
    elif request.name in ("change_order_items", "exchange_items"):
        moved.subtract(request.new_item_ids)
        moved.update(request.item_ids if request.name == "change_order_items" and not order.tracking else ())
    return moved


def others_untouched(happened: Happened) -> None:
    """Nobody else's order or account changes."""
    changed = {key for key, order in happened.after.orders.items() if order != happened.before.orders[key]}
    assert changed <= {happened.request.order_id}
    people = {key for key, held_by in happened.after.customers.items() if held_by != happened.before.customers[key]}
    owner = happened.orders[0].customer_id if happened.request.order_id else None
    assert people <= {owner} if owner else len(people) <= 1


def quoted_truly(happened: Happened) -> None:
    """Lines and methods sum to the total, which is what moved now, what became due, or what was promised."""
    quote, (before, after) = happened.outcome.quote, happened.orders
    total, lines = Decimal(quote["total"]), [Decimal(line["amount"]) for line in quote["lines"]]
    assert sum(lines, ZERO) == total
    for amount in [*lines, *(Decimal(method["amount"]) for method in quote["methods"])]:
        in_digits(amount, after.currency)
    by_method = sum((Decimal(method["amount"]) for method in quote["methods"]), ZERO)
    paid_out, less_due = held(before) - held(after), due(before) - due(after)
    if quote["when"] == "on_arrival":
        assert (paid_out, by_method) == (0, total)
        difference = after.returns[-1].price_difference or ZERO
        assert total == promised(after) - promised(before) or total == -difference
    elif happened.request.name == "change_order_items" and before.attributes.get("payment_due") and not held(before):
        assert (paid_out, by_method, less_due) == (0, 0, total)
    else:
        assert (paid_out, by_method) == (total, total)


def once_only(happened: Happened, policy: ServicePolicy) -> None:
    """Rules of the policy that allow a thing once held on the state before it."""
    order, _ = happened.orders
    for rule in policy.rules:
        bound: Any = rule if happened.request.name in rule.actions and not rule.markets else None
        if bound and rule.check == "not_status":
            assert order.status not in bound.forbidden
        if bound and rule.check == "status":
            assert order.status in bound.allowed
        if bound and rule.check == "single_payment":
            assert sum(entry["transaction_type"] == "payment" for entry in order.payment_history) <= 1
        if bound and rule.check == "first_return" and bound.per == "order":
            assert not [entry for entry in order.returns if entry.kind in bound.kinds]


def what_it_is_for(happened: Happened) -> None:
    """What each action does to the order, and that goods go back once."""
    before, after = happened.orders
    assert not before.cancel_reason or happened.request.name in MAY_FOLLOW_A_CANCELLATION
    if happened.request.name == "cancel_order":
        assert after.cancel_reason
    if happened.request.name == "change_order_items":
        listed = [sum(((i.price or ZERO) * i.quantity for i in order.items), ZERO) for order in (before, after)]
        wanted, have = listed[1] - listed[0], (held(after) + due(after)) - (held(before) + due(before))
        assert have == max(wanted, -(held(before) - promised(before)) if held(before) else -due(before))
    if happened.request.name == "settle_return":
        assert len([entry for entry in before.returns if entry.status == "requested"]) == 1 + len(
            [entry for entry in after.returns if entry.status == "requested"]
        )
    pieces = Counter[str]()
    for item in after.items:
        pieces[item.sku] += item.quantity
    pieces.subtract(sku for entry in after.returns if entry.status != "exchanged" for sku in entry.item_ids)
    assert all(count >= 0 for count in pieces.values())


MAY_FOLLOW_A_CANCELLATION = (
    "pause_subscription", "skip_delivery", "swap_subscription", "cancel_subscription", "change_order_address",
)  # fmt: skip
