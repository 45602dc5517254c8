"""Follow-ups made complete by what was spoken of before: 'to Brazil?', 'and how much is that one?'."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.answers import asks
from assistant.embedded.action_words import only_asks, plain, wanted_action
from assistant.embedded.slots import Slots, lexicon, read_slots
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, SHOP_QUESTIONS, SMALL_TALK, SURE, Task
from assistant.embedded.turn import Turn, split_clauses
from assistant.embedded.variants import read_asked
from tools.offers import OFFERED
from tools.product_names import shares_kind, words_of

RETELLABLE = {*SHOP_QUESTIONS, "out_of_scope", "order_status", "order_change"}
"""Intents an elliptic policy question may be taken for."""

POINTABLE = {"product_search", "out_of_scope", "policy_question", "help"}
"""Intents an elliptic product question may be taken for."""

CONFIRMED = "confirm_action"
"""The call that a shopper's yes to a quote is."""

MOST_LETTERS = 60
"""Letters of a message that may ask whether something is done."""

CHOSEN = {"price", "stock", "options"}
"""What differs between a product's colours and sizes."""


def complete(task: Task, turn: Turn) -> Task:
    """The task with what it leaves unsaid filled in from the turns before."""
    if _asks_outcome(task, turn):
        refund = lexicon(turn.language).find(plain(task.text), "actions", "refund") >= 0
        intent = "refund_status" if refund else "order_status"
        return replace(task, intent=intent, sure=1.0, slots=_with_order(task, turn))
    if turn.past.speaks_of_order and _acts(task, turn):
        return replace(task, intent="order_change", sure=SURE, slots=_with_order(task, turn))
    if _continues_policy(task, turn):
        slots = task.slots if task.slots.country else replace(task.slots, country=turn.past.country)
        before = turn.past.topic if _points(turn) else turn.past.question
        return Task("policy_question", f"{before} {task.text}", slots)
    if _continues_product(task, turn):
        task = replace(task, intent="product_question", sure=SURE if _may_be_of_policy(task, turn) else 1.0)
    if task.intent == "product_question" and turn.past.products:
        return _of_that_size(task, turn)
    return _of_that_order(task, turn)


def _of_that_size(task: Task, turn: Turn) -> Task:
    """A question about price or stock is about the colour or size the shopper named before."""
    asked = set(task.slots.facts)
    if task.slots.options or not asked or not asked <= CHOSEN or not (_points(turn) or _brief(turn)):
        return task
    named = [read_slots(text, language).options for text, language in turn.past.lately]
    return replace(task, slots=replace(task.slots, options=next(filter(None, named), ())))


def _of_that_order(task: Task, turn: Turn) -> Task:
    if _continues_order(task, turn):
        task = replace(task, intent="order_status", sure=SURE)
    elif turn.past.shows_order and task.second in ORDER_INTENTS and task.sure < CERTAIN and task.intent in RETELLABLE:
        task = replace(task, intent=task.second, sure=SURE)
    if task.intent in ORDER_INTENTS:
        return replace(task, slots=_with_order(task, turn))
    return replace(task, slots=replace(task.slots, country=task.slots.country or turn.past.market))


def _with_order(task: Task, turn: Turn) -> Slots:
    spoken_of = (turn.past.order_id,) if turn.past.order_id else ()
    return replace(task.slots, order_ids=task.slots.order_ids or spoken_of)


def _asks_outcome(task: Task, turn: Turn) -> bool:
    """Whether a message asks if what was offered or done for the order spoken of is so: 'thanks, so it's cancelled?'.
    The shop's record answers, not what was said.
    """
    words, lower = lexicon(turn.language), plain(task.text)
    answered = any(call.name == CONFIRMED for call in turn.past.last_calls)
    offered = turn.past.speaks_of_order and any(call.name in (*OFFERED, CONFIRMED) for call in turn.past.calls)
    asked = asks(task.text) or words.find(lower, "outcomes", "leads") >= 0
    brief = len(task.text) <= MOST_LETTERS and not (task.slots.order_ids or task.resumed)
    return (answered or offered) and asked and brief and words.find(lower, "outcomes", "states") >= 0


