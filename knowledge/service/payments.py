"""What an order's money is: paid, paid back, promised. Amounts are exact, rounded only to the currency's own digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from knowledge.commerce import Order, OrderItem

PENDING_RETURNS = ("requested", "label_sent", "in_transit", "received")
"""States of a return whose money has not been paid yet."""


def digits(currency: str) -> int:
    """Digits after the point of a currency (CLDR): 2 for EUR, 0 for JPY; 2 where none is named."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency) if currency else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount in the currency's own digits, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_UP)


def amount_of(entry: dict[str, Any]) -> Decimal:
    """The amount of an entry of a payment history; a float is read by its shortest text."""
    return Decimal(str(entry.get("amount") or 0))


def paid_by_method(order: Order) -> dict[str, Decimal]:
    """What each method has paid and not been paid back, in the order of their first payment; settled ones left out."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for entry in order.payment_history:
        sign = {"payment": 1, "refund": -1}.get(str(entry.get("transaction_type")), 0)
        paid[str(entry.get("payment_method_id", ""))] += sign * amount_of(entry)
    return {method: amount for method, amount in paid.items() if amount}


def paid(order: Order) -> Decimal:
    """What the customer has paid for an order and not been paid back."""
    return sum(paid_by_method(order).values(), Decimal(0))


def promised(order: Order) -> Decimal:
    """Refunds of returns that are on their way and not paid yet, with what exchanges for cheaper goods give back."""
    open_returns = [entry for entry in order.returns if entry.status in PENDING_RETURNS]
    refunds = sum((entry.refund_amount or Decimal(0) for entry in open_returns), Decimal(0))
    return refunds + sum(
        (max(-(entry.price_difference or Decimal(0)), Decimal(0)) for entry in open_returns), Decimal(0)
    )


def payable(order: Order) -> Decimal:
    """The most that can still be paid back: what is paid, less what is promised; never below 0."""
    return max(paid(order) - promised(order), Decimal(0))


def original_methods(order: Order) -> list[str]:
    """Methods that paid, first to last."""
    entries = [entry for entry in order.payment_history if entry.get("transaction_type") == "payment"]
    return list(dict.fromkeys(str(entry.get("payment_method_id", "")) for entry in entries))


def goods_value(items: Iterable[OrderItem]) -> Decimal:
    """The listed price of items, all pieces."""
    return sum(((item.price or Decimal(0)) * item.quantity for item in items), Decimal(0))


def share(total: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    """A part's share of an order-wide amount (a discount, a tax), by value; 0 of an order without value."""
    return rounded(total * part / whole, currency) if whole else Decimal(0)


def splits(amount: Decimal, methods: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """An amount spread over methods, each up to what it can take, in their order."""
    parts: list[tuple[str, Decimal]] = []
    for method, most in methods:
        part = min(amount, most)
        if part > 0:
            parts.append((method, part))
            amount -= part
    return parts
