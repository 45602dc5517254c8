"""Follow-ups made complete by what was spoken of before: 'to Brazil?', 'and how much is that one?'."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import asks
from assistant.embedded.action_words import plain, wanted_action
from assistant.embedded.addresses import leads_to_street
from assistant.embedded.pointing import chooses, has_pronoun
from assistant.embedded.slots import Slots, lexicon, read_slots
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, SHOP_QUESTIONS, SMALL_TALK, SURE, Task
from assistant.embedded.turn import Turn
from assistant.embedded.variants import CHOSEN, read_asked
from knowledge.countries import without_countries
from tools.offers import OFFERED
from tools.product_names import words_of

RETELLABLE = {*SHOP_QUESTIONS, "out_of_scope", "order_status", "order_change"}
"""Intents an elliptic policy question may be taken for."""

POINTABLE = {"product_search", "out_of_scope", "policy_question", "help"}
"""Intents an elliptic product question may be taken for."""

CONFIRMED = "confirm_action"
"""The call that a shopper's yes to a quote is."""

MOST_LETTERS = 60
"""Letters of a message that may ask whether something is done."""

LONGEST_EMPTY = 4
"""Letters of a word that may name no thing."""

LEANING = 5
"""Words of a clause that asks nothing by itself."""


def complete(task: Task, turn: Turn) -> Task:
    """The task with what it leaves unsaid filled in from the turns before."""
    if _asks_outcome(task, turn):
        refund = lexicon(turn.language).find(plain(task.text), "actions", "refund") >= 0
        intent = "refund_status" if refund else "order_status"
        return replace(task, intent=intent, sure=1.0, slots=_with_order(task, turn))
    if among := _among_shown(task, turn):
        return among
    if _acts(task, turn):
        return replace(task, intent="order_change", sure=SURE, slots=_with_order(task, turn))
    if _continues_policy(task, turn):
        slots = task.slots if task.slots.country else replace(task.slots, country=turn.past.country)
        before = turn.past.topic if _points(turn) or _asks_anew(task, turn) else _asked_before(task, turn)
        return Task("policy_question", f"{before} {task.text}", slots)
    if _asks_for_another_country(task, turn):
        return Task("policy_question", f"{_asked_before(task, turn)} {task.text}", task.slots)
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
    """A request to do something with the order just spoken of, or to know if it may be done: 'can you cancel it?'."""
    if task.intent not in RETELLABLE or not wanted_action("order_change", task.text, turn.language):
        return False
    points = _points(turn) and bool(turn.past.order_id) and not turn.past.shows_products
    return points or (turn.past.speaks_of_order and (_brief(turn) or leads_to_street(task.text, turn.language)))


def _continues_policy(task: Task, turn: Turn) -> bool:
    """A short addition to what was asked in the turn before, where no product answered it. What it points at is that,
    unless it asks for what only a product has: 'and how much is that?', but not 'is it washable?'.
    """
    elliptic = task.intent in RETELLABLE or (task.intent in SMALL_TALK and bool(task.slots.country))
    if not turn.past.question or turn.past.shows_products or not elliptic or task.slots.order_ids:
        return False
    if (_points(turn) or turn.past.products) and _is_of_product(task, turn):
        return False
    return _points(turn) or _opens(turn) or (_brief(turn) and bool(task.sure < SURE or task.slots.country))


def _asks_for_another_country(task: Task, turn: Turn) -> bool:
    """Whether a few words add a country to what was asked before a product was shown: 'and to France?'."""
    adds = bool(task.slots.country) and _opens(turn) and _brief(turn) and task.intent in RETELLABLE
    return adds and turn.past.shows_products and bool(turn.past.earlier_question) and not task.slots.order_ids


def _asked_before(task: Task, turn: Turn) -> str:
    """The question that a message adds to; without its country, where that is what the message changes."""
    asked = turn.past.question or turn.past.earlier_question
    return (task.slots.country and without_countries(asked, turn.language)) or asked


def _asks_anew(task: Task, turn: Turn) -> bool:
    """Whether an addition asks something else of what was spoken of: 'and how much', after how long it takes."""
    return not task.slots.country and lexicon(turn.language).find(turn.text.casefold(), "followup", "asks") >= 0


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
    features = _points(turn) and bool(task.slots.having or task.slots.lacking)
    return features or (refers and (names or task.sure < SURE)) or (_brief(turn) and names)


def _among_shown(task: Task, turn: Turn) -> Task | None:
    """A question that chooses among the products shown, or asks for cheaper ones like them."""
    if chooses(task, turn):
        return replace(task, intent="product_comparison", sure=1.0)
    if query := _wished_cheaper(task, turn):
        return Task("product_search", query, replace(read_slots(query, turn.language), cheapest=True))
    return None


def _wished_cheaper(task: Task, turn: Turn) -> str:
    """The search just made, where a few words that name nothing ask for what costs less: 'anything cheaper?'; else
    ''.
    """
    wishes = task.intent == "product_search" and task.sure >= SURE
    if not (task.slots.cheapest and _brief(turn) and turn.past.shows_products) or wishes or task.slots.country:
        return ""
    words, left = lexicon(turn.language), task.text.casefold()
    for section, key in (("followup", "cheaper"), ("wishes", "thing"), ("followup", "empty"), ("facts", "price")):
        left = words.without(left, section, key)
    named = any(len(word) > LONGEST_EMPTY and word < "\u2e80" for word in words_of(left))
    searches = [call for call in turn.past.last_calls if call.name == "search_products"]
    several = any(len((call.told or {}).get("products") or []) > 1 for call in searches)
    return str(searches[-1].arguments["query"]) if several and not named else ""


def _names_option(task: Task, turn: Turn) -> bool:
    """Whether a message says what a product shown before comes in: 'in charcoal?'."""
    return any(read_asked(task.slots, task.text, turn.language, product) for product in turn.past.products)


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
    proves = bool(task.slots.postcode) and task.intent not in ORDER_INTENTS and not task.slots.order_ids
    if proves and turn.past.shows_order and _brief(turn):
        return True  # 'zip is 92104' is no product with a zip
    plain = task.intent in POINTABLE and task.sure < SURE and not task.slots.facts and not task.slots.order_ids
    return plain and turn.past.shows_order and _brief(turn) and _points(turn)


def _brief(turn: Turn) -> bool:
    return len(re.findall(r"\w\S*", turn.text)) <= 4 and len(turn.text) <= 30


def _opens(turn: Turn) -> bool:
    starts = lexicon(turn.language).words("followup", "starts")
    return any(turn.text.casefold().strip().startswith(start.rstrip("$")) for start in starts)


def _points(turn: Turn) -> bool:
    return has_pronoun(turn.text, turn.language)


def leans_back(one: Task, other: Task, language: str) -> bool:
    """Whether a clause goes on asking about the rules that the one before it asks about: 'and how long does it take?'.
    A short one does so behind a country: 'und wie lange dauert er?'.
    """
    brief = bool(one.slots.country) and len(other.text.split()) <= LEANING
    goes_on = one.intent == "policy_question" and other.intent in SHOP_QUESTIONS and not other.slots.country
    return goes_on and (brief or has_pronoun(other.text, language))
