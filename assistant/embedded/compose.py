"""Wording what tools returned. Nothing is stated here that a tool did not tell: it is quoted or filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.embedded.order_words import word_order, word_orders, word_refund, word_return
from assistant.embedded.passages import quote_passage
from assistant.embedded.planner import ORDER_TOOL
from assistant.embedded.product_words import word_comparison, word_product, word_search
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, UNSURE, Task
from assistant.embedded.turn import Call, Turn
from assistant.embedded.wording import STATUSES, Words, marked

NEAR_ANSWER = 0.2
"""Closeness from which a passage answers a message whose intent was unclear. Of off-topic messages one in ten comes
so near to a policy, of policy questions three in four.
"""

NEAR_ASIDE = 0.24
"""Closeness from which a policy is quoted beside a request about an order."""

NAMED_IS_NEARER = 0.2
"""What calling a product by its name counts for, in closeness."""

NEARER = 0.04
"""How much nearer than the product's passages a policy must be to answer what looked like a product question."""


def compose(tasks: list[Task], turn: Turn) -> str:
    """The answer to a turn whose tools have run: a paragraph for each task, each statement with its source."""
    words = Words(turn.language)
    paragraphs = [text for task in tasks for text in _answer(task, turn, words) if text]
    return "\n\n".join(dict.fromkeys(paragraphs))


