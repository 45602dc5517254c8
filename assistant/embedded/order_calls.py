"""Which tools serve a request about an order."""

from __future__ import annotations

from typing import Any

from assistant.answers import asks
from assistant.embedded.action_calls import action_calls, action_of, fitting_orders
from assistant.embedded.addresses import leads_to_street
from assistant.embedded.faults import fault_calls
from assistant.embedded.order_numbers import plain_numbers
from assistant.embedded.slots import Slots, read_slots
from assistant.embedded.task import Task
from assistant.embedded.turn import IDENTITY_TOOLS, Turn

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
    orders, calls = _proved(task, turn)
    if any(name == "identify_customer" for name, _ in calls) and not turn.told("identify_customer"):
        return calls
    faults = fault_calls(task, turn)
    calls += faults
    orders = orders or fitting_orders(task, turn)
    tool = ORDER_TOOL.get(task.intent)
    ruled = bool(faults) and not asks(turn.text)  # the rule for the fault says all that was asked for
    if (task.intent == "order_change" and not task.resumed) or not (task.intent != "return_request" or orders or ruled):
        calls.append(policy_call(task))
    if orders:
        looked = (
            [(tool, {"order_id": order}) for order in orders[:3]] if tool else [("show_order", {"order_id": orders[0]})]
        )
        return [*calls, *looked, *action_calls(task, turn, orders)]
    return [*calls, *_unnumbered(task, turn, tool, ruled)]


def _proved(task: Task, turn: Turn) -> tuple[tuple[str, ...], list[tuple[str, dict[str, Any]]]]:
    """The orders a task names, and the proofs it brings for them; an order this conversation has open needs none, and
    a postcode in a new address proves nothing.
    """
    orders, postcode = bare_numbers(task.text, task.slots)
    if orders and all(_is_open(order, turn) for order in orders[:2]):
        return orders, []
    told = len(turn.text.split()) > 2 or leads_to_street(turn.text, turn.language)
    moves = action_of(task, turn) == "change_order_address" and told
    proof = given(email=task.slots.email, postcode="" if task.slots.email or moves else postcode)
    proof = proof or _earlier_proof(orders, turn)
    return orders, [("identify_customer", {"order_id": order, **proof}) for order in orders[:2]] if proof else []


def _is_open(order: str, turn: Turn) -> bool:
    """Whether an order was told about when it was last asked for, in an earlier turn."""
    asked = [
        call for call in turn.past.calls if call.name in IDENTITY_TOOLS and call.arguments.get("order_id") == order
    ]
    return bool(asked) and asked[-1].status == "ok"


def _earlier_proof(orders: tuple[str, ...], turn: Turn) -> dict[str, Any]:
    """The e-mail address the shopper gave before, where one is needed and it was not tried for this order yet."""
    known = (*turn.past.calls, *turn.calls)
    lacking = any(call.status == "missing" and call.name in IDENTITY_TOOLS for call in known)
    emails = [email for text, language in turn.past.lately if (email := read_slots(text, language).email)]
    tried = [call.arguments for call in turn.past.calls if call.name == "identify_customer"]
    fresh = [email for email in emails[:1] if not any({"order_id": order, "email": email} in tried for order in orders)]
    return {"email": fresh[0]} if lacking and fresh else {}


def _unnumbered(task: Task, turn: Turn, tool: str | None, ruled: bool) -> list[tuple[str, dict[str, Any]]]:
    """What is looked up for a request without an order number."""
    if task.intent == "order_change":
        return [("list_orders", {})] if action_of(task, turn) else []
    return [*([] if ruled else [policy_call(task)]), ("list_orders", {}), *_each_order(tool, turn)]


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
    found = plain_numbers(text)
    if not 1 <= len(found) <= 2:
        return (), slots.postcode
    other = found[1] if len(found) == 2 else slots.postcode
    return (found[0],), "" if other == found[0] else other


def given(**arguments: Any) -> dict[str, Any]:
    """Arguments that hold something."""
    return {name: value for name, value in arguments.items() if value not in (None, "", [], ())}