def _acts(task: Task, turn: Turn) -> bool:
    """A short request to do something with the order just spoken of: 'can you cancel it?'."""
    wanted = wanted_action("order_change", task.text, turn.language)
    return bool(wanted) and task.intent in RETELLABLE and _brief(turn) and not only_asks(task.text, turn.language)


def _continues_policy(task: Task, turn: Turn) -> bool:
    """A short addition to what was asked in the turn before, where no product answered it. What it points at is that,
    unless it asks for what only a product has: 'and how much is that?', but not 'is it washable?'.
    """
    elliptic = task.intent in RETELLABLE or (task.intent in SMALL_TALK and bool(task.slots.country))
    if not turn.past.question or turn.past.shows_products or not elliptic or task.slots.order_ids:
        return False
    if _points(turn):
        return not _is_of_product(task, turn)
    return _opens(turn) or (_brief(turn) and bool(task.sure < SURE or task.slots.country))


def _is_of_product(task: Task, turn: Turn) -> bool:
    """Whether a message asks for what only a product has."""
    facts = {*task.slots.facts}
    surely = bool(turn.past.products) and task.intent == "product_question" and task.sure >= CERTAIN and not facts
    return surely or not facts <= {"price"} or bool(task.slots.options)


def _continues_product(task: Task, turn: Turn) -> bool:
    """A question about a product shown before."""
    intents = {*POINTABLE, "product_question"}
    if not turn.past.products or task.intent not in intents or task.slots.max_price or _is_of_policy(task, turn):
        return False
    if turn.past.shows_products and _asks_price_alone(task, turn):
        return True
    names = bool(task.slots.facts or task.slots.options) or _names_option(task, turn)
    refers = _points(turn) or _opens(turn)
    return (refers and (names or task.sure < SURE)) or (_brief(turn) and names)


def _names_option(task: Task, turn: Turn) -> bool:
    """Whether a message says what a product shown before comes in: 'in charcoal?'."""
    return any(read_asked(task.slots, task.text, turn.language, product) for product in turn.past.products)


def _without_options(lower: str, task: Task, turn: Turn) -> str:
    """What is left of a message in lower case without what a product shown before comes in."""
    asked = (read_asked(task.slots, task.text, turn.language, product) for product in turn.past.products)
    said = {option for of_product in asked for option in of_product.options}
    return re.sub("|".join(rf"\b{re.escape(option.casefold())}\b" for option in said) or "(?!)", " ", lower)


def _is_of_policy(task: Task, turn: Turn) -> bool:
    """Whether a message asks about policy by itself: 'and what does shipping cost?'. A US plug is no country."""
    abroad = bool(task.slots.country) and "plug_types" not in task.slots.facts
    own = abroad or (task.sure >= CERTAIN and not _brief(turn) and not _points(turn))
    return task.intent == "policy_question" and own


def _may_be_of_policy(task: Task, turn: Turn) -> bool:
    """Whether a question likest to one about policy names more than a price: 'how much is shipping?'. What is found
    decides then.
    """
    likest = task.intent == "policy_question" and task.sure >= SURE
    return likest and {*task.slots.facts} <= {"price"} and not (_points(turn) or _asks_price_alone(task, turn))


def _asks_price_alone(task: Task, turn: Turn) -> bool:
    """Whether a message asks what something costs, and names nothing: 'how much?'."""
    words, left = lexicon(turn.language), task.text.casefold()
    for section, key in (("facts", "price"), ("followup", "pronouns"), ("followup", "empty")):
        left = words.without(left, section, key)
    names = any(len(word) > 3 or word > "\u2e80" for word in words_of(left))
    return task.slots.facts == ("price",) and not names and not task.slots.country


def _continues_order(task: Task, turn: Turn) -> bool:
    """A short question that points at the order just shown, and at nothing a product has: 'where is it?'."""
    plain = task.intent in POINTABLE and task.sure < SURE and not task.slots.facts and not task.slots.order_ids
    return plain and turn.past.shows_order and _brief(turn) and _points(turn)


