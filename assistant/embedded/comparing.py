"""Wording what differs between products."""

from __future__ import annotations

from typing import Any

from assistant.embedded.product_words import line_of
from assistant.embedded.wording import Words


def word_comparison(told: dict[str, Any], words: Words) -> str:
    """What differs between products, fact by fact."""
    products = told.get("products") or []
    if len(products) < 2:
        return words.say("Which products shall I compare? Please name two of them.")
    heads = [f"• {line_of({**product, 'summary': ''}, words)}" for product in products]
    rows = []
    for name, values in told.get("differing", {}).items():
        if name == "hs_code":
            continue
        shown = [words.value(name, value) if value is not None else "–" for value in values]
        rows.append("• " + words.say("{label}: {value}", label=words.label(name), value=" / ".join(shown)))
    return "\n".join([words.say("Side by side:"), *heads, *rows[:14]])
