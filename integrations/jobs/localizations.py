"""Localizing as a job: an item is a text among its neighbours and a locale; what comes of it is a rendering."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integrations.jobs.listings import Heard, Insisting
from integrations.localization.bureau import WRONG, Ready, open_bureau
from integrations.localization.shown import Shown
from knowledge.claims.places import PlaceUnknown
from knowledge.jobs import ItemFailed, JobRefused
from knowledge.localizing import Segment
from tools.localization.localize import NEIGHBOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from integrations.jobs.equipment import Equipment
    from integrations.models.serving import Serving

FRESH_S = 30.0
"""How long what is known for a locale is kept: to read the memory for each text would be most of the work."""

SAMPLE = 3
"""Items whose questions are counted for an estimate."""

ANSWER = 1.5
"""Tokens of a translation for each of its source, about."""


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
        from integrations.models.prices import price_of

        price = price_of(self._serving().names[0])
        asked = [await self._tokens(item, options) for item in items[:: max(1, len(items) // SAMPLE)][:SAMPLE]]
        counted = [tokens for tokens in asked if tokens]
        if not price or not counted:
            return None
        each = sum(read * price.input + written * price.output for read, written in counted) / len(counted)
        return (Decimal(str(each)) * len(items) / 1_000_000).quantize(Decimal("0.000001"))

    async def _tokens(self, item: dict[str, Any], options: Mapping[str, Any]) -> tuple[int, int] | None:
        """Tokens that a text's first question reads and writes; None for one that costs nothing."""
        from integrations.models.tokens import count_tokens

        ready, segments = await self._meant(item, options)
        heard = Heard()
        translator = replace(ready.translator, ask=heard) if ready.translator else None
        await replace(ready, translator=translator).one(ready.fitted(segments), int(item["place"]))
        name, text = self._serving().names[0], segments[int(item["place"])].text
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
        if self._equipment.database is None:
            raise JobRefused("A localization needs the home's database.")
        serving, shop = self._serving(), self._equipment.shop
        bureau = open_bureau(
            self._equipment.home, self._equipment.database, serving, getattr(shop, "facts", None) or {}
        )
        ask = Insisting(bureau.ask, serving) if bureau.ask else None
        return await replace(bureau, ask=ask).localizer(locale, shown, source, names)

    def _serving(self) -> Serving:
        if self._equipment.serving is None:
            raise JobRefused("No model is configured: set DRAGOMAN_MODEL. What is known needs no job.")
        return self._equipment.serving()
