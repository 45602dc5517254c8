"""The tool calls by which a product is looked at."""

from __future__ import annotations

from typing import Any

from assistant.embedded.order_calls import given
from assistant.embedded.pointing import names_another, only_points, pointed_product
from assistant.embedded.product_words import falls_short, leaves_open
from assistant.embedded.quotes import closeness, told_for
from assistant.embedded.slots import Slots
from assistant.embedded.task import Task
from assistant.embedded.turn import Turn
from assistant.embedded.wording import Words

NEAR_PRODUCT = 0.4
"""Closeness from which 'this lamp' is taken for the nearest lamp, though none was spoken of."""

MUCH_NEARER = 0.1
"""How much nearer than any policy a product of the kind said must be to answer what looks like a policy question."""


def named_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """A second look at what is likely no question about a product: if it names one, or says the kind of one that comes
    nearer to it than the policies, that product is looked at too.
    """
    looked = ("search_products", given(query=task.text))
    found = told_for("search_products", "query", task, turn) or {}
    policy = told_for("search_policies", "question", task, turn)
    nearer = closeness(found) > closeness(policy) + MUCH_NEARER
    meant = found.get("named") or (found.get("of_kind") if nearer and policy else None)
    return [looked, ("show_product", {"product": meant[0], "question": task.text})] if meant else [looked]


def is_short(told: dict[str, Any], slots: Slots, language: str) -> bool:
    """Whether a product was shown that says nothing of what is asked."""
    return leaves_open(told, slots) or falls_short(told, slots, Words(language))


def product_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """For a question about a product: find which one is meant, unless one was just shown and none other is named."""
    looked = ("search_products", given(query=task.text))
    told = [call.told for call in turn.calls if call.name == "search_products" and call.told]
    pointed = pointed_product(task, turn)
    another = bool(told) and names_another(task, turn, told[0])
    if pointed and not another and (told or only_points(task, turn)):
        return [("show_product", {"product": pointed, "question": task.text})]
    if not told:
        return [looked]
    found = told[0].get("products") or []
    if only_points(task, turn) and not another and closeness(told[0]) < NEAR_PRODUCT:
        return [looked]
    if not found:
        return [("search_policies", {"question": task.text})]
    return [looked, ("show_product", {"product": found[0]["product_id"], "question": task.text})]


def search_call(task: Task) -> tuple[str, dict[str, Any]]:
    """The search for products by all that a message wishes."""
    slots = task.slots
    return "search_products", given(
        query=task.text, max_price=slots.max_price, min_price=slots.min_price, currency=slots.currency,
        having=list(slots.having), lacking=list(slots.lacking), options=list(slots.options),
        **{name: True for name in ("cheapest", "any_kind") if getattr(slots, name)},
    )  # fmt: skip
