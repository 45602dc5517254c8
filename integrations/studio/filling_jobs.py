"""Batches that a model fills are jobs: an item is a product on a channel, written in every locale of its batch. They
have an estimate before the start, stop at a budget, and go on after a crash with the drafts that wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integrations.database.studio_batches import Batch, Slot
from integrations.jobs.attending import BY, Attending
from integrations.jobs.estimating import ANSWER, cost, sample
from integrations.jobs.listings import Insisting
from integrations.listings.facts_files import facts_of_told
from integrations.localization.shown import Shown
from integrations.studio.desk import Desk, today
from integrations.studio.judging import cells_of
from integrations.studio.reader import is_worded
from integrations.studio.writing import Writing
from knowledge.jobs import Item, ItemFailed, Job, JobRefused, State
from knowledge.localizing import Segment
from tools.attesting.proposals import Ask, ModelSilent

if TYPE_CHECKING:
    from integrations.jobs.equipment import Equipment
    from integrations.listings.author import ModelWriter
    from integrations.listings.workshop import Workshop
    from integrations.localization.bureau import Bureau

KIND = "studio"

_OPEN: tuple[State, ...] = ("queued", "running")


class FillingJobs:
    """The jobs that fill batches. A batch's job has the batch's name, so that there is one."""

    def __init__(self, desk: Desk, attending: Attending, model: str) -> None:
        self._desk, self._attending, self.model = desk, attending, model

    async def estimate(self, batch: Batch, channels: Sequence[str], locales: Sequence[str]) -> Decimal | None:
        """What it would cost to have a model write a batch, in US dollars; None where no price is known."""
        ready = await self._desk.batches.entries(batch.id, states=("ready",))
        items = _items(batch.id, channels, [entry.position for entry in ready])
        return await self._attending.jobs.estimate(KIND, items, {"locales": list(locales)})

    async def begin(self, batch: Batch, budget_usd: Decimal | None = None) -> None:
        """Have a batch written by its job, made where there is none yet. Raises JobRefused."""
        jobs = self._attending.jobs
        if await self._job(batch) is None:
            waiting = await self._desk.batches.waiting(batch.id, 1_000_000)
            positions = list(dict.fromkeys(slot.position for slot in waiting))
            items = _items(batch.id, batch.channels, positions)
            told: dict[str, Any] = {"options": {"locales": list(batch.locales)}, "title": batch.title}
            await jobs.create(KIND, items, name=_name(batch), budget_usd=budget_usd, by=BY, **told)
        job = await jobs.resume(_name(batch), failed=True, budget_usd=budget_usd)
        self._attending.begin(job)

    async def pause(self, batch: Batch) -> None:
        """Let nothing more of a batch begin; what is under way is written."""
        job = await self._job(batch)
        if job and job.state in _OPEN:
            await self._attending.jobs.pause(job.id)

    async def followed(self, batch: Batch) -> tuple[Batch, Job | None]:
        """A batch that stands as its job does, and the job."""
        job = await self._job(batch)
        if job is None or batch.state == "ready":
            return batch, job
        waiting = (await self._desk.batches.progress(batch.id)).get("waiting", 0)
        state = "filling" if job.state in _OPEN else "paused" if waiting else "ready"
        if state != batch.state and await self._desk.batches.turn(batch.id, state, (batch.state,)):
            batch = replace(batch, state=state)
        return batch, job

    async def failures(self, job: Job, most: int = 3) -> list[Item]:
        """The first items of a job that failed."""
        found: list[Item] = []
        async for item in self._attending.jobs.results(job.id, "failed"):
            found.append(item)
            if len(found) == most:
                break
        return found

    async def _job(self, batch: Batch) -> Job | None:
        try:
            return await self._attending.jobs.show(_name(batch))
        except JobRefused:
            return None


def _name(batch: Batch) -> str:
    return f"job_{batch.id}"


def _items(batch_id: str, channels: Sequence[str], positions: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"batch": batch_id, "channel": channel, "position": position} for position in positions for channel in channels
    ]


class StudioDrafts:
    """Has a model write what waits of a product on a channel. Each draft is kept when it is written."""

    kind = KIND

    def __init__(self, desk: Desk, equipment: Equipment) -> None:
        self._desk, self._equipment = desk, equipment

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """How many drafts of the product are written, unwritten, refused. Raises ItemFailed, Halted."""
        batches = self._desk.batches
        batch = await batches.find(str(item.get("batch")))
        if batch is None:
            raise ItemFailed("There is no such batch in the studio any more.")
        place = batch.id, str(item["channel"]), [int(item["position"])]
        writing = Writing(self._desk, self._author, self._bureau())
        for slot in await batches.slots(*place):
            if slot.state == "waiting":
                await writing.write(batch, slot)
        if not (await batches.progress(batch.id)).get("waiting"):
            await batches.turn(batch.id, "ready", ("filling", "paused"))
        return dict(Counter(slot.state for slot in await batches.slots(*place)))

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        """An answer for each draft, and each text of a translated one; what has to be mended is asked for on top."""
        name, locales = self._equipment.models().names[0], list(map(str, options.get("locales") or ()))
        counted = [await self._counted(item, locales, Counting(name)) for item in sample(items)]
        return cost(name, [(one.read, one.written) for one in counted], len(items))

    async def _counted(self, item: dict[str, Any], locales: Sequence[str], ask: Counting) -> Counting:
        """What a product's questions read and their answers write; templates stand for what a model would write."""
        [entry] = await self._desk.batches.entries(str(item["batch"]), [int(item["position"])])
        facts, market = facts_of_told(entry.facts), await self._desk.market(str(item["channel"]))
        workshop, source = await self._desk.workshop(), list[Segment]()
        writer = self._author(workshop, ask)
        for locale in filter(is_worded, locales):
            draft = await writer.write(facts, market, locale, today())
            ask.hear("".join(claim.text for claim in draft.claims))
            slot = Slot(0, entry.position, market.id, locale, "waiting", "", "", {}, ())
            cells, _ = cells_of(draft, slot, facts, market)
            source = source or [Segment(str(cell.place), cell.text, locale, cell.field) for cell in cells if cell.text]
        bureau, brand = self._bureau(ask), str(facts.value("brand", ""))
        for locale in locales:
            if source and not is_worded(locale):
                before = ask.asked
                await bureau.localize(source, locale, Shown(marketplace=market.id), names=[brand] if brand else [])
                share = (ask.asked - before) / len(source)
                ask.hear("".join(one.text for one in source), ANSWER * share)
        return ask

    def _author(self, workshop: Workshop, ask: Ask | None = None) -> ModelWriter:
        from integrations.listings.author import open_author

        writer = open_author(self._equipment.models(), workshop)
        return replace(writer, author=replace(writer.author, ask=ask or self._insisting(writer.author.ask)))

    def _bureau(self, ask: Ask | None = None) -> Bureau:
        bureau = self._equipment.bureau()
        return replace(bureau, ask=ask or (self._insisting(bureau.ask) if bureau.ask else None))

    def _insisting(self, ask: Ask) -> Ask:
        return Insisting(ask, self._equipment.models())


@dataclass
class Counting:
    """Counts what a model would read and write, and answers nothing. `asked`: questions."""

    name: str
    read: int = 0
    written: float = 0.0
    asked: int = 0

    async def __call__(self, instructions: str, task: str, schema: Mapping[str, Any]) -> tuple[str, str]:
        from integrations.models.tokens import count_tokens

        self.read, self.asked = self.read + count_tokens(f"{instructions}\n{task}\n{schema}", self.name), self.asked + 1
        raise ModelSilent("It was only counted.")

    def hear(self, text: str, share: float = 1.0) -> None:
        """Count a text as an answer, or a share of it."""
        from integrations.models.tokens import count_tokens

        self.written += share * count_tokens(text, self.name)
