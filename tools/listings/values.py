"""Fields that are no prose: named values, pictures' texts, questions, modules, single facts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from knowledge.facts.values import said
from knowledge.listings import Claimed
from knowledge.locales import match_language
from knowledge.phrasing import Piece
from knowledge.phrasing.measure import length
from tools.listings.filling import Filling
from tools.listings.texts import sentences_for


def markup(filling: Filling, name: str) -> None:
    """A description in paragraphs of HTML: what the summary says, then the facts."""
    from html import escape

    held = sentences_for(filling, name)
    if not held:
        return
    first = sum(piece.facts == held[0].facts for piece in held)
    parts = (held[:first], held[first:])
    space = filling.phrasing.words["space"]
    told = (space.join(escape(piece.text, quote=False) for piece in part) for part in parts if part)
    filling.fields[name] = "".join(f"<p>{text}</p>" for text in told)
    filling.claims += [Claimed(name, -1, piece.text, piece.facts) for piece in held]


def attributes(filling: Filling) -> dict[str, Piece]:
    """Facts as named values in the language, a fact each: 'Weight' → 'Weight: 1.450 g' without its name."""
    said = filling.phrasing
    found: dict[str, Piece] = {}
    for fact in filling.facts.attested:
        label = said.label(fact.name)
        value = said.value(fact.name)
        if (
            label
            and value
            and fact.name not in ("care", "ingredients", "suitable_for", "compatible_with", "fit", "hs_code")
        ):
            found[label] = Piece(value, (fact.id,))
    return found


def pairs(filling: Filling, name: str) -> None:
    """The facts as named values, as many and as long as the field takes."""
    limits = filling.limits[name]
    held = {
        key: piece
        for key, piece in attributes(filling).items()
        if len(key) <= (limits.name_max or 999)
        and len(piece.text) <= (limits.value_max or 999)
        and filling.passes(name, f"{key}: {piece.text}")
    }
    filling.pairs(name, dict(list(held.items())[: limits.max_count or 99]))


def alt_texts(filling: Filling, name: str) -> None:
    """What the product's picture shows, for those who do not see it."""
    lead = filling.facts.text_in("name", filling.phrasing.facts_language)
    hint = filling.facts.get("image_hint")
    if lead is None:
        return
    said = filling.phrasing.words["alt"]
    told = hint is not None and filling.phrasing.facts_language == "en"
    text = (
        said["picture"].format(name=lead.value, hint=hint.value)
        if told and hint
        else said["plain"].format(name=lead.value)
    )
    if filling.passes(name, text):
        filling.entries(name, [Piece(text, (lead.id, *((hint.id,) if told and hint else ())))])


def faq(filling: Filling, name: str) -> None:
    """Questions with answers."""
    asked = [(q, a) for q, a in filling.phrasing.questions() if filling.passes(name, f"{q.text} {a.text}")]
    if asked:
        filling.fields[name] = [{"q": q.text, "a": a.text} for q, a in asked]
        filling.claims += [Claimed(name, place, f"{q.text} {a.text}", a.facts) for place, (q, a) in enumerate(asked)]


def modules(filling: Filling, name: str) -> None:
    """A+ modules: what it is, its data in a table, use and care."""
    said, lead = filling.phrasing.words["modules"], filling.facts.text_in("name", filling.phrasing.facts_language)
    held = sentences_for(filling, name)
    if lead is None or not held:
        return
    table = {key: piece for key, piece in attributes(filling).items() if filling.passes(name, f"{key}: {piece.text}")}
    care = [
        piece
        for group, _, pieces in filling.phrasing.bullets()
        if group in ("care", "use")
        for piece in pieces
        if filling.passes(name, piece.text)
    ]
    space = filling.phrasing.words["space"]
    built: list[dict[str, Any]] = [
        {
            "module": "text",
            "headline": said["about"].format(name=lead.value),
            "body": space.join(p.text for p in held[:3]),
        },
        {"module": "table", "headline": said["data"], "rows": {key: piece.text for key, piece in table.items()}},
        {
            "module": "text",
            "headline": said["care"],
            "body": filling.phrasing.words["joined"].join(p.text for p in care),
        },
    ]
    kept = [module for module in built if module.get("body") or module.get("rows")]
    filling.fields[name] = kept
    filling.claims += [Claimed(name, 0, piece.text, piece.facts) for piece in held[:3]]
    filling.claims += [Claimed(name, 1, f"{key}: {piece.text}", piece.facts) for key, piece in table.items()]
    filling.claims += [Claimed(name, 2, piece.text, piece.facts) for piece in care]


