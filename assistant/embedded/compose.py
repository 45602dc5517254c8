"""Wording what tools returned. Nothing is stated here that a tool did not tell: it is quoted or filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.embedded.comparing import word_chosen, word_comparison
from assistant.embedded.dangers import is_warning
from assistant.embedded.handing_over import FRUSTRATED, NOT_FOUND, OFFER, OUT_OF_SCOPE, announce, asks_person
from assistant.embedded.order_answers import answer_order, say_failed
from assistant.embedded.other_countries import asks_delivery, further_passages, tell_countries, unstated_countries
from assistant.embedded.passages import DOUBTFUL, FOUND_ABROAD, NO_SURE_ANSWER, quote_passage, say_silence
from assistant.embedded.pointing import chooses, only_points, points_out
from assistant.embedded.product_words import falls_short, leaves_open, word_product, word_search
from assistant.embedded.quotes import NEAR_ANSWER, closeness, least_closeness, quote_policy, told_for
from assistant.embedded.small_talk import HELP, THANKS, is_small_talk
from assistant.embedded.staff import tell_staff
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, TAKEN_BACK, UNSURE, Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import Words, marked
from knowledge.service.words import sentences

NAMED_IS_NEARER = 0.2
"""What calling a product by its name counts for, in closeness."""

NEARER = 0.04
"""How much nearer than the product's passages a policy must be to answer what looked like a product question."""


def compose(tasks: list[Task], turn: Turn) -> str:
    """The answer to a turn whose tools have run: a paragraph for each task, each statement with its source."""
    words = Words(turn.language)
    if found := list(tell_staff(turn, words)):
        return "\n\n".join(found)
    paragraphs = [text for task in tasks for text in _answer(task, turn, words) if text]
    paragraphs += tell_countries(turn, paragraphs, words)
    parts: dict[str, str] = {}
    for part in "\n\n".join(paragraphs).split("\n\n"):  # two tasks may have found one passage
        parts.setdefault(part.removeprefix(words.say(FOUND_ABROAD) + "\n"), part)
    return "\n\n".join(parts.values())


