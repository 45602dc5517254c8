"""Measures from one system into the other: inches and centimetres, ounces and grams, °F and °C, fluid ounces and ml.

Factors are those of knowledge/quantities; pint would bring the same ones, and a second list of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from knowledge.locales import nearest_locale
from knowledge.quantities import unit

CUSTOMARY = {"in", "ft", "lb", "oz", "floz", "gal", "F", "ft2", "in2"}
METRIC = {"mm", "cm", "m", "g", "kg", "ml", "l", "C", "m2", "cm2"}


_PAIRS = {"F": "C", "C": "F", "ft2": "m2", "m2": "ft2", "in2": "cm2", "cm2": "in2"}
"""Units that have one of the other system each, however much there is."""


@dataclass(frozen=True)
class Measure:
    """A value in a unit of knowledge/quantities/units.toml."""

    value: Decimal
    unit: str


def wants_customary(locale: str) -> bool:
    """Whether a market measures in inches and ounces."""
    meant = nearest_locale(locale)
    return meant is not None and meant.measures.startswith("US")


def unit_for(value: Decimal, name: str, locale: str) -> str:
    """The unit a market would write a measure in: its own where it has another system, else the same."""
    customary = wants_customary(locale)
    if name in _PAIRS:
        other = _PAIRS[name]
        return other if (name in CUSTOMARY) != customary else name
    if name in CUSTOMARY and not customary:
        return _metric(value, name)
    return _customary(value, name) if name in METRIC and customary else name


def _metric(value: Decimal, name: str) -> str:
    size = _size(name) * value
    if name in ("oz", "lb"):
        return "g" if size < 1000 else "kg"
    if name in ("floz", "gal"):
        return "ml" if size < 1000 else "l"
    if size < 10:
        return "mm"
    return "m" if name == "ft" and size >= 1000 else "cm"


def _customary(value: Decimal, name: str) -> str:
    size = _size(name) * value
    if name in ("g", "kg"):
        return "oz" if size < _size("lb") else "lb"
    if name in ("ml", "l"):
        return "floz" if size < _size("gal") else "gal"
    return "ft" if name == "m" and size >= 3 * _size("ft") else "in"


def converted(measure: Measure, wanted: str) -> Measure:
    """A measure in another unit of its kind, rounded to what the figure given can bear: three digits, four where it has
    four, whole degrees.
    """
    if measure.unit == wanted:
        return measure
    if wanted == "C":
        return Measure(_whole((measure.value - 32) * 5 / 9), "C")
    if wanted == "F":
        return Measure(_whole(measure.value * 9 / 5 + 32), "F")
    exact = measure.value * _size(measure.unit) / _size(wanted)
    return Measure(_digits(exact, min(4, max(3, len(measure.value.as_tuple().digits)))), wanted)


def told(name: str, wanted: str) -> str:
    """The factor used, for whoever asks later."""
    if wanted in ("C", "F"):
        return "°F = °C × 9/5 + 32"
    return f"1 {name} = {(_size(name) / _size(wanted)).normalize():.10g} {wanted}"


def _size(name: str) -> Decimal:
    known = unit(name)
    if known is None:
        raise ValueError(f"{name!r} is no unit")
    return known.size


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def _digits(value: Decimal, most: int) -> Decimal:
    """A value to a number of digits, never losing whole ones."""
    if not value:
        return Decimal(0)
    places = max(0, most - 1 - value.adjusted())
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
