"""What was told, in short plain sentences whose meaning can be compared with that of an answer's: a fact each, a
sentence of a passage each. Codes of ours are worded in English, which the encoder sets beside eight languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

MUTE = {
    "at", "channel", "cite", "closeness", "country", "currency", "delivered_at", "document", "estimated_from",
    "estimated_until", "exchange_for", "hs_code", "id", "image_hint", "ip_rating", "item_id", "item_ids", "kind",
    "launched", "locale", "market", "new_item_ids", "number", "operation_id", "order_id", "payment_method_id",
    "place", "placed_at", "price", "price_to", "product_id", "query", "question", "reason", "received_at",
    "reference", "refunded_at", "requested_at", "return_id", "rule", "score", "sku", "status", "stock", "token",
    "tracking_id", "tracking_numbers", "url", "valid_from", "valid_until", "weekdays", "zone",
}  # fmt: skip
"""Fields that are told by themselves, by figures alone, or not at all."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+")
_PART = re.compile(r"\s*[;,]\s+")

FEW = 10
"""Pieces in stock below which an answer says how few are left."""


@cache
def wordings() -> dict[str, dict[str, str]]:
    """What codes, facts and fields come to (`wordings.toml`)."""
    return tomllib.loads((files("assistant.guardrails") / "wordings.toml").read_text("utf-8"))


def gists_of(told: Mapping[str, Any]) -> Iterator[str]:
    """The short sentences of a tool's result."""
    for name, value in told.items():
        if name in CODES:
            yield from _codes(value, told)
        elif name in SPOKEN:
            yield from SPOKEN[name](value)
        elif name not in MUTE:
            yield from _fact(name, value)


def _codes(value: Any, told: Mapping[str, Any]) -> Iterator[str]:
    about = {"note": told.get("note") or "air", "place": told.get("place") or "transit"}
    codes = list(map(str, value)) if isinstance(value, list) else [str(value)]
    worded = wordings()
    yield from (worded["codes"][code].format(**about) for code in codes if code in worded["codes"])
    yield from (text for both, text in worded["together"].items() if set(both.split()) <= set(codes))


def _passages(passages: list[Mapping[str, Any]] | None) -> Iterator[str]:
    for passage in passages or []:
        for part in filter(_says, _sentences(passage.get("text", ""))):
            label, _, value = part.partition(": ")
            row = ", ".join(cell.strip() for cell in part.strip("|").split("|")) if part.startswith("|") else part
            yield wordings().get(value, {}).get(label.replace(" ", "_"), row)


def _says(part: str) -> bool:
    """Whether it is more than the line under a table's head."""
    return any(map(str.isalpha, part))


def _refunds(refunds: list[Any]) -> Iterator[str]:
    yield from ([] if refunds else ["No refund has been made yet."])


def _refunded(amounts: Any) -> Iterator[str]:
    yield from (wordings()["codes"]["refunded"],) if amounts else ()


def _postage(postage: Any) -> Iterator[str]:
    yield "The return is free of charge." if _is_nothing(postage) else "The return costs postage."


def _shipping(shipping: Mapping[str, Any]) -> Iterator[str]:
    if shipping.get("method"):
        yield f"You chose {shipping['method']} shipping."
    yield "Shipping was free." if _is_nothing(shipping.get("cost")) else "You paid for shipping."


def _is_nothing(amount: Any) -> bool:
    return str(amount) in ("0", "0.0", "0.00")


def _paid(methods: list[Mapping[str, Any]] | None) -> Iterator[str]:
    for method in methods or []:
        if method.get("used"):
            yield f"The order was paid with {str(method.get('kind', '')).replace('_', ' ')}."


def _due(due: Mapping[str, Any]) -> Iterator[str]:
    yield f"The order is not paid yet; the amount is due {due.get('when', '')}."


def _called(now: bool) -> Iterator[str]:
    yield "A colleague takes over; the team is there now." if now else "A colleague takes over later."


def _things(things: list[Mapping[str, Any]] | None) -> Iterator[str]:
    """Variants and items, by their options."""
    for thing in things or []:
        named = f"{thing.get('name', '')} {', '.join(map(str, (thing.get('options') or {}).values()))}".strip()
        stands = "is sold out" if thing.get("available") is False else "is available" if "available" in thing else ""
        yield f"{named} {stands}".strip()
        if isinstance(stock := thing.get("stock"), int) and 0 < stock < FEW:
            yield f"Only {stock} pieces of {named} are left."
        yield from _codes(thing.get("rule"), thing)


def _care(care: Any) -> Iterator[str]:
    """As a whole, and each instruction."""
    yield str(care)
    parts = _PART.split(str(care))
    yield from parts if len(parts) > 1 else ()


def _warnings(warnings: Any) -> Iterator[str]:
    for warning in warnings if isinstance(warnings, list) else [warnings]:
        yield from _sentences(str(warning))


def _fact(name: str, value: Any) -> Iterator[str]:
    label = name.replace("_", " ")
    if isinstance(value, Mapping):
        yield from gists_of(value)
    elif isinstance(value, list):
        for one in value:
            yield from gists_of(one) if isinstance(one, Mapping) else _fact(name, one)
    elif isinstance(value, bool):
        yield wordings()["yes" if value else "no"].get(name) or (label if value else f"no {label}; not {label}")
    elif isinstance(value, str) and any(map(str.isalpha, value)):
        yield from _text(name, label, value)


def _text(name: str, label: str, value: str) -> Iterator[str]:
    if name in ("summary", "message", "note"):
        yield from _sentences(value)
    else:
        yield wordings()["fields"].get(name, label + ": {}").format(value)


def _sentences(text: str) -> Iterator[str]:
    yield from (part for part in map(str.strip, _cut(str(text))) if len(part) > 3)


@lru_cache(1024)
def _cut(text: str) -> tuple[str, ...]:
    """A text's sentences and rows: the same passages are told again and again."""
    return tuple(_SENTENCE.split(text))


CODES = {"status", "rule", "code", "actions", "order_status"}
"""Fields that hold codes of ours."""

SPOKEN: dict[str, Callable[[Any], Iterator[str]]] = {
    "passages": _passages, "refunds": _refunds, "refunded": _refunded, "postage": _postage, "payment_due": _due,
    "variants": _things, "items": _things, "open_now": _called, "shipping": _shipping,
    "payment_methods": _paid, "care": _care, "warnings": _warnings,
}  # fmt: skip
"""How fields are told that say more than their name and value."""
