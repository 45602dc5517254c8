"""Running a job: its items side by side, each answer kept as it comes, until all are done or something stops it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integrations.models.counting import counting
from knowledge.jobs import Busy, Halted, Item, ItemFailed, Job, State, Work

if TYPE_CHECKING:
    from integrations.database.job_locks import JobLocks
    from integrations.database.job_records import JobRecords

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""Seconds between two looks at whether somebody stopped the job, and at others' work on it."""

SHOW_S = 0.1
"""Seconds between two tellings of progress."""

LATELY_S = 30.0
"""What a rate is taken over."""

MOST_TRIES = 100
"""How often an item that is told to come again does so."""

NONE = (0, 0)
"""A part of which another process does everything."""

Told = Callable[[Job], None]


class Pace:
    """How many items may be under way at once in this process, of whatever job; `processes` share the work."""

    def __init__(self, width: Callable[[], int] = lambda: 8, processes: Callable[[], int] = lambda: 1) -> None:
        self._width, self.processes = width, processes
        self._jobs: Counter[str] = Counter()
        self._left = asyncio.Event()

    async def enter(self, job_id: str) -> None:
        """Wait until another item of a job may begin."""
        while self._jobs.total() >= self._width():
            self._left.clear()
            await self._left.wait()
        self._jobs[job_id] += 1

    def leave(self, job_id: str) -> None:
        """An item has ended."""
        self._jobs[job_id] -= 1
        self._left.set()

    def under_way(self, job_id: str) -> int:
        """Items of a job that have begun."""
        return self._jobs[job_id]


class Run:
    """One job as this process works on it."""

    def __init__(
        self, job: Job, work: Work, records: JobRecords, locks: JobLocks, pace: Pace, told: Told | None = None
    ) -> None:
        self._job, self._work, self._records, self._locks, self._pace = job, work, records, locks, pace
        self._told, self._shown = told, 0.0
        self._ends: deque[float] = deque()
        self._stopped = False

    async def whole(self) -> Job:
        """Do what is left of the job, waiting for parts that others work on."""
        async with self._watched():
            while not self._stopped and await self._records.left(self._job.id):
                async with asyncio.TaskGroup() as parts:
                    for part in self._locks.parts(self._job.total):
                        fed = asyncio.Event()
                        parts.create_task(self._feed(part, fed))
                        await fed.wait()
                if not self._stopped and await self._records.left(self._job.id):
                    await asyncio.sleep(LOOK_S)
        return await self._over()

    async def part(self, first: int, last: int) -> Job:
        """Do what is left of a part of the job, unless another process does."""
        async with self._watched():
            await self._feed((first, last), asyncio.Event())
        return await self._over()

    @contextlib.asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        self._stopped = not await self._records.change(self._job.id, "running", when=("queued", "running"))
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()

    async def _watch(self) -> None:
        while not self._stopped:
            await asyncio.sleep(LOOK_S)
            job = await self._records.find(self._job.id) or self._job
            self._stopped = job.state != "running"
            self._job = replace(self._job, cost_usd=max(job.cost_usd, self._job.cost_usd), budget_usd=job.budget_usd)

    async def _over(self) -> Job:
        """The job as it stands; where nothing is left of it, it is over."""
        if not await self._records.left(self._job.id):
            job = await self._records.find(self._job.id)
            state: State = "done" if job and job.done else "failed"
            await self._records.change(self._job.id, state, when=("queued", "running"))
        self._job = await self._records.find(self._job.id) or self._job
        if self._told:
            self._told(self._job)
        return self._job

    async def _feed(self, part: tuple[int, int], fed: asyncio.Event) -> None:
        """Begin a part's items as there is room, and see them through."""
        try:
            async with self._locks.hold(self._job.id, part[0]) as held, asyncio.TaskGroup() as items:
                async for item in self._waiting(*(part if held else NONE)):
                    await self._pace.enter(self._job.id)
                    if not await self._may_begin():
                        self._pace.leave(self._job.id)
                        break
                    items.create_task(self._one(item))
                fed.set()
        finally:
            fed.set()

    async def _waiting(self, first: int, last: int) -> AsyncIterator[Item]:
        while page := await self._records.waiting(self._job.id, first, last):
            for item in page:
                yield item
            first = page[-1].number + 1

    async def _may_begin(self) -> bool:
        """Whether the item that has entered may begin: nobody stopped the job, and all under way can be paid for."""
        while not self._stopped and not self._affordable():
            if self._pace.under_way(self._job.id) <= 1:
                await self._stop("over_budget", f"The budget of {self._job.budget_usd} US dollars is used up.")
                break
            await asyncio.sleep(SHOW_S)
        return not self._stopped

    def _affordable(self) -> bool:
        job = self._job
        if job.budget_usd is None:
            return True
        tried = job.done + job.failed
        each = max(job.cost_usd / tried if tried else Decimal(0), (job.estimate_usd or Decimal(0)) / job.total)
        return job.cost_usd + each * self._pace.under_way(job.id) * self._pace.processes() <= job.budget_usd

    async def _stop(self, state: State, why: str) -> None:
        self._stopped = True
        await self._records.change(self._job.id, state, why, when=("running",))

    async def _one(self, item: Item) -> None:
        try:
            with counting() as tally:
                ended = await self._outcome(item)
            if ended is not item or tally.microdollars:
                sums = await self._records.finish(ended, tally.microdollars)
                self._tell(sums)
        finally:
            self._pace.leave(item.job)

    async def _outcome(self, item: Item) -> Item:
        """The item as it ends; as it is, where it has to wait."""
        try:
            return replace(item, state="done", result=await self._tried(item))
        except ItemFailed as fault:
            return replace(item, state="failed", error=str(fault))
        except Halted as halt:
            await self._stop("paused", str(halt))
            return item
        except Exception as fault:
            log.exception("an item of a job failed", extra={"job": item.job, "number": item.number})
            return replace(item, state="failed", error=f"an unexpected fault ({type(fault).__name__}); see the log")

    async def _tried(self, item: Item) -> dict[str, Any]:
        for _ in range(MOST_TRIES):
            try:
                return await self._work.do(item.given, self._job.options)
            except Busy as busy:
                await asyncio.sleep(busy.after)
        raise ItemFailed(f"It was told to come again {MOST_TRIES} times.")

    def _tell(self, sums: Any) -> None:
        """Take note of what the job has come to, and tell it, now and then."""
        now = time.monotonic()
        self._ends.append(now)
        while self._ends[0] < now - LATELY_S:
            self._ends.popleft()
        rate = len(self._ends) / max(1.0, now - self._ends[0])
        cost = Decimal(sums.microdollars) / 1_000_000
        self._job = replace(self._job, state="running", done=sums.done, failed=sums.failed, cost_usd=cost, rate=rate)
        if self._told and now - self._shown >= SHOW_S:
            self._shown = now
            self._told(self._job)
