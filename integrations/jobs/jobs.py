"""Jobs: made, run, paused, resumed, read. What is done is never done again."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from integrations.database.job_locks import PART
from integrations.jobs.running import Pace, Run
from knowledge.jobs import Item, ItemState, Job, JobRefused, Planner, Work

if TYPE_CHECKING:
    from integrations.database.engine import DatabaseSession
    from integrations.database.job_locks import JobLocks
    from integrations.database.job_records import JobRecords
    from integrations.jobs.equipment import Equipment
    from integrations.jobs.queue import Part, PartQueue


MOST_IN_BATCHES = 20_000
"""Items that wait for the Batch API at once: each holds its question."""


class Jobs:
    """The jobs of a home. `works` says how items of each kind are done; `pace` how many may be under way at once."""

    def __init__(
        self,
        records: JobRecords,
        locks: JobLocks,
        works: Mapping[str, Work],
        pace: Pace | None = None,
        queue: PartQueue | None = None,
        equipment: Equipment | None = None,
    ) -> None:
        self._records, self._locks, self._works, self._equipment = records, locks, dict(works), equipment
        self._pace, self._queue = pace or Pace(), queue
        self._batch_pace = Pace(lambda: MOST_IN_BATCHES, self._pace.processes)

    def learn(self, make: Callable[[Equipment], Work]) -> None:
        """Do another kind of work too, made of what works are made of."""
        if self._equipment is not None:
            work = make(self._equipment)
            self._works[work.kind] = work

    async def plan(self, kind: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The items of a job, of what it is wanted for. Raises JobRefused."""
        work = self._work(kind)
        if not hasattr(work, "items"):
            raise JobRefused(f"A job of {kind} is handed its items.")
        return await cast(Planner, work).items(wanted)

    async def estimate(
        self, kind: str, items: list[dict[str, Any]], options: Mapping[str, Any] | None = None
    ) -> Decimal | None:
        """What a job would cost, in US dollars; None where nothing is paid or no price is known. Raises JobRefused."""
        options = options or {}
        usd = await self._work(kind).estimate(items, options)
        return usd / 2 if usd is not None and options.get("batch") else usd

    async def create(  # noqa: PLR0913
        self,
        kind: str,
        items: Iterable[dict[str, Any]],
        *,
        name: str = "",
        title: str = "",
        options: Mapping[str, Any] | None = None,
        budget_usd: Decimal | None = None,
        by: str = "",
    ) -> Job:
        """Make a job; it waits to be run. `name` is its id, '' for a new one. Raises JobRefused."""
        given, options = list(items), options or {}
        if not given:
            raise JobRefused("There is nothing to do: the job would have no items.")
        estimate = await self.estimate(kind, given, options)
        check_budget(budget_usd, estimate)
        job = Job(
            name or f"job_{secrets.token_hex(5)}", kind, title or kind, "queued", len(given), 0, 0, Decimal(0),
            estimate, budget_usd, datetime.now(UTC), by, options,
        )  # fmt: skip
        if self._queue:
            await self._queue.prepare()
        await self._records.add(job, given, lambda database: self._share_out(job, database))
        return job

    async def _share_out(self, job: Job, database: DatabaseSession) -> None:
        """Queue a job's parts for workers, where there are some, in the transaction that makes the job."""
        if self._queue:
            raw = await (await database.connection()).get_raw_connection()
            parts = self._locks.parts(job.total)
            await self._queue.put([(job.id, first, last) for first, last in parts], raw.driver_connection)

    async def run(self, job_id: str, on_progress: Callable[[Job], None] | None = None) -> Job:
        """Do what is left of a job, and say how it stands then. Where another process works on it, wait for that; a job
        that was paused goes on. Raises JobRefused.
        """
        await self.resume(job_id)
        job = await self.show(job_id)
        return await self._run_of(job, on_progress).whole()

    def close(self) -> None:
        """Let nothing more begin in this process; a job that ran stays open, for whoever takes it up."""
        self._pace.close()
        self._batch_pace.close()

    @property
    def are_shared(self) -> bool:
        """Whether workers on several machines may do the jobs."""
        return self._queue is not None

    async def work(self) -> None:
        """Do the parts of whatever jobs there are, beside other workers, until told to stop by a signal."""
        if self._queue is None:
            raise JobRefused(
                "Workers share jobs over PostgreSQL: set DRAGOMAN_DATABASE_URL. On SQLite: dragoman job run."
            )
        await self._queue.work(self._part, self._left)

    async def _part(self, part: Part) -> None:
        job_id, first, last = part
        job = await self.show(job_id)
        if job.state in ("queued", "running"):
            await self._run_of(job).part(first, last)

    def _run_of(self, job: Job, on_progress: Callable[[Job], None] | None = None) -> Run:
        pace = self._batch_pace if job.options.get("batch") else self._pace
        return Run(job, self._work(job.kind), self._records, self._locks, pace, on_progress)

    async def _left(self) -> list[Part]:
        """Parts of open jobs of which something is left."""
        found = await self._records.open_parts(PART)
        return [(job_id, part * PART, min((part + 1) * PART, total)) for job_id, part, total in found]

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


def check_budget(budget: Decimal | None, estimate: Decimal | None) -> None:
    """Whether a budget can hold a job of an estimated cost. Raises JobRefused."""
    if budget is not None and budget <= 0:
        raise JobRefused("A budget is more than 0 US dollars.")
    if budget is not None and estimate is None:
        raise JobRefused(
            "A budget holds only what has a price, and nothing here has: no model is asked, or its price is not known."
        )
