"""How things stand, as tools told it: states of orders, what was done, offered or refused, what may be returned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from assistant.guardrails.claim import Key
from assistant.guardrails.codes import plain_code
from assistant.guardrails.moments import day_keys

ORDER_STATES = {
    "processed": {"packed"}, "shipped": {"shipped", "moving"}, "partially shipped": {"shipped", "moving"},
    "delivered": {"shipped", "delivered"}, "return requested": {"shipped", "delivered"},
    "exchange requested": {"shipped", "delivered"}, "returned": {"shipped", "delivered", "returned"},
    "refunded": {"refunded"}, "cancelled": {"cancelled"}, "lost": {"shipped", "lost"},
}  # fmt: skip
"""What an order in a state may be said to be."""

SCAN_STATES = {
    "picked_up": {"shipped"}, "departed_origin": {"shipped"}, "customs_hold": {"held"}, "customs_cleared": {"cleared"},
    "out_for_delivery": {"out_for_delivery"}, "at_pickup_point": {"pickup"}, "delivered": {"delivered"},
    "lost": {"lost"}, "delivery_attempted": {"attempted"},
}  # fmt: skip
"""What a parcel with such a scan may be said to be."""

PASSING = {"held", "out_for_delivery", "pickup", "moving"}
"""What a parcel is only until its next scan."""

RETURN_STATES = {
    "requested": {"returned"}, "label_sent": {"returned"}, "in_transit": {"moving"},
    "received": {"returned", "arrived"}, "refunded": {"returned", "arrived", "refunded"},
    "exchanged": {"returned", "arrived"},
    "rejected": {"rejected", "arrived"},
}  # fmt: skip

RETURN_DAYS = (("returned", "requested_at"), ("returned", "received_at"), ("arrived", "received_at"),
               ("refunded", "refunded_at"))  # fmt: skip
"""The states into which a return came on the days in its fields."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

DONE_STATES = {
    "cancel_order": {"cancelled"}, "cancel_subscription": {"cancelled"}, "refund_order": {"refunded"},
    "give_goodwill": {"refunded"}, "return_items": {"returned"}, "exchange_items": {"returned"},
    "withdraw": {"returned"}, "settle_return": {"returned", "refunded"}, "resend_parcel": {"shipped", "moving"},
}  # fmt: skip

RETURNABLE = {"WITHIN_WINDOW", "DELIVERED_UNDATED"}
"""Rules by which an order may go back now."""

LATER = "NOT_DELIVERED"
"""It may go back once it has come: whoever says that it may not now is right, and who says that it may, as well."""

MOST_LINES = 10
"""Lines of an order that are added up: more would be sums of too many."""

RETURNS = {"return_items", "exchange_items", "withdraw"}


@dataclass(frozen=True)
class Standing:
    """How one thing stands: what it is called by, the states it is in, and the days on which it came into some."""

    names: frozenset[str]
    states: frozenset[str]
    days: tuple[tuple[str, frozenset[Key]], ...] = ()

    def days_of(self, state: str) -> set[Key]:
        """The days on which it came into a state, where they were told."""
        return {key for name, keys in self.days if name == state for key in keys}


