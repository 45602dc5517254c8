"""Listings as a job: an item is a product, a marketplace and a locale. They are written, or the shop's own texts are
looked at again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integrations.jobs.estimating import cost, sample
from integrations.listings.checking import of_shop
from integrations.listings.drafts import WRONG, ShopDrafts
from integrations.listings.workshop import Workshop, meant_locales, meant_markets
from knowledge.facts import Facts
from knowledge.jobs import Halted, ItemFailed, JobRefused
from knowledge.marketplaces import Marketplace
from tools.attesting.proposals import Ask, ModelSilent
from tools.listings.audit import audit

if TYPE_CHECKING:
    from integrations.jobs.equipment import Equipment
    from integrations.listings.author import ModelWriter
    from integrations.models.serving import Serving

FRESH_S = 30.0
"""How long the facts of the whole shop are kept: to gather them for each item would be most of the work."""


class _Listings:
    """Items that are a product, a marketplace and a locale each."""

    kind = ""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment, self._drafts = equipment, ShopDrafts(equipment.home, equipment.shop)
        self._held: Workshop | None = None
        self._until, self._gathering = 0.0, asyncio.Lock()

    async def items(self, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Every product of `skus` on every marketplace of `marketplaces` in every locale of `locales`; each of these is
        a list or `all`. Raises JobRefused.
        """
        try:
            workshop = await self._workshop()
            markets = [market.id for market in meant_markets(_named(wanted, "marketplaces"), workshop, _today())]
        except WRONG as error:
            raise JobRefused(str(error)) from error
        keys = _named(wanted, "skus", "all")
        skus = list(workshop.facts) if keys == "all" else [key.strip() for key in keys.split(",")]
        if unknown := [sku for sku in skus if workshop.find(sku) is None]:
            raise JobRefused(f"The shop has no product {', '.join(unknown)}.")
        locales = meant_locales(_named(wanted, "locales"))
        return [
            {"sku": sku, "marketplace": market, "locale": locale}
            for sku in skus for market in markets for locale in locales
        ]  # fmt: skip

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        """Templates and checks cost nothing."""
        return None

    async def _workshop(self) -> Workshop:
        async with self._gathering:
            if self._held is None or time.monotonic() > self._until:
                self._held, self._until = await self._drafts.workshop(), time.monotonic() + FRESH_S
            return self._held

    async def _meant(self, item: Mapping[str, Any]) -> tuple[Workshop, Facts, Marketplace]:
        """What an item names. Raises ItemFailed."""
        try:
            workshop = await self._workshop()
            facts, market = workshop.find(str(item["sku"])), workshop.market(str(item["marketplace"]), _today())
        except KeyError as error:
            raise ItemFailed(f"It says no {error.args[0]}: an item has sku, marketplace and locale.") from error
        except WRONG as error:
            raise ItemFailed(str(error)) from error
        if facts is None:
            raise ItemFailed(f"The shop has no product {item['sku']}.")
        return workshop, facts, market


class Listings(_Listings):
    """Writes listings from facts: by templates, or where the option `model` is true by the configured model."""

    kind = "listings"

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """The draft of a listing, with its findings. Raises ItemFailed, Halted."""
        workshop, facts, market = await self._meant(item)
        locale, day = str(item.get("locale") or "en-US"), _today()
        try:
            if options.get("model"):
                return (await self._author(workshop).write(facts, market, locale, day)).told()
            return (await asyncio.to_thread(workshop.write, facts, market, locale, day)).told()
        except WRONG as error:
            raise ItemFailed(str(error)) from error

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        """One answer each, of the length of the templates' text; what has to be mended is asked for on top."""
        if not options.get("model"):
            return None
        counted = [tokens for item in sample(items) if (tokens := await self._tokens(item))]
        return cost(self._equipment.models().names[0], counted, len(items))

    async def _tokens(self, item: dict[str, Any]) -> tuple[int, int] | None:
        """Tokens that an item's first question reads and writes; None for one that cannot be done."""
        from integrations.models.tokens import count_tokens

        try:
            workshop, facts, market = await self._meant(item)
            heard = Heard()
            author = replace(self._author(workshop).author, ask=heard)
            draft = await author.write(facts, market, str(item.get("locale") or "en-US"), _today())
        except (ItemFailed, *WRONG):
            return None
        name = self._equipment.models().names[0]
        written = "".join(claim.text for claim in draft.claims)
        return count_tokens(heard.text, name), count_tokens(written, name)

    def _author(self, workshop: Workshop) -> ModelWriter:
        from integrations.listings.author import open_author

        serving = self._equipment.models()
        writer = open_author(serving, workshop)
        return replace(writer, author=replace(writer.author, ask=Insisting(writer.author.ask, serving)))


class Audit(_Listings):
    """Looks at the shop's own texts again, as the day's rules have it."""

    kind = "audit"

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """What is to be changed in a product's texts on a channel. Raises ItemFailed."""
        workshop, facts, market = await self._meant(item)
        day = date.fromisoformat(options["on"]) if options.get("on") else _today()
        live = of_shop(facts, market, str(item.get("locale") or "en-US"), day)
        if live is None:
            raise ItemFailed("The shop has no text of it in this language.")
        brands = workshop.rivals(None) if workshop.voice.competitors else ()
        changes = await asyncio.to_thread(audit, [live], day, day - timedelta(days=365), brands)
        return {"ok": not changes, "on": day.isoformat(), "changes": [_told(change) for change in changes]}


@dataclass
class Heard:
    """Hears a question and answers nothing."""

    text: str = ""

    async def __call__(self, instructions: str, task: str, schema: Mapping[str, Any]) -> tuple[str, str]:
        self.text = f"{instructions}\n{task}\n{schema}"
        raise ModelSilent("It was only counted.")


@dataclass(frozen=True)
class Insisting:
    """Asks a model; where it is silent the item fails, or all wait: in a job templates do not stand in unseen."""

    ask: Ask
    serving: Serving

    async def __call__(self, instructions: str, task: str, schema: Mapping[str, Any]) -> tuple[str, str]:
        from integrations.models.budget import Use

        try:
            return await self.ask(instructions, task, schema)
        except ModelSilent as silence:
            if not await self.serving.budget.allows([], Use()):
                raise Halted("The day's budget for models is used up: resume tomorrow, or raise it.") from silence
            raise ItemFailed(str(silence)) from silence


def _told(change: Any) -> dict[str, Any]:
    return {**asdict(change), "until": change.until and change.until.isoformat()}


def _named(wanted: Mapping[str, Any], name: str, default: str = "") -> str:
    value = wanted.get(name) or default
    text = value if isinstance(value, str) else ",".join(map(str, value)) if isinstance(value, list) else ""
    if not text:
        raise JobRefused(f"Name {name}: a list, or all.")
    return text


def _today() -> date:
    return datetime.now(UTC).date()
