"""Filling a batch until none of its drafts waits: by templates in this process, by a model as a job."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from integrations.database.studio_batches import Batch
from integrations.studio.desk import Desk
from integrations.studio.filling_jobs import FillingJobs
from integrations.studio.writing import Writing
from knowledge.jobs import Job

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Drafts that are looked up together; a pause is heeded between two of them."""


@dataclass(frozen=True)
class Standing:
    """A batch as it stands; the job that fills it, where one does; how long that takes, None where nobody knows."""

    batch: Batch
    job: Job | None = None
    seconds_left: float | None = None


class Filling:
    """Fills batches in the background. `writing` writes without a model; `jobs` have models write, None for none."""

    def __init__(self, desk: Desk, writing: Writing | None = None, jobs: FillingJobs | None = None) -> None:
        self._desk, self._writing, self.jobs = desk, writing or Writing(desk), jobs
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._pace: dict[str, tuple[float, int]] = {}

    async def begin(self, batch: Batch, budget_usd: Decimal | None = None) -> None:
        """Fill a batch from where it stands, if nobody does. Raises JobRefused."""
        if self.jobs and batch.writer == "model":
            await self.jobs.begin(batch, budget_usd)
        else:
            self.start(batch.id)

    def start(self, batch_id: str) -> None:
        """Fill a batch by templates, if nobody does."""
        running = self._tasks.get(batch_id)
        if running is None or running.done():
            self._tasks[batch_id] = asyncio.create_task(self._guarded(batch_id))

    async def pause(self, batch: Batch) -> None:
        """Let nothing more of a batch begin."""
        if self.jobs and batch.writer == "model":
            await self.jobs.pause(batch)
        await self._desk.batches.turn(batch.id, "paused", ("filling",))

    async def resume(self, batch: Batch, budget_usd: Decimal | None = None) -> None:
        """Let a paused batch go on, a job under another budget where one is given. Raises JobRefused."""
        if await self._desk.batches.turn(batch.id, "filling", ("paused",)):
            await self.begin(batch, budget_usd)

    async def look(self, batch: Batch, waiting: int) -> Standing:
        """How the filling of a batch stands, of which some drafts wait."""
        if self.jobs and batch.writer == "model":
            batch, job = await self.jobs.followed(batch)
            return Standing(batch, job, job.seconds_left if job else None)
        seconds, written = self._pace.get(batch.id, (0.0, 0))
        return Standing(batch, None, seconds / written * waiting if written > 1 and waiting else None)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Go on with what was left, and stop at the end."""
        await self.take_up()
        try:
            yield
        finally:
            await self.close()

    async def take_up(self) -> None:
        """Go on with what a stopped server left."""
        for batch_id in await self._desk.batches.left_filling():
            batch = await self._desk.batches.find(batch_id)
            if batch is not None:
                await self.begin(batch)

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
                await self._writing.write(batch, slot)
                written += 1
        await batches.turn(batch_id, "ready", ("filling",))
