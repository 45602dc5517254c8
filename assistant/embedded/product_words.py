"""Wording products: what was found, and one product's facts."""

from __future__ import annotations

from typing import Any

from assistant.embedded.particulars import asks_particulars
from assistant.embedded.slots import Slots
from assistant.embedded.variants import CHOSEN, NOTHING, Asked, read_asked
from assistant.embedded.wording import Words, marked
from knowledge.keywords import keywords
from knowledge.product_passages import fact_text

MOST_VARIANTS = 6
"""More variants than this are told by option, not one by one."""

NEAR_QUESTION = 0.45
"""Closeness from which a question that the merchant answered is the one asked, where no other passage is nearer."""

NEAR_MEASURE = 0.35
"""The same for one that names the measure asked about."""

OPEN = marked("Tell me what kind of thing it should be or what it may cost, and I will look more closely.")


def word_search(told: dict[str, Any], words: Words) -> str:
    """Products found, a line each with its price; '' where none is near."""
    products = told.get("products") or []
    if not products:
        return words.say(OPEN) if told.get("open") else words.say("I found nothing like that in the shop.")
    meant = told.get("named") or told.get("of_kind") or []
    lines = [line_of(product, words) + _cite(told, product["product_id"]) for product in products]
    if len(meant) == 1:
        lines += [line for product in products if product["product_id"] in meant for line in _answered(told, product)]
    lines = [words.say(lead_of(told, len(products))), *(f"• {line}" for line in lines)]
    return "\n".join([*lines, words.say(OPEN)] if told.get("open") and not meant else lines)


def lead_of(told: dict[str, Any], count: int) -> str:
    """What products found are to what was looked for. What was called by no name or kind may be none of them."""
    if told.get("closest"):
        return marked("Nothing matches all of that. These come nearest:")
    if not (told.get("named") or told.get("of_kind")):
        return marked("What comes nearest to what you are looking for:")
    return marked("This matches:") if count == 1 else marked("These match:")


def line_of(product: dict[str, Any], words: Words) -> str:
    """A product with its price and what it is, in one line."""
    parts = [product["name"]]
    price = price_of(product, words)
    if price:
        parts.append(price)
    if not product["available"]:
        parts.append(words.say("out of stock"))
    summary = product["summary"].strip()
    return " – ".join(parts) + (f". {summary}" if summary and len(summary) < 400 else "")


def price_of(product: dict[str, Any], words: Words) -> str:
    """The price, or 'from' the lowest where variants differ; '' where the shop states none."""
    if product.get("price") is None:
        return ""
    amount = words.money(product["price"], product["currency"])
    return words.say("from {amount}", amount=amount) if product.get("price_to") else amount


def _cite(told: dict[str, Any], product_id: str, holding: str = "") -> str:
    """The mark of the passage that bears a statement about a product: the one that holds it, else its first."""
    own = [passage for passage in told.get("passages", []) if passage["product_id"] == product_id]
    bearing = [passage for passage in own if holding and holding in passage["text"]] or own
    return f" [{bearing[0]['cite']}]" if bearing else ""


def word_product(told: dict[str, Any], slots: Slots, words: Words) -> str:
    """One product's answer to a question: what the merchant answered to it, the facts it asks for and the variants it
    names, else the passage nearest to it.
    """
    product = told["products"][0]
    answered, lines = _asked_for(told, slots, words)
    if not lines:
        nearest = _nearest(told, product, words)[: 1 if answered else None]
        lines = [line for line in nearest if line not in answered]
        if not answered and leaves_open(told, slots):
            lines.append(words.say("The shop holds no further facts about it."))
    price = price_of(product, words)
    head = f"{product['name']} – {price}" if price else product["name"]
    first, then = (answered, lines) if words.language == "en" else (lines, answered)
    return "\n".join([head, *(f"• {line}" for line in (*first, *then))])


def falls_short(told: dict[str, Any], slots: Slots, words: Words) -> bool:
    """Whether a question asks for something particular of a product, and what can be told is only what lies nearest."""
    particular = asks_particulars(told["question"], told["products"][0]["name"], words.language)
    return particular and not leaves_open(told, slots) and not any(_asked_for(told, slots, words))


