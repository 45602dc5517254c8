"""Orders and customers written in the shop's own `json` format (DESIGN 8): amounts are numbers, and a return that an
action made stands in the format's own fields.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.commerce import Customer, Order, Return

MONEY = ("amount", "balance", "price", "cost", "refund_amount", "price_difference")
"""Fields that hold an amount, wherever they stand."""


def order_record(order: Order) -> dict[str, Any]:
    """An order as the format writes it: only what is set, under the format's names."""
    record = plain(order.model_dump(by_alias=True, exclude_unset=True))
    made = [entry for entry in order.returns if entry.operation_id]
    if made:
        kept = [record["returns"][at] for at, entry in enumerate(order.returns) if not entry.operation_id]
        record["returns"] = kept
        if not kept:
            del record["returns"]
    for entry in made:
        record |= _fields_of(entry)
    return dict(record)


def _fields_of(entry: Return) -> dict[str, Any]:
    if entry.kind == "exchange":
        return {
            "exchange_items": sorted(entry.item_ids), "exchange_new_items": sorted(entry.new_item_ids),
            "exchange_payment_method_id": entry.refund_method,
            "exchange_price_difference": plain(entry.price_difference),
        }  # fmt: skip
    return {"return_items": sorted(entry.item_ids), "return_payment_method_id": entry.refund_method}


def customer_record(customer: Customer) -> dict[str, Any]:
    """A customer as the format writes them."""
    return dict(plain(customer.model_dump(by_alias=True, exclude_unset=True)))


def plain(value: Any, name: str = "") -> Any:
    """A value as JSON has it; an amount as a number, in its shortest form."""
    if isinstance(value, dict):
        return {key: plain(held, key) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held, name) for held in value]
    if isinstance(value, Decimal) or (name in MONEY and isinstance(value, str) and value):
        return float(Decimal(value))
    return value.isoformat() if isinstance(value, date) else value
