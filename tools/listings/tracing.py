"""Holding a text against the facts: every figure, unit, code, mark and brand in it needs one that bears it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from knowledge.commerce import Certificate
from knowledge.listings import FieldFinding
from knowledge.quantities import Quantity, read_codes, read_quantities, unit
from tools.listings.attested import Borne, Ground, bears, marks_in, normal_code, same
from tools.listings.brands import Brands, names_pattern

_DENIED = re.compile(
    r"(?:\b(?:not|no|non|without|never|nicht|kein\w*|ohne|pas|sans|sin|não|nao|sem|bukan|tidak|tanpa|ni)\b|[不无無非]|بدون|ليس|ليست|لا)\s*(?:\w+\s){0,2}$",
    re.I,
)
_DENIED_AT_ONCE = re.compile(
    r"(?:\b(?:not|no|non|without|nicht|kein\w*|ohne|pas|sans|sin|não|sem|bukan|tidak|tanpa)\b|[不无無非]|بدون)\s*(?:(?:a|an|the|de|die|das)\s)?$",
    re.I,
)
"""A denial of a mark: it stands right before the mark's name."""
_DENIED_AFTER = re.compile(r"^[^,;.!?。]{0,14}(?:ではな|に対応していません|には対応|非対応|以外)")
_COMMON = frozenset(
    {
        "b2b",
        "co2",
        "h2o",
        "mp3",
        "mp4",
        "3d",
        "2d",
        "4k",
        "5g",
        "4g",
        "a4",
        "a5",
        "b5",
        "24h",
        "2in1",
        "3in1",
        "usb2",
        "usb3",
    }
)
"""Codes that are words of the language and state nothing of a product by themselves."""


