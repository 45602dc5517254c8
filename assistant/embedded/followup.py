"""Follow-ups made complete by what was spoken of before: 'to Brazil?', 'and how much is that one?'."""

from __future__ import annotations

from dataclasses import replace

from assistant.embedded.action_words import only_asks, wanted_action
from assistant.embedded.slots import Slots, lexicon, read_slots
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, SHOP_QUESTIONS, SURE, Task
from assistant.embedded.turn import Turn

RETELLABLE = {*SHOP_QUESTIONS, "out_of_scope", "order_status", "order_change"}
"""Intents an elliptic policy question may be taken for."""

POINTABLE = {"product_search", "out_of_scope", "policy_question", "help"}
"""Intents an elliptic product question may be taken for."""


CHOSEN = {"price", "stock", "options"}
"""What differs between a product's colours and sizes."""


def complete(task: Task, turn: Turn) -> Task:
    """The task with what it leaves unsaid filled in from the turns before."""
    if turn.past.speaks_of_order and _acts(task, turn):
        return replace(task, intent="order_change", sure=SURE, slots=_with_order(task, turn))
    if _continues_policy(task, turn):
        slots = task.slots if task.slots.country else replace(task.slots, country=turn.past.country)
        text = task.text if _is_whole(task, turn) else f"{turn.past.question} {task.text}"
        return Task("policy_question", text, slots)
    if _continues_product(task, turn):
        task = replace(task, intent="product_question", sure=1.0)
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
    return replace(task, slots=_with_order(task, turn)) if task.intent in ORDER_INTENTS else task


def _with_order(task: Task, turn: Turn) -> Slots:
    spoken_of = (turn.past.order_id,) if turn.past.order_id else ()
    return replace(task.slots, order_ids=task.slots.order_ids or spoken_of)


def _acts(task: Task, turn: Turn) -> bool:
    """A short request to do something with the order just spoken of: 'can you cancel it?'."""
    wanted = wanted_action("order_change", task.text, turn.language)
    return bool(wanted) and task.intent in RETELLABLE and _brief(turn) and not only_asks(task.text, turn.language)


def _continues_policy(task: Task, turn: Turn) -> bool:
    """A short addition to the policy question of the turn before, that points at nothing else."""
    if not turn.past.question or task.intent not in RETELLABLE or _points(turn) or task.slots.order_ids:
        return False
    return (_brief(turn) or _opens(turn)) and bool(task.sure < SURE or task.slots.country or _opens(turn))


def _is_whole(task: Task, turn: Turn) -> bool:
    """Whether an addition is a policy question of its own, said after one about a product: 'And what does shipping
    cost?', unlike 'And to Brazil?'.
    """
    of_product = any(call.name == "search_products" for call in turn.past.last_calls)
    own = task.intent == "policy_question" and task.sure >= CERTAIN and not task.slots.country
    return of_product and own and not _brief(turn)


def _continues_product(task: Task, turn: Turn) -> bool:
    """A question about a product shown before."""
    if not turn.past.products or task.intent not in POINTABLE or task.slots.max_price:
        return False
    refers = _points(turn) or _opens(turn) or _brief(turn)
    return refers and bool(task.slots.facts or task.slots.options or task.sure < SURE)


def _continues_order(task: Task, turn: Turn) -> bool:
    """A short question that points at the order just shown, and at nothing a product has: 'where is it?'."""
    plain = task.intent in POINTABLE and task.sure < SURE and not task.slots.facts and not task.slots.order_ids
    return plain and turn.past.shows_order and _brief(turn) and _points(turn)


def _brief(turn: Turn) -> bool:
    return len(turn.text.split()) <= 4 and len(turn.text) <= 30


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
    """The product shown before that a follow-up means: the first, unless it says which; '' where none was shown."""
    several = turn.past.products_of(2)
    for place in _places(task, turn):
        if place < len(several):
            return str(several[place]["product_id"])
    shown = turn.past.products
    return str(shown[0]["product_id"]) if shown else ""


def points_out(task: Task, turn: Turn) -> bool:
    """Whether a question says which of the products just shown it means: 'the first, is it in stock?'."""
    return bool(turn.past.products) and bool(_places(task, turn))


def only_points(task: Task, turn: Turn) -> bool:
    """Whether a question names nothing itself: 'is it washable?'."""
    words = lexicon(turn.language)
    return words.find(task.text.casefold(), "followup", "pronouns") >= 0 and len(task.text.split()) <= 9
