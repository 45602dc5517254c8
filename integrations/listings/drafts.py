"""Listings for the assistant and for HTTP: the home's workshop, opened for each, so that a change counts at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from integrations.listings.cells import Written
from integrations.listings.tables import FileUnreadable
from integrations.listings.workshop import Workshop
from knowledge.facts import Facts
from knowledge.facts.reading import FactsUnreadable, facts_of_record
from knowledge.listings import Draft, listing_of
from knowledge.marketplaces import MarketplaceUnknown, OverrideWrong
from knowledge.phrasing import LanguageUnworded
from knowledge.shop import Shop
from tools.context import DraftRefused
from tools.listings.voice import VoiceWrong

WRONG = (FileUnreadable, FactsUnreadable, MarketplaceUnknown, OverrideWrong, LanguageUnworded, VoiceWrong)


@dataclass(frozen=True)
class ShopDrafts:
    """Writes and checks by the facts of a home and its shop."""

    home: Path
    shop: Shop

    async def workshop(self, on: date | None = None) -> Workshop:
        """The workshop as it is now. Raises FileUnreadable, VoiceWrong."""
        facts = getattr(self.shop, "facts", None) or {}
        brand = str((facts.get("about") or {}).get("brand", ""))
        return Workshop.of(self.home, await self.shop.products(), brand, on or _today())

    async def write(self, product: str, marketplace: str, locale: str, on: date | None = None) -> Draft:
        """A draft of a product's listing. Raises DraftRefused."""
        return (await self.written(product, marketplace, locale, on))[0]

    async def written(self, product: str, marketplace: str, locale: str, on: date | None = None) -> Written:
        """The same with the product's facts and the channel, as files take it. Raises DraftRefused."""
        try:
            workshop, day = await self.workshop(on), on or _today()
            facts, market = self._known(workshop, product), workshop.market(marketplace, day)
            return await asyncio.to_thread(workshop.write, facts, market, locale, day), facts, market
        except WRONG as error:
            raise DraftRefused(str(error)) from error

    async def write_of(self, record: Mapping[str, Any], marketplace: str, locale: str, on: date | None = None) -> Draft:
        """A draft from facts that were handed in. Raises DraftRefused."""
        try:
            workshop, day = await self.workshop(on), on or _today()
            facts = facts_of_record(record, "handed in", day, "product")
            return await asyncio.to_thread(workshop.write, facts, workshop.market(marketplace, day), locale, day)
        except WRONG as error:
            raise DraftRefused(str(error)) from error

    async def check(
        self, fields: Mapping[str, Any], product: str, marketplace: str, locale: str,
        record: Mapping[str, Any] | None = None, on: date | None = None,
    ) -> Draft:  # fmt: skip
        """A text in a channel's fields with its findings, held against a product's facts, or those handed in. Raises
        DraftRefused.
        """
        try:
            workshop, day = await self.workshop(on), on or _today()
            market = workshop.market(marketplace, day)
            facts = (
                facts_of_record(record, "handed in", day, "product")
                if record
                else self._known(workshop, product)
                if product
                else None
            )
            return await asyncio.to_thread(workshop.check, listing_of(fields, market), facts, market, locale, day)
        except WRONG as error:
            raise DraftRefused(str(error)) from error

    async def copy(
        self, kind: str, product: str, locale: str, channel: str = "", on: date | None = None
    ) -> Mapping[str, Any]:  # fmt: skip
        """Campaign copy of a product as one JSON object. Raises DraftRefused."""
        from integrations.listings.campaigns import Campaigns, told
        from tools.copywriting.catalogue import CopyUnknown

        try:
            workshop, day = await self.workshop(on), on or _today()
            return told(await Campaigns(workshop, day).write(kind, self._known(workshop, product), locale, channel))
        except (*WRONG, CopyUnknown) as error:
            raise DraftRefused(str(error)) from error

    def _known(self, workshop: Workshop, product: str) -> Facts:
        found = workshop.find(product)
        if found is None:
            raise DraftRefused(f"There is no product {product!r}; its id or a SKU is wanted.")
        return found


def _today() -> date:
    return datetime.now(UTC).date()
