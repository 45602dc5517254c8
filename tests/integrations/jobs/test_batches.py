"""Jobs by the Batch API: at half price, out of order, through expiry and crashes, nothing paid twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.database.batch_records import BatchRecords
from integrations.database.engine import open_engine, prepare
from integrations.jobs.jobs import Jobs
from integrations.models import batching as batches
from knowledge.jobs import Job
from tests.integrations.jobs.batch_server import BatchServer, batching
from tests.integrations.jobs.cells import cell_jobs, cells


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches.Batches.__init__, "__defaults__", (0.05, 0.02))


@pytest.fixture
async def server() -> AsyncIterator[BatchServer]:
    async with batching() as running:
        yield running


@pytest.fixture
def url(tmp_path: Path, made_at: Callable[[Path], str]) -> str:
    return made_at(tmp_path / "jobs.sqlite3")


async def made(jobs: Jobs, count: int = 12) -> Job:
    return await jobs.create("cells", cells(count), options={"batch": True}, by="test")


async def looked(server: BatchServer) -> None:
    while not server.looked:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def texts(jobs: Jobs, job: Job) -> list[str]:
    return [(item.result or {}).get("text", item.error) async for item in jobs.results(job.id)]


async def test_a_job_is_done_by_one_batch_at_half_price(url: str, server: BatchServer) -> None:
    async with cell_jobs(url, server.address) as jobs:
        job = await made(jobs)
        assert job.estimate_usd == Decimal("0.000045") * 12 / 2
        ended = await jobs.run(job.id)
        assert (ended.state, ended.done, len(server.batches)) == ("done", 12, 1)
        assert ended.cost_usd == Decimal("0.000023") * 12  # 45 millionths, halved and rounded up
        assert await texts(jobs, job) == [f"done c{number}" for number in range(12)]


async def test_what_expired_or_met_a_fault_is_asked_again_and_nothing_else(url: str, server: BatchServer) -> None:
    server.ends = ["expired"]
    server.spoilt = {"c3": ["expired"], "c4": [500], "c5": [400], "c6": [429, 500, "expired"]}
    async with cell_jobs(url, server.address) as jobs:
        job = await jobs.run((await made(jobs)).id)
        assert (job.state, job.done, job.failed) == ("done", 10, 2)
        told = await texts(jobs, job)
        assert told[3:5] == ["done c3", "done c4"]
        assert "ModelFault" in told[5]
        assert told[6] == "It was in 3 batches, and none answered it."
        assert {cell: times for cell, times in server.asked.items() if times > 1} == {"c3": 2, "c4": 2, "c6": 3}


async def test_a_batch_that_the_server_refuses_pauses_the_job(url: str, server: BatchServer) -> None:
    server.ends = ["failed"]
    async with cell_jobs(url, server.address) as jobs:
        job = await jobs.run((await made(jobs)).id)
        assert (job.state, job.done, job.failed) == ("paused", 0, 0)
        assert "token_limit_exceeded" in job.why
        server.refuses = 404
        assert "takes no batch" in (await jobs.run(job.id)).why
        server.refuses = 0
        assert (await jobs.run(job.id)).done == 12


@pytest.mark.parametrize("crash", ["under way", "over", "never heard of", "never there"])
async def test_after_a_crash_the_same_batch_is_waited_for(url: str, server: BatchServer, crash: str) -> None:
    server.looks = 10**6
    async with cell_jobs(url, server.address) as jobs:
        job = await made(jobs)
        running = asyncio.create_task(jobs.run(job.id))
        await looked(server)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    server.looks = 0 if crash == "over" else 1
    engine = open_engine(url)
    if crash.startswith("never"):
        async with engine.begin() as connection:
            await connection.exec_driver_sql("update batches set server_id = ''")
    if crash == "never there":
        server.batches.clear()
    await engine.dispose()
    async with cell_jobs(url, server.address) as jobs:
        ended = await jobs.run(job.id)
        assert (ended.done, len(server.batches), set(server.asked.values())) == (12, 1, {1})
        assert await texts(jobs, job) == [f"done c{number}" for number in range(12)]


async def test_a_job_that_waits_for_a_batch_can_be_paused_at_once(url: str, server: BatchServer) -> None:
    server.looks = 10**6
    async with cell_jobs(url, server.address) as jobs:
        job = await made(jobs)
        running = asyncio.create_task(jobs.run(job.id))
        await looked(server)
        await jobs.pause(job.id)
        assert (await asyncio.wait_for(running, 5)).state == "paused"
        server.looks = 1
        assert (await jobs.run(job.id)).done == 12
        assert len(server.batches) == 1


async def test_an_answer_that_is_paid_for_is_found_by_its_question(url: str) -> None:
    engine = open_engine(url)
    book = BatchRecords(await prepare(engine))
    await book.begin("b", ["k1", "k2"])
    await book.reached("b", "server_b")
    assert await book.server_id("b") == "server_b"
    assert await book.known(["k1", "k2", "k3"]) == {"k1": ("b", {}), "k2": ("b", {})}
    await book.ended("b", {"k1": {"status": 200, "body": {}}})
    assert await book.known(["k1", "k2"]) == {"k1": ("b", {"status": 200, "body": {}})}
    await engine.dispose()
