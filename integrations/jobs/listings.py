"""Listings as a job: an item is a product, a marketplace and a locale; what comes of it is a draft."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integrations.listings.drafts import ShopDrafts
from knowledge.jobs import ItemFailed
from tools.context import DraftRefused

if TYPE_CHECKING:
    from integrations.jobs.means import Means


class Listings:
    """Writes listings from facts."""

    kind = "listings"

    def __init__(self, means: Means) -> None:
        self._drafts = ShopDrafts(means.home, means.shop)

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """The draft of a listing. Raises ItemFailed."""
        try:
            draft = await self._drafts.write(item["sku"], item["marketplace"], item["locale"])
        except DraftRefused as refusal:
            raise ItemFailed(str(refusal)) from refusal
        return draft.told()

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        """Templates cost nothing."""
        return None
