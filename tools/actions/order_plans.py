"""What cancelling and changing an order moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from knowledge.commerce import Address, Product, Variant
from knowledge.service.payments import goods_value, paid, paid_by_method, rounded
from knowledge.service.requests import ShipTo
from tools.actions.books import Books, labelled


def cancel_order(books: Books) -> None:
    """The order ends; what was paid goes back the way it came, what was not paid is not due any more."""
    total = paid(books.order)
    _ended(books, total)
    for method, amount in paid_by_method(books.order).items():
        books.refund(method, amount)
    books.put_back(books.order.items)
    books.order.cancel_reason = books.case.request.reason or "withdrawal"
    books.order.status = books.effect.becomes or "cancelled"
    _forget_due(books)


def _ended(books: Books, total: Decimal) -> None:
    """Lines of a whole order: its items, and shipping."""
    books.value_items(books.order.items)
    shipping = books.order.attributes.get("shipping") or {}
    books.line("shipping", "shipping", Decimal(str(shipping.get("cost") or 0)))
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
        for old, amount in before.items():
            books.refund(old, amount)
    if due := books.order.attributes.get("payment_due"):
        books.order = books.order.model_copy(update={"payment_due": {**due, "payment_method_id": method}})
    _become(books)


def change_order_items(books: Books) -> None:
    """Items become other variants of theirs; the price difference is paid or paid back now."""
    for old, (product, variant) in books.case.pairs:
        price = cast("Decimal", books.case.price_of(variant))
        books.line("item", labelled(old.name, old.options), old.price or Decimal(0), old.sku)
        books.line("new_item", labelled(product.name, variant.options), -price, variant.sku)
        swap_item(books, old.sku, product, variant, price)
        books.stock.update({old.sku: 1})
        books.stock.subtract({variant.sku: 1})
    difference = -sum((line.amount for line in books.lines), Decimal(0))
    _move_difference(books, difference)
    _become(books)


def _move_difference(books: Books, difference: Decimal) -> None:
    """The difference by the method named, and entered even where it is nothing; on an order not paid yet, added to what
    is due.
    """
    due = books.order.attributes.get("payment_due")
    if due and not paid(books.order):
        amount = Decimal(str(due.get("amount") or 0)) + difference
        books.order = books.order.model_copy(update={"payment_due": {**due, "amount": amount}})
    elif difference > 0:
        books.pay(books.case.request.payment_method_id, difference)
    else:
        books.refund(books.case.request.payment_method_id, -difference)


def swap_item(books: Books, old: str, product: Product, variant: Variant, price: Decimal) -> None:
    """Put one piece of a variant where one piece of another was; the other pieces of a line stay."""
    items = books.order.items
    place = next(at for at, item in enumerate(items) if item.sku == old)
    new = items[place].model_copy(
        update={"sku": variant.sku, "price": price, "options": dict(variant.options), "product_id": product.product_id}
    )
    if items[place].quantity > 1:
        items[place].quantity -= 1
        items.insert(place + 1, new.model_copy(update={"quantity": 1}))
    else:
        items[place] = new


def _become(books: Books) -> None:
    if books.effect.becomes:
        books.order.status = books.effect.becomes


def shipping_back(books: Books, part: Decimal) -> Decimal:
    """The share of the shipping cost that goes with a part of the goods: all of it with all of them, else none."""
    cost = Decimal(str((books.order.attributes.get("shipping") or {}).get("cost") or 0))
    return rounded(cost, books.currency) if part == goods_value(books.order.items) else Decimal(0)
