"""Wording what differs between products."""

from __future__ import annotations

from typing import Any

from assistant.embedded.product_words import line_of
from assistant.embedded.slots import Slots
from assistant.embedded.wording import Words


def word_comparison(told: dict[str, Any], slots: Slots, words: Words) -> str:
    """What differs between products, fact by fact: of the facts asked for, where one is stated; else of all."""
    products = told.get("products") or []
    if len(products) < 2:
        return words.say("Which products shall I compare? Please name two of them.")
    heads = [f"• {line_of({**product, 'summary': ''}, words)}" for product in products]
    rows, differing = [], told.get("differing", {})
    asked = [name for name in (*slots.facts, *slots.having, *slots.lacking) if name in (*differing, "price")]
    for name in [name for name in differing if name in asked or not (asked or name == "hs_code")]:
        shown = [words.value(name, value) if value is not None else "–" for value in differing[name]]
        rows.append("• " + words.say("{label}: {value}", label=words.label(name), value=" / ".join(shown)))
    return "\n".join([words.say("Side by side:"), *heads, *rows[:14]])
