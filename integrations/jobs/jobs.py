"""Jobs: made, run, paused, resumed, read. What is done is never done again."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integrations.jobs.running import Pace, Run
from knowledge.jobs import Item, ItemState, Job, JobRefused, Work

if TYPE_CHECKING:
    from integrations.database.job_locks import JobLocks
    from integrations.database.job_records import JobRecords


class Jobs:
    """The jobs of a home. `works` says how items of each kind are done; `pace` how many may be under way at once."""

    def __init__(
        self, records: JobRecords, locks: JobLocks, works: Mapping[str, Work], pace: Pace | None = None
    ) -> None:
        self._records, self._locks, self._works, self._pace = records, locks, works, pace or Pace()

    async def create(
        self,
        kind: str,
        items: Iterable[dict[str, Any]],
        *,
        title: str = "",
        options: Mapping[str, Any] | None = None,
        budget_usd: Decimal | None = None,
        by: str = "",
    ) -> Job:
        """Make a job; it waits to be run. Raises JobRefused."""
        work, given, options = self._work(kind), list(items), options or {}
        if not given:
            raise JobRefused("There is nothing to do: the job would have no items.")
        estimate = await work.estimate(given, options)
        if budget_usd is not None and budget_usd <= 0:
            raise JobRefused("A budget is more than 0 US dollars.")
        job = Job(
            f"job_{secrets.token_hex(5)}", kind, title or kind, "queued", len(given), 0, 0, Decimal(0), estimate,
            budget_usd, datetime.now(UTC), by, options,
        )  # fmt: skip
        await self._records.add(job, given)
        return job

    async def run(self, job_id: str, on_progress: Callable[[Job], None] | None = None) -> Job:
        """Do what is left of a job, and say how it stands then. Where another process works on it, wait for that; a job
        that was paused goes on. Raises JobRefused.
        """
        await self.resume(job_id)
        job = await self.show(job_id)
        return await Run(job, self._work(job.kind), self._records, self._locks, self._pace, on_progress).whole()

    async def pause(self, job_id: str) -> Job:
        """Let a job stop after what is under way. Raises JobRefused."""
        return await self._turn(job_id, "paused", ("queued", "running"))

    async def cancel(self, job_id: str) -> Job:
        """Stop a job for good; what is done stays. Raises JobRefused."""
        return await self._turn(job_id, "cancelled", ("queued", "running", "paused", "over_budget"))

    async def resume(self, job_id: str, *, failed: bool = False, budget_usd: Decimal | None = None) -> Job:
        """Let a job go on, whatever stopped it but a cancellation; `failed` lets the items that failed be tried again,
        `budget_usd` sets another budget. Raises JobRefused.
        """
        job = await self.show(job_id)
        if job.state == "cancelled":
            raise JobRefused(f"{job_id} is cancelled, and stays so. What it did is kept.")
        if budget_usd is not None:
            await self._records.set_budget(job_id, budget_usd)
        if failed:
            await self._records.try_again(job_id)
        if await self._records.left(job_id):
            await self._records.change(job_id, "queued", when=("paused", "over_budget", "done", "failed"))
        return await self.show(job_id)

    async def show(self, job_id: str) -> Job:
        """A job as it stands. Raises JobRefused."""
        job = await self._records.find(job_id)
        if job is None:
            raise JobRefused(f"There is no job {job_id!r}; dragoman job list names them.")
        return job

    async def list(self, most: int = 50) -> list[Job]:
        """The jobs made last, the newest first."""
        return await self._records.latest(most)

    def results(self, job_id: str, state: ItemState | None = None) -> AsyncIterator[Item]:
        """A job's items in the order they were given, each once."""
        return self._records.items(job_id, state)

    def _work(self, kind: str) -> Work:
        if kind not in self._works:
            raise JobRefused(f"There is no kind of job {kind!r}; there are {', '.join(sorted(self._works))}.")
        return self._works[kind]

    async def _turn(self, job_id: str, state: Any, when: tuple[Any, ...]) -> Job:
        if not await self._records.change(job_id, state, when=when):
            job = await self.show(job_id)
            if job.state != state:
                raise JobRefused(f"{job_id} is {job.state}.")
        return await self.show(job_id)
