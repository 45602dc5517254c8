"""Random steps: who asks for what, and how they say yes; numbers that pick from what the shop holds by then."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from knowledge.commerce import Order, Product
from knowledge.service.case import Asker
from knowledge.service.requests import WRITES, Request
from tests.tools.actions.bench import STAFF, State
from tests.tools.actions.random_shops import METHODS

ADDRESS = {"address1": "Weg 1", "city": "Bonn", "country": "DE", "zip": "53111"}


@dataclass(frozen=True)
class Step:
    """One request to come, in numbers."""

    action: str
    order: int
    asker: str
    picks: tuple[int, ...]
    method: int
    percent: int
    yes: str
    decision: str
    again: bool


def steps() -> st.SearchStrategy[list[Step]]:
    """What customers, strangers and staff ask for, one after the other."""
    step = st.builds(
        Step, st.sampled_from([*WRITES, *MOVING, *MOVING]), st.integers(0, 2),
        st.sampled_from(["owner"] * 6 + ["staff"] * 3 + ["stranger"]),
        st.lists(st.integers(0, 8), min_size=1, max_size=3, unique=True).map(tuple),
        st.integers(0, len(METHODS)),
        st.sampled_from([1, 10, 33, 50, 100, 100, 120]),
        st.sampled_from(["plain"] * 6 + ["signed"] * 3 + ["none", "to something else"]),
        st.sampled_from(["approve", "approve", "approve", "deny", "take back", "leave"]), st.booleans(),
    )  # fmt: skip
    return st.lists(step, min_size=4, max_size=9)


MOVING = ("change_order_items", "return_items", "exchange_items", "exchange_items", "settle_return", "settle_return",
          "refund_order", "give_goodwill", "resend_parcel")  # fmt: skip
"""What moves goods and money, asked for more often."""


def asker_of(step: Step, order: Order) -> Asker:
    """Who asks; what only staff may do is asked by staff, but for strangers."""
    if step.action in ("settle_return", "give_goodwill") and step.asker == "owner":
        return STAFF
    other = "c2" if order.customer_id == "c1" else "c1"
    return {"owner": Asker(order.customer_id), "staff": STAFF, "stranger": Asker(other)}[step.asker]


def order_of(step: Step, state: State) -> Order:
    """The order it is about; one with goods on their way back, where it is about those."""
    every = [*state.orders.values()]
    waiting = [order for order in every if any(entry.status == "requested" for entry in order.returns)]
    found = waiting if waiting and step.action == "settle_return" else every
    return found[step.order % len(found)]


def request_of(step: Step, state: State) -> Request:
    """The request, its numbers read against what the shop holds now."""
    order = order_of(step, state)
    every = _every_argument(step, order, state)
    names = WRITES[step.action].model_fields
    return Request.of(step.action, {name: value for name, value in every.items() if name in names})


def _every_argument(step: Step, order: Order, state: State) -> dict[str, Any]:
    pieces = [item for item in order.items for _ in range(item.quantity)]
    chosen = [pieces[pick] for pick in dict.fromkeys(pick % len(pieces) for pick in step.picks)]
    news = [_other(state.products[item.product_id], item.sku, step.picks[0]) for item in chosen]
    methods = [*state.customers[order.customer_id].payment_methods, "unknown"]
    named = {"item_ids": [item.sku for item in chosen], "new_item_ids": news, "item_id": chosen[0].sku}
    if step.action == "withdraw" and step.percent == 100:
        named["item_ids"] = []
    open_ones = [entry.return_id for entry in order.returns if entry.status == "requested"]
    returns = open_ones or [entry.return_id for entry in order.returns] or ["RET-0"]
    return {
        "order_id": order.order_id, **named, "new_item_id": news[0], "reason": "a reason", **ADDRESS,
        "customer_id": order.customer_id if step.asker == "staff" else "",
        "payment_method_id": methods[step.method % len(methods)], "amount": _amount(step, order),
        "return_id": returns[step.picks[0] % len(returns)], "until": "2026-08-01",
    }  # fmt: skip


def _other(product: Product, sku: str, pick: int) -> str:
    """Another variant that can be had, mostly; else any."""
    at_hand = [variant.sku for variant in product.variants if variant.sku != sku and variant.stock != 0]
    every = at_hand if at_hand and pick < 8 else [variant.sku for variant in product.variants]
    return every[pick % len(every)]


def _amount(step: Step, order: Order) -> str:
    """A part of what was paid, in as many digits as anybody may write; 1 % is a thousandth."""
    paid = sum(
        (Decimal(str(e["amount"])) for e in order.payment_history if e["transaction_type"] == "payment"), Decimal(0)
    )
    part = (paid * step.percent / 100).quantize(
        Decimal("1") if step.percent > 1 and order.currency == "JPY" else Decimal("0.01")
    )
    return str(max(part, Decimal("0.001")))
