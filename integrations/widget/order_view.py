"""An order as a card: its state in words, the way of its parcel step by step, what may still be asked for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assistant.embedded.wording import PLACED, SCANS, Words

ARRIVED = ("delivered", "lost", "returned_to_sender")


def order_card(order: dict[str, Any], language: str) -> dict[str, Any]:
    """An order as its tool tells it (`tools.orders`), as the payload `order` has it."""
    words = Words(language)
    parcel = _latest(order["parcels"])
    numbers = order["tracking_numbers"] or [""]
    return {
        "order_id": order["order_id"], "status": order["status"], "status_words": words.state(order["status"]),
        "placed_at": order["placed_at"], "items": [_item(item) for item in order["items"]],
        "total": _text(order["total"]), "currency": order["currency"],
        "timeline": _timeline(order, parcel, words),
        "carrier": parcel.get("carrier", ""), "tracking_number": parcel.get("tracking_id") or numbers[0],
        "tracking_url": parcel.get("tracking_url", ""), "expected": _expected(order, parcel, words),
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"), "actions": order.get("actions", []),
    }  # fmt: skip


def order_line(order: dict[str, Any], language: str) -> dict[str, Any]:
    """An order in a list."""
    return {
        "order_id": order["order_id"], "status_words": Words(language).state(order["status"]),
        "placed_at": order["placed_at"], "total": _text(order["total"]), "currency": order["currency"],
    }  # fmt: skip


def picture_of(product_id: str) -> str:
    """Where a product's picture is."""
    return f"/images/{product_id}.svg" if product_id else ""


def _item(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "item_id": item["sku"], "product_id": item["product_id"], "name": item["name"],
        "variant": variant_name(item["options"]), "quantity": item["quantity"], "price": _text(item["price"]),
        "image": picture_of(item["product_id"]),
    }  # fmt: skip


def variant_name(options: dict[str, Any]) -> str:
    """What tells a variant from its sisters: its options."""
    return ", ".join(str(value) for value in options.values())


def _text(amount: Any) -> str | None:
    return None if amount is None else str(amount)


def _latest(parcels: list[dict[str, Any]]) -> dict[str, Any]:
    """The parcel that was scanned last."""
    return max(parcels, key=lambda parcel: [event["at"] for event in parcel["events"][-1:]], default={})


def _timeline(order: dict[str, Any], parcel: dict[str, Any], words: Words) -> list[dict[str, Any]]:
    """Every step there was, the last one current; how the order stands, where nothing scanned says it."""
    steps = [_step("placed", words.say(PLACED), order["placed_at"] or "")]
    steps += [_scan(event, words) for event in parcel.get("events", [])]
    if len(steps) == 1 or order["status"] in ("cancelled", "returned", "refunded"):
        steps.append(_step(order["status"], words.state(order["status"])))
    return [{**step, "current": step is steps[-1]} for step in steps]


def _step(status: str, said: str, at: str = "", place: str = "") -> dict[str, Any]:
    return {"status": status, "words": said, "at": at, "place": place}


def _scan(event: dict[str, Any], words: Words) -> dict[str, Any]:
    code = event["code"]
    said = words.say(SCANS[code]) if code in SCANS else (event["note"] or code)
    return _step(code, said, event["at"], words.place(event["place"]))


def _expected(order: dict[str, Any], parcel: dict[str, Any], words: Words) -> str:
    """When it should arrive, as a sentence; '' where it has, or never will."""
    arrived = any(event["code"] in ARRIVED for event in parcel.get("events", []))
    until = parcel.get("estimated_until")
    if arrived or not until or order["status"] in ("cancelled", "lost", "returned"):
        return ""
    since = parcel.get("estimated_from")
    return words.expected(since, until)
