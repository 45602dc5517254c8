"""What is said to a request to do something: what its tool told, or what is lacking for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from assistant.embedded.action_calls import acted, names_of, shown_order, wish_of
from assistant.embedded.addresses import FORM, FORMS
from assistant.embedded.handing_over import BEYOND_US
from assistant.embedded.order_words import word_return
from assistant.embedded.quotes import quote_policy
from assistant.embedded.task import Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import Words


def answer_wish(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """What the action's tool told, with the passage it names; else the rules, and what is still needed."""
    told, wish, order = acted(turn), wish_of(task, turn), shown_order(turn.calls)
    if wish and wish.action == "return_items":
        yield from _verdict(turn, words)
    if told:
        yield _told(told, words)
    elif wish and order:
        yield from () if task.resumed else quote_policy(task, turn, words)
        yield QUESTIONS[wish.lacks]({**order, "names": names_of(turn.calls)}, words)


def _told(told: dict[str, Any], words: Words) -> str:
    cites = "".join(f" [{passage['cite']}]" for passage in told.get("passages", []))
    unclear = told.get("status") in ("failed", "invalid", "refused", "missing")
    return _person(told, words) if unclear else str(told["message"]) + cites


def _verdict(turn: Turn, words: Words) -> Iterator[str]:
    """Until when an order may go back and on which conditions, unless the answer before said so."""
    if not names_of(turn.past.last_calls):
        yield from (word_return(told, words) for told in turn.told("return_options") if told["status"] == "ok")


def _reason(order: dict[str, Any], words: Words) -> str:
    return words.say(
        "Why do you want to cancel order {order_id}: is it no longer needed, or was it ordered by mistake?",
        order_id=order["order_id"],
    )


def _items(order: dict[str, Any], words: Words) -> str:
    names = "\n".join(f"• {order['names'].get(item['sku'], item['name'])}" for item in order["items"])
    question = words.say(
        "Which items of order {order_id} shall go back? Name them, or say all.", order_id=order["order_id"]
    )
    return f"{question}\n{names}"


def _until(order: dict[str, Any], words: Words) -> str:
    return words.say(
        "Until when shall the subscription of order {order_id} pause? Give me a date or a number of months.",
        order_id=order["order_id"],
    )


def _address(order: dict[str, Any], words: Words) -> str:
    return words.say(
        "For another address of order {order_id} I need all of it in one line, with commas: {form}, and the country if"
        " it is another one. If that does not fit, ask for a person.",
        order_id=order["order_id"], form=words.say(FORMS.get(order["market"], FORM)),
    )  # fmt: skip


def _method(order: dict[str, Any], words: Words) -> str:
    """The methods there are; without an account only a person can help."""
    kinds = [method["kind"].replace("_", " ") for method in order["payment_methods"] if not method["used"]]
    if not kinds:
        return _person(order, words)
    return words.say(
        "Which of your payment methods shall order {order_id} use: {methods}?", order_id=order["order_id"],
        methods=", ".join(kinds),
    )  # fmt: skip


def _person(_: dict[str, Any], words: Words) -> str:
    return words.say(BEYOND_US)


def _state(order: dict[str, Any], words: Words) -> str:
    """How the order stands, which is why it is not asked what else is needed."""
    state = words.say("Order {order_id} is {status}.", order_id=order["order_id"], status=words.state(order["status"]))
    return f"{state}\n\n{words.say(BEYOND_US)}"


QUESTIONS: dict[str, Callable[[dict[str, Any], Words], str]] = {
    "reason": _reason, "items": _items, "until": _until, "address": _address, "method": _method, "person": _person,
    "state": _state,
    "": _person,
}  # fmt: skip
"""What we say to what a request lacks."""
