"""A home's translation bureau: its memory and terms, the target's law and channel, and a model where there is one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.localization.encoded import FileBroken
from integrations.localization.ours import our_phrases
from integrations.localization.styles import read_styles, style_of
from knowledge.facts.translated_names import translated_names
from knowledge.findings import Finding
from knowledge.listings import listing_of
from knowledge.localizing import Rendering, Segment, Terms
from knowledge.marketplaces import FieldLimits, Marketplace, MarketplaceUnknown, OverrideWrong, marketplace
from tools.localization.localize import More, localize
from tools.localization.memory import Memory
from tools.localization.rates import Rates, RatesWrong, read_rates
from tools.localization.translator import Translator

if TYPE_CHECKING:
    from integrations.database.engine import Sessions
    from integrations.database.translations import TranslationStore
    from integrations.models.serving import Serving
    from tools.listings.author import Ask

LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?")

WRONG = (FileBroken, RatesWrong, MarketplaceUnknown, OverrideWrong)
"""Errors whose text says what to do."""


@dataclass(frozen=True)
class Shown:
    """Where the texts will be shown: the places whose rules on claims hold (the locale's country where none is said), a
    channel, a category of goods, on a day.
    """

    jurisdiction: str = ""
    marketplace: str = ""
    category: str = ""
    on: date = field(default_factory=lambda: datetime.now(UTC).date())


@dataclass(frozen=True)
class Bureau:
    """Localizes for a home. `ask` reaches a model, None for none; `names` are never translated."""

    home: Path
    store: TranslationStore
    ask: Ask | None = None
    names: tuple[str, ...] = ()

    async def localize(
        self,
        segments: Sequence[Segment],
        locale: str,
        shown: Shown = Shown(),
        *,
        held: Mapping[str, str] | None = None,
        names: Sequence[str] = (),
        on_done: Callable[[], None] = lambda: None,
    ) -> list[Rendering]:
        """A rendering for each segment. `held` are those that already stand in the file, `names` more that are never
        translated. Raises FileBroken, RatesWrong, MarketplaceUnknown, OverrideWrong, PlaceUnknown.
        """
        source = segments[0].locale if segments else "en-US"
        language = locale.split("-")[0]
        ours = our_phrases(locale if locale in ("pt-BR", "zh-CN") else language) if _english(source) else ()
        kept = await self.store.translations(locale)
        market = await asyncio.to_thread(self._market, shown)
        terms = (await self.store.terms()).with_kept([*self.names, *names])
        return await localize(
            [_limited(one, market, locale, shown.on) for one in segments], locale,
            memory=Memory([*ours, *kept], locale, source), terms=terms, author=self._author(locale, terms),
            taxonomy=Memory(translated_names(locale) if _english(source) else (), locale, source),
            rates=self._rates(), more=checks_of(locale, shown, market, self.names), held=held, on_done=on_done,
        )  # fmt: skip

    async def texts(
        self, texts: Sequence[str], locale: str, marketplace: str = "", jurisdiction: str = ""
    ) -> list[Rendering]:
        """A rendering for each of some texts. Raises DraftRefused."""
        from knowledge.claims.places import PlaceUnknown
        from tools.context import DraftRefused

        segments = [Segment(str(number), text) for number, text in enumerate(texts, 1)]
        try:
            return await self.localize(segments, checked_locale(locale), Shown(jurisdiction, marketplace))
        except (*WRONG, PlaceUnknown) as error:
            raise DraftRefused(str(error)) from error

    def _rates(self) -> Rates | None:
        """The rates of exchange the home states; without them sums keep their currency."""
        path = self.home / "rates.toml"
        return read_rates(path) if path.is_file() else None

    def _author(self, locale: str, terms: Terms) -> Translator | None:
        from integrations.listings.workshop import read_voice

        if self.ask is None:
            return None
        return Translator(
            self.ask, locale, terms, style_of(locale, read_styles(self.home), read_voice(self.home).tone), self._rates()
        )  # fmt: skip

    def _market(self, shown: Shown) -> Marketplace | None:
        from integrations.listings.workshop import read_limits
        from tools.listings.check import with_live

        if not shown.marketplace:
            return None
        market = marketplace(shown.marketplace, self.home / "marketplaces")
        return with_live(market, read_limits(self.home / "limits.toml"), shown.on)


def open_bureau(home: Path, sessions: Sessions, serving: Serving | None, shop: Mapping[str, Any]) -> Bureau:
    """The bureau of a home over its database, its shop's facts, and the models that serve it, where some do."""
    from integrations.database.translations import TranslationStore
    from integrations.listings.author import asking

    ask = asking(serving, "translation") if serving else None
    brand = str((shop.get("about") or {}).get("brand", ""))
    return Bureau(home, TranslationStore(sessions), ask, (brand,) if brand else ())


def checks_of(locale: str, shown: Shown, market: Marketplace | None, brands: Sequence[str] = ()) -> More:
    """What is checked of a rendering besides the translation: claims where it is shown, and the channel's rules for its
    field. Raises PlaceUnknown for a place that was named and that we know no rules of.
    """
    from knowledge.claims.places import places_meant
    from tools.claims import check_claims

    place = shown.jurisdiction or _place_of(locale)
    if shown.jurisdiction:
        places_meant(place)

    def more(segment: Segment, text: str, locale: str) -> list[Finding]:
        if market:
            return _channel(segment, text, locale, market, shown)
        if not place:
            return []
        return check_claims(text, place, locale, category=shown.category, on=shown.on, brands=brands)

    return more


def _channel(segment: Segment, text: str, locale: str, market: Marketplace, shown: Shown) -> list[Finding]:
    """The channel's findings in a text of one of its fields; those on claims are among them."""
    from tools.listings.check import Checker

    name = field_of(segment, market)
    if not name:
        return []
    checker = Checker(market, locale, shown.on)
    found = checker.check(listing_of({"fields": {name: text}}, market))
    return [one for one in found if one.field == name and one.rule not in ("limit.required", "limit.count")]


def field_of(segment: Segment, market: Marketplace) -> str:
    """The channel's field that a segment's column is called like; '' for none."""
    column = segment.context.partition(":")[0].strip()
    stem = column.rstrip("0123456789").rstrip("_ ")
    for named in (column, stem, f"{stem}s"):
        found = [
            name for name in listing_of({named.casefold(): ""}, market).fields if name in market.fields_on(date.max)
        ]
        if found:
            return found[0]
    return ""


def _limited(segment: Segment, market: Marketplace | None, locale: str, on: date) -> Segment:
    """A segment with the channel's limit of its field, where that is in characters and the file says no less."""
    if market is None:
        return segment
    limits: FieldLimits | None = market.fields_on(on, market.site_of(locale.split("-")[-1])).get(
        field_of(segment, market)
    )
    if limits is None or limits.max is None or limits.unit not in (None, "characters"):
        return segment
    return replace(segment, limit=min(limits.max, segment.limit or limits.max))


def _place_of(locale: str) -> str:
    """The place whose rules on claims a locale's readers live under; '' where we know none."""
    from knowledge.claims.places import known_places
    from knowledge.locales import nearest_locale

    known, parts = nearest_locale(locale), locale.split("-")
    country = parts[-1].upper() if len(parts) > 1 and len(parts[-1]) == 2 else known.market if known else ""
    country = {"GB": "UK"}.get(country, country)
    return country if country in known_places() else ""


def _english(locale: str) -> bool:
    return locale.split("-")[0].casefold() == "en"


def checked_locale(told: str) -> str:
    """A locale as we write it ('de-DE' for 'de_de'). Raises FileBroken for what is none."""
    parts = told.strip().replace("_", "-").split("-")
    tag = "-".join([parts[0].lower(), *(part.upper() if len(part) == 2 else part.title() for part in parts[1:])])
    if not LOCALE.fullmatch(tag) or not _is_known(tag):
        raise FileBroken(f"{told!r} is no locale. Write language and country, like de-DE or ja-JP.")
    return tag


def _is_known(tag: str) -> bool:
    """Whether CLDR knows a locale's language."""
    from babel import Locale, UnknownLocaleError

    try:
        return bool(Locale.parse(tag.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return False


def counts(renderings: Sequence[Rendering]) -> dict[str, Any]:
    """How many of a locale's texts came from where, and how many may not be published."""
    origins: dict[str, int] = {}
    for one in renderings:
        name = one.origin or "not translated"
        origins[name] = origins.get(name, 0) + 1
    blocked = sum(one.is_blocked and bool(one.origin) for one in renderings)
    return {
        "texts": len(renderings),
        "origins": origins,
        "blocked": blocked,
        "missing": origins.get("not translated", 0),
    }