@dataclass
class Course:
    """All that was told of what is and what was done. `done`, `offered` and `refused` name actions, refused ones with
    the order; `returns` are verdicts on orders, `until` their last days; `handed` whether a person was called, `away`
    whether they are not in now; `prices` of single things and `lines` of each order's bill, with the currency; `back`
    whether money was offered or paid; `free` whether a return costs nothing.
    """

    standings: list[Standing] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    offered: set[str] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)
    returns: list[tuple[str, str]] = field(default_factory=list)
    until: list[tuple[str, str]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    prices: set[tuple[Decimal, str]] = field(default_factory=set)
    lines: list[tuple[list[Decimal], str]] = field(default_factory=list)
    handed: bool = False
    away: bool = False
    back: bool = False
    free: bool = False

    def add(self, told: Mapping[str, Any]) -> None:
        """Note a tool's result."""
        for order in [*([told["order"]] if told.get("order") else []), *(told.get("orders") or [])]:
            self.standings.append(_standing(order))
            self._add_bill(order)
        if told.get("order_status") and told.get("order_id"):
            self.standings.append(_standing({**told, "status": told["order_status"]}))
        self.handed = self.handed or (told.get("status") == "ok" and bool(told.get("reference")))
        self.away = self.away or (self.handed and told.get("open_now") is False)
        self.products += [dict(product) for product in told.get("products") or []]
        for product in told.get("products") or []:
            self._add_prices([product, *(product.get("variants") or [])], str(product.get("currency", "")))
        if told.get("rule") and "items" in told:
            self.returns.append((plain_code(str(told.get("order_id", ""))), str(told["rule"])))
        if told.get("last_day"):
            self.until.append((plain_code(str(told.get("order_id", ""))), str(told["last_day"])))
        self.free = self.free or str(told.get("postage")) in ("0", "0.00", "0.0")
        if told.get("action"):
            self._add_action(told)

    def _add_prices(self, things: Iterable[Mapping[str, Any]], currency: str) -> None:
        told = [amount_of(thing.get(name)) for thing in things for name in ("price", "price_to")]
        self.prices |= {(price, currency) for price in told if price is not None}

    def _add_bill(self, order: Mapping[str, Any]) -> None:
        items, currency = order.get("items") or [], str(order.get("currency", ""))
        self._add_prices(items, currency)
        lines = [price * int(item.get("quantity") or 1) for item in items if (price := amount_of(item.get("price")))]
        shipping = amount_of(((order.get("more") or {}).get("shipping") or {}).get("cost"))
        self.lines.append(([*lines, *([shipping] if shipping else [])][:MOST_LINES], currency))

    def _add_action(self, told: Mapping[str, Any]) -> None:
        action, status, quote = str(told["action"]), told.get("status"), told.get("quote") or {}
        order = plain_code(str(quote.get("order_id") or told.get("order_id") or ""))
        if status == "done":
            self.done.add(action)
            names = frozenset({order}) if order else frozenset()
            self.standings.append(Standing(names, frozenset(_done_states(action, quote))))
        elif status in ("needs_confirmation", "needs_approval"):
            self.offered.add(action)
        elif status == "denied":
            self.refused.append((action, order))
        self.back = self.back or any(_positive(method.get("amount")) for method in quote.get("methods") or [])

    def may_return(self, order: str) -> bool | None:
        """Whether an order ('' any) may go back by what was told; None where nothing was."""
        rules = [rule for name, rule in self.returns if not order or name == order]
        if any(action in RETURNS for action, name in self.refused if not order or not name or name == order):
            return False
        return any(rule in RETURNABLE for rule in rules) if rules and LATER not in rules else None

    def returns_later(self, order: str) -> bool:
        """Whether an order ('' any) may go back once it has come, and not before."""
        rules = [rule for name, rule in self.returns if not order or name == order]
        return bool(rules) and all(rule == LATER for rule in rules)

    def last_days(self, order: str) -> set[Key]:
        """The last days to return an order ('' any) that were told."""
        days = [day for name, day in self.until if not order or name == order]
        return {key for day in days for key in day_keys(date.fromisoformat(day[:10]))}

    def may_cancel(self, order: str) -> bool | None:
        """Whether an order ('' any) may be cancelled by what was told; None where nothing was."""
        if any(action == "cancel_order" for action, name in self.refused if not order or not name or name == order):
            return False
        if "cancel_order" in self.offered | self.done:
            return True
        known = [one for one in self.standings if not order or order in one.names]
        return None if not known else not all(one.states & {"shipped", "packed", "cancelled"} for one in known)


def amount_of(value: Any) -> Decimal | None:
    """An amount as a shop writes it; None where there is none."""
    try:
        return Decimal(str(value)).normalize() if value not in (None, "") else None
    except InvalidOperation:
        return None


def _done_states(action: str, quote: Mapping[str, Any]) -> set[str]:
    paid = any(_positive(method.get("amount")) for method in quote.get("methods") or [])
    return DONE_STATES.get(action, set()) | ({"refunded"} if paid else set())


def _positive(amount: Any) -> bool:
    return bool(amount) and not str(amount).startswith("-") and any(c in "123456789" for c in str(amount))


def _standing(order: Mapping[str, Any]) -> Standing:
    states = set(ORDER_STATES.get(str(order.get("status", "")), ()))
    parcels = order.get("parcels") or []
    scans = {state for parcel in parcels for state in _scanned(parcel.get("events") or [])}
    returned = {state for entry in order.get("returns") or [] for state in RETURN_STATES.get(entry.get("status"), ())}
    if order.get("refunded") or order.get("refunds"):
        returned.add("refunded")
    if (order.get("more") or {}).get("payment_due"):
        states.add("unpaid")
    names = {plain_code(name) for name in _names(order) if name}
    return Standing(frozenset(names), frozenset(states | scans | returned), tuple(_dated(order)))


def _dated(order: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[Key]]]:
    """The days on which an order, its parcels and returns came into states."""
    told: list[tuple[str, Any]] = [("delivered", order.get("delivered_at"))]
    for parcel in order.get("parcels") or []:
        told += [(state, event.get("at")) for event in parcel.get("events") or []
                 for state in SCAN_STATES.get(event.get("code", ""), ())]  # fmt: skip
    told += [("refunded", refund.get("at")) for refund in order.get("refunds") or []]
    for entry in order.get("returns") or []:
        told += [(state, entry.get(name)) for state, name in RETURN_DAYS]
    for state, at in told:
        if isinstance(at, str) and _DAY.match(at):
            yield state, frozenset(day_keys(date.fromisoformat(at[:10])))


def _scanned(events: list[Mapping[str, Any]]) -> Iterator[str]:
    """What a parcel's scans say: of what passes, only the last."""
    for number, event in enumerate(events, 1):
        for state in SCAN_STATES.get(event.get("code", ""), ()):
            if state not in PASSING or number == len(events):
                yield state


def _names(order: Mapping[str, Any]) -> Iterator[str]:
    yield str(order.get("order_id", ""))
    yield from order.get("tracking_numbers") or []
    for entry in order.get("returns") or []:
        yield str(entry.get("return_id", ""))