def _asked_for(told: dict[str, Any], slots: Slots, words: Words) -> tuple[list[str], list[str]]:
    """What answers a question: in the merchant's words, and as facts and variants."""
    product = told["products"][0]
    asked = read_asked(slots, told["question"], words.language, product)
    chosen_alone = bool(slots.facts) and not _wanted(slots, asked)
    answered = [] if chosen_alone else _answered(told, product, asked)
    lines = [*_facts(told, slots, asked, bool(answered), words), *_versions(asked, product, bool(answered), words)]
    return answered, lines


def _answered(told: dict[str, Any], product: dict[str, Any], asked: Asked = NOTHING) -> list[str]:
    """A question that the merchant answered, with its answer: one about the measure asked for, else the one asked."""
    own = [passage for passage in told.get("passages") or [] if passage["product_id"] == product["product_id"]]
    least = max((NEAR_QUESTION, *(passage["closeness"] for passage in own)))
    questions = [passage for passage in own if passage["heading"].endswith("?")]
    naming = [passage for passage in questions if asked.named_in(f"{passage['heading']} {passage['text']}")]
    near = [passage for passage in naming if passage["closeness"] >= NEAR_MEASURE]
    chosen = near or [passage for passage in questions if passage["closeness"] >= least]
    best = max(chosen, key=lambda passage: passage["closeness"], default=None)
    return [f"{best['heading']} {best['text']} [{best['cite']}]"] if best else []


def _facts(told: dict[str, Any], slots: Slots, asked: Asked, answered: bool, words: Words) -> list[str]:
    """The facts asked for. One that need not hold of the size asked about is not told of it."""
    product, wanted = told["products"][0], _wanted(slots, asked)
    open_ones = [key for key in wanted if asked.may_differ(key, product["facts"])] if asked.meant(product) else []
    lines = [line for key in wanted if key not in open_ones for line in _aspect(key, product, told, words)]
    if open_ones and not answered:
        lines.append(words.say("The shop states no such figure for this version alone."))
    return lines


def leaves_open(told: dict[str, Any], slots: Slots) -> bool:
    """Whether a question asks for a yes or no that no fact of the product shown states."""
    asked = {*slots.having, *slots.lacking}
    return bool(asked) and asked.isdisjoint(told["products"][0]["facts"])


def _wanted(slots: Slots, asked: Asked) -> list[str]:
    """The facts asked for beside what is told variant by variant: 'the 20,000 mAh one' asks for no capacity."""
    keys = dict.fromkeys([*slots.facts, *slots.having, *slots.lacking])
    return [key for key in keys if not asked or not (key in CHOSEN or asked.holds(key))]


def _versions(asked: Asked, product: dict[str, Any], answered: bool, words: Words) -> list[str]:
    """The variants a question names, with their price and whether they are in stock; where none comes so, that it is
    not offered, and what comes nearest.
    """
    if not asked:
        return []
    meant = asked.meant(product)
    if not meant:
        nearest = _word_options({**product, "variants": asked.nearest(product)}, words)
        return [] if answered and not asked.sized else [words.say("The shop does not offer it like that."), *nearest]
    if len(meant) > MOST_VARIANTS:
        return _word_options({**product, "variants": meant}, words)
    return [_version(variant, words) for variant in meant]


def _version(variant: dict[str, Any], words: Words) -> str:
    price = f"{words.money(variant['price'], variant['currency'])} – " if variant["price"] else ""
    state = words.say("In stock.") if variant["available"] else words.say("Out of stock at the moment.")
    return f"{_options(variant)}: {price}{state}"


def _aspect(key: str, product: dict[str, Any], told: dict[str, Any], words: Words) -> list[str]:
    """What is known of one aspect; an aspect no fact holds is said to be unknown, never guessed."""
    if key in _ASPECTS:
        return _ASPECTS[key](product, words)
    facts = product["facts"]
    stem = key.split("_")[0]
    named = [key] if key in facts else [name for name in facts if stem in name.lower() and len(stem) > 3]
    return [
        words.fact(name, facts[name]) + _cite(told, product["product_id"], fact_text(name, facts[name]))
        for name in named
    ]


