"""Listings made wrong in one place each, with the field and rules that must say so; and edits that harm nothing."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.quantities import read_quantities

PAST = "2025-06-30"
OTHER_BRANDS = ("Anker", "Samsung", "Nike", "PetSafe", "Xiaomi", "H&M", "Jackery", "Royal Canin")
UNITS = {
    "W": ("V", "kg"),
    "g": ("kg", "cm"),
    "cm": ("mm", "kg"),
    "lb": ("kg", "g"),
    "in": ("ft", "cm"),
    "l": ("ml", "kg"),
    "mm": ("m", "kg"),
    "GHz": ("MHz", "W"),
    "s": ("h", "kg"),
    "month": ("years", "days"),
    "percent": ("kg", "W"),
    "gsm": ("kg", "ml"),
    "kg": ("g", "cm"),
    "C": ("W", "kg"),
    "F": ("kg", "W"),
    "cup": ("kg", "W"),
}
"""Units to put in a unit's place."""


@dataclass(frozen=True)
class Mutation:
    """A listing made wrong. `field` and `rules` are where and what a check must find, one of the rules at least."""

    kind: str
    listing: dict[str, Any]
    facts: dict[str, Any]
    field: str
    rules: tuple[str, ...]
    what: str


def mutations(listing: dict[str, Any], facts: dict[str, Any], language: str) -> Iterator[Mutation]:
    """Every mutation of a listing."""
    for make in (too_long, banned_characters, repeated_words, numbers, units, certificates, brands):
        yield from make(listing, facts, language)


