"""Marketplaces as data, a file each: what a channel's fields may hold, with source and date of every figure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Unit = Literal["characters", "bytes", "full-width"]
Confidence = Literal["high", "medium", "low"]


class Source(BaseModel):
    """Where a figure was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    url: str = ""
    date: str = ""


class Dated(BaseModel):
    """An entry with its source and date; it holds from and until inclusive days, at these sites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: tuple[str, ...]
    as_of: date
    confidence: Confidence
    note: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    sites: tuple[str, ...] = ()
    not_sites: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Languages it is written in; empty: any."""

    def holds(self, on: date, site: str) -> bool:
        """Whether the entry is in force on a day at a site ('' for any)."""
        if (self.valid_from and on < self.valid_from) or (self.valid_until and on > self.valid_until):
            return False
        return site not in self.not_sites and (not self.sites or site in self.sites)


class FieldLimits(Dated):
    """What one field of a listing may hold. `max` and `min` are in `unit`; a list's are for each item."""

    name: str
    api: str = ""
    kind: Literal["text", "list", "pairs", "images", "number"] = "text"
    required: bool = False
    required_in: tuple[str, ...] = ()
    """Markets or groups of markets (EU) that require it."""
    max: int | None = None
    min: int | None = None
    unit: Unit | None = None
    min_words: int | None = None
    recommended_max_words: int | None = None
    min_count: int | None = None
    max_count: int | None = None
    combined_max: int | None = None
    recommended_min: int | None = None
    recommended_max: int | None = None
    safe_max: int | None = None
    """Public guides disagree; up to here all of them agree."""
    name_max: int | None = None
    value_max: int | None = None
    min_px: int | None = None
    """Least pixels of an image's shorter side."""
    charset: Literal["", "no_han", "gtin", "plain"] = ""
    starts_not: str = ""
    html: Literal["", "none", "basic", "inactive"] = ""
    """none: plain text; basic: p, ul, ol, li, b, strong, em, i, br; inactive: any that runs nothing."""


class Rule(Dated):
    """What a channel does not take in some fields, apart from lengths."""

    id: str
    says: str
    fields: tuple[str, ...] = ()
    severity: Literal["block", "warn", "info"] = "block"
    banned_characters: str = ""
    measure_characters: str = ""
    """Characters that may stand only beside a figure."""
    once_characters: str = ""
    banned_phrases: tuple[str, ...] = ()
    banned_patterns: tuple[str, ...] = ()
    max_repeat: int | None = None
    """How often a word may stand in the field."""
    max_capitals: int | None = None
    """How many words may be ALL CAPS; codes and acronyms of the facts do not count."""
    no_emoji: bool = False
    no_contact: bool = False
    no_links: bool = False
    no_price: bool = False
    no_html: bool = False
    no_active: bool = False
    no_brand: bool = False
    lower_case: bool = False
    required_attributes: tuple[str, ...] = ()


class Marketplace(BaseModel):
    """A channel. `locales` by site; a channel without them takes any language, or those of `languages`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    as_of: date
    sites: tuple[str, ...]
    languages: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    """What a draft for it carries besides its fields: alt_texts, faq, a_plus."""
    locales: dict[str, tuple[str, ...]] = {}
    entries: tuple[FieldLimits, ...] = Field(alias="fields")
    rules: tuple[Rule, ...] = ()
    sources: dict[str, Source]

    def fields_on(self, on: date, site: str = "") -> dict[str, FieldLimits]:
        """The fields in force on a day at a site, in the file's order. Of two that hold, the one for the site does."""
        held = [entry for entry in self.entries if entry.holds(on, site)]
        ordered = sorted(held, key=lambda entry: bool(entry.sites))
        chosen = {entry.name: entry for entry in ordered}
        return {entry.name: chosen[entry.name] for entry in held}

    def rules_on(self, on: date, site: str = "") -> list[Rule]:
        """The rules in force on a day at a site."""
        return [rule for rule in self.rules if rule.holds(on, site)]

    def takes(self, locale: str) -> bool:
        """Whether the channel takes listings in a locale's language."""
        language = locale.replace("_", "-").split("-")[0].lower()
        stated = {tag.split("-")[0].lower() for tags in self.locales.values() for tag in tags} | set(self.languages)
        return not stated or language in stated

    def site_of(self, market: str) -> str:
        """The channel's own name of a market's site ('GB' is Amazon's UK); '' where it has none."""
        own = {"GB": "UK"}.get(market, market)
        return own if own in self.sites else market if market in self.sites else ""

    def told_sources(self, names: tuple[str, ...]) -> str:
        """Titles of sources, for people."""
        return "; ".join(self.sources[name].title for name in names if name in self.sources)


class MarketplaceUnknown(LookupError):
    """There is no such marketplace; the text names those there are."""


class OverrideWrong(ValueError):
    """A file of live limits cannot be used; the text says why."""


@cache
def marketplaces(folder: Path | None = None) -> Mapping[str, Marketplace]:
    """Every marketplace by its id: the shipped ones, and those of a folder of one's own, which replace them."""
    found = {market.id: market for market in _read(files("knowledge.marketplaces"))}
    if folder is not None and folder.is_dir():
        found |= {market.id: market for market in _read(folder)}
    return found


def _read(folder: Any) -> Iterator[Marketplace]:
    for entry in sorted(folder.iterdir(), key=lambda path: str(path.name)):
        if entry.name.endswith(".toml"):
            try:
                yield Marketplace.model_validate(tomllib.loads(entry.read_text("utf-8")))
            except (tomllib.TOMLDecodeError, ValidationError) as error:
                raise OverrideWrong(f"The marketplace file {entry.name} is wrong: {error}") from error


def marketplace(name: str, folder: Path | None = None) -> Marketplace:
    """A marketplace by its id, in any case and with '-' for '_'. Raises MarketplaceUnknown."""
    known = marketplaces(folder)
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted not in known:
        raise MarketplaceUnknown(f"There is no marketplace {name!r}. There are: {', '.join(known)}.")
    return known[wanted]


def override(market: Marketplace, live: Mapping[str, Mapping[str, Any]], on: date) -> Marketplace:
    """A marketplace with live limits over its own: field → {max, min, unit, required, ...}, as the platform told them.

    They hold at every site from now on. Raises OverrideWrong for a limit nobody knows.
    """
    entries = list(market.entries)
    for name, values in live.items():
        own = [entry for entry in entries if entry.name == name and entry.holds(on, "")]
        told = own[-1].model_dump() if own else {"name": name}
        told |= {"source": ("live",), "as_of": on, "confidence": "high", "valid_from": on, "valid_until": None}
        try:
            entry = FieldLimits.model_validate({**told, "sites": (), "not_sites": (), **values})
        except ValidationError as error:
            fault = error.errors()[0]
            raise OverrideWrong(f"Live limits of {market.id}: {name}: {fault['loc'][-1]}: {fault['msg']}") from error
        entries = [other for other in entries if other.name != name] + [entry]
    sources = {**market.sources, "live": Source(title="The platform's live limits", date=on.isoformat())}
    return market.model_copy(update={"entries": tuple(entries), "sources": sources})