def _answer(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    if task.intent in ORDER_INTENTS and (task.sure >= UNSURE or task.slots.order_ids):
        yield from _answer_order(task, turn, words)
    elif task.intent == "person":
        yield _handed_over(turn, words)
    elif task.intent == "private_data" and closeness(_for_task("search_policies", "question", task, turn)) > _bar(task):
        yield from _quote_policy(task, turn, words)
    elif task.intent == "private_data":
        yield words.say(
            "I can only show orders and data to the person they belong to, so I cannot help with that. For your own"
            " order, give me its number and the e-mail address or postcode it was placed with."
        )
    elif task.intent in SMALL and (task.sure >= UNSURE or not turn.calls):
        yield words.say(SMALL[task.intent])
    else:
        yield from _answer_shop(task, turn, words)


SMALL = {
    "greeting": marked(
        "Hello! I am the shop's AI assistant. Ask me about an order, a product, shipping, returns or payment."
    ),
    "thanks": marked("You are welcome! Is there anything else I can look up for you?"),
    "help": marked(
        "I can look up your order and its parcel, tell you whether you may return something, find and compare"
        " products, and answer questions about shipping, customs, payment, returns, warranty and subscriptions. If"
        " you would rather talk to a person, just say so."
    ),
    "bot_question": marked(
        "I am an AI assistant, not a person. I answer from the shop's own policies, products and orders, and I can"
        " hand you over to a person at any time."
    ),
    "abuse": marked(
        "I am sorry this is frustrating. Tell me what went wrong and I will look it up, or say that you want a person"
        " and I will hand you over."
    ),
}


def _out_of_scope(words: Words) -> str:
    return words.say(
        "That is outside what I can help with here. I can answer questions about this shop: orders, delivery,"
        " returns, payment and products. If you need something else, I can hand you over to a person."
    )


def _nothing_found(words: Words) -> str:
    return words.say(
        "I could not find that in the shop's information, so I would rather not guess. Could you put it differently,"
        " or shall I hand you over to a person?"
    )


def _failed(words: Words) -> str:
    return words.say("I could not look that up just now. Please try again in a moment, or ask for a person.")


def _handed_over(turn: Turn, words: Words) -> str:
    told = next(iter(turn.told("hand_to_person")), None)
    if told is None or told.get("status") != "ok":
        return _failed(words)
    slots = {name: told[name] for name in ("reference", "opens", "closes", "email")}
    if told["open_now"]:
        text = words.say("I am handing you over to a person. Your reference is {reference}.", **slots)
    else:
        text = words.say(
            "I have put you in line for a person (reference {reference}). Nobody is at the desk right now; people"
            " answer Monday to Friday from {opens} to {closes}.", **slots,
        )  # fmt: skip
        text += f" ({told['zone']})" if told.get("zone") else ""
    if told.get("email"):
        text += "\n" + words.say("You can also write to {email}.", **slots)
    return text


def _answer_order(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    calls = [call for call in turn.calls if call.name == "identify_customer"]
    if any(call.status == "refused" for call in calls):
        yield _refused_identity(calls[-1], words)
        return
    if task.intent == "order_change":
        yield from _answer_change(task, turn, words)
        return
    tool = ORDER_TOOL[task.intent]
    told = turn.told(tool)
    asked = [entry for entry in told if entry["status"] in ("missing", "refused")]
    shown = [entry for entry in told if entry not in asked]
    for entry in shown:
        yield WORDERS[tool](entry, words)
    yield from _ask_identity(task, turn, words, bool(asked), bool(shown))


WORDERS = {"show_order": word_order, "return_options": word_return, "refund_status": word_refund}


def _ask_identity(task: Task, turn: Turn, words: Words, asked: bool, shown: bool) -> Iterator[str]:
    listed = turn.told("list_orders")
    if shown:
        return
    if listed and listed[0]["status"] == "ok" and not asked:
        yield (word_orders(listed[0], words) if task.intent == "order_status" else _no_such_order(listed[0], words))
    elif listed and listed[0]["status"] == "none":
        yield words.say("There are no orders on your account.")
    elif asked and turn.told(ORDER_TOOL[task.intent])[0]["status"] == "refused":
        yield words.say("I cannot find such an order on your account. Please check the number.")
    else:
        yield from _quote_policy(task, turn, words)
        yield _request_identity(task, words)
    if any(call.status == "failed" for call in turn.calls):
        yield _failed(words)


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
            "That was tried too often. Please wait an hour, or ask for a person, who can check it another way."
        )
    return words.say(
        "The order number and the e-mail address or postcode do not go together. Please check both; the order number"
        " is in your confirmation e-mail."
    )


def _answer_change(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    yield from _quote_policy(task, turn, words)
    shown = [told for told in turn.told("show_order") if told["status"] == "ok"]
    if shown:
        order = shown[0]["order"]
        yield words.say(
            "Order {order_id} is {status}.",
            order_id=order["order_id"],
            status=order_status(order["status"], words),
        )
    yield words.say(
        "I cannot change or cancel an order myself yet. If you want this done, say that you want a person and I will"
        " hand you over with the details."
    )


def order_status(status: str, words: Words) -> str:
    """An order's state in words."""
    return words.say(STATUSES[status]) if status in STATUSES else status


def _quote_policy(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    found = _for_task("search_policies", "question", task, turn)
    if found and closeness(found) > _bar(task):
        yield quote_passage(found["passages"], task.text, found.get("country", ""), words)


def _bar(task: Task) -> float:
    """How near a policy must be to be quoted beside, or instead of, what was asked."""
    if task.intent == "private_data":
        return NEAR_ANSWER
    if task.intent in ("order_status", "refund_status"):
        return NEAR_ASIDE if task.sure >= CERTAIN else NEAR_ASIDE * 0.4
    return 0.0


def _for_task(tool: str, argument: str, task: Task, turn: Turn) -> dict[str, Any] | None:
    """What a tool told for this task, or for the whole turn."""
    calls = [call for call in turn.calls if call.name == tool and call.told is not None]
    own = [call for call in calls if call.arguments.get(argument) == task.text]
    return (own or calls or [Call("", {})])[0].told


def _answer_shop(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """Policy and product questions; where the intent was unclear, the nearer of what was found."""
    if any(call.status == "failed" for call in turn.calls):
        yield _failed(words)
        return
    policy = _for_task("search_policies", "question", task, turn)
    products = _for_task("search_products", "query", task, turn)
    detail = _for_task("show_product", "question", task, turn)
    contrast = next(iter(turn.told("compare_products")), None)
    if contrast is not None and (contrast["status"] == "ok" or not (policy or products)):
        yield word_comparison(contrast, words)
    elif contrast is not None:
        yield from _nearest(policy, products, task, words)
    elif detail is not None and detail["status"] == "ok" and not _policy_is_nearer(policy, detail, task):
        yield word_product(detail, task.slots, words)
    elif detail is not None or task.intent == "policy_question" and task.sure >= UNSURE:
        yield from _worded_policy(policy, task, words)
    elif task.intent == "product_search" and task.sure >= UNSURE:
        yield word_search(products or {"status": "none"}, words) or _nothing_found(words)
    else:
        yield from _nearest(policy, products, task, words)


def _policy_is_nearer(policy: dict[str, Any] | None, detail: dict[str, Any], task: Task) -> bool:
    """Whether a policy answers what looked like a question about a product: 'my lamp broke after 20 months'."""
    asked = set(task.slots.facts) - {"warranty_months", "price"}
    return closeness(policy) > closeness(detail) + NEARER + (0.1 if asked else 0.0)


def _worded_policy(policy: dict[str, Any] | None, task: Task, words: Words) -> Iterator[str]:
    if policy and policy.get("passages"):
        yield quote_passage(policy["passages"], task.text, policy.get("country", ""), words)
    else:
        yield _nothing_found(words)


def _nearest(policy: dict[str, Any] | None, products: dict[str, Any] | None, task: Task, words: Words) -> Iterator[str]:
    near_policy = closeness(policy)
    near_product = closeness(products) + (NAMED_IS_NEARER if products and products.get("named") else 0.0)
    bar = NEAR_ANSWER + (0.08 if task.intent == "out_of_scope" else 0.0)
    certain = task.intent == "out_of_scope" and task.sure >= CERTAIN and not (products or {}).get("named")
    if certain or max(near_policy, near_product) < bar:
        yield _out_of_scope(words) if task.intent == "out_of_scope" else _nothing_found(words)
    elif near_policy >= near_product:
        yield from _worded_policy(policy, task, words)
    else:
        yield word_search(products or {"status": "none"}, words)


def closeness(told: dict[str, Any] | None) -> float:
    """How near the nearest passage of a tool's result is to what was asked, -1 to 1."""
    return max((passage["closeness"] for passage in (told or {}).get("passages", [])), default=0.0)
