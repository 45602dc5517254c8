"""The desk: what a marketer does with batches and cells. Every change is judged before it is kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from integrations.database.studio_batches import Batch, Slot, StudioBatches
from integrations.database.studio_cells import Cell, Outdated, StudioCells
from integrations.listings.drafts import ShopDrafts
from integrations.listings.facts_files import facts_of_told
from integrations.listings.workshop import Workshop
from integrations.studio.counting import FREE, Measure, measures
from integrations.studio.fixes import fixed
from integrations.studio.intake import Asked, entries_of, pasted, settled, uploaded
from integrations.studio.judging import cleaned, judge
from knowledge.facts import Facts
from knowledge.marketplaces import Marketplace

MOST_LETTERS = 20_000
"""Longest text of a cell; no channel takes a longer one."""

FRESH_SECONDS = 5.0
"""How long the home's facts, limits and voice are taken as they were read."""


class Refused(Exception):
    """What was asked cannot be done; `key` names the sentence that says why."""

    def __init__(self, key: str, **slots: str) -> None:
        super().__init__(key)
        self.key, self.slots = key, slots


@dataclass(frozen=True)
class Around:
    """What stands around a cell: its draft with all cells, and what they are held against."""

    cells: list[Cell]
    slot: Slot
    facts: Facts
    market: Marketplace


