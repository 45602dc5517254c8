"""What models took is counted by day, for all processes of a shop, and fails no turn."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.engine import Sessions
from integrations.database.spending import SpendingBook

DAY, NEXT = date(2026, 11, 22), date(2026, 11, 23)


async def test_a_day_is_the_sum_of_its_models_and_processes(sessions: Sessions) -> None:
    books = [SpendingBook(sessions) for _ in range(4)]
    await asyncio.gather(*(book.add(DAY, model, (1, 30, 18)) for book in books for model in ("a", "b")))
    await books[0].add(NEXT, "a", (1, 5, 10_000_000_000))
    assert await books[1].spent(DAY) == (8, 240, 144)
    assert await books[1].spent(NEXT) == (1, 5, 10_000_000_000)
    assert await books[1].spent(date(2026, 11, 24)) == (0, 0, 0)


async def test_a_database_that_fails_is_logged_and_what_was_read_last_counts(
    sessions: Sessions, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    book = SpendingBook(sessions)
    await book.add(DAY, "a", (1, 30, 18))
    assert await book.spent(DAY) == (1, 30, 18)
    async with engine.begin() as connection:
        await connection.execute(sql("drop table model_use"))
    await book.add(DAY, "a", (1, 30, 18))
    assert await book.spent(DAY) == (1, 30, 18)
    assert await book.spent(NEXT) == (0, 0, 0)
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "what a model took was not noted", "what models took was not read", "what models took was not read",
    ]  # fmt: skip
