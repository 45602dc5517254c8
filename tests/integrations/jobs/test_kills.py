"""A job killed at random moments: every cell once in the result, and only what was under way is asked again."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.jobs.jobs import Jobs
from knowledge.jobs import Job
from tests.integrations.jobs.cells import cell_jobs, cells
from tests.integrations.jobs.limited_server import Limit, Running, limited

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def process(way: str, database: str, server: Running, rate: float, job: str) -> Iterator[subprocess.Popen[str]]:
    """A process that does the job; it has begun."""
    words = [sys.executable, "-m", "tests.integrations.jobs.cell_runner", way, database, server.address, str(rate), job]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stdout.readline() == "begun\n"
        try:
            yield running
        finally:
            running.kill()


async def made(database: str, server: Running, count: int) -> Job:
    async with cell_jobs(database, server.address) as jobs:
        return await jobs.create("cells", cells(count), title="cells", by="test")


async def done(database: str, server: Running, job: Job) -> dict[str, str]:
    """The cells that are done, each with its text."""
    async with cell_jobs(database, server.address) as jobs:
        found = [item async for item in jobs.results(job.id, "done")]
        assert len({item.number for item in found}) == len(found)
        return {item.given["cell"]: (item.result or {})["text"] for item in found}


class Watch:
    """What was paid for: a cell that was done when the process died is never asked for again."""

    def __init__(self, server: Running) -> None:
        self._server, self._paid = server, dict[str, int]()
        self.lost = 0

    def killed(self, finished: dict[str, str]) -> None:
        """A process died; these cells were done."""
        asked: dict[str, int] = self._server.counts()["asked"]
        assert {cell for cell, times in self._paid.items() if asked[cell] != times} == set()
        self._paid = {cell: asked[cell] for cell in finished}
        self.lost += sum(cell not in finished for cell in asked) if asked else 0

    def ended(self, finished: dict[str, str], count: int) -> None:
        """All is done: every cell once, and the rest was under way at a kill."""
        self.killed(finished)
        assert finished == {f"c{number}": f"done c{number}" for number in range(count)}
        asked: dict[str, int] = self._server.counts()["asked"]
        assert sum(asked.values()) - count <= self.lost


async def killed_again_and_again(database: str, limit: Limit, count: int, kills: int) -> Watch:
    dice = random.Random(11)
    each = count // (kills + 1)
    with limited(limit) as server:
        job, watch = await made(database, server, count), Watch(server)
        for _ in range(kills):
            with process("run", database, server, limit.rate, job.id) as running:
                await server.asked(dice.randint(1, each))
                running.kill()
                running.wait()
            watch.killed(await done(database, server, job))
        async with cell_jobs(database, server.address, limit.rate) as jobs:
            ended = await jobs.run(job.id)
            assert (ended.state, ended.done, ended.failed) == ("done", count, 0)
        watch.ended(await done(database, server, job), count)
        return watch


async def test_a_killed_job_is_taken_up_where_it_was(tmp_path: Path) -> None:
    limit = Limit(rate=150, burst=150, latency_s=0.3)
    watch = await killed_again_and_again(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", limit, 300, 2)
    assert 0 < watch.lost <= 2 * (8 + 2 * 150 * 0.4)


@pytest.mark.prove
async def test_a_job_of_ten_thousand_cells_killed_twenty_times(tmp_path: Path) -> None:
    limit = Limit(rate=200, burst=200, latency_s=0.3)
    watch = await killed_again_and_again(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", limit, 10_000, 20)
    assert watch.lost > 0


async def workers_killed(url: str, limit: Limit, count: int, kills: int, beside: int = 0) -> None:
    """Workers are killed, one after the other, `beside` others that live; then one does what is left."""
    dice = random.Random(5)
    with limited(limit) as server, ExitStack() as stack:
        job, watch = await made(url, server, count), Watch(server)
        for _ in range(beside):
            stack.enter_context(process("work", url, server, limit.rate, job.id))
        for _ in range(kills):
            with process("work", url, server, limit.rate, job.id) as other:
                await server.asked(dice.randint(1, count // (kills + 1)))
                other.kill()
                other.wait()
            if not beside:
                watch.killed(await done(url, server, job))
        stack.enter_context(process("work", url, server, limit.rate, job.id))
        async with cell_jobs(url, server.address) as jobs:
            await until_done(jobs, job, 60 + 3 * count / limit.rate)
            ended = await jobs.show(job.id)
        assert (ended.state, ended.done, ended.failed) == ("done", count, 0)
        assert ended.cost_usd == Decimal("0.000045") * count
        finished = await done(url, server, job)
        assert finished == {f"c{number}": f"done c{number}" for number in range(count)}
        asked = server.counts()["asked"]
        assert sum(asked.values()) - count <= kills * (8 + 2 * limit.rate * 0.5)
        if not beside:
            watch.ended(finished, count)


async def until_done(jobs: Jobs, job: Job, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while (await jobs.show(job.id)).state != "done" and time.monotonic() < ends:  # noqa: ASYNC110
        await asyncio.sleep(0.2)


async def test_another_worker_takes_over_from_one_that_dies(postgres_url: str) -> None:
    await workers_killed(postgres_url, Limit(rate=200, burst=200, latency_s=0.3, faults=0.0), 500, 1)


@pytest.mark.prove
async def test_workers_killed_five_times_beside_one_that_lives(postgres_url: str) -> None:
    await workers_killed(postgres_url, Limit(rate=50, burst=50, latency_s=0.3, faults=0.0), 2000, 5, beside=1)
