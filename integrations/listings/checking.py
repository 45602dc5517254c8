"""Checking the listings of a file: each against its channel and its product's facts; many at once on every core."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from integrations.listings.facts_files import FactsStore, find_facts, read_facts
from integrations.listings.tables import FileUnreadable, read_data
from integrations.listings.workshop import check_draft, read_limits, read_listing, read_voice, records_of
from knowledge.facts import Facts
from knowledge.facts.reading import facts_of_record
from knowledge.listings import Draft, Listing, key_of
from knowledge.locales import match_language
from knowledge.marketplaces import Marketplace, marketplace
from tools.listings.audit import Live
from tools.listings.check import Checker, with_live

MANY = 600
"""From so many listings on they are checked in a process a core: fewer take no longer than processes take to start."""
AT_ONCE = 100
"""Listings a process takes at a time."""

Place = tuple[str, Mapping[str, Any]]
"""A listing as a file holds it, and where it stands there."""


def of_shop(facts: Facts, market: Marketplace, locale: str, on: date) -> Live | None:
    """The shop's own texts of a product as a listing of a channel; None where it has none in the language."""
    language = match_language(locale) or "en"
    field = "description_html" if "description_html" in market.fields_on(on) else "description"
    texts = {name: facts.text_in(kind, language) for name, kind in (("title", "name"), (field, "summary"))}
    fields = {name: str(fact.value) for name, fact in texts.items() if fact}
    return Live(Listing(fields), facts, market, locale) if fields else None


@dataclass
class Bench:
    """What listings are checked with. `given` is the marketplace and locale; '' for the ones each listing names."""

    home: Path
    given: tuple[str, str]
    facts_file: Path | None
    brands: tuple[str, ...]
    limits: Path | None
    on: date
    _checkers: dict[tuple[str, str, tuple[str, ...]], Checker] = field(default_factory=dict)

    def draft(self, place: Place) -> Draft:
        """A listing with its findings. Raises FileUnreadable, FactsUnreadable, MarketplaceUnknown."""
        where, record = place
        name, locale = meant(record, self.given, where)
        facts = self._facts(record)
        own = str(facts.value("brand", "")) if facts else ""
        checker = self._checker(name, locale, (*self.brands, *self._voice.competitors, *sorted(self._names - {own})))
        return check_draft(read_listing(record, checker.market), facts, checker)

    def _checker(self, name: str, locale: str, rivals: tuple[str, ...]) -> Checker:
        key = (name, locale, rivals)
        if key not in self._checkers:
            market = with_live(marketplace(name, self.home / "marketplaces"), self._live, self.on)
            self._checkers[key] = Checker(market, locale, self.on, rivals)
        return self._checkers[key]

    def _facts(self, record: Mapping[str, Any]) -> Facts | None:
        found = facts_meant(record, self._held, self.on)
        if found is None and self.facts_file:
            raise FileUnreadable(
                f"The facts are of {', '.join(self._held)}; the listing does not say by product_id or sku which of"
                " them it is about."
            )
        return found or (find_facts(self._shop_facts, key_of(record)) if key_of(record) else None)

    @cached_property
    def _held(self) -> dict[str, Facts]:
        return {facts.product_id: facts for facts in read_facts(self.facts_file, self.on)} if self.facts_file else {}

    @cached_property
    def _names(self) -> set[str]:
        held = self._held if self.facts_file else self._shop_facts
        return {str(facts.value("brand", "")) for facts in held.values()} - {""}

    @cached_property
    def _shop_facts(self) -> dict[str, Facts]:
        return shop_facts(self.home, self.on)

    @cached_property
    def _live(self) -> Mapping[str, Any]:
        return read_limits(self.limits or self.home / "limits.toml")

    @cached_property
    def _voice(self) -> Any:
        return read_voice(self.home)


def check_file(bench: Bench, file: Path) -> Iterator[Draft]:
    """A draft with findings for each listing of a file, in its order. Raises as `Bench.draft`."""
    records = records_of(read_data(file), str(file))
    places = [(f"{file}, listing {number}", record) for number, record in enumerate(records, 1)]
    if len(places) < MANY or cores() < 2:
        yield from map(bench.draft, places)
        return
    with ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn"), _open, (bench,)) as pool:
        rest = iter(places)
        waiting = [pool.submit(_drafts, part) for part in iter(lambda: list(islice(rest, AT_ONCE)), [])]
        for done in waiting:
            yield from done.result()


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_bench: list[Bench] = []
"""A process's own bench, so that it reads facts and rules once."""


def _open(bench: Bench) -> None:
    _bench[:] = [bench]


def _drafts(places: list[Place]) -> list[Draft]:
    return [_bench[0].draft(place) for place in places]


def meant(record: Mapping[str, Any], given: tuple[str, str], where: str) -> tuple[str, str]:
    """The marketplace and locale a listing is for. Raises FileUnreadable where neither it nor the caller says."""
    name = given[0] or str(record.get("marketplace") or "")
    locale = given[1] or str(record.get("locale") or "")
    if not name or not locale:
        lacking = " and ".join(word for word, held in (("--marketplace", name), ("--locale", locale)) if not held)
        raise FileUnreadable(f"{where} does not name its own; give {lacking}.")
    return name, locale


def facts_meant(record: Mapping[str, Any], held: dict[str, Facts], on: date) -> Facts | None:
    """The facts of a listing's product: those it brings, else those it names among some, or the only ones."""
    if isinstance(record.get("facts"), Mapping):
        own = {key: record[key] for key in ("product_id", "certificates", "not_to_say") if key in record}
        return facts_of_record({**own, "facts": record["facts"]}, "the listing's own facts", on, "product")
    found = find_facts(held, key_of(record)) if key_of(record) else None
    return found or (next(iter(held.values())) if len(held) == 1 else None)


def shop_facts(home: Path, on: date) -> dict[str, Facts]:
    """Every product's facts as a home holds them, by id; what was imported, where it has no shop."""
    if not (home / "dragoman.sqlite3").exists():
        return FactsStore(home).all()
    return asyncio.run(_from_shop(home, on))


async def _from_shop(home: Path, on: date) -> dict[str, Facts]:
    from integrations.database.engine import open_engine, prepare
    from integrations.database.shop import BuiltInShop
    from integrations.listings.facts_files import all_facts

    engine = open_engine(f"sqlite:///{home / 'dragoman.sqlite3'}")
    try:
        shop = await BuiltInShop.open(await prepare(engine))
        about = shop.facts.get("about") or {}
        return all_facts(await shop.products(), str(about.get("brand", "")), FactsStore(home), on)
    finally:
        await engine.dispose()
