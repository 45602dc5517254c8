"""Doubling: a kind of job that needs no model, and can be told to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from integrations.database.engine import open_engine, prepare
from integrations.database.job_locks import JobLocks
from integrations.database.job_records import JobRecords
from integrations.jobs.jobs import Jobs
from integrations.jobs.running import Pace
from integrations.models.counting import count


class Doubling:
    """Doubles a number. Counts how often each was asked; `ways` says what else happens at some."""

    kind = "doubling"

    def __init__(self, ways: Mapping[int, Callable[[], Any]] | None = None, price: int = 0) -> None:
        self.asked: list[int] = []
        self.ways, self.price = dict(ways or {}), price
        self.began = asyncio.Event()

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        self.began.set()
        self.asked.append(item["n"])
        await asyncio.sleep(0.001)
        count(self.price)
        if way := self.ways.get(item["n"]):
            await way()
        return {"twice": 2 * item["n"], **options}

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        return Decimal(self.price * len(items)) / 1_000_000 if self.price else None


@asynccontextmanager
async def opened(url: str, work: Doubling, width: int = 8) -> AsyncIterator[Jobs]:
    engine = open_engine(url)
    try:
        sessions = await prepare(engine)
        yield Jobs(JobRecords(sessions), JobLocks(sessions), {"doubling": work}, Pace(lambda: width))
    finally:
        await engine.dispose()
