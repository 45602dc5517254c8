"""An order, a product, the sources of an answer: as parts of messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.events import Citation
from integrations.slack.block_kit import Block
from integrations.slack.blocks import context, cut, fields, header, safe, section

MOST_ITEMS = 8
"""Lines of an order that a card shows."""


def sources(entries: Sequence[Citation]) -> list[Block]:
    """Where an answer stands, numbered as in its text."""
    lines = [f"[{entry.number}] *{safe(cut(entry.title, 120))}*: {safe(cut(entry.quote, 240))}" for entry in entries]
    return [context(line) for line in lines[:8]]


def products(entries: Sequence[dict[str, Any]]) -> list[Block]:
    """The products an answer names."""
    return [context(*(f"*{safe(one['name'])}*: {price_of(one)}" for one in entries[:6]))] if entries else []


def price_of(product: dict[str, Any]) -> str:
    """A price as it is stated, and whether it can be had."""
    price = f"{product['price']} {product['currency']}" if product.get("price") else "no price"
    return price if product.get("available") else f"{price}, out of stock"


def order_card(order: dict[str, Any], customer: str = "") -> list[Block]:
    """An order, as `describe_order` tells it. For the eyes of the staff."""
    told = [
        ("Status", str(order["status"])), ("Placed", str(order.get("placed_at") or "")[:16].replace("T", " ")),
        ("Total", f"{order.get('total') or '–'} {order.get('currency', '')}"), ("Customer", customer),
        ("To", ", ".join(filter(None, [order.get("city"), order.get("market")]))),
        ("Refunded", ", ".join(map(str, order.get("refunded") or []))),
    ]  # fmt: skip
    return [header(f"Order {order['order_id']}"), fields(told), section(_items(order)), *_parcels(order)]


def _items(order: dict[str, Any]) -> str:
    items = order.get("items") or []
    lines = [f"• {item['quantity']} × {safe(item['name'])}  {item.get('price') or ''}" for item in items[:MOST_ITEMS]]
    more = [f"… and {len(items) - MOST_ITEMS} more"] if len(items) > MOST_ITEMS else []
    return "\n".join([*lines, *more]) or "No items."


def _parcels(order: dict[str, Any]) -> list[Block]:
    lines = []
    for parcel in (order.get("parcels") or [])[:4]:
        last = (parcel.get("events") or [{}])[-1]
        code = str(last.get("code", "no scan yet")).replace("_", " ")
        scan = f"{code} {str(last.get('at', ''))[:16]} {last.get('place', '')}"
        lines.append(f"{safe(parcel['tracking_id'])}: {safe(scan.strip())}")
    return [context(*lines)] if lines else []
