"""Cut off from the database, or given up by who asked, at every word that is said to it in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from knowledge.shop import ShopUnavailable
from tests.tools.actions.corner import AFTER, UNTOUCHED, WAYS, open_corner
from tools.actions.ledger import LedgerUnavailable

EACH_WAY = ["direct", *[pytest.param(way, marks=pytest.mark.prove) for way in WAYS[1:]]]


class Cut:
    """Ends every other connection to the database at the nth word that is said to it."""

    def __init__(self, server: Any) -> None:
        self.server, self.left = server, 0

    def __call__(self, *_: Any) -> None:
        self.left -= 1
        if self.left == 0:
            self.server.run("select pg_terminate_backend(pid, 9000) from pg_stat_activity where datname like 'test_%'")

    def tune(self, engine: Any, _of: str) -> None:
        event.listen(engine.sync_engine, "before_cursor_execute", self)
        event.listen(engine.sync_engine, "commit", self)


class Goes(Cut):
    """Gives a task up at the nth word."""

    task: asyncio.Task[Any] | None = None

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, *_: Any) -> None:
        if self.task:
            self.left -= 1
            if self.left == 0:
                self.task.cancel()


@pytest.mark.parametrize("way", EACH_WAY)
async def test_postgresql_cut_off_at_every_word(postgres: Any, postgres_url: str, way: str) -> None:
    told = []
    for at in range(1, 200):
        cut, status = Cut(postgres), "raised"
        async with open_corner(postgres_url, fill=True, tune=cut.tune) as corner:
            token = await corner.ask(way)
            cut.left = at
            try:
                status = (await corner.finish(way, token)).status
            except (LedgerUnavailable, ShopUnavailable):
                assert await corner.state() == UNTOUCHED
            whole, cut.left = cut.left > 0, 0
            assert status != "done" or await corner.state() == AFTER[way]
            await corner.ends_well(way, token)
        if whole:
            break
        told.append(status)
    assert set(told) == {"raised", "unknown", "done"}


@pytest.mark.parametrize("way", EACH_WAY)
async def test_given_up_at_every_word_to_the_database(tmp_path: Path, made_at: Callable[[Path], str], way: str) -> None:
    """Who asked has gone, and the task with them."""
    for at in range(1, 200):
        url, goes = made_at(tmp_path / str(at)) + "?timeout=0.2", Goes(at)
        async with open_corner(url, fill=True) as corner:
            token = await corner.ask(way)
        async with open_corner(url, tune=goes.tune) as corner:
            goes.task = asyncio.create_task(corner.finish(way, token))
            await asyncio.wait([goes.task])
        async with open_corner(url) as corner:
            await corner.ends_well(way, token)
        if not goes.task.cancelled():
            break
    assert at > 10