class Tracer:
    """Holds texts in a language against one product's facts on a day. `brands` are others' names beside those known."""

    def __init__(self, ground: Ground, language: str, on: date, brands: Collection[str] = ()) -> None:
        self.ground = ground
        self._language = language
        self._on = on
        self._brand_names = Brands(ground, brands)

    def check(self, field: str, item: int, text: str) -> Iterator[FieldFinding]:
        """What in a text no fact bears."""
        yield from self._figures(field, item, text)
        yield from self._codes(field, item, text)
        yield from self._certificates(field, item, text)
        yield from self._brands(field, item, text)
        yield from self._not_to_say(field, item, text)

    def bearing(self, text: str) -> tuple[str, ...]:
        """The ids of the facts that bear figures, codes and marks of a text."""
        found = [self._borne(quantity) for quantity in read_quantities(text, self._language)]
        return tuple(dict.fromkeys(borne.fact for borne in found if borne))

    def is_own(self, word: str) -> bool:
        """Whether the facts hold a word."""
        return word.lower() in self.ground.words

    def _figures(self, field: str, item: int, text: str) -> Iterator[FieldFinding]:
        for quantity in read_quantities(text, self._language):
            if self._borne(quantity) or self._is_plain(quantity, text):
                continue
            known = [b for value in quantity.values for b in self.ground.by_value.get(value, ())]
            severity = "warn" if quantity.worded else "block"
            span = (quantity.start, quantity.end)
            if known and quantity.unit:
                held = ", ".join(dict.fromkeys(_told(borne) for borne in known))
                yield self._finding("facts.wrong_unit", severity, field, item, text, span,
                                    f"The facts hold {held}, in another unit than {quantity.text!r}.",
                                    f"Write it as the fact does: {held}.", tuple(b.fact for b in known))  # fmt: skip
            elif known:
                held = ", ".join(dict.fromkeys(_told(borne) for borne in known))
                yield self._finding("facts.missing_unit", "warn", field, item, text, span,
                                    f"The facts hold {held}; {quantity.text!r} says no unit.", f"Write {held}.",
                                    tuple(b.fact for b in known))  # fmt: skip
            else:
                yield self._finding(
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

    def _borne(self, quantity: Quantity) -> Borne | None:
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
        return self._bare(quantity) if quantity.lent else self._lone(quantity)

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

    def _codes(self, field: str, item: int, text: str) -> Iterator[FieldFinding]:
        for start, code in read_codes(text, self._language):
            plain = normal_code(code)
            if plain in self.ground.codes or plain in _COMMON or plain in self.ground.squeezed:
                continue
            if _DENIED.search(text[max(0, start - 24) : start]):
                continue
            yield self._finding(
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

    def _certificates(self, field: str, item: int, text: str) -> Iterator[FieldFinding]:
        certificates = self.ground.facts.certificates
        for certificate in certificates:
            number = certificate.number
            if number and len(number) > 3 and number.lower() in text.lower() and self._is_over(certificate):
                start = text.lower().index(number.lower())
                yield self._expired(certificate, field, item, text, (start, start + len(number)))
        yield from self._expired_codes(field, item, text)
        for mark in marks_in(text):
            found = mark.pattern.search(text)
            if not found or _DENIED_AT_ONCE.search(text[max(0, found.start() - 24) : found.start()]):
                continue
            own = [certificate for certificate in certificates if bears(certificate, mark)]
            if own and all(self._is_over(certificate) for certificate in own):
                yield self._expired(own[0], field, item, text, found.span())
            elif not own and not any(word.strip() in self.ground.text for word in mark.held_by):
                yield self._finding("facts.unsupported_certificate", "block", field, item, text, found.span(),
                                    f"No certificate of the product is for {mark.name}.",
                                    "Add the certificate to the facts, or leave the mark out.", ())  # fmt: skip

    def _expired_codes(self, field: str, item: int, text: str) -> Iterator[FieldFinding]:
        """Codes that a certificate which is over attests, and none in force does (IP65 by its test report)."""
        certificates = self.ground.facts.certificates
        over = [certificate for certificate in certificates if self._is_over(certificate)]
        if not over:
            return
        in_force = {normal_code(code) for c in certificates if c not in over for _, code in read_codes(c.name)}
        for certificate in over:
            lost = (
                {normal_code(code) for _, code in read_codes(certificate.name)}
                - in_force
                - {normal_code(certificate.number)}
            )
            for start, code in read_codes(text, self._language):
                if normal_code(code) in lost - _COMMON:
                    yield self._expired(certificate, field, item, text, (start, start + len(code)))

    def _is_over(self, certificate: Certificate) -> bool:
        told = f"{certificate.attributes.get('status', '')} {certificate.name}".lower()
        ended = certificate.valid_until is not None and certificate.valid_until < self._on
        begun = certificate.valid_from is None or certificate.valid_from <= self._on
        return ended or not begun or re.search(r"\b(?:expired|revoked|withdrawn|abgelaufen)\b", told) is not None

    def _expired(
        self, certificate: Certificate, field: str, item: int, text: str, span: tuple[int, int]
    ) -> FieldFinding:
        until = certificate.valid_until
        ended = f": it ended on {until}" if until else ""
        return self._finding(
            "facts.expired_certificate", "block", field, item, text, span,
            f"{certificate.name} is not in force on {self._on.isoformat()}{ended}.",
            "Renew the certificate, or take the claim out.", (self.ground.facts.certificate_fact(certificate),),
        )  # fmt: skip

    def brand_spans(self, text: str) -> list[tuple[int, int]]:
        """Where a text names a brand: the product's own, or another."""
        return self._brand_names.spans(text)

    def _brands(self, field: str, item: int, text: str) -> Iterator[FieldFinding]:
        for span in self._brand_names.strange(text, leads=field.startswith("title")):
            yield self._finding(
                "facts.other_brand", "block", field, item, text, span,
                f"{text[slice(*span)]!r} is not this product's brand, and no fact names it.",
                "Leave other makers' names out, or attest the compatibility as a fact.", (),
            )  # fmt: skip

    def _not_to_say(self, field: str, item: int, text: str) -> Iterator[FieldFinding]:
        pattern = _not_to_say_pattern(self.ground.facts.not_to_say)
        for match in pattern.finditer(text) if pattern else ():
            if not _DENIED.search(text[max(0, match.start() - 24) : match.start()]):
                yield self._finding(
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

    def _finding(  # noqa: PLR0913  (each is a part of the finding)
        self,
        rule: str,
        severity: str,
        field: str,
        item: int,
        text: str,
        span: tuple[int, int],
        why: str,
        suggestion: str,
        evidence: tuple[str, ...],
    ) -> FieldFinding:
        return FieldFinding(
            rule, severity, span, text[slice(*span)], why, "the product's facts", suggestion, evidence, field, item=item
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
