"""Wording what differs between products."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from assistant.embedded.product_words import lead_of, line_of
from assistant.embedded.slots import Slots
from assistant.embedded.wording import Words


def word_comparison(told: dict[str, Any], slots: Slots, words: Words) -> str:
    """What differs between products, fact by fact: of the facts asked for, where one is stated; else of all."""
    products = told.get("products") or []
    if len(products) < 2:
        return words.say("Which products shall I compare? Please name two of them.")
    heads = [f"• {line_of({**product, 'summary': ''}, words)}" for product in products]
    rows, differing = [], told.get("differing", {})
    called = re.sub(r"\W", "", "".join(product["name"] for product in products).casefold())
    named = [name for name in (*slots.facts, *slots.having, *slots.lacking) if name in (*differing, "price")]
    asked = [name for name in named if name not in called]  # 'the wifi and the bluetooth speaker' says which two
    for name in [name for name in differing if name in asked or not (asked or name == "hs_code")]:
        shown = [words.value(name, value) if value is not None else "–" for value in differing[name]]
        rows.append("• " + words.say("{label}: {value}", label=words.label(name), value=" / ".join(shown)))
    return "\n".join([words.say("Side by side:"), *heads, *rows[:14]])


def word_chosen(told: dict[str, Any], slots: Slots, words: Words) -> str:
    """Those of the products told that have and lack what is asked, or cost least; all of them side by side where none
    states it.
    """
    products = told.get("products") or []
    asked = dict.fromkeys((*slots.having, *slots.lacking))
    stated = [product for product in products if any(name in product["facts"] for name in asked)]
    if asked and not stated:
        return word_comparison(told, slots, words)
    chosen = [product for product in stated if _as_asked(product, slots)] if asked else products
    chosen = _cheapest(chosen) if slots.cheapest else chosen
    lead = lead_of({"of_kind": True, "closest": not chosen}, len(chosen))
    lines = [
        f"• {line_of({**product, 'summary': ''}, words)}"
        + "".join(f" – {words.fact(name, product['facts'][name])}" for name in asked if name in product["facts"])
        for product in chosen or stated
    ]
    return "\n".join([words.say(lead), *lines])


def _as_asked(product: dict[str, Any], slots: Slots) -> bool:
    facts = product["facts"]
    has = all(facts.get(name) is True for name in slots.having)
    return has and all(facts.get(name) is False for name in slots.lacking)


def _cheapest(products: list[dict[str, Any]]) -> list[dict[str, Any]]:
    priced = [product for product in products if product.get("price") is not None]
    least = min((Decimal(product["price"]) for product in priced), default=None)
    return [product for product in priced if Decimal(product["price"]) == least]
