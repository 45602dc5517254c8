"""Jobs on SQLite and PostgreSQL: every item once, whatever stops the work in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.database.engine import open_engine, prepare
from integrations.database.job_locks import JobLocks
from integrations.jobs.jobs import Jobs
from knowledge.jobs import Busy, Halted, Item, ItemFailed, Job, JobRefused
from tests.integrations.jobs.doubling import Doubling, opened

ITEMS = [{"n": n} for n in range(20)]


async def made(jobs: Jobs, **more: Any) -> Job:
    return await jobs.create("doubling", ITEMS, title="Twice", by="anna", **more)


async def results(jobs: Jobs, job: Job) -> list[Item]:
    return [item async for item in jobs.results(job.id)]


def raising(*errors: Exception) -> Callable[[], Any]:
    left = list(errors)

    async def way() -> None:
        if left:
            raise left.pop(0)

    return way


async def test_every_item_is_done_once_and_in_its_place(database_url: str) -> None:
    work, seen = Doubling(), list[Job]()
    async with opened(database_url, work) as jobs:
        job = await made(jobs, options={"unit": "cm"})
        assert (job.state, job.total, job.done, job.estimate_usd) == ("queued", 20, 0, None)
        ended = await jobs.run(job.id, seen.append)
        assert (ended.state, ended.done, ended.failed, ended.waiting) == ("done", 20, 0, 0)
        found = await results(jobs, job)
        assert [item.result for item in found] == [{"twice": 2 * n, "unit": "cm"} for n in range(20)]
        assert sorted(work.asked) == list(range(20))
        assert seen[-1] == ended
        assert [job.id for job in await jobs.list()] == [ended.id]
        assert (await jobs.run(job.id)).state == "done"
        assert len(work.asked) == 20


async def test_what_fails_is_told_of_its_item_alone_and_can_be_tried_again(database_url: str) -> None:
    ways = {3: raising(ItemFailed("no such product")), 5: raising(KeyError("x")), 7: raising(Busy(0.01), Busy(0.01))}
    work = Doubling(ways)
    async with opened(database_url, work) as jobs:
        job = await jobs.run((await made(jobs)).id)
        assert (job.state, job.done, job.failed) == ("done", 18, 2)
        failed = [item async for item in jobs.results(job.id, "failed")]
        assert [(item.number, item.error) for item in failed] == [
            (3, "no such product"), (5, "an unexpected fault (KeyError); see the log"),
        ]  # fmt: skip
        assert work.asked.count(7) == 3
        assert (await jobs.resume(job.id, failed=True)).state == "queued"
        again = await jobs.run(job.id)
        assert (again.state, again.done, again.failed) == ("done", 20, 0)
        assert len(work.asked) == 24


async def test_a_job_of_which_nothing_could_be_done_has_failed(database_url: str) -> None:
    work = Doubling({n: raising(ItemFailed("no")) for n in range(20)})
    async with opened(database_url, work) as jobs:
        assert (await jobs.run((await made(jobs)).id)).state == "failed"


@pytest.mark.parametrize("word", ["pause", "cancel"])
async def test_whoever_stops_a_job_stops_it_wherever_it_runs(database_url: str, word: str) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def way() -> None:
        reached.set()
        await go_on.wait()

    work = Doubling({2: way})
    async with opened(database_url, work, width=1) as jobs, opened(database_url, Doubling()) as elsewhere:
        job = await made(jobs)
        running = asyncio.create_task(jobs.run(job.id))
        await reached.wait()
        stopped = await getattr(elsewhere, word)(job.id)
        await asyncio.sleep(0.8)
        go_on.set()
        ended = await running
        assert ended.state == stopped.state == {"pause": "paused", "cancel": "cancelled"}[word]
        assert work.asked == [0, 1, 2]
        assert ended.done == 3  # what was under way is kept
        if word == "cancel":
            with pytest.raises(JobRefused, match="cancelled"):
                await jobs.run(job.id)
        else:
            assert (await jobs.run(job.id)).done == 20
            assert sorted(work.asked) == list(range(20))


async def test_what_nothing_can_be_done_about_pauses_the_job_and_loses_no_item(database_url: str) -> None:
    work = Doubling({4: raising(Halted("The key is refused: set OPENAI_API_KEY."))})
    async with opened(database_url, work, width=1) as jobs:
        job = await jobs.run((await made(jobs)).id)
        assert (job.state, job.why, job.failed) == ("paused", "The key is refused: set OPENAI_API_KEY.", 0)
        again = await jobs.run(job.id)
        assert (again.state, again.why, again.done) == ("done", "", 20)


async def test_a_budget_is_never_exceeded_and_can_be_raised(database_url: str) -> None:
    work = Doubling(price=1000)
    async with opened(database_url, work) as jobs:
        job = await made(jobs, budget_usd=Decimal("0.0075"))
        assert job.estimate_usd == Decimal("0.02")
        ended = await jobs.run(job.id)
        assert (ended.state, ended.done, ended.cost_usd) == ("over_budget", 7, Decimal("0.007"))
        assert "0.0075" in ended.why
        assert (await jobs.run(job.id)).done == 7
        await jobs.resume(job.id, budget_usd=Decimal("0.02"))
        ended = await jobs.run(job.id)
        assert (ended.state, ended.done, ended.cost_usd) == ("done", 20, Decimal("0.02"))


async def test_two_processes_at_one_job_do_no_item_twice(database_url: str) -> None:
    one, other = Doubling(), Doubling()
    async with opened(database_url, one) as jobs, opened(database_url, other) as elsewhere:
        job = await jobs.create("doubling", [{"n": n} for n in range(300)], by="")
        ended = await asyncio.gather(jobs.run(job.id), elsewhere.run(job.id))
        assert {(job.state, job.done) for job in ended} == {("done", 300)}
        assert sorted(one.asked + other.asked) == list(range(300))


async def test_what_cannot_be_made_or_found_is_refused(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", Doubling()) as jobs:
        for kind, items, budget in (("tripling", ITEMS, None), ("doubling", [], None), ("doubling", ITEMS, Decimal(0))):
            with pytest.raises(JobRefused):
                await jobs.create(kind, items, budget_usd=budget)
        with pytest.raises(JobRefused, match="no job 'job_1'"):
            await jobs.run("job_1")


async def test_a_job_of_ten_thousand_cells_goes_on_within_a_second(tmp_path: Path) -> None:
    url, work = f"sqlite:///{tmp_path / 'jobs.sqlite3'}", Doubling()
    async with opened(url, work) as jobs:
        job = await jobs.create("doubling", [{"n": n, "text": "x" * 200} for n in range(10_000)], by="")
    engine = open_engine(url)
    async with (await prepare(engine)).begin() as database:
        connection = await database.connection()
        await connection.exec_driver_sql("update job_items set state = 'done' where number % 100 > 0")
        await connection.exec_driver_sql("update jobs set state = 'running', done = 9900")
    await engine.dispose()
    async with opened(url, work) as jobs:
        begun = time.perf_counter()
        running = asyncio.create_task(jobs.run(job.id))
        await work.began.wait()
        scan = time.perf_counter() - begun
        ended = await running
    assert scan <= 5.0  # within one where nothing else runs
    assert (ended.state, ended.done, sorted(work.asked)) == ("done", 10_000, list(range(0, 10_000, 100)))


async def test_a_process_holds_many_parts_at_once_and_none_twice(postgres_url: str) -> None:
    engine, other = open_engine(postgres_url), open_engine(postgres_url)
    ours, theirs = JobLocks(await prepare(engine)), JobLocks(await prepare(other))
    assert len(ours.parts(10_000)) == 40
    async with AsyncExitStack() as stack:
        held = [await stack.enter_async_context(ours.hold("job", first)) for first, _ in ours.parts(10_000)]
        assert held == [True] * 40
        for locks in (ours, theirs):
            async with locks.hold("job", 0) as again:
                assert not again
    async with theirs.hold("job", 0) as free:
        assert free
    await engine.dispose()
    await other.dispose()
