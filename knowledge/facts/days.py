"""The day a text names: 2025-06-30, 30.06.2025, 06/30/2025, 30 June 2025, June 2025, 2025."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache

NUMBERS = r"(?:\d{4}[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?|月)?|\d{1,2}[-/.]\s?(?:\d{1,2}[-/.]\s?)?\d{4})"
WORDS = r"(?:(?:\d{1,2}(?:st|nd|rd|th|er)?\.?\s)?(?:de\s|of\s)?[^\W\d_]{3,10}\.?,?\s(?:de\s|\d{1,2},?\s)?\d{4})"
DAY = re.compile(rf"{NUMBERS}|{WORDS}|\b20\d\d\b")
LANGUAGES = ("en", "de", "fr", "es", "pt", "id")


def read_day(text: str) -> date | None:
    """The last day of what a text names (of 'June 2025' the 30th); of two readings the earlier; None for no day."""
    found = DAY.search(text)
    if not found:
        return None
    return min(_days(found.group()), default=None)


def _days(written: str) -> Iterator[date]:
    figures = [int(part) for part in re.findall(r"\d+", written)]
    month = next((_months()[w] for w in re.findall(r"[^\W\d_]{3,}", written.lower()) if w in _months()), None)
    year = next((figure for figure in figures if figure > 999), None)
    if year is None:
        return
    others = [figure for figure in figures if figure != year]
    if month:
        others = [month, *others]
    elif len(others) == 2 and figures[0] != year:
        yield from _day(year, others[1], others[0])
    if re.search(r"[^\W\d_]{3,}", written) and not month:
        return
    yield from _day(year, *others[:2])


def _day(year: int, month: int = 12, day: int = 0) -> Iterator[date]:
    with suppress(ValueError):
        yield date(year, month, day or monthrange(year, month)[1])


@cache
def _months() -> dict[str, int]:
    from babel import Locale

    named: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            held = Locale(language).months["format"][width]
            named |= {name.lower().rstrip("."): number for number, name in held.items()}
    return named
