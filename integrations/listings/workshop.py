"""What the marketer's commands and routes work with: facts of the home, marketplaces with live limits, the brand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from integrations.listings.facts_files import FactsStore, all_facts, find_facts
from integrations.listings.tables import FileUnreadable, read_data
from knowledge.commerce import Product
from knowledge.facts import Facts
from knowledge.listings import Draft, Listing, listing_of
from knowledge.locales import served_locales
from knowledge.marketplaces import Marketplace, MarketplaceUnknown, marketplace, marketplaces
from tools.listings.check import Checker, advice_of, with_live
from tools.listings.voice import Voice, VoiceWrong, voice_of
from tools.listings.write import write_listing


@dataclass
class Workshop:
    """Facts by product, the home's own marketplaces and limits, and the brand's voice."""

    home: Path
    facts: dict[str, Facts]
    live: Mapping[str, Any]
    voice: Voice

    @classmethod
    def of(cls, home: Path, products: list[Product], brand: str, day: date) -> Workshop:
        """The workshop of a home with a shop's products. Raises FileUnreadable, VoiceWrong."""
        return cls(
            home, all_facts(products, brand, FactsStore(home), day), read_limits(home / "limits.toml"), read_voice(home)
        )

    def market(self, name: str, on: date) -> Marketplace:
        """A marketplace under the home's live limits. Raises MarketplaceUnknown."""
        return with_live(marketplace(name, self.home / "marketplaces"), self.live, on)

    def find(self, key: str) -> Facts | None:
        """A product's facts by id or SKU."""
        return find_facts(self.facts, key)

    def write(self, facts: Facts, market: Marketplace, locale: str, on: date) -> Draft:
        """A draft without a model."""
        return write_listing(facts, market, locale, on, self.voice.banned, self.rivals(facts))

    def check(self, listing: Listing, facts: Facts | None, market: Marketplace, locale: str, on: date) -> Draft:
        """A listing's findings as a draft."""
        return check_draft(listing, facts, Checker(market, locale, on, self.rivals(facts)))

    def rivals(self, facts: Facts | None) -> tuple[str, ...]:
        """Names a listing may not borrow: the brand's competitors, and other products' brands."""
        own = str(facts.value("brand", "")) if facts else ""
        others = {str(other.value("brand", "")) for other in self.facts.values()}
        return (*self.voice.competitors, *sorted(name for name in others if name and name != own))


def check_draft(listing: Listing, facts: Facts | None, checker: Checker) -> Draft:
    """A listing with its findings, advice, and the facts that bear each of its texts."""
    from knowledge.listings import Claimed, Missing

    findings, advice = advice_of(checker.check(listing, facts))
    tracer = checker.tracer(facts) if facts else None
    claims = [
        Claimed(name, item, text, tracer.bearing(text))
        for name in listing.fields for item, text in listing.texts(name)
    ] if tracer else []  # fmt: skip
    missing = [Missing(f.field, f.why) for f in [*findings, *advice] if f.rule == "limit.required"]
    product_id = (
        facts.product_id if facts else str(listing.about.get("product_id") or listing.about.get("product") or "")
    )
    return Draft(
        product_id,
        checker.market.id,
        checker.locale,
        checker.on,
        listing.fields,
        tuple(claims),
        tuple(findings),
        tuple(advice),
        tuple(missing),
    )


def read_limits(path: Path) -> Mapping[str, Any]:
    """Live limits by marketplace and field; none where there is no file. Raises FileUnreadable."""
    if not path.is_file():
        return {}
    held = read_data(path)
    if not isinstance(held, dict) or not all(isinstance(fields, dict) for fields in held.values()):
        raise FileUnreadable(
            f"{path} is wrong: limits are tables by marketplace and field, like [amazon.title] max = 80."
        )
    return held


def read_voice(home: Path) -> Voice:
    """The brand's voice from brand.toml of a home; a plain one where there is none. Raises VoiceWrong."""
    path = home / "brand.toml"
    if not path.is_file():
        return Voice()
    try:
        return voice_of(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VoiceWrong(f"{path} cannot be read as TOML: {error}") from error


def records_of(data: Any, where: str) -> list[Mapping[str, Any]]:
    """The listings of a file that was read: one, a list, or {"listings": [...]}. Raises FileUnreadable."""
    if isinstance(data, Mapping) and isinstance(data.get("listings"), list):
        data = data["listings"]
    records = data if isinstance(data, list) else [data]
    if not records or not all(isinstance(record, Mapping) for record in records):
        raise FileUnreadable(
            f"{where} holds no listing: an object with fields (title, bullets, ...), or a list of them."
        )
    return [_joined(record) for record in records]


def _joined(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A table's row with its numbered columns (bullet1, bullet2) as a list."""
    lists: dict[str, list[Any]] = {}
    plain: dict[str, Any] = {}
    for name, value in record.items():
        stem = str(name).rstrip("0123456789").rstrip("_ ")
        numbered = stem != name and stem.lower() in (
            "bullet",
            "bullets",
            "bullet_point",
            "tag",
            "tags",
            "key_feature",
            "key_features",
            "product_highlight",
        )
        if numbered:
            lists.setdefault(
                {"bullet": "bullets", "bullet_point": "bullets", "tag": "tags", "key_feature": "key_features"}.get(
                    stem.lower(), stem.lower()
                ),
                [],
            ).append(value)
        else:
            plain[str(name)] = (
                value.split(" | ")
                if isinstance(value, str) and name in ("bullets", "tags") and " | " in value
                else value
            )
    return {**plain, **lists}


def meant_markets(named: str, workshop: Workshop, on: date) -> Iterator[Marketplace]:
    """The marketplaces a text names, separated by commas, or all. Raises MarketplaceUnknown."""
    names = marketplaces(workshop.home / "marketplaces") if named == "all" else named.split(",")
    yield from (workshop.market(name, on) for name in names)


def meant_locales(named: str) -> list[str]:
    """The locales a text names, separated by commas, or the nine we serve."""
    return (
        [entry.locale for entry in served_locales().values()]
        if named == "all"
        else [part.strip() for part in named.split(",")]
    )


def read_listing(record: Mapping[str, Any], market: Marketplace) -> Listing:
    """A record as a listing of a channel."""
    return listing_of(record, market)


__all__ = ["MarketplaceUnknown", "Workshop"]