def value(fact: str) -> Callable[[Filling, str], None]:
    """A field that holds one fact as it is."""

    def fill(filling: Filling, name: str) -> None:
        held = filling.facts.get(fact)
        text = str(held.value) if held and not isinstance(held.value, list | dict | bool) else ""
        limits = filling.limits[name]
        if held and text and (limits.max is None or length(text, limits.unit) <= limits.max):
            filling.text(name, [Piece(text, (held.id,))], "")

    return fill


def sku(filling: Filling, name: str) -> None:
    """The first variant's SKU, else the product's id."""
    own = (filling.facts.skus or (filling.facts.product_id,))[0]
    if len(own) <= (filling.limits[name].max or 99):
        filling.text(name, [Piece(own, (f"{filling.facts.product_id}#sku",))], "")


def handle(filling: Filling, name: str) -> None:
    """The address of a product page: the English name in ASCII."""
    named = filling.facts.get("name")
    if named:
        plain = unicodedata.normalize("NFKD", str(named.value)).encode("ascii", "ignore").decode().lower()
        filling.text(name, [Piece(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"), (named.id,))], "")


def material(filling: Filling, name: str) -> None:
    """What it is made of, in the language; left out where the language has no words for a part of it."""
    fact, text = filling.facts.get("material"), filling.phrasing.value("material")
    most = filling.limits[name].max
    if (
        fact
        and text
        and (most is None or length(text, filling.limits[name].unit) <= most)
        and filling.passes(name, text)
    ):
        filling.text(name, [Piece(text, (fact.id,))], "")


def material_list(filling: Filling, name: str) -> None:
    """The materials an entry each, where the language has them and the field takes their characters."""
    text, fact = filling.phrasing.value("material"), filling.facts.get("material")
    parts = [re.sub(r"[^\w\s]", "", part).strip() for part in re.split(r"[,;]", text)]
    kept = [
        part
        for part in parts
        if part
        and not re.search(r"\d", part)
        and len(part) <= (filling.limits[name].max or 99)
        and filling.passes(name, part)
    ]
    if fact:
        filling.entries(
            name, [Piece(part, (fact.id,)) for part in dict.fromkeys(kept)][: filling.limits[name].max_count or 13]
        )


def options(filling: Filling, name: str) -> None:
    """What can be chosen, as the shop writes it; colours in the language."""
    held: dict[str, Piece] = {}
    for place, chosen in enumerate(filling.facts.options):
        for key, text in chosen.items():
            known = held.get(key)
            told = _colour(filling, str(text)) if key == "color" else str(text)
            values = dict.fromkeys([*(known.text.split(" | ") if known else []), told])
            held[key] = Piece(
                " | ".join(values), (*(known.facts if known else ()), f"{filling.facts.product_id}#options[{place}]")
            )
    filling.pairs(name, dict(list(held.items())[: filling.limits[name].max_count or 3]))


def color(filling: Filling, name: str) -> None:
    """Up to three colours, in the language where it has words for them."""
    places = [place for place, chosen in enumerate(filling.facts.options) if chosen.get("color")]
    colours = dict.fromkeys(_colour(filling, str(filling.facts.options[place]["color"])) for place in places)
    if colours:
        facts = tuple(f"{filling.facts.product_id}#options[{place}]" for place in places)
        filling.text(name, [Piece("/".join(list(colours)[:3]), facts)], "")


def color_in(locale: str, text: str) -> str:
    """A colour as a locale's language says it, else as the shop writes it."""
    return said("color", text, match_language(locale) or "en") or text


def _colour(filling: Filling, text: str) -> str:
    return said("color", text, filling.phrasing.facts_language) or text


def safety(filling: Filling, name: str) -> None:
    """Who made it, who answers for it in the Union, and the warnings, where they are in the language."""
    names = ("manufacturer", "responsible_person", *(["warnings"] if filling.phrasing.value("warnings") else []))
    held = {key: filling.facts.get(key) for key in names}
    if held["manufacturer"] and held["responsible_person"]:
        filling.pairs(name, {key: Piece(_joined(fact.value), (fact.id,)) for key, fact in held.items() if fact})


def _joined(value: Any) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
