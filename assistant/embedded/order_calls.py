"""Which tools serve a request about an order."""

from __future__ import annotations

import re
from typing import Any

from assistant.embedded.slots import Slots
from assistant.embedded.task import Task
from assistant.embedded.turn import Turn

ORDER_TOOL = {
    "order_status": "show_order",
    "return_request": "return_options",
    "refund_status": "refund_status",
}
"""The tool that answers each kind of request."""


def policy_call(task: Task) -> tuple[str, dict[str, Any]]:
    """The look-up of what the policies say to a task."""
    return ("search_policies", given(question=task.text, country=task.slots.country))


def order_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """The calls a request about an order needs next: proof first, then the order, else a list of them."""
    slots = task.slots
    orders, postcode = bare_numbers(task.text, slots)
    proof = given(email=slots.email, postcode="" if slots.email else postcode)
    calls: list[tuple[str, dict[str, Any]]] = []
    if orders and proof:
        calls = [("identify_customer", {"order_id": order, **proof}) for order in orders[:2]]
        if not turn.told("identify_customer"):
            return calls
    tool = ORDER_TOOL.get(task.intent)
    if task.intent == "order_change" or (task.intent == "return_request" and not orders):
        calls.append(policy_call(task))
    if tool and orders:
        return [*calls, *((tool, {"order_id": order}) for order in orders[:3])]
    if orders:
        return [*calls, ("show_order", {"order_id": orders[0]})]
    if task.intent == "order_change":
        return calls
    policy = policy_call(task)
    return [*({call[0]: call for call in [*calls, policy]}.values()), ("list_orders", {}), *_each_order(tool, turn)]


def _each_order(tool: str | None, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """For a return or refund without a number: look at the orders it can be about."""
    listed = [order for told in turn.told("list_orders") for order in told.get("orders", [])]
    if tool not in ("return_options", "refund_status"):
        return []
    states = {"delivered"} if tool == "return_options" else {"returned", "return requested", "refunded", "cancelled"}
    return [(tool, {"order_id": order["order_id"]}) for order in listed if order["status"] in states][:3]


def bare_numbers(text: str, slots: Slots) -> tuple[tuple[str, ...], str]:
    """Order numbers and the postcode, where a shop's order numbers are plain digits: of at most two numbers the first
    is the order's, a second one the postcode.
    """
    if slots.order_ids:
        return slots.order_ids, slots.postcode
    found = re.findall(r"(?<![\w.,@-])\d{4,12}(?![\w@%€-])", text)
    if not 1 <= len(found) <= 2:
        return (), slots.postcode
    other = found[1] if len(found) == 2 else slots.postcode
    return (found[0],), "" if other == found[0] else other


def given(**arguments: Any) -> dict[str, Any]:
    """Arguments that hold something."""
    return {name: value for name, value in arguments.items() if value not in (None, "", [], ())}
