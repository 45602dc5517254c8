"""Checking the listings of a file: each against its channel and its product's facts, opening no more than needed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from integrations.listings.facts_files import FactsStore, find_facts, read_facts
from integrations.listings.tables import FileUnreadable, read_data
from integrations.listings.workshop import check_draft, read_limits, read_listing, read_voice, records_of
from knowledge.facts import Facts
from knowledge.facts.reading import facts_of_record
from knowledge.listings import Draft, Listing
from knowledge.locales import match_language
from knowledge.marketplaces import Marketplace, marketplace
from tools.listings.audit import Live
from tools.listings.check import with_live


def of_shop(facts: Facts, market: Marketplace, locale: str, on: date) -> Live | None:
    """The shop's own texts of a product as a listing of a channel; None where it has none in the language."""
    language = match_language(locale) or "en"
    field = "description_html" if "description_html" in market.fields_on(on) else "description"
    texts = {name: facts.text_in(kind, language) for name, kind in (("title", "name"), (field, "summary"))}
    fields = {name: str(fact.value) for name, fact in texts.items() if fact}
    return Live(Listing(fields), facts, market, locale) if fields else None


def check_file(  # noqa: PLR0913  (each is a part of what is asked)
    home: Path,
    file: Path,
    meant: tuple[str, str],
    facts_file: Path | None,
    brands: tuple[str, ...],
    limits: Path | None,
    on: date,
) -> Iterator[Draft]:
    """A draft with findings for each listing of a file. `meant` is the marketplace and locale; '' for the ones each
    listing names. Raises FileUnreadable, FactsUnreadable, MarketplaceUnknown.
    """
    records = records_of(read_data(file), str(file))
    held = {facts.product_id: facts for facts in read_facts(facts_file, on)} if facts_file else {}
    live = read_limits(limits) if limits else read_limits(home / "limits.toml")
    voice = read_voice(home)
    names = {str(facts.value("brand", "")) for facts in held.values()} - {""}
    for place, record in enumerate(records, 1):
        name, locale = _meant(record, meant, f"{file}, listing {place}")
        market = with_live(marketplace(name, home / "marketplaces"), live, on)
        facts = _facts_for(record, held, home, on, named=facts_file is not None)
        own = str(facts.value("brand", "")) if facts else ""
        rivals = (*brands, *voice.competitors, *sorted(names - {own}))
        yield check_draft(read_listing(record, market), facts, market, locale, on, rivals)


def _meant(record: Mapping[str, Any], meant: tuple[str, str], where: str) -> tuple[str, str]:
    name = meant[0] or str(record.get("marketplace") or "")
    locale = meant[1] or str(record.get("locale") or "")
    if not name or not locale:
        lacking = " and ".join(word for word, held in (("--marketplace", name), ("--locale", locale)) if not held)
        raise FileUnreadable(f"{where} does not name its own; give {lacking}.")
    return name, locale


def _facts_for(record: Mapping[str, Any], held: dict[str, Facts], home: Path, on: date, *, named: bool) -> Facts | None:
    """The facts of a listing's product: its own, those of the facts file, else those of the home."""
    if isinstance(record.get("facts"), Mapping):
        own = {key: record[key] for key in ("product_id", "certificates", "not_to_say") if key in record}
        return facts_of_record({**own, "facts": record["facts"]}, "the listing's own facts", on, "product")
    key = str(record.get("product_id") or record.get("product") or record.get("sku") or record.get("seller_sku") or "")
    found = find_facts(held, key) if key else None
    if found or len(held) == 1:
        return found or next(iter(held.values()))
    if named:
        raise FileUnreadable(
            f"The facts are of {', '.join(held)}; the listing does not say by product_id or sku which it is of."
        )
    return home_facts(home, key, on) if key else None


def home_facts(home: Path, key: str, on: date) -> Facts | None:
    """A product's facts as a home holds them; None where it has no such product, or no shop."""
    imported = FactsStore(home).all()
    if not (home / "dragoman.sqlite3").exists():
        return find_facts(imported, key)
    return asyncio.run(_from_shop(home, key, on))


async def _from_shop(home: Path, key: str, on: date) -> Facts | None:
    from integrations.database.engine import open_engine, prepare
    from integrations.database.shop import BuiltInShop
    from integrations.listings.facts_files import all_facts

    engine = open_engine(f"sqlite:///{home / 'dragoman.sqlite3'}")
    try:
        shop = await BuiltInShop.open(await prepare(engine))
        about = shop.facts.get("about") or {}
        held = all_facts(await shop.products(), str(about.get("brand", "")), FactsStore(home), on)
        return find_facts(held, key)
    finally:
        await engine.dispose()
