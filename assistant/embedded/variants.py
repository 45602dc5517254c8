"""Which variants of a product a question means, by the colours, sizes and measures it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.embedded.slots import Slots, lexicon
from knowledge.product_passages import fact_label, fact_text
from knowledge.quantities import Quantity, read_quantities, unit
from tools.product_names import same_option

_SIZE = re.compile(r"X{0,3}[SL]|M|(?:EU )?\d\d(?:-\d\d)?")
_WORD = re.compile(r"[^\W\d_]+")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")

CHOSEN = {"price", "stock", "options"}
"""What differs between the colours and sizes of a product, and is told of those that a question names."""

SIZES = range(30, 60)
"""Bare numbers that may be a size of clothes or shoes."""

EXTENTS = {"g", "mm", "ml", "W", "mAh", "hours", "days", "cm", "dB", "kg", "m", "lm", "m²"}
"""Units of facts in which one size of a product differs from another; a warranty or a share of cotton does not."""

LEAST_BARE = 100
"""A bare number from which it may name a measure: 'the 750 one'."""


@dataclass(frozen=True)
class Asked:
    """What a question asks of a product's variants: colours and sizes (`options`), and what it measures."""

    options: tuple[str, ...] = ()
    measures: tuple[Quantity, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked of them."""
        return bool(self.options or self.measures)

    def meant(self, product: dict[str, Any]) -> list[dict[str, Any]]:
        """The variants that come as asked."""
        whole = len(self.options) + len(self.measures)
        return [variant for variant in product["variants"] if self._met(variant) == whole]

    def nearest(self, product: dict[str, Any]) -> list[dict[str, Any]]:
        """The variants that meet as much of what is asked as any does."""
        most = max(map(self._met, product["variants"]), default=0)
        return [variant for variant in product["variants"] if self._met(variant) == most]

    def _met(self, variant: dict[str, Any]) -> int:
        held = [str(value) for value in variant["options"].values()]
        options = sum(any(same_option(option, value) for value in held) for option in self.options)
        return options + sum(any(_measures(said, value) for value in held) for said in self.measures)

    def named_in(self, text: str) -> bool:
        """Whether a text names a measure that is asked for."""
        return any(_measures(said, text) for said in self.measures)

    @property
    def sized(self) -> bool:
        """Whether a size or a measure is asked for."""
        return bool(self.measures) or any(not option.islower() for option in self.options)

    def holds(self, name: str) -> bool:
        """Whether a fact is of the kind that a measure asked for states: the 12 L one, of its capacity."""
        own = unit(fact_label(name)[1])
        kinds = {measured.kind for said in self.measures if (measured := unit(said.unit))}
        return own is not None and own.kind in kinds

    def may_differ(self, name: str, facts: dict[str, Any]) -> bool:
        """Whether a fact of the product need not hold of the size asked about: that the facts are of that size is only
        known where one of them is its measure.
        """
        if not self.sized or fact_label(name)[1] not in EXTENTS:
            return False
        told = [fact_text(key, value) for key, value in facts.items() if fact_label(key)[1] in EXTENTS]
        return not self.measures or not all(any(_measures(said, text) for text in told) for said in self.measures)


NOTHING = Asked()


def read_asked(slots: Slots, question: str, language: str, product: dict[str, Any]) -> Asked:
    """What a question asks of the variants of one product, by what these differ in."""
    held = [(name, str(value)) for variant in product.get("variants", ()) for name, value in variant["options"].items()]
    units = {figure.unit for _, value in held for figure in _figures(value, "en")} - {""}
    options = [option for option in slots.options if _is_asked(option, product["name"], language, held)]
    options += [size for size in _bare_sizes(question, slots, held) if size not in options]
    said = _said_values(question, slots, held)
    options += [value for value in said if not any(same_option(own, value) for own in options)]
    measures = [figure for figure in _figures(question, language) if _is_measure(figure, units, slots, held)]
    return Asked(tuple(options), tuple(measures))


def _bare_sizes(question: str, slots: Slots, held: list[tuple[str, str]]) -> list[str]:
    """Numbers that may be sizes, of a product that comes in numbered ones: 'in 42'."""
    if not any(_SIZE.fullmatch(value) and value[-1].isdigit() for _, value in held):
        return []
    bare = [int(figure.values[0]) for figure in read_quantities(question) if not (figure.unit or figure.worded)]
    return [str(size) for size in bare if size in SIZES and size not in (slots.max_price, slots.min_price)]


def _said_values(question: str, slots: Slots, held: list[tuple[str, str]]) -> list[str]:
    """Words of the shop's own for its options that a question says and that tell them apart: 'charcoal', '4-pack'.
    Letters in capitals may say a country: US is a plug's where plugs are asked about.
    """
    own = dict.fromkeys((name, word) for name, value in held for word in _words(value))
    return [
        word
        for name, word in own
        if re.search(_spelt(word, name, slots), question)
        and not all(word in _words(value) for other, value in held if other == name)
    ]


def _words(value: str) -> list[str]:
    """A value, and its words without figures and letters that stand alone."""
    return list(dict.fromkeys([value, *(word for word in _WORD.findall(value) if len(word) > 2)]))


def _spelt(word: str, name: str, slots: Slots) -> str:
    """A pattern for a word of an option; one in capitals stands beside what the option is called, or is one of it."""
    called = f"(?i:{re.escape(word)}[ -]{re.escape(name)})"
    exact = f"|{re.escape(word)}" if any(fact.startswith(name) for fact in slots.facts) else ""
    pattern = f"{called}{exact}" if word.isupper() else f"(?i:{re.escape(word)})"
    return rf"(?<![^\W\u0620-\uffff])(?:{pattern})(?![^\W\u0620-\uffff])"


def _is_asked(option: str, name: str, language: str, held: list[tuple[str, str]]) -> bool:
    """Whether a product comes in several of what an option is one of, and is not called by it (white noise)."""
    if not option.islower():
        return any(_SIZE.fullmatch(value) for _, value in held)
    in_name = lexicon(language).named(name.casefold(), "colors")
    return option not in in_name and any(_is_colour(key, value) for key, value in held)


def _is_colour(name: str, value: str) -> bool:
    return "colo" in name.casefold() or bool(lexicon("en").named(value.casefold(), "colors"))


def _is_measure(said: Quantity, units: set[str], slots: Slots, held: list[tuple[str, str]]) -> bool:
    """Whether a figure is a measure that variants differ in; a bare one only where it is one of theirs and no price."""
    if said.unit:
        return said.unit in units
    priced = {slots.max_price, slots.min_price} & {float(value) for value in said.values}
    return not priced and any(_measures(said, value) for _, value in held)


def _figures(text: str, language: str) -> Iterator[Quantity]:
    for figure in read_quantities(_THOUSANDS.sub("\u202f", text), language):
        if not figure.worded and (figure.unit or max(figure.values) >= LEAST_BARE):
            yield figure


def _measures(said: Quantity, text: str) -> bool:
    """Whether a text holds a figure; a bare one in any unit."""
    own = _figures(text, "en")
    return any({*said.values} & {*figure.values} and said.unit in ("", figure.unit) for figure in own if figure.unit)