def _brief(turn: Turn) -> bool:
    return len(re.findall(r"\w\S*", turn.text)) <= 4 and len(turn.text) <= 30


def _opens(turn: Turn) -> bool:
    starts = lexicon(turn.language).words("followup", "starts")
    return any(turn.text.casefold().strip().startswith(start.rstrip("$")) for start in starts)


def _points(turn: Turn) -> bool:
    return lexicon(turn.language).find(turn.text.casefold(), "followup", "pronouns") >= 0


ORDINALS = ("first", "second", "third")


def _places(task: Task, turn: Turn) -> list[int]:
    """Which of several a question says it means: 0 for 'the first one'."""
    words, lower = lexicon(turn.language), task.text.casefold()
    return [place for place, key in enumerate(ORDINALS) if words.find(lower, "followup", key) >= 0]


def pointed_product(task: Task, turn: Turn) -> str:
    """The product shown before that a follow-up means: the one it says, else the first that comes as asked and has
    most of what is asked about; '' where none was shown.
    """
    several = turn.past.products_of(2)
    for place in _places(task, turn):
        if place < len(several):
            return str(several[place]["product_id"])
    meant = max(turn.past.products, key=lambda product: _bears(task, turn, product), default=None)
    return str(meant["product_id"]) if meant else ""


def _bears(task: Task, turn: Turn, product: dict[str, Any]) -> int:
    """How much of what is asked about a product has."""
    slots = task.slots
    asked = read_asked(slots, task.text, turn.language, product)
    held = {*slots.facts, *slots.having, *slots.lacking} & {*product.get("facts", ())}
    return len(held) + bool(asked and asked.meant(product))


def names_another(task: Task, turn: Turn, told: dict[str, Any]) -> bool:
    """Whether a question names another product than the one it may point at: by its name, or by a kind of thing in
    words that do not just say what is asked ('how long does the battery last', 'with US plug').
    """
    pointed, kinds = pointed_product(task, turn), told.get("of_kind") or []
    if told.get("named") or not kinds or pointed in kinds:
        return bool(told.get("named"))
    words, left = lexicon(turn.language), task.text.casefold()
    for section, keys in (("facts", task.slots.facts), ("features", (*task.slots.having, *task.slots.lacking))):
        for key in keys:
            left = words.without(left, section, key)
    left = _without_options(left, task, turn)
    found = [product["name"] for product in told["products"] if product["product_id"] in kinds]
    return any(shares_kind(name, left, turn.language) for name in found)


def points_out(task: Task, turn: Turn, asked: set[str]) -> bool:
    """Whether a question says which of the products just shown it means ('the first, is it in stock?'), or asks what
    one of them states.
    """
    shown = turn.past.products
    stated = turn.past.shows_products and any(asked & {*product.get("facts", ())} for product in shown)
    return bool(shown) and (bool(_places(task, turn)) or stated)


def only_points(task: Task, turn: Turn) -> bool:
    """Whether a question names nothing itself: 'is it washable?'."""
    words = lexicon(turn.language)
    return words.find(task.text.casefold(), "followup", "pronouns") >= 0 and len(task.text.split()) <= 9


def compares_one(task: Task, turn: Turn) -> bool:
    """Whether one product is shown and none other named: 'which is lighter?' asks of its versions."""
    parts = split_clauses(task.text, lexicon(turn.language).words("compare", "or"))
    return len(turn.past.products) == 1 and turn.past.shows_products and len(parts) < 2


def compared(task: Task, turn: Turn) -> list[str]:
    """What is to be compared: the names in the message, or the products shown before."""
    words = lexicon(turn.language)
    parts = split_clauses(task.text, words.words("compare", "or"))
    pointing = words.find(task.text.casefold(), "followup", "pronouns") >= 0
    if turn.past.products and (pointing or len(parts) < 2):
        return [str(product["product_id"]) for product in turn.past.products[:3]]
    return [task.text, *parts] if len(parts) > 1 else [task.text]
