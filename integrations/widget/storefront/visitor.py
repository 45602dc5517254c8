"""Who looks at a page: in which language, for which market and currency, and whether the demo signed them in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.embedded.wording import Words
from knowledge.locales import Locale, match_language, served_locales
from knowledge.markets import currency_of

if TYPE_CHECKING:
    from decimal import Decimal

    from knowledge.commerce import Customer, Product, Variant

HOME_CURRENCY = "EUR"


@dataclass(frozen=True)
class Visitor:
    """A reader of pages. `customer` is who they are signed in as."""

    language: str
    locale: str
    customer: Customer | None = None

    @property
    def conventions(self) -> Locale:
        """The served locale of their language."""
        return served_locales()[self.language]

    @property
    def words(self) -> Words:
        """How figures and facts are written for them."""
        return Words(self.language)

    @property
    def currency(self) -> str:
        """What they pay in: that of the region in their locale, else of their language's market."""
        region = self.locale.partition("-")[2].upper()
        return currency_of(region) or currency_of(self.conventions.market)

    def say(self, key: str, **slots: str | int) -> str:
        """What a page says, in their language."""
        return _sentences(self.language)[key].format(**slots)

    def label(self, key: str) -> str:
        """What a family or an option is called; a merchant's own as it is."""
        return _sentences(self.language).get(key) or key.replace("_", " ").capitalize()

    def link(self, path: str, **query: str) -> str:
        """A page of this shop in their language."""
        told = "&".join(f"{name}={quote(value, safe='')}" for name, value in {**query, "locale": self.locale}.items())
        return f"{quote(path)}?{told}"

    def price_of(self, variant: Variant) -> tuple[Decimal, str] | None:
        """A variant's price and its currency, as the shop states it for them."""
        return variant.price_in(self.currency, HOME_CURRENCY)

    def lowest_price(self, product: Product) -> str:
        """The lowest price of a product, in words."""
        stated = [price for variant in product.variants if (price := self.price_of(variant))]
        if not stated:
            return ""
        lowest = self.words.money(*min(stated))
        return lowest if len(set(stated)) == 1 else self.say("from_price", price=lowest)


def visitor_of(locale: str, accepted: str, customer: Customer | None = None) -> Visitor:
    """The visitor of a request: the locale their page names, else what their browser asks for."""
    wanted = (locale or accepted.split(",")[0].split(";")[0]).strip().replace("_", "-")[:16] or "en"
    language = match_language(wanted) or "en"
    region = wanted.partition("-")[2]
    plain = len(region) == 2 and region.isascii() and region.isalpha() and language == wanted.partition("-")[0].lower()
    return Visitor(language, f"{language}-{region.upper()}" if plain else served_locales()[language].locale, customer)


@cache
def _sentences(language: str) -> dict[str, str]:
    held: dict[str, str] = tomllib.loads((files(__package__) / "words" / f"{language}.toml").read_text("utf-8"))
    return held
