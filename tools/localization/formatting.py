"""Numbers, money, days, plural forms and lists as a locale writes them: by ICU (`icu4py`), lists by Babel, since icu4py
has none. Babel alone writes 83 % of `locale_formatting.jsonl` as its users do: its CLDR is a year older, it does not
leave 1234 ungrouped where a locale does (es, pl, pt-PT), and writes an Arabic locale's numbers in Latin digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_HALF_UP = "rounding-mode-half-up"
"""As shops and browsers round; ICU's own is half to even (0.5 yen would be none)."""
_FORMS = "zero{zero} one{one} two{two} few{few} many{many} other{other}"

Style = Literal["short", "medium", "long", "full"]


def number(value: Decimal | int | float | str, locale: str, *, grouped: bool = True, places: int | None = None) -> str:
    """A number, with up to three decimal places or as many as named. Raises ValueError for what is no number."""
    shown = ".###" if places is None else "." + "0" * places if places else "precision-integer"
    return _formatted(
        f"{{value, number, ::{shown} {_HALF_UP}{'' if grouped else ' group-off'}}}", locale, _decimal(value)
    )


def percent(share: Decimal | int | float | str, locale: str) -> str:
    """A share (0.125) as a percentage with up to one decimal place: 12.5%."""
    return _formatted(f"{{value, number, ::percent scale/100 .# {_HALF_UP}}}", locale, _decimal(share))


def money(amount: Decimal | int | float | str, currency: str, locale: str, *, whole: bool = False) -> str:
    """A sum with its currency (ISO 4217), in the places the currency has, or in `whole` units. Raises ValueError for
    what is no currency's code.
    """
    if not _CURRENCY.fullmatch(currency):
        raise ValueError(f"{currency!r} is no currency: three capital letters, like EUR")
    places = "precision-integer " if whole else ""
    return _formatted(f"{{value, number, ::currency/{currency} {places}{_HALF_UP}}}", locale, _decimal(amount))


_UNITS = {
    "g": "gram", "mg": "milligram", "kg": "kilogram", "lb": "pound", "oz": "ounce", "mm": "millimeter",
    "cm": "centimeter", "m": "meter", "km": "kilometer", "in": "inch", "ft": "foot", "m2": "square-meter",
    "ft2": "square-foot", "in2": "square-inch",
    "cm2": "square-centimeter", "ml": "milliliter", "cl": "centiliter", "l": "liter", "floz": "fluid-ounce",
    "gal": "gallon", "C": "celsius", "F": "fahrenheit", "W": "watt", "kW": "kilowatt", "V": "volt", "A": "ampere",
    "mA": "milliampere", "kWh": "kilowatt-hour", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz",
    "GHz": "gigahertz", "GB": "gigabyte", "MB": "megabyte", "TB": "terabyte", "kcal": "foodcalorie", "lx": "lux",
    "lm": "lumen", "bar": "bar", "psi": "pound-force-per-square-inch",
}  # fmt: skip
"""Units of knowledge/quantities by ICU's name."""


def measure(value: Decimal, unit: str, locale: str, sign: str = "", places: int = 0) -> str:
    """A value with its unit (named in knowledge/quantities), kept on one line; with `sign` where ICU lacks the unit."""
    name = _UNITS.get(unit)
    if name is None:
        return f"{number(value, locale, places=places)}\u00a0{sign or unit}"
    shown = "." + "0" * places if places else "precision-integer"
    text = _formatted(f"{{value, number, ::unit/{name} unit-width-short {shown} {_HALF_UP}}}", locale, value)
    return text.replace(" ", "\u00a0", 1)


def day(value: date, locale: str, style: Style = "long") -> str:
    """A day: 3 November 2026."""
    return _formatted(f"{{value, date, {style}}}", locale, datetime(value.year, value.month, value.day))  # noqa: DTZ001


def clock(value: time, locale: str) -> str:
    """A time of day, to the minute: 3:30 PM, 15:30."""
    return _formatted("{value, time, short}", locale, datetime(2000, 1, 1, value.hour, value.minute))  # noqa: DTZ001


