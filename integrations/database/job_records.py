"""Jobs and their items in SQL: an item's answer is kept the moment it is there, with what it cost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import bindparam, func, insert, select, update

from integrations.database.engine import DatabaseSession, Sessions, write_alone
from integrations.database.grouped import GroupedWriter, Rows
from integrations.database.job_tables import JobItemRow, JobRow
from knowledge.jobs import Item, ItemState, Job, State

PAGE = 500
"""Items that are read at once."""

LATELY = timedelta(seconds=30)
"""What a rate is taken over."""

MICRO = Decimal(1_000_000)


@dataclass(frozen=True)
class Sums:
    """What a job has come to: items done, items failed, millionths of a US dollar."""

    done: int
    failed: int
    microdollars: int


class JobRecords:
    """Keeps jobs. All processes of a home share them."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._finishing = GroupedWriter(self._finish)
        self._sums: dict[str, Sums] = {}

    async def add(
        self,
        job: Job,
        items: Iterable[dict[str, Any]],
        also: Callable[[DatabaseSession], Awaitable[None]] | None = None,
    ) -> None:
        """Keep a job with its items, and write what else belongs to it, in one transaction."""
        rows = [{"job_id": job.id, "number": number, "given": given} for number, given in enumerate(items)]
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            await database.execute(insert(JobRow), [_row(job)])
            for start in range(0, len(rows), PAGE):
                await database.execute(insert(JobItemRow), rows[start : start + PAGE])
            if also is not None:
                await also(database)

    async def find(self, job_id: str) -> Job | None:
        """A job, with its rate where it runs."""
        async with self._sessions() as database:
            row = await database.get(JobRow, job_id)
            if row is None:
                return None
            return _job(row, await _rate(database, job_id) if row.state == "running" else 0.0)

    async def latest(self, most: int = 50) -> list[Job]:
        """The jobs made last, the newest first."""
        async with self._sessions() as database:
            rows = list(await database.scalars(select(JobRow).order_by(JobRow.made_at.desc()).limit(most)))
            rates = {row.job_id: await _rate(database, row.job_id) for row in rows if row.state == "running"}
            return [_job(row, rates.get(row.job_id, 0.0)) for row in rows]

    async def state(self, job_id: str) -> str:
        """How a job stands now; '' where there is none."""
        async with self._sessions() as database:
            return await database.scalar(select(JobRow.state).where(JobRow.job_id == job_id)) or ""

    async def change(self, job_id: str, state: State, why: str = "", *, when: Iterable[State]) -> bool:
        """Set how a job stands, where it stands as is expected; says whether it did."""
        held = update(JobRow).where(JobRow.job_id == job_id, JobRow.state.in_(list(when)))
        async with self._sessions.begin() as database:
            return bool(cast(Any, await database.execute(held.values(state=state, why=why))).rowcount)

    async def set_budget(self, job_id: str, usd: Decimal | None) -> None:
        """Set what a job may cost."""
        async with self._sessions.begin() as database:
            await database.execute(update(JobRow).where(JobRow.job_id == job_id).values(budget=_micro(usd)))

    async def waiting(self, job_id: str, first: int, last: int) -> list[Item]:
        """The next items still to be done, from one number to before another."""
        ours = (JobItemRow.job_id == job_id, JobItemRow.state == "waiting")
        wanted = select(JobItemRow.number, JobItemRow.given).where(*ours, JobItemRow.number.between(first, last - 1))
        async with self._sessions() as database:
            found = await database.execute(wanted.order_by(JobItemRow.number).limit(PAGE))
            return [Item(job_id, number, "waiting", given) for number, given in found]

    async def items(self, job_id: str, state: ItemState | None = None) -> AsyncIterator[Item]:
        """Items in order, read page by page."""
        after = -1
        while True:
            wanted = select(JobItemRow).where(JobItemRow.job_id == job_id, JobItemRow.number > after)
            wanted = wanted.where(JobItemRow.state == state) if state else wanted
            async with self._sessions() as database:
                rows = list(await database.scalars(wanted.order_by(JobItemRow.number).limit(PAGE)))
            for row in rows:
                yield Item(job_id, row.number, cast(ItemState, row.state), row.given, row.result, row.error)
            if len(rows) < PAGE:
                return
            after = rows[-1].number

    async def finish(self, item: Item, microdollars: int) -> Sums:
        """Keep what came of an item; returns, when it is kept, what the job has come to."""
        row = {"job": item.job, "place": item.number, "state": item.state, "result": item.result, "error": item.error}
        await self._finishing.add([{**row, "microdollars": microdollars, "at": datetime.now(UTC)}])
        return self._sums[item.job]

    async def _finish(self, rows: Rows) -> None:
        ours = (JobItemRow.job_id == bindparam("job"), JobItemRow.number == bindparam("place"))
        held = update(JobItemRow.__table__).where(*ours)  # type: ignore[arg-type]
        async with self._sessions.begin() as database:
            connection = await database.connection()
            if connection.dialect.name == "sqlite":
                await write_alone(connection)
            await connection.execute(held, rows)
            for job_id in sorted({row["job"] for row in rows}):
                counted = _counted(job_id, [row for row in rows if row["job"] == job_id])
                self._sums[job_id] = Sums(*(await database.execute(counted)).one())

    async def try_again(self, job_id: str) -> int:
        """Let the items that failed wait again; returns how many. What they cost stays paid."""
        failed = (JobItemRow.job_id == job_id, JobItemRow.state == "failed")
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            again = await database.execute(update(JobItemRow).where(*failed).values(state="waiting", error="", at=None))
            count = int(cast(Any, again).rowcount)
            ours = update(JobRow).where(JobRow.job_id == job_id).values(failed=JobRow.failed - count)
            await database.execute(ours.execution_options(synchronize_session=False))
            return count

    async def open_parts(self, size: int) -> list[tuple[str, int, int]]:
        """Parts of so many items of open jobs of which something is left: the job's id, the part's number, the job's
        items.
        """
        part = (JobItemRow.number // size).label("part")
        ours = (JobRow.state.in_(("queued", "running")), JobItemRow.state == "waiting")
        wanted = select(JobRow.job_id, part, JobRow.total).join(JobItemRow, JobItemRow.job_id == JobRow.job_id)
        async with self._sessions() as database:
            found = await database.execute(wanted.where(*ours).group_by(JobRow.job_id, part, JobRow.total))
            return [(str(job_id), int(number), int(total)) for job_id, number, total in found]

    async def left(self, job_id: str) -> int:
        """How many items are still to be done, counted."""
        ours = (JobItemRow.job_id == job_id, JobItemRow.state == "waiting")
        async with self._sessions() as database:
            return int(await database.scalar(select(func.count()).select_from(JobItemRow).where(*ours)) or 0)


def _counted(job_id: str, rows: Rows) -> Any:
    """The job's sums with these items in them."""
    done, failed = (sum(row["state"] == state for row in rows) for state in ("done", "failed"))
    sums = {"done": JobRow.done + done, "failed": JobRow.failed + failed,
            "microdollars": JobRow.microdollars + sum(row["microdollars"] for row in rows)}  # fmt: skip
    held = update(JobRow).where(JobRow.job_id == job_id).values(sums)
    told = held.returning(JobRow.done, JobRow.failed, JobRow.microdollars)
    return told.execution_options(synchronize_session=False)


async def _rate(database: DatabaseSession, job_id: str) -> float:
    since = datetime.now(UTC) - LATELY
    ours = (JobItemRow.job_id == job_id, JobItemRow.at > since)
    count, first = (await database.execute(select(func.count(), func.min(JobItemRow.at)).where(*ours))).one()
    return count / max(1.0, (datetime.now(UTC) - first).total_seconds()) if first else 0.0


def _micro(usd: Decimal | None) -> int | None:
    return None if usd is None else round(usd * MICRO)


def _row(job: Job) -> Mapping[str, Any]:
    return {
        "job_id": job.id, "kind": job.kind, "title": job.title, "state": job.state, "total": job.total,
        "estimate": _micro(job.estimate_usd), "budget": _micro(job.budget_usd), "by": job.by,
        "options": dict(job.options), "made_at": job.made_at,
    }  # fmt: skip


def _job(row: JobRow, rate: float) -> Job:
    estimate, budget = (None if value is None else value / MICRO for value in (row.estimate, row.budget))
    return Job(
        row.job_id, row.kind, row.title, cast(State, row.state), row.total, row.done, row.failed,
        row.microdollars / MICRO, estimate, budget, row.made_at, row.by, row.options, row.why, rate,
    )  # fmt: skip