class Desk:
    """The copy studio over a home."""

    def __init__(self, batches: StudioBatches, cells: StudioCells, drafts: ShopDrafts) -> None:
        self.batches, self.cells, self._drafts = batches, cells, drafts
        self._read: tuple[float, Workshop] | None = None

    async def workshop(self) -> Workshop:
        """The home's facts, limits and voice, read a moment ago. Raises FileUnreadable, VoiceWrong."""
        now = time.monotonic()
        if self._read is None or self._read[0] < now - FRESH_SECONDS:
            self._read = now, await self._drafts.workshop()
        return self._read[1]

    @property
    def home(self) -> Path:
        """The home's folder."""
        return self._drafts.home

    async def take_in(self, text: str, by: str) -> str:
        """Begin a batch of pasted SKUs. Returns its id. Raises FileUnreadable."""
        return await self._begin(await asyncio.to_thread(pasted, text), "", by)

    async def take_sheet(self, path: Path, by: str) -> str:
        """Begin a batch of a sheet's rows. Returns its id. Raises FileUnreadable, FactsUnreadable."""
        return await self._begin(await asyncio.to_thread(uploaded, path), path.name, by)

    async def _begin(self, asked: list[Asked], source: str, by: str) -> str:
        workshop, day = await self.workshop(), today()
        entries = await asyncio.to_thread(entries_of, asked, workshop.facts, source, day)
        return await self.batches.make(source or f"{asked[0].sku} …", by, entries)

    async def pick(self, batch_id: str, position: int, name: str, choice: int) -> None:
        """Settle which of several told values of a fact holds. Raises Refused."""
        found = await self.batches.entries(batch_id, [position])
        try:
            await self.batches.settle(batch_id, settled(found[0], name, choice))
        except (IndexError, StopIteration) as error:
            raise Refused("gone") from error

    async def market(self, channel: str) -> Marketplace:
        """A channel under the home's limits. Raises MarketplaceUnknown."""
        return (await self.workshop()).market(channel, today())

    async def measures(self, batch: Batch, channel: str) -> dict[tuple[str, str], Measure]:
        """What each field may hold, by locale and field."""
        market = await self.market(channel)
        told = {locale: measures(market, locale, today()) for locale in batch.locales}
        return {(locale, name): one for locale, held in told.items() for name, one in held.items()}

    async def cell(self, cell_id: int) -> Cell:
        """A cell. Raises Refused where there is none."""
        found = await self.cells.find(cell_id)
        if found is None:
            raise Refused("gone")
        return found

    async def around(self, cell: Cell) -> Around:
        """What stands around a cell."""
        slot = await self.batches.slot(cell.draft_id)
        entries = await self.batches.entries(cell.batch_id, [cell.position])
        if slot is None or not entries:
            raise Refused("gone")
        cells = await self.cells.of_draft(cell.draft_id)
        return Around(cells, slot, facts_of_told(entries[0].facts), await self.market(cell.channel))

    async def write(
        self, cell: Cell, version: int, text: str, by: str, origin: str = "person", restates: int = 0
    ) -> list[Cell]:  # fmt: skip
        """Give a cell another text. Returns the draft's cells that are other than before, this one first. Raises
        Outdated where it has another text by now than in that version; Refused.
        """
        text = cleaned(text)
        if len(text) > MOST_LETTERS:
            raise Refused("too_long", most=f"{MOST_LETTERS:,}")
        if version != cell.version:
            raise Outdated
        if text == cell.text:
            return [cell]
        around = await self.around(cell)
        return await self._keep(around, cell, text, by, origin, restates)

    async def _keep(self, around: Around, cell: Cell, text: str, by: str, origin: str, restates: int) -> list[Cell]:
        judged = await self.judged(around, cell, text)
        mine = next(one for one in judged if one.id == cell.id)
        kept = await self.cells.change(cell, replace(mine, origin=origin if text else "", text=text), by, restates)
        before = {one.id: one for one in around.cells}
        others = [one for one in judged if one.id != cell.id and one.findings != before[one.id].findings]
        await self.cells.judge(others)
        return [kept, *others]

    async def judged(self, around: Around, cell: Cell, text: str) -> list[Cell]:
        """The draft's cells as the checks see them with another text in one."""
        cells = [replace(one, text=text) if one.id == cell.id else one for one in around.cells]
        workshop = await self.workshop()
        return await asyncio.to_thread(judge, workshop, cells, around.slot, around.facts, around.market, today())

    async def fix(self, cell: Cell, version: int, rule: str, by: str) -> list[Cell]:
        """Put right what a rule found in a cell, by saying less. Raises Refused where that does not do; Outdated."""
        found = [finding for finding in cell.findings if finding["rule"] == rule]
        around = await self.around(cell)
        measure = measures(around.market, cell.locale, today()).get(cell.field, FREE)
        text = next((t for f in found if (t := fixed(f, cell.text, measure.most, measure.unit))), "")
        if not text or text == cell.text:
            raise Refused("no_fix")
        judged = await self.judged(around, cell, text)
        mine = next(one for one in judged if one.id == cell.id)
        if sum(f["rule"] == rule for f in mine.findings) >= len(found):
            raise Refused("no_fix")
        return await self.write(cell, version, text, by, f"fix:{rule}")

    async def decide(self, cell: Cell, version: int, state: str, by: str) -> Cell:
        """Approve or reject a cell, or take that back. Raises Refused where a finding forbids it; Outdated."""
        if version != cell.version:
            raise Outdated
        if state == "approved" and (cell.level == "block" or not cell.text):
            raise Refused("blocked" if cell.text else "empty")
        return await self.cells.decide(cell, state, by)

    async def restore(self, cell: Cell, version: int, number: int, by: str) -> list[Cell]:
        """Give a cell a text it had. Raises Refused, Outdated."""
        found = next((one for one in await self.cells.history(cell.id) if one.number == number), None)
        if found is None:
            raise Refused("gone")
        return await self.write(cell, version, found.text, by, found.origin or "person", found.restates)

    async def undo(self, cell: Cell, version: int, by: str) -> list[Cell]:
        """Take the last change back; asked again, the one before it. Raises Refused where there is none; Outdated."""
        history = {one.number: one for one in await self.cells.history(cell.id)}
        before = history.get(history[cell.version].restates - 1)
        if before is None:
            raise Refused("no_undo")
        return await self.restore(cell, version, before.number, by)

    async def skus(self, batch: Batch, positions: Sequence[int]) -> dict[int, str]:
        """The SKUs at some places."""
        return {entry.position: entry.sku for entry in await self.batches.entries(batch.id, positions)}


def today() -> date:
    """The day that texts are judged on."""
    return datetime.now(UTC).date()
