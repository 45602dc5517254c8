"""Reading until when: a date, a month, or a number of months or weeks from today."""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.embedded.slots import lexicon
from knowledge.locales import served_locales

NUMBERS = {"one": 1, "two": 2, "three": 3, "six": 6}
_ISO = re.compile(r"\b(20\d\d)[-/年](\d{1,2})[-/月](\d{1,2})(?!\d)")
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](20\d\d)\b")


def day_in(lower: str, language: str, today: date) -> date | None:
    """The day a text in lower case names; None where it names none, or one that can be read two ways."""
    return _written(lower) or _named_month(lower, language, today) or _span(lower, language, today)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written(lower: str) -> date | None:
    """2027-02-01, 1.2.2027; 13/2/2027, but not 1/2/2027, which is February or January."""
    if found := _ISO.search(lower):
        return _day(*(int(part) for part in found.groups()))
    if not (found := _DOTTED.search(lower)):
        return None
    first, second, year = (int(part) for part in found.groups())
    if "/" in found.group() and first <= 12 and second <= 12 and first != second:
        return None
    return (
        _day(year, second, first)
        if first > 12 or "." in found.group() or first == second
        else _day(year, first, second)
    )


def _named_month(lower: str, language: str, today: date) -> date | None:
    """A month, with or without a day and a year: the next such day."""
    from babel.dates import get_month_names

    locale = served_locales()[language].locale.replace("-", "_")
    names = {str(name).casefold(): number for number, name in get_month_names("wide", locale=locale).items()}
    names |= {f"{number}月": number for number in range(1, 13)}
    for name in sorted(names, key=len, reverse=True):
        if found := _month_pattern(name).search(lower):
            return _next(names[name], int(found[1] or found[2] or 1), lower, today)
    return None


def _month_pattern(name: str) -> re.Pattern[str]:
    """A month by its name, with the day before or behind it."""
    start = r"(?<!\w)" if name[0].isascii() and name[0].isalpha() else r"(?<!\d)"
    before = r"(?:(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s*(?:of |de |d')?)?"
    return re.compile(rf"{before}{start}{re.escape(name)}(?:\s*(\d{{1,2}})(?!\d)[日号]?)?")


def _next(month: int, day: int, lower: str, today: date) -> date | None:
    """The next such day, unless the text names its year."""
    if year := re.search(r"(?<!\d)(20\d\d)(?!\d)", lower):
        return _day(int(year[1]), month, day)
    this = _day(today.year, month, day)
    return this if this is None or this > today else _day(today.year + 1, month, day)


def _span(lower: str, language: str, today: date) -> date | None:
    """'For two months', 'for 3 weeks'."""
    words = lexicon(language)
    for unit in ("month", "week"):
        at = words.find(lower, "time", unit)
        if at >= 0 and (count := _count(lower[max(0, at - 12) : at + 6], lower[max(0, at - 4) : at], language)):
            return today + timedelta(weeks=count) if unit == "week" else _later(today, count)
    return None


def _count(near: str, before: str, language: str) -> int:
    digits = re.findall(r"\d{1,2}", before)
    named = lexicon(language).named(near, "time")
    return int(digits[-1]) if digits else next((NUMBERS[name] for name in named if name in NUMBERS), 0)


def _later(day: date, months: int) -> date:
    """So many months later; the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    found = (_day(day.year + years, month + 1, last) for last in range(day.day, 27, -1))
    return next((there for there in found if there), date(day.year + years, month + 1, min(day.day, 28)))
