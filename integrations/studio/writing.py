"""Writing a draft of a batch: from facts, by templates or a model, or from the source's text where nobody writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from integrations.database.studio_batches import Batch, Slot
from integrations.database.studio_cells import Cell
from integrations.listings.facts_files import facts_of_told
from integrations.listings.workshop import Workshop
from integrations.studio.desk import Desk, today
from integrations.studio.judging import blank, cells_of, judge
from integrations.studio.reader import is_worded, locale_name
from integrations.studio.translating import Bureau, translated
from knowledge.facts import Facts
from knowledge.jobs import Halted, ItemFailed
from knowledge.listings import Draft
from knowledge.marketplaces import Marketplace
from knowledge.phrasing import LanguageUnworded

if TYPE_CHECKING:
    from integrations.listings.author import ModelWriter

log = logging.getLogger(__name__)


class Writing:
    """Writes drafts. `author` makes a writer over models, None for templates; `bureau` localizes into languages that
    nobody writes, None for nobody.
    """

    def __init__(
        self, desk: Desk, author: Callable[[Workshop], ModelWriter] | None = None, bureau: Bureau | None = None
    ) -> None:
        self._desk, self._author, self._bureau = desk, author, bureau

    async def write(self, batch: Batch, slot: Slot) -> None:
        """Write a draft and keep it, or why it could not be written. Raises ItemFailed, Halted where a model that was
        to write is silent: the draft waits.
        """
        [entry] = await self._desk.batches.entries(batch.id, [slot.position])
        facts, market = facts_of_told(entry.facts), await self._desk.market(slot.channel)
        try:
            cells, done = await self._written(batch, slot, facts, market)
        except (ItemFailed, Halted):
            raise
        except Exception as why:  # noqa: BLE001  (one draft's fault is not the others')
            log.warning("a draft could not be written: %s", type(why).__name__)
            cells, done = [], replace(slot, state="refused", why=f"{type(why).__name__}: {why}"[:500])
        await self._desk.cells.keep(done, [replace(cell, batch_id=batch.id) for cell in cells], done.written_by)

    async def _written(self, batch: Batch, slot: Slot, facts: Facts, market: Marketplace) -> tuple[list[Cell], Slot]:
        try:
            return cells_of(await self._draft(facts, market, slot.locale), slot, facts, market)
        except LanguageUnworded as why:
            return await self._translated(batch, slot, facts, market, str(why))

    async def _draft(self, facts: Facts, market: Marketplace, locale: str) -> Draft:
        if not is_worded(locale):
            raise LanguageUnworded(f"There are no templates in {locale_name(locale)}.")
        workshop, day = await self._desk.workshop(), today()
        if self._author:
            return await self._author(workshop).write(facts, market, locale, day)
        return await asyncio.to_thread(workshop.write, facts, market, locale, day)

    async def _translated(
        self, batch: Batch, slot: Slot, facts: Facts, market: Marketplace, why: str
    ) -> tuple[list[Cell], Slot]:
        """The source's texts in a language that nobody writes."""
        source = [cell for cell in await self._source(batch, slot) if cell.text]
        if self._bureau is None or not source:
            return blank(source, slot), replace(slot, state="unwritten", why=why)
        cells, done = await translated(self._bureau, source, slot, str(facts.value("brand", "")), why)
        if done.state == "written":
            workshop = await self._desk.workshop()
            cells = await asyncio.to_thread(judge, workshop, cells, done, facts, market, today())
        return cells, done

    async def _source(self, batch: Batch, slot: Slot) -> list[Cell]:
        """The cells of the same product for the same channel in the source's language, or another that is written."""
        cells = await self._desk.cells.on(batch.id, slot.channel, [slot.position])
        written = {cell.locale for cell in cells if cell.text}
        first = next((locale for locale in batch.locales if locale in written), "")
        return [cell for cell in cells if cell.locale == first]