def _nearest(told: dict[str, Any], product: dict[str, Any], words: Words) -> list[str]:
    passages = told.get("passages") or []
    own = [passage for passage in passages if passage["product_id"] == product["product_id"]]
    worded = {fact_text(name, value): words.fact(name, value) for name, value in product["facts"].items()}
    lines = [product["summary"] + _cite(told, product["product_id"], product["summary"])] if product["summary"] else []
    for passage in own[:1]:
        text = _nearest_lines(passage["text"], told["question"]) if passage["heading"] != "Overview" else ""
        text = "; ".join(worded.get(line, line) for line in text.split("; "))
        if text and text not in lines:
            heading = f"{passage['heading']} " if passage["heading"].endswith("?") else ""
            lines.append(f"{heading}{text} [{passage['cite']}]")
    return lines or [words.say("The shop holds no further facts about it.")]


def _nearest_lines(text: str, question: str) -> str:
    """The lines of a passage that share words with a question; all of it where none does."""
    asked = set(keywords(question))
    lines = text.split("\n")
    shared = [line for line in lines if len(asked & set(keywords(line))) >= 2]
    return "; ".join(shared or lines)


def _word_price(product: dict[str, Any], words: Words) -> list[str]:
    return [words.say("Price: {price}", price=price)] if (price := price_of(product, words)) else []


def _word_stock(product: dict[str, Any], words: Words) -> list[str]:
    here = [variant for variant in product["variants"] if variant["available"]]
    if not here:
        return [words.say("Out of stock at the moment.")]
    named = list(filter(None, map(_options, here)))
    return [words.say("In stock: {variants}", variants="; ".join(named)) if named else words.say("In stock.")]


def _options(variant: dict[str, Any]) -> str:
    return ", ".join(str(value) for value in variant["options"].values())


def _word_options(product: dict[str, Any], words: Words) -> list[str]:
    if len(product["variants"]) > MOST_VARIANTS:
        return _grouped_options(product, words)
    named = [
        _options(variant) + ("" if variant["available"] else f" ({words.say('out of stock')})")
        for variant in product["variants"] if variant["options"]
    ]  # fmt: skip
    return [words.say("Available as: {variants}", variants="; ".join(named))] if named else []


def _grouped_options(product: dict[str, Any], words: Words) -> list[str]:
    """Many variants by what can be chosen: each option with the values that are in stock in some combination."""
    values: dict[str, dict[str, None]] = {}
    for variant in product["variants"]:
        for name, value in variant["options"].items() if variant["available"] else ():
            values.setdefault(name, {})[str(value)] = None
    return [
        words.say("{label}: {value}", label=words.label("colour" if name == "color" else name), value=", ".join(own))
        for name, own in values.items()
    ]


def _word_box(product: dict[str, Any], words: Words) -> list[str]:
    held = product["in_the_box"]
    return [words.say("In the box: {items}", items=", ".join(held))] if held else []


def _word_certificates(product: dict[str, Any], words: Words) -> list[str]:
    lines = []
    for entry in product["certificates"]:
        line = f"{entry['name']} ({', '.join(part for part in (entry['number'], entry['issuer']) if part)})"
        if entry.get("valid_until"):
            line += " – " + words.say("valid until {day}", day=words.day(entry["valid_until"]))
        lines.append(line)
    return lines or [words.say("The shop holds no certificate for it.")]


def _word_warnings(product: dict[str, Any], words: Words) -> list[str]:
    return list(product["warnings"]) or [words.say("The shop states no warnings for it.")]


_ASPECTS = {
    "price": _word_price, "stock": _word_stock, "options": _word_options, "in_the_box": _word_box,
    "certificates": _word_certificates, "warnings": _word_warnings,
}  # fmt: skip
"""What a question can be about that is no plain fact."""
