"""A tool's result in short: what a later turn may refer to, and what its answer cited."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from langchain_core.messages import ToolMessage

from assistant.guardrails.untrusted import fence

MOST_LETTERS = 1000
"""Longest text, and longest nested fact (as JSON), that a digest keeps."""

MOST_LISTED = 5
"""Products and orders of a list that a digest keeps."""

MOST_CITED = 3
"""Passages a digest keeps, of those the answer cited."""

_SHORT = {
    "products": ("product_id", "name", "price", "price_to", "currency", "available"),
    "orders": ("order_id", "status", "placed_at"),
    "order": ("order_id", "status", "placed_at", "total", "currency"),
}
"""Of what is listed or too long, the fields that name it."""

SHORT = "short"
"""Marks a message whose result is a digest (in its additional_kwargs)."""

_SECRET = ("token",)
"""What is for the shopper's eyes once, and for no later turn."""


def digest(told: dict[str, Any], cited: Collection[str]) -> dict[str, Any]:
    """A result without its passages, but for those cited, and with no more of long facts than names them. A digest of a
    digest is the same.
    """
    short = {name: _short(name, value) for name, value in told.items() if name not in ("passages", *_SECRET)}
    kept = {name: value for name, value in short.items() if value is not None}
    passages = [passage for passage in told.get("passages") or [] if passage["cite"] in cited]
    return kept | ({"passages": passages[:MOST_CITED]} if passages else {})


def shortened(message: ToolMessage, cited: Collection[str]) -> ToolMessage:
    """A tool's message with a digest in place of its result; the model reads that it is one."""
    done = message.additional_kwargs.get(SHORT) and (cited or not (message.artifact or {}).get("passages"))
    if done or not isinstance(message.artifact, dict):
        return message
    short = digest(message.artifact, cited)
    text = json.dumps({"earlier_result_in_short": short}, ensure_ascii=False)
    return ToolMessage(
        fence(text, message.name or ""), id=message.id, name=message.name, tool_call_id=message.tool_call_id,
        artifact=short, additional_kwargs={SHORT: True},
    )  # fmt: skip


def _short(name: str, value: Any) -> Any:
    """A fact in short, or None where it is too long and has no names."""
    if isinstance(value, str):
        return value[:MOST_LETTERS]
    if not isinstance(value, dict | list):
        return value
    if isinstance(value, list) and name in _SHORT:
        return [_named(name, entry) for entry in value[:MOST_LISTED]]
    if len(json.dumps(value, ensure_ascii=False)) <= MOST_LETTERS:
        return value
    return _named(name, value) if isinstance(value, dict) and name in _SHORT else None


def _named(name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {field: value[field] for field in _SHORT[name] if field in value}
