"""Shopify's product and order CSV exports, with the headers of either generation."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from typing import Any

from integrations.shops.exports import Export, ExportUnreadable, methods_of, read_records
from integrations.shops.sheets import Sheet
from knowledge.commerce import Customer, Order, Product

Row = dict[str, str]

RENAMED = {
    "url handle": "handle", "body (html)": "description", "variant sku": "sku", "variant price": "price",
    "variant inventory qty": "inventory quantity", "variant barcode": "barcode",
    "variant grams": "weight value (grams)",
    "variant inventory policy": "continue selling when out of stock",
    "product type": "type", "shipping address1": "shipping street",
}  # fmt: skip
"""Old headers and new ones, under one name."""


def is_shopify(sheet: Sheet) -> bool:
    """Whether a table is Shopify's product or order export."""
    headings = {RENAMED.get(name, name) for name in map(str.lower, sheet.headings)}
    return {"handle", "title"} <= headings or {"name", "lineitem name"} <= headings


def read_shopify(sheet: Sheet) -> Export:
    """A product export or an order export. Raises ExportUnreadable."""
    rows, export = [_row(row) for _, row in sheet.rows], Export()
    headings = {RENAMED.get(name, name) for name in map(str.lower, sheet.headings)}
    try:
        if {"handle", "title"} <= headings:
            export.products = _products(rows)
        elif {"name", "lineitem name"} <= headings:
            export.orders, export.customers = _orders(rows)
            currencies = [row["currency"] for row in rows if row.get("currency")]
            export.facts |= {"home_currency": currencies[0]} if currencies else {}
    except (ValueError, KeyError) as error:
        raise ExportUnreadable(f"{sheet.name}: {error}") from error
    return export


def _row(row: dict[str, Any]) -> Row:
    named = ((str(key).strip().lower(), value) for key, value in row.items() if key and isinstance(value, str))
    return {RENAMED.get(key, key): value.strip() for key, value in named if value.strip()}


def _grouped(rows: list[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if key in row:
            groups[row[key]].append(row)
    return groups


def _products(rows: list[Row]) -> list[Product]:
    groups = _grouped(rows, "handle").items()
    records = {handle: _product(group) for handle, group in groups if group[0].get("status", "active") == "active"}
    return read_records(Product, records, "product_id")


def _product(rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    names = {i: row[f"option{i} name"] for i in (1, 2, 3) for row in rows if f"option{i} name" in row}
    variants = [_variant(row, names, position) for position, row in enumerate(rows) if "price" in row or "sku" in row]
    fields = {"vendor": first.get("vendor"), "type": first.get("type"), "tags": first.get("tags")}
    metafields = {key.split(" (")[0]: value for key, value in first.items() if "metafields" in key}
    return {
        "name": first.get("title", first["handle"]), "summary": text_of_html(first.get("description", "")),
        "category": first.get("product category") or first.get("type") or "", "variants": variants,
        **{key: value for key, value in {**fields, **metafields}.items() if value},
    }  # fmt: skip


def _variant(row: Row, names: dict[int, str], position: int) -> dict[str, Any]:
    quantity = row.get("inventory quantity")
    stock = int(quantity) if quantity and quantity.lstrip("-").isdigit() else None
    options = {names[i]: row[f"option{i} value"] for i in names if f"option{i} value" in row}
    continues = row.get("continue selling when out of stock", "").lower() in ("continue", "true")
    return {
        "item_id": row.get("sku") or f"{row['handle']}-{position + 1}", "price": row.get("price"), "stock": stock,
        "options": {} if options.get("Title") == "Default Title" else options,
        "gtin": row.get("barcode", ""), "available": stock is None or stock > 0 or continues,
    }  # fmt: skip


def _orders(rows: list[Row]) -> tuple[list[Order], list[Customer]]:
    groups = _grouped(rows, "name")
    orders = read_records(Order, {name: _order(group) for name, group in groups.items()}, "order_id")
    people: dict[str, dict[str, Any]] = {}
    for group in groups.values():
        first = group[0]
        person = people.setdefault(_customer_id(first), {"email": first.get("email", ""), "orders": []})
        person["name"] = first.get("shipping name") or first.get("billing name") or ""
        person["address"] = _address(first)
        person["orders"].append(first["name"])
        person.setdefault("payment_methods", {}).update(methods_of(_order(group)["payment_history"]))
    return orders, read_records(Customer, people, "user_id")


def _customer_id(row: Row) -> str:
    return row.get("email", "").lower() or f"guest-{row['name'].lstrip('#')}"


def _order(rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    items = [
        {"name": row["lineitem name"], "item_id": row.get("lineitem sku", ""), "price": row.get("lineitem price"),
         "quantity": int(row.get("lineitem quantity", "1"))}
        for row in rows if "lineitem name" in row
    ]  # fmt: skip
    total = first.get("total")
    payment = {
        "transaction_type": "payment",
        "amount": total,
        "payment_method_id": first.get("payment method", ""),
    }
    return {
        "user_id": _customer_id(first), "status": _status(first), "items": items, "address": _address(first),
        "market": first.get("shipping country", ""), "channel": first.get("source", ""),
        "currency": first.get("currency", ""), "placed_at": _moment(first.get("created at", "")),
        "payment_history": [*([payment] if total else []), *_refund(first)],
    }  # fmt: skip


def _refund(row: Row) -> list[dict[str, str]]:
    amount = row.get("refunded amount", "")
    return [{"transaction_type": "refund", "amount": amount}] if amount.strip("0.") else []


def _moment(text: str) -> str | None:
    """Shopify writes 2026-11-12 10:00:00 +0100; ISO 8601 has no space before the zone."""
    return re.sub(r"\s(?=[+-]\d)", "", text).replace(" UTC", "Z") or None


def _status(row: Row) -> str:
    """Our word for the state two Shopify columns describe."""
    if "cancelled at" in row:
        return "cancelled"
    if row.get("financial status") == "refunded":
        return "refunded"
    shipped = {"fulfilled": "shipped", "partial": "partially shipped"}
    return shipped.get(row.get("fulfillment status", ""), "pending")


def _address(row: Row) -> dict[str, str]:
    fields = {"address1": "street", "address2": "address2", "city": "city", "zip": "zip", "state": "province"}
    found = {field: row.get(f"shipping {name}", "").lstrip("'") for field, name in fields.items()}
    return {**found, "country": row.get("shipping country", "")}


class _Text(HTMLParser):
    """Collects the text of an HTML fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data.strip())


def text_of_html(html: str) -> str:
    """The words of an HTML fragment, without its markup."""
    parser = _Text()
    parser.feed(html)
    return " ".join(part for part in parser.parts if part)
