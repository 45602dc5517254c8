"""Holding a text against the facts: every figure, unit, code, mark and brand in it needs one that bears it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from knowledge.findings import Finding
from knowledge.quantities import Quantity, read_codes, read_quantities, unit
from tools.attesting.attested import COMMON, Borne, Ground, normal_code, same, unborne
from tools.attesting.brands import Brands, names_pattern
from tools.attesting.certificates import Papers

_DENIED = re.compile(
    r"(?:\b(?:not|no|non|without|never|nicht|kein\w*|ohne|pas|sans|sin|não|nao|sem|bukan|tidak|tanpa|ni)\b|[不无無非]|بدون|ليس|ليست|لا)\s*(?:\w+\s){0,2}$",
    re.I,
)
_THROUGH = re.compile(r"\s*(?:[-–—~〜～]|(?:to|bis|à|a|até|hasta|hingga|sampai)\b|إلى|至|到|から)", re.I)
"""From one figure to another of the same unit."""
_DENIED_AFTER = re.compile(r"^[^,;.!?。]{0,14}(?:ではな|に対応していません|には対応|非対応|以外)")


class Tracer:
    """Holds texts in a language against one product's facts on a day. `brands` are others' names beside those known."""

    def __init__(self, ground: Ground, language: str, on: date, brands: Collection[str] = ()) -> None:
        self.ground = ground
        self._language = language
        self._on = on
        self._brand_names = Brands(ground, brands, language)
        self._papers = Papers(ground, language, on)

    def check(self, field: str, item: int, text: str) -> Iterator[Finding]:
        """What in a text no fact bears."""
        yield from self._figures(field, item, text)
        yield from self._codes(field, item, text)
        yield from self._papers.check(field, item, text)
        yield from self._brands(field, item, text)
        yield from self._not_to_say(field, item, text)

    def bearing(self, text: str) -> tuple[str, ...]:
        """The ids of the facts that bear figures, codes and marks of a text."""
        found = [self._borne(quantity, text) for quantity in read_quantities(text, self._language)]
        return tuple(dict.fromkeys(borne.fact for borne in found if borne))

    def is_own(self, word: str) -> bool:
        """Whether the facts hold a word."""
        return word.lower() in self.ground.words

    def _figures(self, field: str, item: int, text: str) -> Iterator[Finding]:
        for quantity in read_quantities(text, self._language):
            if self._is_miscounted(quantity, text):
                known: list[Borne] = []
            elif self._borne(quantity, text) or self._is_plain(quantity, text):
                continue
            else:
                known = [b for value in quantity.values for b in self.ground.by_value.get(value, ())]
            severity = "warn" if quantity.worded else "block"
            span = (quantity.start, quantity.end)
            if known and quantity.unit:
                held = ", ".join(dict.fromkeys(_told(borne) for borne in known))
                yield unborne("facts.wrong_unit", severity, field, item, text, span,
                                    f"The facts hold {held}, in another unit than {quantity.text!r}.",
                                    f"Write it as the fact does: {held}.", tuple(b.fact for b in known))  # fmt: skip
            elif known:
                held = ", ".join(dict.fromkeys(_told(borne) for borne in known))
                yield unborne("facts.missing_unit", "warn", field, item, text, span,
                                    f"The facts hold {held}; {quantity.text!r} says no unit.", f"Write {held}.",
                                    tuple(b.fact for b in known))  # fmt: skip
            else:
                yield unborne(
                    "facts.unsupported_number",
                    severity,
                    field,
                    item,
                    text,
                    span,
                    f"No fact bears {quantity.text!r}.",
                    "Take the figure from a fact, or leave it out.",
                    (),
                )

    def _is_miscounted(self, quantity: Quantity, text: str) -> bool:
        """Whether a text counts what the facts count, and says another number of it."""
        if quantity.unit or self._language != "en":
            return False
        behind = re.match(r"\s+(?:[^\W\d_]+\s+)?([^\W\d_]{4,})", text[quantity.end :].lower())
        held = self.ground.counts.get(behind.group(1).removesuffix("s")) if behind else None
        return held is not None and not held & set(quantity.values)

    def _borne(self, quantity: Quantity, text: str) -> Borne | None:
        if not quantity.unit:
            return self._bare(quantity)
        own = unit(quantity.unit)
        if own is None:
            return None
        kinds = [own.kind, *(["density"] if own.name == "g" else [])]
        for borne in (b for kind in kinds for b in self.ground.by_kind.get(kind, ())):
            if same(quantity, borne, own) or (
                borne.unit and borne.unit.kind == "density" and borne.value in quantity.values
            ):
                return borne
        if own.name == "F":
            return self._fahrenheit(quantity)
        if own.name == "in" and quantity.lent:
            return self._bare(quantity)
        if quantity.lent and not _THROUGH.match(text, quantity.end):
            return self._bare(quantity)
        return self._lone(quantity)

    def _lone(self, quantity: Quantity) -> Borne | None:
        """A figure of a fact whose unit the shop left out ('30 °C' of wash_temp: 30) bears one with a unit only where
        the fact is a bare number by itself.
        """
        for value in quantity.values:
            for borne in self.ground.by_value.get(value, ()):
                fact = self.ground.facts.by_name.get(borne.fact.split("#", 1)[-1])
                if (
                    borne.unit is None
                    and fact
                    and isinstance(fact.value, int | float)
                    and _names_kind(fact.name, quantity.unit)
                ):
                    return borne
        return None

    def _bare(self, quantity: Quantity) -> Borne | None:
        found = (b for value in quantity.values for b in self.ground.by_value.get(value, ()) if b.unit is None)
        return next(found, None)

    def _fahrenheit(self, quantity: Quantity) -> Borne | None:
        for borne in self.ground.by_kind.get("temperature", ()):
            held = borne.value * 9 / 5 + 32
            if any(abs(value - held) <= Decimal("0.5") for value in quantity.values):
                return borne
        return None

    def _is_plain(self, quantity: Quantity, text: str) -> bool:
        """What states nothing: one of a thing, once a day, a figure the text denies, a day of the year."""
        ones = Decimal(1) in quantity.values
        if ones and (not quantity.unit or quantity.unit in ("day", "week", "month", "year", "h", "min")):
            return True
        before, after = text[max(0, quantity.start - 24) : quantity.start], text[quantity.end : quantity.end + 24]
        return bool(_DENIED.search(before) or _DENIED_AFTER.match(after))

    def _codes(self, field: str, item: int, text: str) -> Iterator[Finding]:
        for start, code in read_codes(text, self._language):
            plain = normal_code(code)
            if plain in self.ground.codes or plain in COMMON or plain in self.ground.squeezed:
                continue
            if _DENIED.search(text[max(0, start - 24) : start]):
                continue
            yield unborne(
                "facts.unsupported_number",
                "block",
                field,
                item,
                text,
                (start, start + len(code)),
                f"No fact holds {code!r}.",
                "Take the code from a fact, or leave it out.",
                (),
            )

    def brand_spans(self, text: str) -> list[tuple[int, int]]:
        """Where a text names a brand: the product's own, or another."""
        return self._brand_names.spans(text)

    def _brands(self, field: str, item: int, text: str) -> Iterator[Finding]:
        if field == "color" and len(text.split()) == 1:
            return  # brown is Braun in German
        for span in self._brand_names.strange(text, leads=field.startswith("title")):
            yield unborne(
                "facts.other_brand", "block", field, item, text, span,
                f"{text[slice(*span)]!r} is not this product's brand, and no fact names it.",
                "Leave other makers' names out, or attest the compatibility as a fact.", (),
            )  # fmt: skip

        for span in self._brand_names.unknown(text, leads=field.startswith("title")):
            yield unborne(
                "facts.other_brand", "warn", field, item, text, span,
                f"{text[slice(*span)]!r} looks like a maker's name, and no fact names it.",
                "Leave it out, or attest it as a fact.", (),
            )  # fmt: skip

    def _not_to_say(self, field: str, item: int, text: str) -> Iterator[Finding]:
        pattern = _not_to_say_pattern(self.ground.facts.not_to_say)
        for match in pattern.finditer(text) if pattern else ():
            if not _DENIED.search(text[max(0, match.start() - 24) : match.start()]):
                yield unborne(
                    "facts.not_to_say",
                    "block",
                    field,
                    item,
                    text,
                    match.span(),
                    f"The facts say that {match.group()!r} is not to be said of this product.",
                    "Leave it out.",
                    (),
                )


def _told(borne: Borne) -> str:
    return f"{borne.value.normalize():f}{' ' + borne.unit.name if borne.unit else ''}"


_KINDS = {"temperature": ("temp",), "time": ("time", "life", "duration"), "months": ("warranty", "age", "life")}


def _names_kind(name: str, unit_name: str) -> bool:
    own = unit(unit_name)
    return bool(own and any(word in name.lower() for word in _KINDS.get(own.kind, ())))


@cache
def _not_to_say_pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """What may not be said, as it is written; a phrase with a remark in brackets is for people alone."""
    plain = [phrase for phrase in phrases if phrase.strip() and "(" not in phrase]
    return names_pattern(plain, re.I) if plain else None