def _answer(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """What is said to a task; that no policy tells of a country it names, and of delivery there nothing else."""
    unstated = unstated_countries(task, turn)
    if not (task.slots.country in unstated and asks_delivery(task.text, turn.language)):
        yield from _answer_task(task, turn, words)
    for told in further_passages(task, turn):
        yield from _worded_policy(told, task, words)
    yield from (say_silence(country, words) for country in unstated)


def _answer_task(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    if task.intent in ORDER_INTENTS and (task.sure >= UNSURE or task.slots.order_ids):
        yield from answer_order(task, turn, words)
    elif task.intent == "person" and (task.sure >= UNSURE or asks_person(task, turn)):
        yield _handed_over(task, turn, words)
    elif task.intent == "private_data" and _is_policy(task, turn):
        yield from quote_policy(task, turn, words)
    elif task.intent == "private_data":
        yield words.say(
            "I can only show orders and data to the person they belong to, so I cannot help with that. For your own"
            " order, give me its number and the e-mail address or postcode it was placed with."
        )
    elif task.intent == TAKEN_BACK:
        yield sentences(turn.language)["special.CANCELLED"]
    elif is_small_talk(task) or (task.intent in SMALL and not turn.calls):
        yield words.say(SMALL[task.intent])
    elif _is_policy_alone(task, turn):
        yield from _worded_policy(told_for("search_policies", "question", task, turn), task, words)
    else:
        yield from _answer_shop(task, turn, words)


SMALL = {
    "greeting": marked(
        "Hello! I am the shop's AI assistant. Ask me about an order, a product, shipping, returns or payment."
    ),
    "thanks": THANKS,
    "help": HELP,
    "bot_question": marked(
        "I am an AI assistant, not a person. I answer from the shop's own policies, products and orders, and I can"
        " hand you over to a person at any time."
    ),
    "abuse": FRUSTRATED,
}


def _handed_over(task: Task, turn: Turn, words: Words) -> str:
    told = next(iter(turn.told("hand_to_person")), None)
    if told is None and not asks_person(task, turn):
        return words.say(OFFER)
    if told is None or told.get("status") != "ok":
        return say_failed(words)
    return announce(told, words)


def _answer_shop(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """Policy and product questions; where the intent was unclear, the nearer of what was found."""
    if any(call.status == "failed" for call in turn.calls):
        yield say_failed(words)
        return
    policy = told_for("search_policies", "question", task, turn)
    products = told_for("search_products", "query", task, turn)
    detail = told_for("show_product", "question", task, turn)
    contrast = next(iter(turn.told("compare_products")), None)
    if contrast is not None and (contrast["status"] == "ok" or not (policy or products)):
        worded = word_chosen if chooses(task, turn) and contrast["status"] == "ok" else word_comparison
        yield worded(contrast, task.slots, words)
    elif contrast is not None:
        yield from _nearest(policy, products, task, words)
    elif detail is not None and detail["status"] == "ok" and not _policy_is_nearer(policy, detail, task, turn):
        yield from _worded_product(detail, products, task, turn, words)
    elif detail is not None or (_asks_policy(task) and not _sold(policy, products)):
        yield from _left_open(detail, products, task, words)
        yield from _worded_policy(policy, task, words)
    elif task.intent == "product_question" and only_points(task, turn):
        yield words.say("Which product do you mean? Tell me its name.")
    elif task.intent == "product_search" and task.sure >= UNSURE:
        yield word_search(products or {"status": "none"}, words) or words.say(NOT_FOUND)
    else:
        yield from _nearest(policy, products, task, words)


def _asks_policy(task: Task) -> bool:
    return task.intent == "policy_question" and task.sure >= UNSURE


def _sold(policy: dict[str, Any] | None, products: dict[str, Any] | None) -> bool:
    """Whether what no policy answers names a kind of thing that the shop sells."""
    return not (policy or {}).get("passages") and bool((products or {}).get("of_kind"))


def _is_policy_alone(task: Task, turn: Turn) -> bool:
    """A certain question about policy, whatever another task of the turn looked up beside it."""
    failed = any(call.status == "failed" for call in turn.calls)
    return task.intent == "policy_question" and task.sure >= CERTAIN and not failed


def _left_open(
    detail: dict[str, Any] | None, products: dict[str, Any] | None, task: Task, words: Words
) -> Iterator[str]:
    """Of a product called by its name, that nothing states what is asked; a policy tells what holds for all."""
    if detail is None or detail["status"] != "ok" or not leaves_open(detail, task.slots):
        return
    if detail["products"][0]["product_id"] in (products or {}).get("named", ()):
        yield word_product(detail, task.slots, words)


def _worded_product(
    detail: dict[str, Any], products: dict[str, Any] | None, task: Task, turn: Turn, words: Words
) -> Iterator[str]:
    """One product's answer; where the question names neither it nor its kind, and none was shown before, as a guess; so
    where nothing told of it is what was asked.
    """
    meant = {product["product_id"] for product in turn.past.products}
    meant.update(*((products or {}).get(said, ()) for said in ("named", "of_kind")))
    if products is not None and detail["products"][0]["product_id"] not in meant:
        yield words.say("I am not sure which product you mean. This comes nearest:")
    elif falls_short(detail, task.slots, words):
        yield words.say(NO_SURE_ANSWER)
    yield word_product(detail, task.slots, words)


def _is_policy(task: Task, turn: Turn) -> bool:
    """Whether what looked like a wish for somebody's data asks for a rule: 'what do you store about me?'."""
    return closeness(told_for("search_policies", "question", task, turn)) > least_closeness(task)


def _policy_is_nearer(policy: dict[str, Any] | None, detail: dict[str, Any], task: Task, turn: Turn) -> bool:
    """Whether a policy answers what looked like a question about a product: 'my lamp broke after 20 months'. What is
    asked of the product just pointed at ('the first, is it in stock?') is asked of no policy.
    """
    asked = {*task.slots.facts, *task.slots.options} - {"warranty_months", "price"}
    if asked and points_out(task, turn, asked):
        return False
    if leaves_open(detail, task.slots) and closeness(policy) > NEAR_ANSWER:
        return True
    return closeness(policy) > closeness(detail) + NEARER + (0.1 if asked else 0.0)


def _worded_policy(policy: dict[str, Any] | None, task: Task, words: Words) -> Iterator[str]:
    found = policy.get("passages") if policy else None
    if policy and found and not (is_warning(task) and found[0]["score"] < DOUBTFUL):
        yield quote_passage(policy["passages"], task.text, policy.get("country", ""), words)
    else:
        yield words.say(NOT_FOUND)


def _nearest(policy: dict[str, Any] | None, products: dict[str, Any] | None, task: Task, words: Words) -> Iterator[str]:
    near_policy = closeness(policy)
    near_product = closeness(products) + (NAMED_IS_NEARER if products and products.get("named") else 0.0)
    chat = task.intent in SMALL and task.sure >= UNSURE
    bar = NEAR_ANSWER + (0.08 if chat or task.intent == "out_of_scope" else 0.0)
    certain = task.intent == "out_of_scope" and task.sure >= CERTAIN and not (products or {}).get("named")
    if certain or max(near_policy, near_product) < bar:
        unknown = OUT_OF_SCOPE if task.intent == "out_of_scope" else NOT_FOUND
        yield words.say(SMALL[task.intent] if chat else unknown)
    elif near_policy >= near_product:
        yield from _worded_policy(policy, task, words)
    else:
        yield word_search(products or {"status": "none"}, words)
