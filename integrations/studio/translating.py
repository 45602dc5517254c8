"""Cells in a language that nobody writes: the source's texts, localized by the home's bureau; the rest stays empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from integrations.database.studio_batches import Slot
from integrations.database.studio_cells import Cell
from integrations.localization.bureau import WRONG
from integrations.localization.shown import Shown
from integrations.studio.judging import blank, cleaned, untranslated
from knowledge.localizing import Rendering, Segment
from tools.localization.known import missing


class Bureau(Protocol):
    """Localizes texts by what is known, and with a model where it has one."""

    async def localize(
        self, segments: Sequence[Segment], locale: str, shown: Shown = ..., *, names: Sequence[str] = ...
    ) -> list[Rendering]:
        """A rendering for each segment."""


async def translated(
    bureau: Bureau, source: Sequence[Cell], slot: Slot, brand: str, why: str
) -> tuple[list[Cell], Slot]:
    """The source's cells in a slot's locale, not judged yet, those that are not translated empty and marked with why;
    and the slot as it is then. `why` says that nobody writes the language.
    """
    segments = [Segment(str(place), cell.text, cell.locale, cell.field) for place, cell in enumerate(source)]
    shown = Shown(marketplace=slot.channel)
    try:
        renderings = await bureau.localize(segments, slot.locale, shown, names=[brand] if brand else [])
    except WRONG as error:  # a person can still write what the home's broken file keeps from being translated
        renderings = [missing(one, slot.locale, str(error)) for one in segments]
    cells = [_filled(*pair) for pair in zip(blank(source, slot), renderings, strict=True)]
    origins = {cell.model or cell.origin for cell in cells if cell.text}
    if not origins:
        return cells, replace(slot, state="unwritten", why=why)
    return cells, replace(slot, state="written", written_by=", ".join(sorted(origins)))


def _filled(cell: Cell, rendering: Rendering) -> Cell:
    if rendering.is_blocked:
        return replace(cell, findings=[untranslated(next(f for f in rendering.findings if f.severity == "block"))],
                       level="info")  # fmt: skip
    kind, _, name = rendering.origin.partition(":")
    return replace(cell, text=cleaned(rendering.text), origin=rendering.origin, model=name if kind == "model" else "")
