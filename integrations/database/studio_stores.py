"""What is kept for the copy studio, over one database."""

from __future__ import annotations

from typing import NamedTuple

from integrations.database.engine import Sessions
from integrations.database.studio_batches import StudioBatches
from integrations.database.studio_cells import StudioCells


class StudioStores(NamedTuple):
    """Batches with their drafts, and the cells."""

    batches: StudioBatches
    cells: StudioCells

    @classmethod
    def over(cls, sessions: Sessions) -> StudioStores:
        """The stores of a database."""
        return cls(StudioBatches(sessions), StudioCells(sessions))
