"""Facts as a locale writes them: converted where its market measures or pays otherwise, and told what was changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_precision

from knowledge.locales import nearest_locale
from knowledge.locales.sizes import sizes
from knowledge.localizing import Change
from knowledge.quantities import plain_digits
from tools.localization.converting import Measure, converted, told, unit_for, wants_customary
from tools.localization.formatting import clock, day, measure, money, number, percent
from tools.localization.rates import Rates
from tools.localization.reading import Fact
from tools.localization.sizing import size_in


@dataclass(frozen=True)
class Customs:
    """How a text is to be written: for a locale, at rates (None: money keeps its currency), with isolates around what
    runs left to right in a text that runs right to left.
    """

    locale: str
    rates: Rates | None = None
    isolates: bool = True

    @property
    def is_rtl(self) -> bool:
        """Whether the locale's texts run right to left."""
        from tools.localization.direction import runs_right_to_left

        return runs_right_to_left(self.locale)


def written(fact: Fact, customs: Customs) -> tuple[str, Change | None]:
    """A fact as its locale writes it, and the change where that is not how it stood."""
    text, rule, source = _WRITERS[fact.kind](fact, customs)
    change = None if text == fact.text or fact.kind == "kept" else Change(fact.text, text, rule, source)
    return text, change


def _kept(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    from tools.localization.direction import isolated

    runs = fact.written_unit in ("term", "code") and customs.isolates and customs.is_rtl
    return (isolated(fact.text) if runs else fact.text), "kept", ""


def _number(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    """A number grouped as the source grouped it: 2026 stays 2026."""
    digits = re.fullmatch(r"\d+", plain_digits(fact.text))
    places = len(fact.text) - 1 - max(fact.text.rfind("."), fact.text.rfind(",")) if _has_places(fact) else 0
    return number(fact.value, customs.locale, grouped=not digits, places=places), "number", "CLDR"


def _has_places(fact: Fact) -> bool:
    return fact.value != fact.value.to_integral_value() or str(fact.value.as_tuple().exponent).startswith("-")


def _percent(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    return percent(fact.value, customs.locale), "percent", "CLDR"


def _day(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    if fact.day is None:
        raise ValueError(f"{fact.text!r} is no day")
    worded = re.search(r"[^\W\d_]{3}", fact.text)
    return day(fact.day, customs.locale, "long" if worded else "medium"), "day", "CLDR"


def _time(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    if fact.at is None:
        raise ValueError(f"{fact.text!r} is no time")
    return clock(fact.at, customs.locale), "time", "CLDR"


def _money(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    """A sum in the market's currency where the rates name it, else in its own."""
    meant = nearest_locale(customs.locale)
    wanted = meant.currency if meant else fact.unit
    sum_ = customs.rates.convert(fact.value, fact.unit, wanted) if customs.rates else None
    if sum_ is None or wanted == fact.unit or customs.rates is None:
        return _sum(fact.value, fact.unit, customs.locale), "money", "CLDR"
    return _sum(sum_, wanted, customs.locale), "money: rate", customs.rates.told(fact.unit, wanted)


def _sum(amount: Decimal, currency: str, locale: str) -> str:
    whole = amount == amount.to_integral_value() and amount.as_tuple().exponent == 0
    return money(amount, currency, locale, whole=whole and get_currency_precision(currency) > 0)


def _measures(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    """Measures in the market's units; with the given ones beside where a market is used to both."""
    basis = fact.basis or fact.measures[-1]
    wanted = unit_for(basis.value, fact.unit, customs.locale)
    if wanted == fact.unit:
        return _run(fact, fact.measures, fact.unit, customs.locale), "unit", "CLDR"
    new = _run(fact, tuple(converted(one, wanted) for one in fact.measures), wanted, customs.locale)
    if fact.written_unit and (wants_customary(customs.locale) or fact.inches_too):
        given = _run(fact, fact.measures, fact.unit, customs.locale)
        new = f"{given} ({new})" if fact.inches_too else f"{new} ({given})"
    return new, f"unit: {fact.unit} to {wanted}", told(fact.unit, wanted)


def _run(fact: Fact, measures: tuple[Measure, ...], name: str, locale: str) -> str:
    """A run of measures, the unit behind the last one, or none where the text has it further on."""
    parts = [number(one.value, locale, grouped=True, places=_places(one.value)) for one in measures]
    if fact.written_unit:
        kept = fact.written_unit if name == fact.unit else ""
        parts[-1] = measure(measures[-1].value, name, locale, kept, _places(measures[-1].value))
    joined = parts[0]
    for between, part in zip(fact.between, parts[1:], strict=True):
        joined += between + part
    return joined


def _size(fact: Fact, customs: Customs) -> tuple[str, str, str]:
    """The maker's size, and beside it what the market calls one like it."""
    there = size_in(fact.unit, format(fact.value, "f"), customs.locale)
    text = f"{fact.text} (≈ {there})" if there else fact.text
    return text, "size", f"{sizes().standard}, approximate: {', '.join(sizes().source)}, {sizes().as_of}"


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


_WRITERS: dict[str, Callable[[Fact, Customs], tuple[str, str, str]]] = {
    "kept": _kept, "number": _number, "percent": _percent, "day": _day, "money": _money, "measures": _measures,
    "size": _size, "time": _time,
}  # fmt: skip
