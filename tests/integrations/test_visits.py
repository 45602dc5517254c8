"""How often somebody comes is counted for all processes together, exactly, and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from integrations.database.engine import Sessions, open_engine, prepare
from integrations.database.process_tables import VisitRow
from integrations.database.visits import VisitBook


@pytest.fixture
async def sessions(postgres_url: str) -> AsyncIterator[Sessions]:
    engine = open_engine(postgres_url)
    yield await prepare(engine)
    await engine.dispose()


async def held(sessions: Sessions) -> int:
    async with sessions() as database:
        return int(await database.scalar(select(func.count()).select_from(VisitRow)) or 0)


async def test_the_last_minute_of_each_counts_and_is_forgotten(sessions: Sessions) -> None:
    now = 0.0
    book = VisitBook(sessions, lambda: now)
    assert [await book.allows(2, "a") for _ in range(3)] == [True, True, False]
    assert await book.allows(2, "b")
    now = 30.0
    assert await book.allows(9, "a")
    now = 60.0
    assert [await book.allows(2, "a"), await book.allows(2, "a")] == [True, False]
    now = 500.0
    assert await book.allows(1, "c")
    assert await held(sessions) == 1


async def test_each_counts_by_its_own_time(sessions: Sessions) -> None:
    now = 0.0
    book = VisitBook(sessions, lambda: now)
    assert [await book.allows(2, "mail", 3600) for _ in range(3)] == [True, True, False]
    assert [await book.allows(1, "chat") for _ in range(2)] == [True, False]
    now = 61.0
    assert [await book.allows(1, "chat"), await book.allows(2, "mail", 3600)] == [True, False]
    now = 3700.0
    assert await book.allows(2, "mail", 3600)
    assert await held(sessions) == 1


async def test_processes_that_count_at_once_allow_no_one_more(postgres_url: str) -> None:
    engines = [open_engine(postgres_url) for _ in range(3)]
    books = [VisitBook(await prepare(engine)) for engine in engines]
    answers = await asyncio.gather(*(books[n % 3].allows(20, "one address") for n in range(60)))
    assert sum(answers) == 20
    for engine in engines:
        await engine.dispose()


async def test_nobody_s_address_is_kept(sessions: Sessions) -> None:
    await VisitBook(sessions).allows(5, "sessions 203.0.113.9")
    async with sessions() as database:
        row = (await database.scalars(select(VisitRow))).one()
    assert "203.0.113.9" not in f"{row.subject} {row.times}"
