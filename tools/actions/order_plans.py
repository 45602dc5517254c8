"""What cancelling and changing an order moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from knowledge.commerce import Address, Order, OrderItem, Product, Variant
from knowledge.service.money_rules import due
from knowledge.service.payments import paid, paid_by_method, payable, splits
from knowledge.service.requests import ShipTo
from tools.actions.books import Books, labelled


def cancel_order(books: Books) -> None:
    """The order ends; what was paid goes back the way it came, what was not paid is not due any more."""
    total = paid(books.order)
    _ended(books, total)
    for method, amount in splits(total, list(paid_by_method(books.order).items())):
        books.refund(method, amount)
    books.put_back(books.order.items)
    books.order.cancel_reason = books.case.request.reason or "withdrawal"
    books.order.status = books.effect.becomes or "cancelled"
    _forget_due(books)


def _ended(books: Books, total: Decimal) -> None:
    """Lines of a whole order: its items, and shipping."""
    books.value_items(books.order.items)
    books.line("shipping", "shipping", shipping_cost(books.order))
    books.line("unpaid", "unpaid", -due(books.case))
    books.settle_at(total)


def _forget_due(books: Books) -> None:
    if books.order.attributes.get("payment_due"):
        books.order = books.order.model_copy(update={"payment_due": None})


def change_order_address(books: Books) -> None:
    """The order goes elsewhere."""
    books.order.address = _address(books.order.address, books.case.request.arguments)
    _become(books)


def change_default_address(books: Books) -> None:
    """The account's address from now on; orders keep theirs."""
    if books.customer:
        books.customer.address = _address(books.customer.address, books.case.request.arguments)


def _address(held: Address, arguments: Any) -> Address:
    return held.model_copy(update={name: getattr(arguments, name) for name in ShipTo.model_fields})


def change_payment_method(books: Books) -> None:
    """Another method pays what the old ones paid, which get it back; an order not paid yet is due by the other one."""
    method, before = books.case.request.payment_method_id, paid_by_method(books.order)
    total = sum(before.values(), Decimal(0))
    if total > 0:
        books.pay(method, total)
        for old, amount in splits(total, list(before.items())):
            books.refund(old, amount)
    if due := books.order.attributes.get("payment_due"):
        books.order = books.order.model_copy(update={"payment_due": {**due, "payment_method_id": method}})
    _become(books)


def change_order_items(books: Books) -> None:
    """Items become other variants of theirs; the price difference is paid or paid back now."""
    swaps = []
    for old, (product, variant) in books.case.pairs:
        price = cast("Decimal", books.case.price_of(variant))
        books.line("item", labelled(old.name, old.options), old.price or Decimal(0), old.sku)
        books.line("new_item", labelled(product.name, variant.options), -price, variant.sku)
        swaps.append((old.sku, variant_item(old, product, variant, price)))
        books.put_back([old])
        books.stock.subtract({variant.sku: 1})
    swap_items(books, swaps)
    difference = -sum((line.amount for line in books.lines), Decimal(0))
    _move_difference(books, difference)
    _become(books)


def _move_difference(books: Books, difference: Decimal) -> None:
    """The difference by the method named, and entered even where it is nothing; on an order not paid yet, added to what
    is due. No more goes back than was paid, as where a discount made the goods cheaper than they are listed.
    """
    due = books.order.attributes.get("payment_due")
    if due and not paid(books.order):
        before = Decimal(str(due.get("amount") or 0))
        amount = max(before + difference, Decimal(0))
        books.order = books.order.model_copy(update={"payment_due": {**due, "amount": amount}})
        books.settle_at(before - amount)
    elif difference > 0:
        books.pay(books.case.request.payment_method_id, difference)
    else:
        back = min(-difference, payable(books.order))
        books.refund(books.case.request.payment_method_id, back)
        books.settle_at(back)


def variant_item(old: OrderItem, product: Product, variant: Variant, price: Decimal) -> OrderItem:
    """One piece of a variant, as it takes the place of an item."""
    name = old.name if product.product_id == old.product_id else product.name
    return OrderItem(
        name=name, product_id=product.product_id, sku=variant.sku, price=price, options=dict(variant.options)
    )  # fmt: skip


def swap_items(books: Books, swaps: Iterable[tuple[str, OrderItem]]) -> None:
    """Put pieces of variants where pieces of others were, all at once; the other pieces of a line stay."""
    waiting: dict[str, list[OrderItem]] = defaultdict(list)
    for old, new in swaps:
        waiting[old].append(new)
    items: list[OrderItem] = []
    for line in books.order.items:
        count, news = line.quantity, waiting[line.sku][: line.quantity]
        del waiting[line.sku][:count]
        one = {"quantity": 1} if count > 1 else {}
        pieces = [line.model_copy(update={name: getattr(new, name) for name in new.model_fields_set}) for new in news]
        if count > len(news):
            items.append(line.model_copy(update={"quantity": count - len(news)}) if news else line)
        items += [piece.model_copy(update=one) for piece in pieces]
    books.order.items = items


def _become(books: Books) -> None:
    if books.effect.becomes:
        books.order.status = books.effect.becomes


def shipping_cost(order: Order) -> Decimal:
    """What was charged for sending an order."""
    return Decimal(str((order.attributes.get("shipping") or {}).get("cost") or 0))
