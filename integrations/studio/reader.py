"""Who reads the studio's pages: in which language, and under which name they decide."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from babel import Locale as Conventions
from babel import UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal

from knowledge.locales import match_language, served_locales

if TYPE_CHECKING:
    from fastapi import Request

    from integrations.studio.door import Door

COOKIE = "dragoman_studio_language"
RIGHT_TO_LEFT = frozenset(("ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv"))

UNWORDED = {"zh": frozenset(("TW", "HK", "MO", "Hant")), "pt": frozenset(("PT", "AO", "MZ"))}
"""Where a language that has templates is written otherwise than they are."""


@dataclass(frozen=True)
class Reader:
    """A reader of pages; `name` is empty for who did not sign in; `chosen`: they asked for this language now."""

    language: str
    name: str = ""
    chosen: bool = False

    @property
    def direction(self) -> str:
        """How their language runs."""
        return served_locales()[self.language].direction

    def say(self, key: str, **slots: str | int) -> str:
        """What a page says, in their language."""
        return sentences(self.language)[key].format(**slots)

    def knows(self, key: str) -> bool:
        """Whether there is a sentence of that name."""
        return key in sentences(self.language)

    def number(self, count: int) -> str:
        """A number as they write it."""
        return format_decimal(count, locale=self._babel)

    def dollars(self, usd: Decimal) -> str:
        """US dollars as they write them; what is less than a cent to four places."""
        small = 0 < usd < Decimal("0.01")
        shown = usd.quantize(Decimal("0.0001" if small else "0.01"))
        return format_currency(shown, "USD", locale=self._babel, decimal_quantization=not small)

    def moment(self, at: datetime) -> str:
        """A moment, UTC, as they write it."""
        return format_datetime(at, "short", locale=self._babel)

    @property
    def _babel(self) -> str:
        return served_locales()[self.language].locale.replace("-", "_")


async def reader_of(request: Request, door: Door) -> Reader:
    """The reader of a request: in the language they chose, else the one their browser asks for."""
    accepted = request.headers.get("accept-language", "").split(",")[0].split(";")[0]
    asked = request.query_params.get("locale", "")
    wanted = asked or request.cookies.get(COOKIE) or accepted or "en"
    return Reader(
        match_language(wanted.strip()[:16]) or "en", await door.who(request), bool(match_language(asked[:16]))
    )


@cache
def sentences(language: str) -> dict[str, str]:
    """What the pages say in a language, by key."""
    held: dict[str, str] = tomllib.loads((files(__package__) / "words" / f"{language}.toml").read_text("utf-8"))
    return held


@cache
def locale_name(locale: str) -> str:
    """What a locale calls itself: 'Deutsch (Deutschland)'; its code where nobody knows."""
    try:
        told = Conventions.parse(locale, sep="-")
        return str(told.get_display_name(told) or locale)
    except (UnknownLocaleError, ValueError):
        return locale


def is_worded(locale: str) -> bool:
    """Whether templates are in a locale's own language: another script or written norm is another."""
    language, *rest = locale.split("-")
    return match_language(locale) is not None and not set(rest) & UNWORDED.get(language, frozenset())


def direction_of(locale: str) -> str:
    """How a locale's language runs."""
    return "rtl" if locale.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
