"""A home's translation bureau: its memory and terms, the target's law and channel, and a model where there is one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.localization.encoded import FileBroken
from integrations.localization.ours import our_phrases
from integrations.localization.shown import Shown, checks_of, limited
from integrations.localization.styles import read_styles, style_of
from knowledge.facts.translated_names import translated_names
from knowledge.localizing import Rendering, Segment, Terms
from knowledge.marketplaces import Marketplace, MarketplaceUnknown, OverrideWrong, marketplace
from tools.localization.known import Store
from tools.localization.localize import Localizer, More
from tools.localization.memory import Memory
from tools.localization.rates import Rates, RatesWrong, read_rates
from tools.localization.translator import Translator

if TYPE_CHECKING:
    from integrations.database.engine import Sessions
    from integrations.database.translations import TranslationStore
    from integrations.models.serving import Serving
    from tools.attesting.proposals import Ask

LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?")

WRONG = (FileBroken, RatesWrong, MarketplaceUnknown, OverrideWrong)
"""Errors whose text says what to do."""


@dataclass(frozen=True)
class Ready(Localizer):
    """A localizer for texts of a channel's fields."""

    market: Marketplace | None = None
    on: date = field(default_factory=lambda: datetime.now(UTC).date())

    def fitted(self, segments: Sequence[Segment]) -> list[Segment]:
        """Segments with the channel's limits of their fields."""
        return [limited(one, self.market, self.locale, self.on) for one in segments]


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
        translated. Raises what `localizer` raises.
        """
        source = segments[0].locale if segments else "en-US"
        ready = await self.localizer(locale, shown, source, names)
        return await ready.localize(ready.fitted(segments), held, on_done)

    async def localizer(
        self, locale: str, shown: Shown = Shown(), source: str = "en-US", names: Sequence[str] = ()
    ) -> Ready:
        """What localizes into a locale by what is known now. Raises FileBroken, RatesWrong, MarketplaceUnknown,
        OverrideWrong, PlaceUnknown.
        """
        language = locale if locale in ("pt-BR", "zh-CN") else locale.split("-")[0]
        ours = our_phrases(language) if _english(source) else ()
        kept = await self.store.translations(locale)
        market = await asyncio.to_thread(self._market, shown)
        terms = (await self.store.terms()).with_kept([*self.names, *names])
        names_of = translated_names(locale) if _english(source) else ()
        store = Store(
            locale, Memory([*ours, *kept], locale, source), Memory(names_of, locale, source), terms, self._rates()
        )  # fmt: skip
        return Ready(store, self._author(locale, terms), checks_of(locale, shown, market, self.names), market, shown.on)

    async def checks(self, locale: str, shown: Shown = Shown()) -> More:
        """What is checked of a rendering besides the translation. Raises MarketplaceUnknown, OverrideWrong,
        PlaceUnknown.
        """
        return checks_of(locale, shown, await asyncio.to_thread(self._market, shown), self.names)

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
    from integrations.listings.author import models_of

    ask = models_of(serving, "translation") if serving else None
    brand = str((shop.get("about") or {}).get("brand", ""))
    return Bureau(home, TranslationStore(sessions), ask, (brand,) if brand else ())


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
