"""Faults in disguise: what a listing says wrongly in other letters, signs and words than one looks for first."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from typing import Any

from knowledge.quantities import read_quantities
from tests.tools.listing_mutations import Mutation, put, texts

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
CYRILLIC = str.maketrans("aeoicp", "аеоіср")
NUMBER_WORDS = {"en": "nineteen", "de": "neunzehn", "es": "diecinueve", "id": "sembilan belas"}
THROUGH = {"en": "to", "de": "bis", "es": "a", "id": "hingga"}
SWAPPED = {
    "cm": ("in", "inches"),
    "l": ("fl oz", "gal"),
    "g": ("oz",),
    "kg": ("lb",),
    "lb": ("kg",),
    "month": ("weeks",),
}
BORNE = ("facts.unsupported_number", "facts.wrong_unit", "facts.missing_unit")
UNSEEN = ("\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e")
EMOJI = ("🔥", "✅", "👨‍👩‍👧", "1️⃣", "🇩🇪", "❤️", "🆕", "➤")
MARKUP = ("<b>x</b>", "<br/>", "&nbsp;", "&#39;", "<script>x</script>", "<font color=red>x</font>")
INVENTED = ("Zentrava", "Quiltero", "Vantoro", "Kelmora", "Pexwell", "Oravex", "Velquist", "Solvanta")
ENDED = (
    "valid until 30 June 2025", "gültig bis 30.06.2025", "expires 06/30/2025", "valid to 2025-06",
    "válido hasta junio de 2025",
)  # fmt: skip


def disguises(listing: dict[str, Any], facts: dict[str, Any], language: str) -> Iterator[Mutation]:
    """Every disguised fault of a listing."""
    for field, item, text in texts(listing):
        market = listing["marketplace"]
        edits = (_figures(text, language), _codes(text), _signs(field, text, market), _names(field, text))
        for kind, changed, rules in itertools.chain(*edits):
            yield Mutation(kind, put(listing, field, item, changed), facts, field, rules, changed[:90])
    yield from _own_brand(listing, facts)
    yield from _ended(listing, facts)


Edit = tuple[str, str, tuple[str, ...]]


def _figures(text: str, language: str) -> Iterator[Edit]:
    for quantity in read_quantities(text, language):
        written = re.match(r"\d+(?:[.,]\d+)?", quantity.text)
        if not written or quantity.values[0] in (1, 5):
            continue
        head, tail = text[: quantity.start], text[quantity.start + written.end() :]
        wrong = str(int(quantity.values[0] * 3 + 41))
        yield "full-width", f"{head}{wrong.translate(FULL_WIDTH)}{tail}", BORNE
        yield "arabic digits", f"{head}{wrong.translate(ARABIC)}{tail}", BORNE
        if tail[:1] == " ":
            yield "number word", f"{head}{NUMBER_WORDS[language]}{tail}", BORNE
        if not quantity.unit or quantity.lent:
            continue
        yield "range", f"{head}{written.group()}-{wrong}{tail}", BORNE
        yield "range", f"{head}{written.group()} {THROUGH[language]} {wrong}{tail}", BORNE
        rest = text[quantity.end :]
        for other in SWAPPED.get(quantity.unit, ()) if language == "en" else ():
            yield "unit kept value", f"{head}{written.group()} {other}{rest}", BORNE


def _codes(text: str) -> Iterator[Edit]:
    for code in ("CU 000000", "TR-118", "NV-28", "PF-4", "IP65"):
        if code in text:
            yield "code", text.replace(code, f"{code[:-1]}9", 1), BORNE


def _signs(field: str, text: str, market: str) -> Iterator[Edit]:
    longest = max(text.split(), key=len)
    for sign in UNSEEN:
        yield "unseen", text.replace(longest, f"{longest[:2]}{sign}{longest[2:]}", 1), ("text.invisible",)
    if field != "description":
        yield from (("emoji", _within(text, sign), ("text.emoji", "amz.", "tts.", "shopee.")) for sign in EMOJI)
    if field != "description" or market == "shopee":
        yield from (("markup", _within(text, sign), ("text.html",)) for sign in MARKUP)
    if field == "title":
        yield from _repeated(text)


def _repeated(title: str) -> Iterator[Edit]:
    rules = ("text.doubled_word", "text.repeated_word", "amz.title.repeat", "shopee.title")
    for word in dict.fromkeys(re.findall(r"(?<![\w-])[^\W\d_]{5,}(?![\w-])", title)):
        yield "repeat in case", title.replace(word, f"{word} {word.upper()} {word.lower()}", 1), rules
        yield "repeat in number", title.replace(word, f"{word}, {word}s, {word}s", 1), rules
        yield "repeat apart", f"{word} {title} {word}", rules


def _names(field: str, text: str) -> Iterator[Edit]:
    for brand in ("Samsung", "Philips", "Sony", "Nike"):
        yield "brand in other letters", _within(text, brand[0] + brand[1:].translate(CYRILLIC)), ("facts.other_brand",)
        yield "brand cut", _within(text, f"{brand[:2]}\u200b{brand[2:]}"), ("facts.other_brand",)
    if field != "search_terms":
        yield from (("invented name", _within(text, name), ("facts.other_brand",)) for name in INVENTED)


def _within(text: str, word: str) -> str:
    words = text.split(" ")
    return " ".join([*words[: len(words) // 2], word, *words[len(words) // 2 :]])


def _own_brand(listing: dict[str, Any], facts: dict[str, Any]) -> Iterator[Mutation]:
    own = facts["facts"]["brand"]
    changed = listing["title"].replace(own, own[0] + own[1:].translate(CYRILLIC), 1)
    yield Mutation("own brand", put(listing, "title", -1, changed), facts, "title", ("text.mixed_script",), own)


def _ended(listing: dict[str, Any], facts: dict[str, Any]) -> Iterator[Mutation]:
    """Certificates that are over, as files of other countries write days."""
    for way in ENDED:
        changed = copy.deepcopy(facts)
        changed["facts"]["evidence"] = [f"{name}, {way}" for name in facts["facts"]["evidence"]]
        for field, _, text in texts(listing):
            if re.search(r"GOTS|Control Union|IP65", text):
                yield Mutation("certificate's day", listing, changed, field, ("facts.expired_certificate",), way)
