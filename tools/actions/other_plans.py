"""What refunds, gestures, parcels sent again and subscriptions move."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.service.payments import paid, paid_by_method, payable, rounded, splits
from knowledge.service.time_rules import next_dispatch
from tools.actions.books import Books, labelled


def refund_order(books: Books) -> None:
    """Part of what was paid goes back, or all that is left of it."""
    wanted: Decimal = getattr(books.case.request.arguments, "amount", None) or payable(books.order)
    _pay_back(books, wanted, "refund")
    if not paid(books.order) and books.effect.becomes:
        books.order.status = books.effect.becomes


def give_goodwill(books: Books) -> None:
    """A gesture: money back that nobody owes."""
    _pay_back(books, books.case.request.arguments.amount, "goodwill")  # type: ignore[attr-defined]


def _pay_back(books: Books, amount: Decimal, kind: str) -> None:
    method, amount = books.case.request.payment_method_id, rounded(amount, books.currency)
    parts = [(method, amount)] if method else splits(amount, list(paid_by_method(books.order).items()))
    books.line(kind, kind, amount)
    more = {"reason": books.case.request.reason} | ({"kind": kind} if kind == "goodwill" else {})
    for name, part in parts:
        books.refund(name, part, **more)


def resend_parcel(books: Books) -> None:
    """The goods go out again, free of charge."""
    for item in books.order.items:
        books.line("item", labelled(item.name, item.options, item.quantity), Decimal(0), item.sku)
        books.stock.subtract({item.sku: item.quantity})
    resent = {
        "at": books.now.isoformat(),
        "items": [item.sku for item in books.order.items for _ in range(item.quantity)],
    }
    held = books.order.attributes.get("resent") or []
    books.order = books.order.model_copy(update={"resent": [*held, resent]})
    books.order.status = books.effect.becomes or "processed"


def pause_subscription(books: Books) -> None:
    """Nothing is sent before a day."""
    until: date = books.case.request.arguments.until  # type: ignore[attr-defined]
    planned = next_dispatch(books.order)
    following = max(planned, until) if planned else until
    _subscribe(books, status="paused", paused_until=until.isoformat(), next_dispatch=following.isoformat())


def skip_delivery(books: Books) -> None:
    """The next delivery is left out."""
    months = int((books.order.subscription or {}).get("every_months") or 1)
    if planned := next_dispatch(books.order):
        _subscribe(books, next_dispatch=_later(planned, months).isoformat())


def swap_subscription(books: Books) -> None:
    """From the next delivery on, another item."""
    for old, (product, variant) in books.case.pairs:
        books.line("item", labelled(old.name, old.options), Decimal(0), old.sku)
        books.line("new_item", labelled(product.name, variant.options), Decimal(0), variant.sku)
        held = (books.order.subscription or {}).get("items") or [item.sku for item in books.order.items]
        _subscribe(books, items=[variant.sku if sku == old.sku else sku for sku in held])


def cancel_subscription(books: Books) -> None:
    """The subscription ends."""
    _subscribe(books, status="cancelled", cancelled_at=books.now.isoformat(), next_dispatch=None)


def _subscribe(books: Books, **changes: Any) -> None:
    books.order.subscription = {**(books.order.subscription or {}), **changes}


def _later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
