"""What a product's facts attest, arranged so that a text can be held against it: quantities, codes, words, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from knowledge.facts import Attested, Facts
from knowledge.findings import Finding
from knowledge.quantities import Quantity, Unit, read_codes, read_quantities, unit


@dataclass(frozen=True)
class Borne:
    """A quantity a fact holds. `unit` None for a bare number."""

    value: Decimal
    unit: Unit | None
    fact: str


@dataclass
class Ground:
    """Everything the facts of a product say, ready to be asked."""

    facts: Facts
    _figures: list[Borne] = field(default_factory=list)

    @cached_property
    def figures(self) -> list[Borne]:
        """Every quantity of every fact, and how many entries a list has."""
        found: list[Borne] = []
        for fact in self.facts.attested:
            found += _figures_of(fact, fact.value, _unit_of_name(fact.name))
        for place, certificate in enumerate(self.facts.certificates):
            told = " ".join(str(v) for v in (certificate.name, certificate.number, certificate.issuer) if v)
            owner = Attested(f"{self.facts.product_id}#certificates[{place}]", "certificates", told, "", self._day)
            found += _figures_of(owner, told, None)
        found += [Borne(b.value, b.unit, fact) for place, options in enumerate(self.facts.options)
                  for fact in [f"{self.facts.product_id}#options[{place}]"]
                  for value in options.values() for b in _read(value, "en", None, fact)]  # fmt: skip
        return found

    @property
    def _day(self) -> Any:
        return self.facts.attested[0].as_of if self.facts.attested else None

    @cached_property
    def by_value(self) -> dict[Decimal, list[Borne]]:
        """The figures by their bare number."""
        table: dict[Decimal, list[Borne]] = {}
        for figure in self.figures:
            table.setdefault(figure.value, []).append(figure)
        return table

    @cached_property
    def by_kind(self) -> dict[str, list[Borne]]:
        """The figures with a unit, by the kind of quantity."""
        table: dict[str, list[Borne]] = {}
        for figure in self.figures:
            if figure.unit:
                table.setdefault(figure.unit.kind, []).append(figure)
        return table

    @cached_property
    def counts(self) -> dict[str, set[Decimal]]:
        """How many there are of what the facts count in English: 2 carabiners."""
        table: dict[str, set[Decimal]] = {}
        for count, what in re.findall(r"(?<![\d.,-])(\d+)\s+([a-z]{4,})(?![\w-])", self.text):
            table.setdefault(what.removesuffix("s"), set()).add(Decimal(count))
        return table

    @cached_property
    def text(self) -> str:
        """All that the facts say, in one lower-case text."""
        held = [*(str(v) for fact in self.facts.attested for v in _leaves(fact.value))]
        held += [f"{c.name} {c.number} {c.issuer}" for c in self.facts.certificates]
        held += [*self.facts.skus, *(value for options in self.facts.options for value in options.values())]
        return " ".join(held).lower()

    @cached_property
    def squeezed(self) -> str:
        """The same without spaces and hyphens, for codes."""
        return re.sub(r"[\s-]", "", self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the facts."""
        return frozenset(re.findall(r"[^\W_]+", self.text))

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code the facts hold, without hyphens and spaces, in lower case."""
        held = [str(v) for fact in self.facts.attested for v in _leaves(fact.value)]
        held += [f"{c.name} {c.number}" for c in self.facts.certificates] + list(self.facts.skus)
        return frozenset(normal_code(code) for text in held for _, code in read_codes(text))


def normal_code(code: str) -> str:
    """A code as it is compared: NV-28 and NV28 are one."""
    return re.sub(r"[\s-]", "", code).lower()


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
    elif not isinstance(value, bool):
        yield value


@cache
def _unit_of_name(name: str) -> Unit | None:
    """The unit a fact's name ends in: weight_g, capacity_L, warranty_months; gsm is one whole."""
    last = re.split(r"[_\s(]", name.rstrip(")"))[-1]
    own = {"c": "C", "w": "W", "v": "V", "a": "A", "h": "h", "l": "l", "m": "m", "s": "s", "g": "g", "m2": "m2"}
    plain = own.get(last.lower()) if len(name) > len(last) else None
    if plain:
        return unit(plain)
    return unit(last) if last.lower() not in ("in", "days ago") and (len(name) > len(last) or last == "gsm") else None


def _figures_of(fact: Attested, value: Any, own: Unit | None) -> Iterator[Borne]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield Borne(Decimal(str(value)), own, fact.id)
        return
    if isinstance(value, str):
        yield from _read(value, fact.language, own, fact.id)
        return
    parts = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    if len(parts) > 1 and not all(isinstance(part, int | float) for _, part in parts):
        yield Borne(Decimal(len(parts)), None, fact.id)
    for key, part in parts:
        if isinstance(key, str):
            yield from _read(key, fact.language, None, fact.id)
        yield from _figures_of(fact, part, own)


def _read(text: str, language: str, own: Unit | None, fact: str) -> Iterator[Borne]:
    for quantity in read_quantities(text, language):
        measured = unit(quantity.unit) if quantity.unit else own
        for value in quantity.values:
            yield Borne(value, measured, fact)
            if own and not quantity.unit:
                yield Borne(value, None, fact)


def same(one: Quantity, borne: Borne, own: Unit) -> bool:
    """Whether a figure of a text says what a fact holds: the same, or the same rounded as it is written."""
    if borne.unit is None or borne.unit.kind != own.kind:
        return False
    held = borne.value * borne.unit.size / own.size
    if held in one.values:
        return True
    if own.name == borne.unit.name:
        return False
    return any(_rounded(value, held, one.places) for value in one.values)


def _rounded(value: Decimal, held: Decimal, places: int) -> bool:
    half = Decimal(5).scaleb(-places - 1)
    return abs(value - held) <= half and abs(value - held) <= abs(held) / 20


COMMON = frozenset(
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


def unborne(  # noqa: PLR0913  (each is a part of the finding)
    rule: str, severity: str, field: str, item: int, text: str, span: tuple[int, int], why: str, suggestion: str,
    evidence: tuple[str, ...],
) -> Finding:  # fmt: skip
    """A finding that the facts do not bear a part of a text."""
    said = text[slice(*span)]
    return Finding(rule, severity, span, said, why, "the product's facts", suggestion, evidence, field, item=item)
