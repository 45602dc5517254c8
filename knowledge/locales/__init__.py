"""Locales, a file each: the conventions that answers, listings and translations follow, and what holds in their market.

What a `source` names stands in sources.toml; one without an address was not looked up.

Of the locales known, the assistant converses in those whose file names countries: the served ones.
"""

import re
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

_FILE = re.compile(r"[a-z]{2}-[A-Z]{2}\.toml")


class _Noun(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Conventions(_Noun):
    """How numbers, dates and quotations are written. `money` and the dates are examples: 1,234,567.50 in the locale's
    currency, 22 November 2026. `quotes`: outer pair, inner pair. `digits`: CLDR's numbering system.
    """

    decimal: str
    group: str
    date_short: str
    date_long: str
    money: str
    first_day: Literal["mon", "sat", "sun"]
    quotes: tuple[str, str, str, str]
    digits: str
    source: tuple[str, ...]


class Expansion(_Noun):
    """How many times as long as the English a text becomes: running text, and titles under 30 characters."""

    body: float
    short_title: float
    confidence: str
    source: tuple[str, ...]


class Names(_Noun):
    """What is used in a market: ways to pay, platforms to sell on."""

    names: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class Rule(_Noun):
    """What the market's law says on a matter, as of a day. Not legal advice. `percent`: the standard rate of VAT."""

    rule: str = ""
    percent: float | None = None
    confidence: str = ""
    source: tuple[str, ...]
    as_of: date


class Culture(_Noun):
    """What people there mind: how to address them, when they buy, colours, pictures, religion. Notes, not rules."""

    address: str
    holidays: tuple[str, ...]
    colours: str
    imagery: str
    religion: str
    confidence: str
    source: tuple[str, ...]
    as_of: date

    @property
    def minded(self) -> tuple[str, ...]:
        """What copy for people there has to mind, a note each."""
        days = f"Days people buy for: {', '.join(self.holidays)}."
        return self.address, self.colours, self.imagery, self.religion, days


class Locale(_Noun):
    """A locale. `language` is the tag its texts carry (pt-BR, zh-CN: script and region matter there); `sizes` and
    `measures` say which a market uses, `notes` what copy has to mind, `voices` how the public of a platform
    is spoken to.
    """

    locale: str
    language: str
    name: str
    market: str
    currency: str
    direction: Literal["ltr", "rtl"]
    source: str
    as_of: date
    formality: str
    measures: str
    sizes: str
    notes: tuple[str, ...]
    conventions: Conventions
    expansion: Expansion
    payments: Names
    platforms: Names
    tax: Rule
    imports: Rule
    returns: Rule
    culture: Culture
    voices: dict[str, str] = {}
    countries: dict[str, list[str]] = {}
    """ISO code (or EU) to the words that name it; empty for a locale nobody is answered in."""


@cache
def locales() -> dict[str, Locale]:
    """Every locale we know by its tag (de-DE), in the order of the file names."""
    folder = files("knowledge.locales")
    entries = sorted((entry for entry in folder.iterdir() if _FILE.fullmatch(entry.name)), key=lambda e: e.name)
    found = [Locale.model_validate(tomllib.loads(entry.read_text("utf-8"))) for entry in entries]
    return {locale.locale: locale for locale in found}


@cache
def served_locales() -> dict[str, Locale]:
    """The locales the assistant converses in, by language tag."""
    return {locale.language: locale for locale in locales().values() if locale.countries}


class Payment(_Noun):
    """A way to pay: the words for it, and countries it is offered in besides those whose locale lists it."""

    words: tuple[str, ...]
    also: tuple[str, ...] = ()


@cache
def payments() -> dict[str, Payment]:
    """Ways to pay that a text can promise, by name."""
    table = tomllib.loads((files("knowledge.locales") / "payments.toml").read_text("utf-8"))
    return {name: Payment.model_validate(entry) for name, entry in table.items()}


def nearest_locale(tag: str) -> Locale | None:
    """The locale a BCP 47 tag means ('de_AT' → de-DE, 'es-CL' → es-ES, 'en' → en-US), or None."""
    wanted = tag.replace("_", "-").lower()
    known = {name.lower(): locale for name, locale in locales().items()}
    if wanted in known:
        return known[wanted]
    language = wanted.split("-")[0]
    if language == "zh" and any(part in ("hant", "hk", "mo") for part in wanted.split("-")):
        return known["zh-tw"]
    served = served_locales().values()
    kin = [
        *(one for one in served if _speaks(one, language)),
        *(one for one in known.values() if _speaks(one, language)),
    ]
    return kin[0] if kin else None


def _speaks(locale: Locale, language: str) -> bool:
    return locale.locale.split("-")[0] == language


def match_language(tag: str) -> str | None:
    """The served language nearest to a BCP 47 tag ('de_AT' → 'de', 'zh-TW' → 'zh-CN'), or None."""
    wanted = tag.replace("_", "-").lower()
    served = {language.lower(): language for language in served_locales()}
    bases = {language.split("-")[0]: name for language, name in served.items()}
    return served.get(wanted) or bases.get(wanted.split("-")[0])
