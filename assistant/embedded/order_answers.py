"""Answers about orders: shown, listed, refused, or asked to be identified for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.embedded.action_answers import answer_wish
from assistant.embedded.action_calls import acted, action_of, shown_order, wish_of
from assistant.embedded.faults import offer_help, tell_fault
from assistant.embedded.order_calls import ORDER_TOOL
from assistant.embedded.order_words import word_order, word_orders, word_refund, word_return
from assistant.embedded.quotes import quote_policy
from assistant.embedded.small_talk import ABILITIES
from assistant.embedded.task import Task
from assistant.embedded.turn import Call, Turn
from assistant.embedded.wording import Words


def say_failed(words: Words) -> str:
    """That a look-up broke."""
    return words.say("I could not look that up just now. Please try again in a moment, or ask for a person.")


def answer_order(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """What is said to a request about an order."""
    calls = [call for call in turn.calls if call.name == "identify_customer"]
    if any(call.status == "refused" for call in calls):
        yield _refused_identity(calls[-1], words)
        return
    if acted(turn) or wish_of(task, turn):
        yield from tell_fault(task, turn, words)
        yield from answer_wish(task, turn, words)
        return
    told, fault = list(_answer(task, turn, words)), list(tell_fault(task, turn, words))
    yield from (*told, *fault) if task.slots.order_ids else (*fault, *told)
    yield from offer_help(task, turn, words)


def _answer(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    if task.intent == "order_change" and not (action_of(task, turn) and not shown_order(turn.calls)):
        yield from _answer_change(task, turn, words)
        return
    tool = ORDER_TOOL.get(task.intent, "show_order")
    told = turn.told(tool)
    asked = [entry for entry in told if entry["status"] in ("missing", "refused")]
    shown = [entry for entry in told if entry not in asked and entry["status"] != "failed"]
    for entry in shown:
        yield WORDERS[tool](entry, words)
    yield from _ask_identity(task, turn, words, asked, bool(shown))


WORDERS = {"show_order": word_order, "return_options": word_return, "refund_status": word_refund}


def _ask_identity(task: Task, turn: Turn, words: Words, asked: list[dict[str, Any]], shown: bool) -> Iterator[str]:
    listed = turn.told("list_orders")
    if shown:
        return
    if listed and listed[0]["status"] == "ok" and not asked:
        yield (word_orders(listed[0], words) if task.intent == "order_status" else _no_such_order(listed[0], words))
    elif listed and listed[0]["status"] == "none":
        yield words.say("There are no orders on your account.")
    elif staff := [told for told in (*asked, *listed) if told.get("rule") == "NO_SUCH_ORDER"]:
        yield _none_for_staff(staff[0], words)
    elif asked and asked[0]["status"] == "refused":
        yield words.say("I cannot find such an order on your account. Please check the number.")
    else:
        yield from quote_policy(task, turn, words)
        yield _request_identity(task, words)
    if any(call.status == "failed" for call in turn.calls):
        yield say_failed(words)


def _none_for_staff(told: dict[str, Any], words: Words) -> str:
    if told["missing"]:
        return words.say("Which order is it about?")
    return words.say("There is no order {order_id} in this shop.", order_id=told["order_id"])


def _no_such_order(listed: dict[str, Any], words: Words) -> str:
    return words.say("Which order is it about?") + "\n\n" + word_orders(listed, words)


def _request_identity(task: Task, words: Words) -> str:
    orders = task.slots.order_ids
    if orders:
        return words.say(
            "To open order {order_id} I need the e-mail address it was placed with, or its delivery postcode.",
            order_id=orders[0],
        )
    return words.say(
        "To look up your order I need its number, and the e-mail address or delivery postcode it was placed with."
    )


def _refused_identity(call: Call, words: Words) -> str:
    if (call.told or {}).get("rule") == "TOO_MANY_ATTEMPTS":
        return words.say(
            "That was tried too often. Please try again later, or ask for a person, who can check it another way."
        )
    return words.say(
        "The order number and the e-mail address or postcode do not go together. Please check both; the order number"
        " is in your confirmation e-mail."
    )


def _answer_change(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """What is said where nothing was asked to be done, or not clearly enough: the rules, the order, what we can do."""
    yield from quote_policy(task, turn, words)
    shown = [told for told in turn.told("show_order") if told["status"] == "ok"]
    if shown:
        order = shown[0]["order"]
        yield words.say(
            "Order {order_id} is {status}.",
            order_id=order["order_id"],
            status=words.state(order["status"]),
        )
    yield words.say(ABILITIES)
