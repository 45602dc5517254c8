"""Goods that came damaged, wrong or not at all: what the policies say of them, beside the order's state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.answers import asks
from assistant.embedded.action_calls import action_of, said_in
from assistant.embedded.action_words import only_asks, plain
from assistant.embedded.handing_over import FAULTY
from assistant.embedded.passages import DOUBTFUL, nearest_to, quote_passage
from assistant.embedded.router import Route
from assistant.embedded.slots import Slots, lexicon
from assistant.embedded.task import CERTAIN, ORDER_INTENTS, SURE, Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import FAULTS, Words
from knowledge.quantities import read_quantities, unit

SETTLING = ("return_request", "refund_status")
"""Intents that ask to settle a fault told of just before."""

WISHES = ("product_search", "product_comparison")
LIKENED = (*WISHES, "product_question", "policy_question", "out_of_scope", "help", "abuse")
"""Intents that a message which tells of a fault may be likened to: it names a product."""


MOST_WORDS = 9
"""Words of a message that says no more than how old something is."""

MOST_LETTERS = 50
"""Its letters, in languages without spaces."""


def complains(route: Route, slots: Slots, text: str, language: str) -> bool:
    """Whether a message without an order tells of goods that came damaged, wrong or not whole: 'my speaker turned up
    smashed'. A question, or a wish for a thing, does so only where it says that something came.
    """
    fault = fault_in(text, language)
    priced = slots.max_price is not None or slots.min_price is not None
    if not fault or priced or slots.order_ids:
        return False
    if route.best in ORDER_INTENTS:
        return route.sure < SURE
    came = _came(plain(text), language)
    if fault == "damaged" and tells_age(text, language) and not asks(text):
        return route.best in LIKENED
    if route.best == "policy_question" and route.sure >= CERTAIN:
        return came and not only_asks(text, language)
    wished = route.best in WISHES and route.sure >= SURE and fault == "damaged"
    return route.best in LIKENED and (came or not (wished or asks(text)))


def fault_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """The look-up of what the policies say of a fault that was told of."""
    question = _question(task, turn)
    return [("search_policies", {"question": question})] if question else []


def tell_fault(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """What that look-up found, if it is near enough."""
    question = _question(task, turn)
    asked = (call.told or {} for call in turn.calls if question and call.arguments.get("question") == question)
    for told in asked:
        best = nearest_to(words.language, told.get("passages", []))
        if best and best[0]["score"] >= DOUBTFUL:
            yield quote_passage(best, question, told.get("country", ""), words)


def offer_help(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """That a person can take up a fault that was told of."""
    yield from [words.say(FAULTY)] if _question(task, turn) else []


def _question(task: Task, turn: Turn) -> str:
    """What to ask of the policies about the fault that a task tells of, or, where it asks to settle one, the turns
    before; '' where there is none. Why an order is cancelled is no fault.
    """
    if action_of(task, turn) == "cancel_order":
        return ""
    goes_on = turn.past.speaks_of_order or turn.past.waiting_for_identity or ages_fault(task.text, turn)
    before = turn.past.lately[:2] if task.intent in SETTLING and goes_on else ()
    said = ((said_in(task, turn), turn.language), *before)
    fault = next((fault for text, language in said if (fault := fault_in(text, language))), "")
    worn = fault == "damaged" and any(tells_age(text, language) for text, language in said)
    return FAULTS["worn" if worn else fault] if fault else ""


def tells_age(text: str, language: str) -> bool:
    """Whether a text says that something is a month old or more: 'after 14 months'."""
    units = [unit(told.unit) for told in read_quantities(text, language)]
    aged = any(measured is not None and measured.kind == "months" for measured in units)
    return aged or lexicon(language).find(plain(text), "ages", "words") >= 0


def ages_fault(text: str, turn: Turn) -> bool:
    """Whether a message only says how old is what broke in the one before: 'it is 14 months old'."""
    brief = len(text.split()) <= MOST_WORDS and len(text) <= MOST_LETTERS and not asks(text)
    return brief and told_before(turn) and tells_age(text, turn.language)


def told_before(turn: Turn) -> bool:
    """Whether the message before told of a fault."""
    return any(fault_in(text, language) for text, language in turn.past.lately[:1])


def fault_in(text: str, language: str) -> str:
    """The fault a text tells of; a whole parcel that does not come is none, nor is a wrong address or charge."""
    words, lower = lexicon(language), plain(text)
    named = [*words.named(lower, "faults"), *_amiss(lower, language)]
    none = {"wrong", "missing"} if words.find(lower, "actions", "lost") >= 0 else set()
    none |= {"wrong"} if words.find(lower, "arrivals", "others") >= 0 else set()
    none |= {"missing"} if words.find(lower, "arrivals", "awaited") >= 0 else set()
    return next((fault for fault in named if fault not in none), "")


def _amiss(lower: str, language: str) -> list[str]:
    """The fault of what came wrong or without something."""
    words, keys = lexicon(language), {"wrong": "amiss", "missing": "without"}
    came = _came(lower, language)
    return [fault for fault, key in keys.items() if came and words.find(lower, "arrivals", key) >= 0]


def _came(lower: str, language: str) -> bool:
    return lexicon(language).find(lower, "arrivals", "came") >= 0
