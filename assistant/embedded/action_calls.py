"""When an action's tool is called: the shopper asked for it, their order was shown, and nothing is lacking."""

from __future__ import annotations

from typing import Any

from assistant.embedded.action_words import only_asks, reason_in, wanted_action
from assistant.embedded.task import ORDER_INTENTS, UNSURE, Task
from assistant.embedded.turn import Call, Turn
from assistant.embedded.wishes import PERSON, Said, Wish, read_wish
from tools.offers import OFFERED

SUBSCRIPTIONS = ("pause_subscription", "skip_delivery", "cancel_subscription")
SENT = ("shipped", "partially shipped", "lost")
FITTING = {
    "return_items": ("delivered",), "exchange_items": ("delivered",), "resend_parcel": SENT, "refund_order": SENT,
    "withdraw": ("pending", "processed", "shipped", "delivered"),
}  # fmt: skip
"""The states an order has that an action without a number can be about; of the others those not packed yet."""


def action_of(task: Task, turn: Turn) -> str:
    """The action a task asks for, or '' where it asks for none, or only if it may be done."""
    if task.intent not in ORDER_INTENTS or not (task.sure >= UNSURE or task.slots.order_ids):
        return ""
    action = wanted_action(task.intent, task.text, turn.language)
    reasoned = action == "cancel_order" and (reason_in(said_in(task, turn), turn.language) or reason_before(turn))
    return action if reasoned or not only_asks(task.text, turn.language) else ""


def reason_before(turn: Turn) -> str:
    """The reason the shopper gave in an earlier message, before they asked for anything to be done."""
    if any(call.name in OFFERED for call in turn.past.calls):
        return ""
    return next((reason for text, language in turn.past.lately if (reason := reason_in(text, language))), "")


def said_in(task: Task, turn: Turn) -> str:
    """All a shopper said to a task: the whole message, not only its clause."""
    return task.text if task.resumed or turn.text in task.text else turn.text


def wish_of(task: Task, turn: Turn, calls: tuple[Call, ...] | None = None) -> Wish | None:
    """What a task wants done with the order these calls (default: of this turn) have shown; None where it wants
    nothing done, no order was shown, or what may be returned stands against it.
    """
    calls = turn.calls if calls is None else calls
    action, order = action_of(task, turn), shown_order(calls)
    options = [call.told or {} for call in calls if call.name == "return_options" and call.status == "ok"]
    closed = action in ("return_items", "exchange_items") and any(o["rule"] != "WITHIN_WINDOW" for o in options)
    if not action or order is None or closed:
        return None
    said = Said(said_in(task, turn), turn.language, order, task.reply, names_of(calls), reason_before(turn))
    return read_wish(action, said)


def names_of(calls: tuple[Call, ...]) -> dict[str, str]:
    """What items of orders are called in the shopper's language, by item id, as far as some calls told."""
    told = [call.told or {} for call in calls if call.name == "return_options" and call.status == "ok"]
    return {item["item_id"]: item["name"] for options in told for item in options["items"]}


def shown_order(calls: tuple[Call, ...]) -> dict[str, Any] | None:
    """The order shown last in some calls."""
    shown = [(call.told or {})["order"] for call in calls if call.name == "show_order" and call.status == "ok"]
    return shown[-1] if shown else None


def action_calls(task: Task, turn: Turn, orders: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    """The calls an action on one order needs next: to see it, then the action. One action a turn: a yes is to one."""
    if not action_of(task, turn) or len(orders) != 1:
        return []
    looked = ("show_order", {"order_id": orders[0]})
    wish = wish_of(task, turn)
    ready = wish is not None and not wish.lacks and not acted(turn)
    return [looked, (wish.action, wish.arguments)] if wish and ready else [looked]


def acted(turn: Turn) -> dict[str, Any] | None:
    """What an action's tool has told in this turn."""
    return next((call.told for call in turn.calls if call.name in OFFERED and call.told), None)


def fitting_orders(task: Task, turn: Turn) -> tuple[str, ...]:
    """The one order of those listed that an action without a number can only be about; () where there is no such."""
    action = action_of(task, turn)
    listed = [order for told in turn.told("list_orders") for order in told.get("orders", [])] if action else []
    fitting = listed if len(listed) == 1 else [order for order in listed if _fits(action, order)]
    return (str(fitting[0]["order_id"]),) if len(fitting) == 1 else ()


def _fits(action: str, order: dict[str, Any]) -> bool:
    if action in SUBSCRIPTIONS:
        return (order["subscription"] or {}).get("status") in ("active", "paused")
    return str(order["status"]).startswith(FITTING.get(action, ("pending",)))


def left_open(task: Task, turn: Turn) -> dict[str, Any] | None:
    """What the next message may complete: a request that waits for identity, for its order, or for what it lacks; and
    one refused before it was said why.
    """
    told = acted(turn) or {}
    refused = told.get("status") == "denied" and not reason_in(said_in(task, turn), turn.language)
    if not action_of(task, turn) or (told and not refused):
        return None
    order, wish = shown_order(turn.calls), wish_of(task, turn)
    if order and (wish is None or wish.lacks == PERSON):
        return None
    named = (order or {}).get("order_id") or next(iter(task.slots.order_ids), "")
    return {"intent": task.intent, "text": said_in(task, turn), "order_id": named}
