"""The queue of parts on PostgreSQL: in the transaction of the job, swept, and shared."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from integrations.jobs.queue import PartQueue
from tests.integrations.jobs.cells import cell_jobs, cells

NOWHERE = "http://127.0.0.1:9/v1"


def rows(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


def queued(url: str) -> list[tuple[int, int]]:
    """The parts that wait."""
    found = rows(url, "select args from procrastinate_jobs where status = 'todo' order by id")
    return [(args["first"], args["last"]) for (args,) in found]


async def test_a_job_is_queued_in_the_transaction_that_makes_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = PartQueue.put

    async def broken(self: PartQueue, parts: Any, connection: Any = None) -> None:
        await put(self, parts, connection)
        raise ConnectionError("the line is cut")

    async with cell_jobs(postgres_url, NOWHERE) as jobs:
        await jobs.create("cells", cells(600))
        assert queued(postgres_url) == [(0, 250), (250, 500), (500, 600)]
        monkeypatch.setattr(PartQueue, "put", broken)
        with pytest.raises(ConnectionError):
            await jobs.create("cells", cells(300))
    assert queued(postgres_url) == [(0, 250), (250, 500), (500, 600)]
    assert rows(postgres_url, "select count(*) from jobs") == [(1,)]
    assert rows(postgres_url, "select count(*) from job_items") == [(600,)]


async def test_a_part_that_no_task_knows_is_queued_again_once(postgres_url: str) -> None:
    async with cell_jobs(postgres_url, NOWHERE) as jobs:
        job = await jobs.create("cells", cells(300))
        with psycopg.connect(postgres_url) as connection:
            connection.execute("delete from procrastinate_jobs")
        queue = PartQueue(postgres_url)
        await queue.prepare()
        try:
            for _ in range(2):
                await queue.sweep(jobs._left)
            assert queued(postgres_url) == [(0, 250), (250, 300)]
            assert queue.workers == 1
            await jobs.pause(job.id)
            with psycopg.connect(postgres_url) as connection:
                connection.execute("delete from procrastinate_jobs")
            await queue.sweep(jobs._left)
            assert queued(postgres_url) == []
        finally:
            await queue.close()
