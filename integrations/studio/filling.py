"""Filling a batch: draft after draft, in this process, until none waits. What was written is not written again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from integrations.database.studio_batches import Batch, Slot
from integrations.database.studio_cells import Cell
from integrations.listings.facts_files import facts_of_told
from integrations.listings.workshop import Workshop
from integrations.studio.desk import Desk, today
from integrations.studio.judging import blank, cells_of, judge
from integrations.studio.reader import is_worded, locale_name
from integrations.studio.translating import Bureau, translated
from knowledge.facts import Facts
from knowledge.listings import Draft
from knowledge.marketplaces import Marketplace
from knowledge.phrasing import LanguageUnworded

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Drafts that are looked up together; a pause is heeded between two of them."""


class ModelWriter(Protocol):
    """Writes a draft with a model."""

    async def write(self, facts: Facts, market: Marketplace, locale: str, on: object) -> Draft:
        """A draft, checked."""


class Filling:
    """Fills batches in the background. `author` makes a writer over models; None where none is configured. `bureau`
    opens who localizes into languages that nobody writes, with models or without; None for nobody.
    """

    def __init__(
        self,
        desk: Desk,
        author: Callable[[Workshop], ModelWriter] | None = None,
        bureau: Callable[[bool], Bureau] | None = None,
    ) -> None:
        self._desk, self._author, self._bureau = desk, author, bureau
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._pace: dict[str, tuple[float, int]] = {}

    @property
    def has_models(self) -> bool:
        """Whether a model can be asked to write."""
        return self._author is not None

    def start(self, batch_id: str) -> None:
        """Fill a batch from where it stands, if nobody does."""
        running = self._tasks.get(batch_id)
        if running is None or running.done():
            self._tasks[batch_id] = asyncio.create_task(self._guarded(batch_id))

    def seconds_left(self, batch_id: str, waiting: int) -> float | None:
        """How long writing goes on at the pace so far; None where there is no telling."""
        seconds, written = self._pace.get(batch_id, (0.0, 0))
        return seconds / written * waiting if written > 1 and waiting else None

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Go on with what was left, and stop at the end."""
        await self.resume()
        try:
            yield
        finally:
            await self.close()

    async def resume(self) -> None:
        """Go on with what a stopped server left."""
        for batch_id in await self._desk.batches.left_filling():
            self.start(batch_id)

    async def close(self) -> None:
        """Stop; what waits goes on when a server starts again."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _guarded(self, batch_id: str) -> None:
        try:
            await self._fill(batch_id)
        except Exception:  # what waits can be resumed
            log.exception("a batch of the studio stopped")
            await self._desk.batches.turn(batch_id, "paused", ("filling",))

    async def _fill(self, batch_id: str) -> None:
        batches = self._desk.batches
        batch = await batches.find(batch_id)
        if batch is None or not await batches.lease(batch_id, mine=False):
            return
        began, written = time.monotonic(), 0
        while slots := await batches.waiting(batch_id, AT_ONCE):
            for slot in slots:
                self._pace[batch_id] = time.monotonic() - began, written
                if not await batches.lease(batch_id, mine=True):
                    return
                await self._write(batch, slot)
                written += 1
        await batches.turn(batch_id, "ready", ("filling",))

    async def _write(self, batch: Batch, slot: Slot) -> None:
        [entry] = await self._desk.batches.entries(batch.id, [slot.position])
        facts, market = facts_of_told(entry.facts), await self._desk.market(slot.channel)
        try:
            cells, done = await self._written(batch, slot, facts, market)
        except Exception as why:  # noqa: BLE001  (one draft's fault is not the others')
            log.warning("a draft could not be written: %s", type(why).__name__)
            cells, done = [], replace(slot, state="refused", why=f"{type(why).__name__}: {why}"[:500])
        await self._desk.cells.keep(done, [replace(cell, batch_id=batch.id) for cell in cells], done.written_by)

    async def _written(self, batch: Batch, slot: Slot, facts: Facts, market: Marketplace) -> tuple[list[Cell], Slot]:
        """A draft's cells, and the slot as it is then: from facts, or from the source's text where nobody writes."""
        try:
            return cells_of(await self._draft(batch, facts, market, slot.locale), slot, facts, market)
        except LanguageUnworded as why:
            return await self._translated(batch, slot, facts, market, str(why))

    async def _draft(self, batch: Batch, facts: Facts, market: Marketplace, locale: str) -> Draft:
        if not is_worded(locale):
            raise LanguageUnworded(f"There are no templates in {locale_name(locale)}.")
        workshop, day = await self._desk.workshop(), today()
        if batch.writer == "model" and self._author:
            return await self._author(workshop).write(facts, market, locale, day)
        return await asyncio.to_thread(workshop.write, facts, market, locale, day)

    async def _translated(
        self, batch: Batch, slot: Slot, facts: Facts, market: Marketplace, why: str
    ) -> tuple[list[Cell], Slot]:
        """The source's texts in a language that nobody writes. A model is asked only where one was chosen to write."""
        source = [cell for cell in await self._source(batch, slot) if cell.text]
        if self._bureau is None or not source:
            return blank(source, slot), replace(slot, state="unwritten", why=why)
        bureau, brand = self._bureau(batch.writer == "model"), str(facts.value("brand", ""))
        cells, done = await translated(bureau, source, slot, brand, why)
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
