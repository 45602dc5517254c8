"""Live listings looked at again: what a date, a rule or a certificate has made wrong, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.facts import Facts
from knowledge.findings import Finding
from knowledge.listings import Listing
from knowledge.marketplaces import Marketplace
from tools.listings.check import Checker

AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class Live:
    """A listing as it stands in a channel."""

    listing: Listing
    facts: Facts | None
    market: Marketplace
    locale: str


@dataclass(frozen=True)
class ToChange:
    """One thing to change. `new`: it was right on the day before; `until`: it is right until then, and no longer."""

    product_id: str
    marketplace: str
    locale: str
    finding: Finding
    new: bool
    until: date | None = None


def audit(listings: Iterable[Live], on: date, since: date, brands: tuple[str, ...] = ()) -> list[ToChange]:
    """What to change in live listings on a day: what blocks and was right on `since` first, then what else blocks, then
    what will be wrong within 90 days, then warnings.
    """
    found = [change for live in listings for change in _changes(live, on, since, brands)]
    return sorted(
        found, key=lambda c: (_pressing(c), c.until or on, c.product_id, c.marketplace, c.finding.field, c.finding.span)
    )


def _pressing(change: ToChange) -> int:
    if change.until is not None:
        return 2
    return {("block", True): 0, ("block", False): 1}.get((change.finding.severity, change.new), 3)


def _changes(live: Live, on: date, since: date, brands: tuple[str, ...]) -> Iterator[ToChange]:
    now = _findings(live, on, brands)
    before = _findings(live, since, brands) if since < on else {}
    product_id = (
        live.facts.product_id
        if live.facts
        else str(live.listing.about.get("product_id") or live.listing.about.get("product") or "")
    )
    for key, finding in now.items():
        yield ToChange(product_id, live.market.id, live.locale, finding, since < on and key not in before)
    for day in _turning_days(live, on):
        for key, finding in _findings(live, day, brands).items():
            if key not in now and finding.severity == "block":
                yield ToChange(product_id, live.market.id, live.locale, finding, True, day)
                now[key] = finding


def _findings(live: Live, on: date, brands: tuple[str, ...]) -> dict[tuple[str, str, str], Finding]:
    found = Checker(live.market, live.locale, on, brands).check(live.listing, live.facts)
    return {(f.rule, f.field, f.text): f for f in found if f.severity != "info"}


def _turning_days(live: Live, on: date) -> list[date]:
    """The days soon when something ends or begins: the day after a certificate's last, the first of a rule."""
    ends = [c.valid_until + timedelta(days=1) for c in live.facts.certificates if c.valid_until] if live.facts else []
    begins = [entry.valid_from for entry in (*live.market.entries, *live.market.rules) if entry.valid_from]
    return sorted({day for day in [*ends, *begins] if on < day <= on + AHEAD})
