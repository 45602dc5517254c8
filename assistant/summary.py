"""What a person who takes over should know, gathered by code from the conversation: nothing in it is a model's word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from tools.actions.ledger import Entry
from tools.context import Session

MOST_ASKED = 12
"""Messages of the shopper that are told, the newest."""


def summarize(session: Session, messages: Sequence[AnyMessage], entries: Sequence[Entry]) -> dict[str, Any]:
    """Who asks in which language, what was asked, which orders it is about, what was tried with which outcome, and what
    was quoted, promised or done.
    """
    asked = [message.text for message in messages if isinstance(message, HumanMessage)]
    return {
        "language": session.language, "market": session.market, "customer": session.customer_id,
        "orders": _orders(session, messages), "asked": asked[-MOST_ASKED:], "tried": _tried(messages),
        "actions": [_action(entry) for entry in reversed(entries)],
    }  # fmt: skip


def _orders(session: Session, messages: Sequence[AnyMessage]) -> list[str]:
    told = [message.artifact for message in messages if isinstance(message, ToolMessage)]
    shown = [(held.get("order") or {}).get("order_id") for held in told if isinstance(held, dict)]
    return list(dict.fromkeys([*(str(order) for order in shown if order), *sorted(session.order_ids)]))


def _tried(messages: Sequence[AnyMessage]) -> list[dict[str, Any]]:
    """Each kind of call once, with what it was asked last and what came of it."""
    results = {message.tool_call_id: message.artifact for message in messages if isinstance(message, ToolMessage)}
    tried: dict[str, dict[str, Any]] = {}
    for message in messages:
        for call in message.tool_calls if isinstance(message, AIMessage) else []:
            told = results.get(call["id"] or "")
            outcome = told.get("status", "failed") if isinstance(told, dict) else "failed"
            named = call["args"].get("order_id") or call["args"].get("question") or call["args"].get("query") or ""
            tried[f"{call['name']} {named}"] = {"tool": call["name"], "about": str(named), "outcome": outcome}
    return list(tried.values())


def _action(entry: Entry) -> dict[str, Any]:
    total: dict[str, Any] = {name: entry.quote[name] for name in ("total", "currency") if name in entry.quote}
    return {
        "operation_id": entry.operation_id, "action": entry.name, "order": entry.order_id, "status": entry.status,
        "rule": entry.rule, **total,
    }  # fmt: skip
