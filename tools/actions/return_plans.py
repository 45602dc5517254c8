"""What sending goods back moves: returns, exchanges, withdrawals, and paying them out."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from knowledge.commerce import OrderItem, Return
from knowledge.service.payments import original_methods, paid, paid_by_method, payable, rounded, splits
from knowledge.service.terms import delivered_on
from tools.actions.books import Books, labelled
from tools.actions.order_plans import cancel_order, shipping_cost, swap_items, variant_item


def return_items(books: Books) -> None:
    """Items go back; their money is promised for when they arrive, less what the terms keep."""
    items = books.case.chosen
    value = books.value_items(items)
    value += _restocking(books, items)
    value += _postage(books, value)
    amount = min(max(value, Decimal(0)), payable(books.order))
    books.settle_at(amount)
    _ask(books, "return", amount, books.case.request.payment_method_id)


def _restocking(books: Books, items: list[OrderItem]) -> Decimal:
    terms = books.case.terms
    if terms is None:
        return Decimal(0)
    kept = Decimal(0)
    for item in items:
        percent = terms.restocking_for(books.case.product_of(item))
        kept += rounded((item.price or Decimal(0)) * item.quantity * percent / 100, books.currency)
    books.line("fee", "restocking", -kept)
    return -kept


def _postage(books: Books, most: Decimal) -> Decimal:
    terms, delivered = books.case.terms, delivered_on(books.order)
    days = (books.now.date() - delivered).days if delivered else None
    postage = (terms.postage_for(books.case.market, days) if terms else None) or Decimal(0)
    postage = min(rounded(postage, books.currency), max(most, Decimal(0)))
    books.line("postage", "return postage", -postage)
    return -postage


def exchange_items(books: Books) -> None:
    """Items go back for other variants, which are set aside now; the price difference is settled when they arrive."""
    for old, (product, variant) in books.case.pairs:
        books.line("item", labelled(old.name, old.options), old.price or Decimal(0), old.sku)
        price = books.case.price_of(variant) or Decimal(0)
        books.line("new_item", labelled(product.name, variant.options), -price, variant.sku)
        books.stock.subtract({variant.sku: 1})
    listed = -sum((line.amount for line in books.lines), Decimal(0))
    difference = max(listed, -payable(books.order))
    books.settle_at(-difference)
    entry = _ask(books, "exchange", Decimal(0), books.case.request.payment_method_id)
    entry.new_item_ids = list(books.case.request.new_item_ids)
    entry.new_items = [
        variant_item(old, product, variant, books.case.price_of(variant) or Decimal(0))
        for old, (product, variant) in books.case.pairs
    ]
    entry.price_difference = difference
    books.methods = [(entry.refund_method, -difference)] if difference else []


def withdraw(books: Books) -> None:
    """The contract ends for items, or for all that were not sent back yet: what was paid for them goes back, with
    standard shipping where all of them go back at once (Directive 2011/83/EU, Art. 13). An order that has not left is
    cancelled.
    """
    items = books.case.chosen or books.case.at_hand
    whole = len(items) == sum(item.quantity for item in books.order.items)
    if whole and not books.left:
        cancel_order(books)
        books.order.status = "cancelled"
        return
    value = books.value_items(items)
    shipping = rounded(shipping_cost(books.order), books.currency) if whole else Decimal(0)
    books.line("shipping", "shipping", shipping)
    amount = min(max(value + shipping, Decimal(0)), payable(books.order))
    books.settle_at(amount)
    entry = _ask(books, "withdrawal", amount, next(iter(original_methods(books.order)), ""))
    entry.item_ids = [item.sku for item in items]
    books.methods = splits(amount, list(paid_by_method(books.order).items()))


def _ask(books: Books, kind: str, amount: Decimal, method: str) -> Return:
    """Enter goods that are to come back."""
    entry = Return(
        return_id=f"RET-{sha256(books.operation_id.encode()).hexdigest()[:12]}", status="requested", kind=kind,
        item_ids=list(books.case.request.item_ids), requested_at=books.now, refund_amount=amount,
        refund_method=method, operation_id=books.operation_id,
    )  # fmt: skip
    books.order.returns = [*books.order.returns, entry]
    books.order.status = books.effect.becomes or books.order.status
    books.when = "on_arrival"
    books.methods = [(method, amount)] if amount else []
    return books.order.returns[-1]


def settle_return(books: Books) -> None:
    """The goods arrived: what was promised for them is paid, or the difference of an exchange is settled."""
    place = next(at for at, entry in enumerate(books.order.returns) if entry == books.case.settled)
    entry = books.order.returns[place]
    if entry.kind == "exchange":
        _settle_exchange(books, entry)
        return
    promised, entry.status = entry.refund_amount or Decimal(0), "refunded"
    amount = min(promised, sum(paid_by_method(books.order).values(), Decimal(0)))
    books.line("return", "return", amount, entry.return_id)
    for method, part in _destinations(books, entry, amount):
        books.refund(method, part)
    entry.received_at = entry.received_at or books.now
    entry.refunded_at, entry.refund_amount = books.now, amount
    books.order.status = books.effect.becomes or "returned"


def _destinations(books: Books, entry: Return, amount: Decimal) -> list[tuple[str, Decimal]]:
    """A withdrawal's money goes back the way it came; a return's where the customer said."""
    if entry.kind == "withdrawal":
        return splits(amount, list(paid_by_method(books.order).items()))
    method = entry.refund_method
    known = method in (books.customer.payment_methods if books.customer else {})
    return [(method, amount)] if known else splits(amount, list(paid_by_method(books.order).items()))


def _settle_exchange(books: Books, entry: Return) -> None:
    difference = max(entry.price_difference or Decimal(0), -paid(books.order))
    books.line("exchange", "exchange", -difference, entry.return_id)
    if difference > 0:
        books.pay(entry.refund_method, difference)
    elif difference < 0:
        books.refund(entry.refund_method, -difference)
    swap_items(books, zip(entry.item_ids, entry.new_items, strict=False))
    entry.status, entry.received_at = "exchanged", entry.received_at or books.now
    books.order.status = books.effect.becomes or "delivered"
