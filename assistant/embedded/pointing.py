"""Which of the products shown before a message means, and whether it means another."""

from __future__ import annotations

import re
from typing import Any

from assistant.embedded.slots import lexicon
from assistant.embedded.task import Task
from assistant.embedded.turn import Turn, split_clauses
from assistant.embedded.variants import read_asked
from tools.product_names import shares_kind

ORDINALS = ("first", "second", "third")

CHOOSING_WORDS = 8
"""Words of a question that chooses among what was shown; a longer one names something itself."""

CHOOSING_LETTERS = 50
"""Its letters, in languages without spaces."""


def has_pronoun(text: str, language: str) -> bool:
    """Whether a text points at something: 'is it washable?'."""
    return lexicon(language).find(text.casefold(), "followup", "pronouns") >= 0


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
    return has_pronoun(task.text, turn.language) and len(task.text.split()) <= 9


def compares_one(task: Task, turn: Turn) -> bool:
    """Whether one product is shown and none other named: 'which is lighter?' asks of its versions."""
    parts = split_clauses(task.text, lexicon(turn.language).words("compare", "or"))
    one = len(turn.past.products) == 1 and turn.past.shows_products
    return one and len(parts) < 2 and not chooses(task, turn)


def chooses(task: Task, turn: Turn) -> bool:
    """Whether a question asks which of the products shown has or lacks something, or costs least: 'which one is
    waterproof?'.
    """
    slots = task.slots
    asked = bool(slots.having or slots.lacking or slots.cheapest) and not slots.order_ids
    brief = len(task.text.split()) <= CHOOSING_WORDS and len(task.text) <= CHOOSING_LETTERS
    shown = turn.past.shows_products and bool(turn.past.products_of(2))
    return asked and brief and shown and lexicon(turn.language).find(task.text.casefold(), "followup", "which") >= 0


def compared(task: Task, turn: Turn) -> list[str]:
    """What is to be compared: the names in the message, or the products shown before."""
    if chooses(task, turn):
        return [str(product["product_id"]) for product in turn.past.products_of(2)[:4]]
    parts = split_clauses(task.text, lexicon(turn.language).words("compare", "or"))
    if turn.past.products and (has_pronoun(task.text, turn.language) or len(parts) < 2):
        return [str(product["product_id"]) for product in turn.past.products[:3]]
    return [task.text, *parts] if len(parts) > 1 else [task.text]


def _without_options(lower: str, task: Task, turn: Turn) -> str:
    """What is left of a message in lower case without what a product shown before comes in."""
    asked = (read_asked(task.slots, task.text, turn.language, product) for product in turn.past.products)
    said = {option for of_product in asked for option in of_product.options}
    return re.sub("|".join(rf"\b{re.escape(option.casefold())}\b" for option in said) or "(?!)", " ", lower)
