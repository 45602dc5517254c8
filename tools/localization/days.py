"""Days as texts write them: 2026-11-22, 22 November 2026, November 22, 2026, 11/22/2026."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\w/-]|\.\d)")
_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")


def read_days(text: str, locale: str) -> Iterator[tuple[int, int, date]]:
    """The days a text names, with where they stand. A day that no calendar has is none."""
    found = [(m.start(), m.end(), _day(m[1], m[2], m[3])) for pattern in (_ISO, _ASIAN) for m in pattern.finditer(text)]
    month_first = _month_first(locale)
    for m in _NUMERIC.finditer(text):
        day, month = (m[3], m[1]) if month_first and m[2] == "/" else (m[1], m[3])
        found.append((m.start(), m.end(), _day(m[4], month, day)))
    months, pattern = _worded(locale)
    for m in pattern.finditer(text):
        name = (m["month"] or m["named"]).lower().rstrip(".")
        found.append((m.start(), m.end(), _day(m["year"] or m["year2"], str(months[name]), m["day"] or m["day2"])))
    yield from ((start, end, day) for start, end, day in found if day)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@cache
def _cldr(locale: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(locale.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en_US"


@cache
def _month_first(locale: str) -> bool:
    from babel.dates import get_date_format

    pattern = str(get_date_format("short", locale=_cldr(locale)))
    return pattern.lower().index("m") < pattern.lower().index("d")


@cache
def _worded(locale: str) -> tuple[dict[str, int], re.Pattern[str]]:
    from babel.dates import get_month_names

    months = {
        str(name).lower().rstrip("."): number
        for width in ("wide", "abbreviated") for number, name in get_month_names(width, locale=_cldr(locale)).items()
        if not str(name)[0].isdigit()
    } or {"\x00": 1}  # fmt: skip
    names = "|".join(map(re.escape, sorted(months, key=len, reverse=True)))
    pattern = (
        rf"(?i)(?<!\w)(?:(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|º|°)?(?: de)? "
        rf"(?P<month>{names})\.?(?: de)?,? (?P<year>\d{{4}})"
        rf"|(?P<named>{names})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}}))(?!\w)"
    )
    return months, re.compile(pattern)
