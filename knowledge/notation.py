"""How money, days, numbers and countries are written: in a language, with the customs of a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from knowledge.locales import served_locales


class Notation:
    """One language's notation (English for one that is not served), with the customs of the locale's territory where
    CLDR knows that language there (en-DE: English words, German commas).
    """

    def __init__(self, language: str, locale: str = "") -> None:
        self.language = language if language in served_locales() else "en"
        self._locale = _cldr_name(self.language, locale)

    def money(self, amount: Any, currency: str) -> str:
        """An amount as this language writes it; as it is where it is no number."""
        from babel.numbers import format_currency

        try:
            value = Decimal(str(amount))
        except InvalidOperation:
            return f"{amount} {currency}"
        return str(format_currency(value, currency or "USD", locale=self._locale))

    def day(self, value: str | date) -> str:
        """A date: 3 November 2026, as this language writes it."""
        from babel.dates import format_date

        day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return str(format_date(day, "long", locale=self._locale))

    def moment(self, value: str) -> str:
        """A date with its time (UTC)."""
        from babel.dates import format_time

        at = datetime.fromisoformat(value)
        return f"{self.day(at.date())}, {format_time(at, 'short', locale=self._locale)} UTC"

    def weekdays(self, days: Sequence[int]) -> list[str]:
        """What days of the week are called, 0 being Monday."""
        from babel.dates import get_day_names

        names = get_day_names("wide", locale=self._locale)
        return [str(names[day]) for day in days]

    def country(self, code: str) -> str:
        """A country's name, or what was given where it is no country code."""
        from babel import Locale

        return str(Locale.parse(self._locale).territories.get(code.upper(), code))

    def number(self, value: float | int) -> str:
        """A number as this language writes it."""
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=self._locale))

    def unit(self, value: float | int, name: str) -> str:
        """A number with a unit of CLDR ('duration-day'): 14 days, 1,450 g. Durations are written out where CLDR has the
        word, all else by its sign.
        """
        from babel.units import format_unit

        long = str(format_unit(value, name, length="long", locale=self._locale))
        if name.startswith("duration") and "-" not in long:
            return long
        return str(format_unit(value, name, length="short", locale=self._locale))

    def series(self, parts: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
        """Parts as a list in a sentence: a, b and c; or: a, b or c."""
        from babel.lists import format_list

        return str(format_list(parts, style=style, locale=self._locale))


def _cldr_name(language: str, locale: str) -> str:
    """The locale CLDR knows for a language in a locale's territory, else the one the language is served with."""
    from babel.localedata import exists

    place = locale.replace("_", "-").split("-")
    wanted = f"{language.split('-')[0]}_{place[-1].upper()}"
    known = len(place) > 1 and exists(wanted)
    return wanted if known else served_locales()[language].locale.replace("-", "_")