def texts(listing: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    for field in ("title", "item_highlights", "bullets", "description", "search_terms"):
        held = listing.get(field)
        if isinstance(held, str):
            yield field, -1, held
        elif isinstance(held, list):
            yield from ((field, place, text) for place, text in enumerate(held))


def put(listing: dict[str, Any], field: str, item: int, text: str) -> dict[str, Any]:
    changed = copy.deepcopy(listing)
    if item < 0:
        changed[field] = text
    else:
        changed[field][item] = text
    return changed


MOST = {
    ("amazon", "title"): 75,
    ("amazon", "item_highlights"): 125,
    ("amazon", "bullets"): 255,
    ("amazon", "description"): 2000,
    ("tiktok_shop", "title"): 255,
    ("tiktok_shop", "description"): 10000,
    ("shopee", "title"): 100,
    ("shopee", "description"): 3000,
}


def too_long(listing: dict[str, Any], facts: dict[str, Any], _: str) -> Iterator[Mutation]:
    market = listing["marketplace"]
    words = ["outdoor", "reise", "viaje", "jalan", "garten", "campo", "luar", "sonne", "camino", "hari", "weg", "ruta"]
    for field, item, text in texts(listing):
        most = MOST.get((market, field))
        for extra in (1, 12) if most else ():
            longer = text
            while len(longer) < most + extra:
                longer += f" {words[len(longer) % len(words)]}"
            yield Mutation(
                "length", put(listing, field, item, longer), facts, field, ("limit.max_characters",), longer[-20:]
            )
    if "search_terms" in listing:
        for letter in ("ü", "é", "ñ", "猫", "ス"):
            grown = listing["search_terms"]
            place = 0
            while len(grown.encode()) <= 249:
                grown += f" {letter * 3}{chr(97 + place % 26)}{chr(97 + place // 26)}"
                place += 1
            assert len(grown) <= 249
            yield Mutation(
                "bytes", put(listing, "search_terms", -1, grown), facts, "search_terms", ("limit.max_bytes",), letter
            )


BANNED = {
    ("amazon", "title"): ("amz.title.chars", "!$?_{}^¬¦"),
    ("amazon", "bullets"): ("amz.bullets.chars", "™®€…†‡°¢£¥©±~"),
    ("amazon", "search_terms"): ("amz.search_terms.words", ",;"),
    ("tiktok_shop", "title"): ("tts.title", "★!™#"),
    ("shopee", "title"): ("shopee.title", "🎉🔥✨"),
}


def banned_characters(listing: dict[str, Any], facts: dict[str, Any], _: str) -> Iterator[Mutation]:
    for field, item, text in texts(listing):
        rule, characters = BANNED.get((listing["marketplace"], field), ("", ""))
        for place, character in enumerate(characters[item % 3 :: 3] if item >= 0 else characters):
            words = text.split(" ")
            at = 1 + place % (len(words) - 1)
            changed = " ".join([*words[:at], words[at] + character, *words[at + 1 :]])
            yield Mutation("character", put(listing, field, item, changed), facts, field, (rule,), character)


def repeated_words(listing: dict[str, Any], facts: dict[str, Any], _: str) -> Iterator[Mutation]:
    rules = {"amazon": "amz.title.repeat", "shopee": "shopee.title"}
    title = listing["title"]
    words = [word for word in re.findall(r"[^\W\d_]{4,}", title) if word not in ("para", "aus")]
    for word in dict.fromkeys(words):
        rule = rules.get(listing["marketplace"], "text.doubled_word")
        spread = title.replace(word, f"{word} {word} {word}", 1)
        yield Mutation("repeat", put(listing, "title", -1, spread), facts, "title", (rule, "text.doubled_word"), word)
    for word in listing.get("search_terms", "").split()[:4]:
        changed = f"{listing['search_terms']} {word}"
        yield Mutation(
            "repeat",
            put(listing, "search_terms", -1, changed),
            facts,
            "search_terms",
            ("amz.search_terms.words",),
            word,
        )


def numbers(listing: dict[str, Any], facts: dict[str, Any], language: str) -> Iterator[Mutation]:
    for field, item, text in texts(listing):
        for quantity in read_quantities(text, language):
            written = re.match(r"\d+(?:[.,]\d+)?", quantity.text)
            if not written or (quantity.values[0] == 5 and quantity.unit == "GHz") or quantity.values[0] == 1:
                continue
            mark = "," if "," in written.group() else "."
            wrong = f"{float(quantity.values[0]) * 3 + 41.7:.1f}".replace(".", mark)
            changed = text[: quantity.start] + wrong + text[quantity.start + written.end() :]
            yield Mutation(
                "number",
                put(listing, field, item, changed),
                facts,
                field,
                ("facts.unsupported_number",),
                f"{written.group()} → {wrong}",
            )


def units(listing: dict[str, Any], facts: dict[str, Any], language: str) -> Iterator[Mutation]:
    for field, item, text in texts(listing):
        for quantity in read_quantities(text, language):
            written = re.match(r"\d+(?:[.,]\d+)?", quantity.text)
            if (
                not written
                or quantity.lent
                or not quantity.unit
                or (quantity.values[0] == 5 and quantity.unit == "GHz")
            ):
                continue
            for other in UNITS[quantity.unit]:
                changed = f"{text[: quantity.start]}{written.group()} {other}{text[quantity.end :]}"
                yield Mutation(
                    "unit",
                    put(listing, field, item, changed),
                    facts,
                    field,
                    ("facts.wrong_unit", "facts.unsupported_number"),
                    f"{quantity.text} → {other}",
                )


def certificates(listing: dict[str, Any], facts: dict[str, Any], _: str) -> Iterator[Mutation]:
    """Every certificate over, in each way a file may say so; a field must name it."""
    ended = copy.deepcopy(facts)
    held = ended["facts"].pop("evidence")
    for way in ("until", "text"):
        changed = copy.deepcopy(ended)
        if way == "until":
            changed["facts"]["certificates"] = [{"name": name, "valid_until": PAST} for name in held]
        else:
            changed["facts"]["evidence"] = [f"{name}, valid until {PAST}" for name in held]
        for field, _, text in texts(listing):
            if re.search(r"GOTS|Control Union|IP65", text):
                yield Mutation("certificate", listing, changed, field, ("facts.expired_certificate",), way)
    for mark in ("OEKO-TEX", "TÜV", "Energy Star"):
        for field, item, text in list(texts(listing))[:3]:
            if field != "search_terms":
                yield Mutation(
                    "certificate",
                    put(listing, field, item, f"{text} {mark}"),
                    facts,
                    field,
                    ("facts.unsupported_certificate",),
                    mark,
                )


def brands(listing: dict[str, Any], facts: dict[str, Any], _: str) -> Iterator[Mutation]:
    own = facts["facts"]["brand"]
    for place, (field, item, text) in enumerate(texts(listing)):
        for brand in (OTHER_BRANDS[place % 8], OTHER_BRANDS[(place + 3) % 8]):
            words = text.split(" ")
            at = 2 + place % max(1, len(words) - 2)
            changed = " ".join([*words[:at], brand, *words[at:]])
            yield Mutation("brand", put(listing, field, item, changed), facts, field, ("facts.other_brand",), brand)
    for brand in ("Zentrava", "Anker", "Quiltero"):
        changed = listing["title"].replace(own, brand)
        yield Mutation(
            "brand", put(listing, "title", -1, changed), facts, "title", ("facts.other_brand",), f"{own} → {brand}"
        )


SAME = {
    "690 g": ("0.69 kg", "690g"), "28 W": ("28W",), "18 W": ("18W",), "4 L": ("4000 ml", "4L"), "1,9 kg": ("1900 g",),
    "60 cm": ("600 mm",), "24 months": ("2 years",), "1.5 lb": ("690 g",),
}  # fmt: skip
"""Figures and others that say the same."""


def benign(listing: dict[str, Any], facts: dict[str, Any], language: str) -> Iterator[Mutation]:
    """Edits that change nothing a rule or a fact is about."""
    for field, item, text in texts(listing):
        for changed, what in said_otherwise(field, text, language):
            yield Mutation("benign", put(listing, field, item, changed), facts, field, (), what)
    for field, held in shorter(listing):
        yield Mutation("benign", {**copy.deepcopy(listing), field: held}, facts, field, (), f"other {field}")


def said_otherwise(field: str, text: str, language: str) -> Iterator[tuple[str, str]]:
    for written, others in SAME.items():
        for other in others if re.search(rf"(?<![\d.,]){re.escape(written)}(?!\w)", text) else ():
            spoken = other.replace(".", ",") if language in ("de", "id") and "." in other else other
            yield text.replace(written, spoken, 1), spoken
    if field == "item_highlights":
        yield ", ".join(reversed(text.split(", "))), "turned round"


def shorter(listing: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Bullets and terms in another order, and one less where enough stay."""
    bullets, terms = listing.get("bullets", []), listing.get("search_terms", "").split()
    for place in range(len(bullets) if len(bullets) > 3 else 0):
        yield "bullets", [text for at, text in enumerate(bullets) if at != place]
    if bullets:
        yield "bullets", bullets[::-1]
        yield "search_terms", " ".join(terms[::-1])
        yield "search_terms", " ".join(terms[:-2])