def plural_form(value: Decimal | int | float | str, locale: str) -> str:
    """Which of CLDR's forms a counted word takes: zero, one, two, few, many or other."""
    return _formatted(f"{{value, plural, {_FORMS}}}", locale, _decimal(value))


def series(parts: Sequence[str], locale: str) -> str:
    """Parts as a list in a sentence: a, b and c."""
    from babel import UnknownLocaleError
    from babel.lists import format_list

    tag = _tag(locale)
    try:
        written = str(format_list(list(parts), locale=tag))
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"CLDR has no lists for {locale}") from None
    fitted = _FITTED.get(tag.split("_")[0])
    return fitted(parts, written) if fitted and len(parts) > 1 else written


def formatted(asked: Mapping[str, Any]) -> str:
    """One row of `locale_formatting.jsonl` (kind, locale, value; currency, style or timezone) as text. Raises
    ValueError that names what is wrong.
    """
    kind, locale, value = (asked.get(name) for name in ("kind", "locale", "value"))
    if not isinstance(locale, str) or value is None:
        raise ValueError("the line needs a kind, a locale and a value")
    write = _KINDS.get(str(kind))
    if write is None:
        raise ValueError(f"{kind!r} is no kind: {', '.join(_KINDS)}")
    return write(value, locale, asked)


def _day_asked(value: Any, locale: str, asked: Mapping[str, Any]) -> str:
    style = asked.get("style", "long")
    if style not in ("short", "medium", "long", "full"):
        raise ValueError(f"{style!r} is no style of a date: short, medium, long or full")
    moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(ZoneInfo(str(asked.get("timezone") or "UTC")))
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{asked.get('timezone')!r} is no time zone") from None
    return day(moment.date(), locale, style)


def _series_asked(value: Any, locale: str, _: Mapping[str, Any]) -> str:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise ValueError("a list needs texts as its value")
    return series(value, locale)


_KINDS: dict[str, Callable[[Any, str, Mapping[str, Any]], str]] = {
    "currency": lambda value, locale, asked: money(value, str(asked.get("currency")), locale),
    "decimal": lambda value, locale, _: number(value, locale),
    "percent": lambda value, locale, _: percent(value, locale),
    "date": _day_asked,
    "plural_cardinal": lambda value, locale, _: plural_form(value, locale),
    "list_and": _series_asked,
}


def _formatted(pattern: str, locale: str, value: Decimal | datetime) -> str:
    return str(_message(pattern, _tag(locale)).format({"value": value}))


@lru_cache(maxsize=512)
def _message(pattern: str, tag: str) -> Any:
    from icu4py.messageformat import MessageFormat

    return MessageFormat(pattern, tag)


def _tag(locale: str) -> str:
    if not _TAG.fullmatch(locale):
        raise ValueError(f"{locale!r} is no locale: a tag like de-DE")
    return locale.replace("-", "_")


def _decimal(value: Any) -> Decimal:
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number") from None
    if not read.is_finite():
        raise ValueError(f"{value!r} is no number that can be written")
    return read


_HEBREW = re.compile(r"[\u0590-\u05ff]")
_SPANISH_I = re.compile(r"(?i)h?[ií](?![aeoáéó])|h?[íi]\Z")


def _spanish(parts: Sequence[str], written: str) -> str:
    """'y' is 'e' before the sound of i: español e inglés; but 'y hielo'."""
    last = parts[-1]
    head = written[: len(written) - len(last)]
    return head[: -len(" y ")] + " e " + last if _SPANISH_I.match(last) and head.endswith(" y ") else written


def _hebrew(parts: Sequence[str], written: str) -> str:
    """'and' is one letter joined to a Hebrew word, and a hyphen stands before anything else."""
    last = parts[-1]
    head = written[: len(written) - len(last)]
    return head + "-" + last if head.endswith("ו") and not _HEBREW.match(last) else written


_FITTED: dict[str, Callable[[Sequence[str], str], str]] = {"es": _spanish, "he": _hebrew, "iw": _hebrew}
"""What ICU does to a list's last 'and' in code; CLDR's patterns, all that Babel has, cannot say it."""
