"""What a served model should know beside the messages: the day, the country, who asks, and what was shown, decided and
promised, however long ago. All of it comes from code and from tools, none from what anyone wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from langchain_core.messages import AnyMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.memory.keeping import pinned_by
from tools.context import Session

TOLD = ("today", "language", "market", "identified")
"""What a shopper's message carries beside its text (in its additional_kwargs), where it is known."""


def told_beside(session: Session, today: date) -> dict[str, str]:
    """What a shopper's message carries beside its text. The time of day changes with each turn, and is not told."""
    orders = ", ".join(sorted(session.order_ids))
    identified = "as a customer" if session.customer_id else f"for order {orders}" if orders else "no"
    return {
        "language": session.language, "market": session.market, "today": today.isoformat(), "identified": identified,
    }  # fmt: skip


_STATES = {
    "needs_confirmation": "waits for the shopper's yes", "needs_approval": "a colleague decides", "done": "done",
    "denied": "denied", "unknown": "outcome not known yet", "taken_back": "taken back",
}  # fmt: skip


def notes(messages: Sequence[AnyMessage | BaseMessage]) -> str:
    """The notes of the turn that messages end in; the same through the whole turn but for what tools tell in it."""
    asked = next((message for message in reversed(messages) if isinstance(message, HumanMessage)), None)
    if asked is None:
        return ""
    known = [f"{name}: {asked.additional_kwargs[name]}" for name in TOLD if asked.additional_kwargs.get(name)]
    lines = [", ".join(known), *_remembered(messages[: messages.index(asked)])]
    return "<context>\n" + "\n".join(filter(None, lines)) + "\n</context>"


def _remembered(messages: Sequence[AnyMessage | BaseMessage]) -> Iterator[str]:
    """A line for the last result about each order, action and person called."""
    found: dict[tuple[str, str], str] = {}
    for message in messages:
        if isinstance(message, ToolMessage) and (about := pinned_by(message)):
            found.pop(about, None)
            found[about] = _line(*about, message.artifact)
    yield from found.values()


def _line(kind: str, name: str, told: dict[str, Any]) -> str:
    if kind == "person":
        return f"person called: reference {name}"
    if kind == "order":
        status = (told.get("order") or {}).get("status") or told.get("order_status")
        return f"order opened: {name}" + (f", then {status}" if status else "")
    order = (told.get("quote") or {}).get("order_id") or told.get("order_id") or ""
    state = _STATES.get(str(told.get("status")), str(told.get("status")))
    return " ".join(filter(None, ("action", str(told.get("action") or ""), str(order)))) + f": {state}"
