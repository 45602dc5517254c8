"""Orders from any table of orders: a row is an item, rows of one number are one order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from integrations.shops.amounts import AmountUnclear, decimal_mark, read_amount
from integrations.shops.exports import Export, ExportUnreadable, methods_of, read_records
from integrations.shops.plain_csv import Cells, Prices, stock_in
from integrations.shops.sheets import Sheet, columns_of, lacking, meanings, plain
from knowledge.commerce import Customer, Order
from knowledge.markets import market_of

DAYS = ("%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d", "%Y年%m月%d日", "%d-%m-%Y")
TIMES = ("", " %H:%M", " %H:%M:%S")


def read_orders(sheet: Sheet, named: Mapping[str, str], currency: str = "") -> Export:
    """The orders of a table, with those who placed them. Raises ExportUnreadable."""
    columns = columns_of(sheet, "order", named)
    for field in ("id", "email", "status"):
        if field not in columns:
            raise lacking(sheet, "order", field)
    prices = Prices(sheet, columns.get("price", ""), columns.get("currency", ""), currency)
    groups: dict[str, list[tuple[int, Cells]]] = {}
    for line, row in sheet.rows:
        if number := row.get(columns["id"]):
            groups.setdefault(number, []).append((line, row))
    read = {number: _order(sheet, rows, columns, prices) for number, rows in groups.items()}
    orders = read_records(Order, {number: order for number, (order, _) in read.items()}, "order_id")
    people: dict[str, dict[str, Any]] = {}
    for number, (_, person) in read.items():
        held = people.setdefault(person["email"] or f"guest-{number}", {**person, "orders": []})
        held["orders"].append(number)
        held["payment_methods"] |= person["payment_methods"]
    told = f"{sheet.name}: " + ", ".join(f"{field} from {column!r}" for field, column in columns.items())
    return Export(orders=orders, customers=read_records(Customer, people, "user_id"), readings=[told])


def _order(
    sheet: Sheet, rows: list[tuple[int, Cells]], columns: Mapping[str, str], prices: Prices
) -> tuple[dict[str, Any], dict[str, Any]]:
    line, first = rows[0]
    told = {field: first[column] for field, column in columns.items() if first.get(column)}
    where = f"{sheet.name}, line {line}"
    address = {name: told[name] for name in ("address1", "zip", "city", "country") if name in told}
    email = told.get("email", "").lower()
    market = market_of(told.get("country", ""))
    items = [_item(line, row, columns, prices) for line, row in rows]
    paid = _paid(told, items, prices, where)
    parcel = {"tracking_id": told.get("tracking", ""), "carrier": told.get("carrier", "")}
    order = {
        "user_id": email or f"guest-{told['id']}", "status": state_of(told.get("status", ""), where),
        "placed_at": moment_in(told.get("placed_at", ""), where), "market": market, "address": address,
        "delivered_at": moment_in(told.get("delivered_at", ""), where), "items": items,
        "currency": told.get("currency") or prices.currency, "payment_history": paid,
        "tracking": [parcel] if parcel["tracking_id"] else [],
    }  # fmt: skip
    person = {"email": email, "name": told.get("name", ""), "address": address, "market": market}
    return order, {**person, "payment_methods": methods_of(paid)}


def _paid(told: Cells, items: list[dict[str, Any]], prices: Prices, where: str) -> list[dict[str, Any]]:
    """What was paid: the total where the file has one, else what the items come to; nothing where the state says so."""
    if plain(told.get("status", "")) in map(plain, meanings()["unpaid"]["states"]):
        return []
    try:
        total = read_amount(told["total"], prices.mark or decimal_mark([told["total"]])) if "total" in told else None
    except AmountUnclear as unclear:
        raise ExportUnreadable(f"{where}: the total {unclear}") from unclear
    priced = [Decimal(item["price"]) * item["quantity"] for item in items if item["price"] is not None]
    amount = sum(priced, Decimal(0)) if total is None else total
    method = told.get("payment") or "original"
    return [{"transaction_type": "payment", "amount": str(amount), "payment_method_id": method}] if amount > 0 else []


def _item(line: int, row: Cells, columns: Mapping[str, str], prices: Prices) -> dict[str, Any]:
    told = {field: row[column] for field, column in columns.items() if row.get(column)}
    price = prices.of(line, row)
    amount = price.get("price") or next(iter(price.get("prices", {}).values()), None)
    name = told.get("product") or told.get("sku") or "item"
    return {
        "name": name,
        "item_id": told.get("sku", ""),
        "price": amount,
        "quantity": stock_in(told.get("quantity", "")) or 1,
    }


def state_of(cell: str, where: str) -> str:
    """Our word for an order's state. Raises ExportUnreadable for one that nobody knows: guessed, it would be told."""
    wanted = plain(re.sub(r"^wc-", "", cell.strip()))
    for state, words in meanings()["states"].items():
        if wanted in map(plain, words):
            return str(state)
    known = ", ".join(meanings()["states"])
    raise ExportUnreadable(f"{where}: the state {cell!r} is not known; write one of {known}")


def moment_in(cell: str, where: str) -> str | None:
    """A day or moment as ISO 8601; None for an empty cell. Raises ExportUnreadable where it can be read in two ways."""
    text = cell.strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(re.sub(r"\s(?=[+-]\d{2}:?\d{2}$)", "", text).replace(" UTC", "Z")).isoformat()
    except ValueError:
        pass
    for form in (day + time for day in DAYS for time in TIMES):
        try:
            return datetime.strptime(text, form).isoformat()  # noqa: DTZ007  (without a zone it is read as UTC)
        except ValueError:
            continue
    raise ExportUnreadable(f"{where}: {cell!r} is no day we can read for certain; write it like 2026-11-30")
