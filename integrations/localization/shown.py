"""Where texts will be shown, and what is checked of them for that: the law on claims, a channel's rules and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from knowledge.findings import Finding
from knowledge.listings import listing_of
from knowledge.localizing import Segment
from knowledge.marketplaces import FieldLimits, Marketplace
from tools.localization.localize import More


@dataclass(frozen=True)
class Shown:
    """Where the texts will be shown: the places whose rules on claims hold (the locale's country where none is said), a
    channel, a category of goods, on a day.
    """

    jurisdiction: str = ""
    marketplace: str = ""
    category: str = ""
    on: date = field(default_factory=lambda: datetime.now(UTC).date())


def checks_of(locale: str, shown: Shown, market: Marketplace | None, brands: Sequence[str] = ()) -> More:
    """What is checked of a rendering besides the translation: ways to pay and claims where it is shown, and the
    channel's rules for its field. Raises PlaceUnknown for a place that was named and that we know no rules of.
    """
    from knowledge.claims.places import places_meant
    from tools.claims import check_claims
    from tools.localization.checks.market import check_market

    place = shown.jurisdiction or place_of(locale)
    if shown.jurisdiction:
        places_meant(place)

    def more(segment: Segment, text: str, locale: str) -> list[Finding]:
        paying = check_market(text, locale)
        if market:
            return paying + _channel(segment, text, locale, market, shown)
        if not place:
            return paying
        return paying + check_claims(text, place, locale, category=shown.category, on=shown.on, brands=brands)

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


def limited(segment: Segment, market: Marketplace | None, locale: str, on: date) -> Segment:
    """A segment with the channel's limit of its field, where that is in characters and the file says no less."""
    if market is None:
        return segment
    limits: FieldLimits | None = market.fields_on(on, market.site_of(locale.split("-")[-1])).get(
        field_of(segment, market)
    )
    if limits is None or limits.max is None or limits.unit not in (None, "characters"):
        return segment
    return replace(segment, limit=min(limits.max, segment.limit or limits.max))


def place_of(locale: str) -> str:
    """The place whose rules on claims a locale's readers live under; '' where we know none."""
    from knowledge.claims.places import known_places
    from knowledge.locales import nearest_locale

    known, parts = nearest_locale(locale), locale.split("-")
    country = parts[-1].upper() if len(parts) > 1 and len(parts[-1]) == 2 else known.market if known else ""
    country = {"GB": "UK"}.get(country, country)
    return country if country in known_places() else ""
