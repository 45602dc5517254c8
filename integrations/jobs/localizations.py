"""Localizing as a job: an item is a text among its neighbours and a locale; what comes of it is a rendering."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integrations.jobs.estimating import ANSWER, cost, sample
from integrations.jobs.listings import Heard, Insisting
from integrations.localization.bureau import WRONG, Ready
from integrations.localization.shown import Shown
from knowledge.claims.places import PlaceUnknown
from knowledge.jobs import ItemFailed
from knowledge.localizing import Segment
from tools.localization.localize import NEIGHBOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from integrations.jobs.equipment import Equipment

FRESH_S = 30.0
"""How long what is known for a locale is kept: to read the memory for each text would be most of the work."""


def item_of(segments: Sequence[Segment], place: int, locale: str) -> dict[str, Any]:
    """An item: a text with its neighbours, and the locale."""
    first = max(0, place - NEIGHBOURS)
    around = segments[first : place + 1 + NEIGHBOURS]
    return {"segments": [asdict(one) for one in around], "place": place - first, "locale": locale}


class Localizations:
    """Localizes texts. Options: jurisdiction, marketplace, category, and names that are never translated."""

    kind = "localization"

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._held: dict[tuple[str, ...], tuple[float, Ready]] = {}
        self._gathering = asyncio.Lock()

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """The rendering of a text. Raises ItemFailed, Halted."""
        ready, segments = await self._meant(item, options)
        return (await ready.one(ready.fitted(segments), int(item["place"]))).told()

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        """One answer each; what has to be mended is asked for on top. None where no price is known."""
        counted = [tokens for item in sample(items) if (tokens := await self._tokens(item, options))]
        return cost(self._equipment.models().names[0], counted, len(items))

    async def _tokens(self, item: dict[str, Any], options: Mapping[str, Any]) -> tuple[int, int] | None:
        """Tokens that a text's first question reads and writes; None for one that costs nothing."""
        from integrations.models.tokens import count_tokens

        ready, segments = await self._meant(item, options)
        heard = Heard()
        translator = replace(ready.translator, ask=heard) if ready.translator else None
        await replace(ready, translator=translator).one(ready.fitted(segments), int(item["place"]))
        name, text = self._equipment.models().names[0], segments[int(item["place"])].text
        return (count_tokens(heard.text, name), int(ANSWER * count_tokens(text, name)) + 8) if heard.text else None

    async def _meant(self, item: Mapping[str, Any], options: Mapping[str, Any]) -> tuple[Ready, list[Segment]]:
        try:
            segments = [Segment(**one) for one in item["segments"]]
            own = segments[int(item["place"])]
            return await self._ready(str(item["locale"]), own.locale, options), segments
        except (KeyError, TypeError, IndexError) as error:
            raise ItemFailed("An item has segments, the place of its own among them, and a locale.") from error
        except (*WRONG, PlaceUnknown) as error:
            raise ItemFailed(str(error)) from error

    async def _ready(self, locale: str, source: str, options: Mapping[str, Any]) -> Ready:
        place, market, category = (str(options.get(name) or "") for name in ("jurisdiction", "marketplace", "category"))
        names = tuple(map(str, options.get("names") or ()))
        key = (locale, source, place, market, category, *names)
        async with self._gathering:
            until, ready = self._held.get(key, (0.0, None))
            if ready is None or time.monotonic() > until:
                ready = await self._opened(locale, source, Shown(place, market, category), names)
                self._held[key] = (time.monotonic() + FRESH_S, ready)
        return ready

    async def _opened(self, locale: str, source: str, shown: Shown, names: tuple[str, ...]) -> Ready:
        bureau = self._equipment.bureau()
        ask = Insisting(bureau.ask, self._equipment.models()) if bureau.ask else None
        return await replace(bureau, ask=ask).localizer(locale, shown, source, names)
