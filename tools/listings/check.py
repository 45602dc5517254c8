"""`Checker`: a listing against its channel's rules, the law's on claims, and the product's facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from knowledge.facts import Facts
from knowledge.findings import SEVERITIES, Finding
from knowledge.listings import Listing, key_of
from knowledge.locales import match_language
from knowledge.marketplaces import FieldLimits, Marketplace
from knowledge.markets import market_groups
from tools.attesting.attested import Ground
from tools.attesting.claims import jurisdiction_of, territory_of, unlawful
from tools.attesting.tracing import Tracer
from tools.listings.duties import duties
from tools.listings.limits import Limits
from tools.listings.wording import Wording

NO_COPY = frozenset(
    {"gpsr_fields", "images", "pictures", "sku", "seller_sku", "id", "gtin", "mpn", "handle", "lead_time_days", "brand"}
)
"""Fields that are no copy: their figures are not held against the facts."""


class Checker:
    """Checks listings of one channel in one locale on one day."""

    def __init__(self, market: Marketplace, locale: str, on: date, brands: Collection[str] = ()) -> None:
        self.market = market
        self.locale = locale.replace("_", "-")
        self.on = on
        parts = self.locale.split("-")
        territory = territory_of(locale)
        self.site = market.site_of(territory)
        self.language = match_language(self.locale) if parts[0] in _SERVED else parts[0]
        self.groups = tuple(market_groups(territory))
        self.jurisdiction = jurisdiction_of(territory, market.id)
        self.fields: dict[str, FieldLimits] = market.fields_on(on, self.site)
        self._rules = market.rules_on(on, self.site)
        self._brands = tuple(brands)
        self._grounds: dict[int, Tracer] = {}

    def check(self, listing: Listing, facts: Facts | None = None) -> list[Finding]:
        """Every finding, the blocking ones first, then by field. `info` ones are advice."""
        tracer = self.tracer(facts) if facts else None
        limits = Limits(self.market, self.fields, self.groups)
        wording = Wording(self.market, self.fields, self._rules, tracer.is_own if tracer else _nothing_own)
        found: list[Finding] = [*limits.check(listing, facts)]
        found += wording.check(listing, tracer.brand_spans if tracer else _no_spans)
        found += self._locale()
        found += self._unfounded(listing) if facts is None else ()
        found += duties(listing, facts, self.groups, self.on)
        for name, item, text in self._copy(listing):
            if tracer:
                found += tracer.check(name, item, text)
            found += self.claims(name, item, text, facts)
        order = {name: place for place, name in enumerate(self.fields)}
        return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), order.get(f.field, 99), f.span, f.rule))

    def tracer(self, facts: Facts) -> Tracer:
        """What holds texts against a product's facts."""
        kept = self._grounds.get(id(facts))
        if kept is None or kept.ground.facts is not facts:
            kept = Tracer(Ground(facts), self.language or "en", self.on, self._brands)
            self._grounds = {id(facts): kept}
        return kept

    def claims(self, field: str, item: int, text: str, facts: Facts | None) -> Iterator[Finding]:
        """Claims the law or the platform does not let stand, with the product's certificates as evidence."""
        return unlawful(text, facts, self.jurisdiction, self.locale, self.on, field, item)

    def _copy(self, listing: Listing) -> Iterator[tuple[str, int, str]]:
        for name in listing.fields:
            if name not in NO_COPY:
                yield from ((name, item, text) for item, text in listing.texts(name))

    def _unfounded(self, listing: Listing) -> Iterator[Finding]:
        """A listing that says which product it is of, and of that product there are no facts."""
        key = key_of({**listing.about, **listing.fields})
        if key:
            why = f"There are no facts of {key}: its figures, certificates and brands were not checked."
            hint = "Give its facts with --facts, or import them."
            yield Finding("facts.none", "warn", (0, 0), key, why, "The facts at hand", hint)

    def _locale(self) -> Iterator[Finding]:
        if not self.market.takes(self.locale):
            stated = sorted({tag for tags in self.market.locales.values() for tag in tags} | set(self.market.languages))
            yield Finding(
                "channel.locale",
                "warn",
                (0, 0),
                self.locale,
                f"{self.market.name} takes {', '.join(stated)}, not {self.locale}.",
                f"The marketplace's data, as of {self.market.as_of}",
                "Use it as a working text, or write it in a language the channel takes.",
            )


_SERVED = frozenset({"ar", "de", "en", "es", "fr", "id", "ja", "pt", "zh"})


def _nothing_own(_: str) -> bool:
    return False


def _no_spans(_: str) -> list[tuple[int, int]]:
    return []


def advice_of(findings: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Findings, and the advice among them that asks for nothing."""
    return [f for f in findings if f.severity != "info"], [f for f in findings if f.severity == "info"]


def with_live(market: Marketplace, live: Mapping[str, Any], on: date) -> Marketplace:
    """A marketplace under the live limits of a file: {"amazon": {"title": {"max": 80}}}."""
    from knowledge.marketplaces import override

    own = live.get(market.id) or {}
    return override(market, own, on) if own else market
