"""Indexing the home's sources as a job of one item, for an index is published whole. What was embedded before a crash
is not embedded again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from knowledge.jobs import ItemFailed

if TYPE_CHECKING:
    from integrations.jobs.equipment import Equipment


class Ingest:
    """Indexes what documents, pages, entries and products say now."""

    kind = "ingest"

    def __init__(self, equipment: Equipment) -> None:
        self._sync = equipment.sync

    async def items(self, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The one item."""
        return [{"sources": "all"}]

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """How many sources are new, gone and as they were, and those that cannot be read. Raises ItemFailed."""
        if self._sync is None:
            raise ItemFailed("There is nothing to index here.")
        try:
            change = await self._sync()
        except (OSError, ValueError) as error:
            raise ItemFailed(str(error)) from error
        problems = [{"path": problem.path, "problem": problem.problem} for problem in change.problems]
        return {"added": change.added, "removed": change.removed, "kept": change.kept, "problems": problems}

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        """No price of an embedder is known to us."""
        return None
