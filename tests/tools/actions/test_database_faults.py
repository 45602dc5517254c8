"""A database that is locked, full or read-only while an action is written: told truly, and mended later."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.tools.actions import corner as corners
from tests.tools.actions.corner import AFTER, OPERATION, UNTOUCHED, WAYS, Corner, open_corner
from tools.actions.clerk import Errand
from tools.actions.consent import Consent
from tools.actions.ledger import LedgerUnavailable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.sqlite3"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process writes, and takes longer than ours wait."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    yield
    other.execute("rollback")
    other.close()


@asynccontextmanager
async def impatient(path: Path, **how: Any) -> AsyncIterator[Corner]:
    async with open_corner(f"sqlite:///{path}?timeout=0.05", **how) as corner:
        yield corner


@pytest.mark.parametrize("way", WAYS)
async def test_locked_before_the_entry_is_kept_nothing_happens(path: Path, way: str) -> None:
    async with impatient(path, fill=True) as corner:
        token = await corner.ask(way)
        with locked(path), pytest.raises(LedgerUnavailable, match="database is locked"):
            await corner.finish(way, token)
        assert await corner.state() == UNTOUCHED
        assert (await corner.finish(way, token)).status == "done"
        await corner.ends_well(way, token)


class During:
    """A port one of whose methods is carried out inside a fault, from before it or from after it on."""

    def __init__(self, port: Any, name: str, fault: Any, after: bool = False) -> None:
        self.port, self.name, self.fault, self.after = port, name, fault, after

    def __getattr__(self, name: str) -> Any:
        return self.call if name == self.name else getattr(self.port, name)

    async def call(self, *arguments: Any) -> Any:
        if not self.after:
            self.fault.__enter__()
        result = await getattr(self.port, self.name)(*arguments)
        if self.after:
            self.fault.__enter__()
        return result


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("after", [False, True], ids=["from before the shop writes", "from after the shop wrote"])
async def test_locked_in_the_middle_is_told_truly_and_mended(path: Path, way: str, after: bool) -> None:
    fault = locked(path)
    async with impatient(path, fill=True) as corner:
        token = await corner.ask(way)
        whole, corner.shop = corner.shop, During(corner.shop, "change", fault, after)
        assert (await corner.finish(way, token)).status == ("done" if after else "unknown")
        assert (await corner.ledger.find(OPERATION)).status == "started"  # type: ignore[union-attr]
        fault.__exit__(None, None, None)
        corner.shop = whole
        assert await corner.state() == (AFTER[way] if after else UNTOUCHED)
        await corner.ends_well(way, token)


async def test_a_locked_database_is_waited_for(path: Path) -> None:
    async with open_corner(f"sqlite:///{path}?timeout=5", fill=True) as corner:
        with locked(path):
            under_way = asyncio.create_task(corner.finish("direct", ""))
            await asyncio.sleep(0.2)
            assert not under_way.done()
        assert (await under_way).status == "done"


def pragma(words: str, whose: str, engine: Any, of: str) -> None:
    """Set a limit on every connection of the shop or of the ledger."""
    if of == whose:
        event.listen(engine.sync_engine, "connect", lambda connection, _: connection.execute(f"pragma {words}"))


def fill_up(path: Path) -> int:
    """Fill the table of operations until it needs another page; how many pages there are."""
    database = sqlite3.connect(path, isolation_level=None)
    pages = int(database.execute("pragma page_count").fetchone()[0])
    database.execute(f"pragma max_page_count={pages}")
    refused = 0
    while refused < 300:  # one leaf of the index may be full before the others
        row = (secrets.token_hex(5), 1, "2026-01-01 00:00:00.000000")
        try:
            database.execute("insert into operations values (?, ?, ?)", row)
        except sqlite3.OperationalError:  # database or disk is full
            refused += 1
    database.close()
    return pages


async def test_a_full_disk_before_the_shop_is_asked(path: Path) -> None:
    async with impatient(path, fill=True) as corner:
        assert await corner.state() == UNTOUCHED
    pages = fill_up(path)
    yes = Consent.to(corners.CANCEL)
    long = Errand(corners.SHOPPER, corners.CANCEL, "ann", "", "because " * 2000, yes, OPERATION)
    async with impatient(path, tune=partial(pragma, f"max_page_count={pages}", "ledger")) as corner:
        with pytest.raises(LedgerUnavailable, match="disk is full"):
            await corner.clerk.act(long)
        assert await corner.state() == UNTOUCHED
    async with impatient(path) as corner:
        assert (await corner.clerk.act(long)).status == "done"
        await corner.ends_well("direct", "")


@pytest.mark.parametrize("way", WAYS)
async def test_a_full_disk_while_the_shop_writes(path: Path, way: str) -> None:
    async with impatient(path, fill=True) as corner:
        token = await corner.ask(way)
    pages = fill_up(path)
    async with impatient(path, tune=partial(pragma, f"max_page_count={pages}", "shop")) as corner:
        assert (await corner.finish(way, token)).status == "unknown"
        assert await corner.state() == UNTOUCHED
        await corner.clerk.reconcile()
        assert (await corner.ledger.find(OPERATION)).status == "unknown"  # type: ignore[union-attr]
    async with impatient(path) as corner:
        await corner.ends_well(way, token)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("whose", ["ledger", "shop"])
async def test_a_database_that_may_not_be_written(path: Path, way: str, whose: str) -> None:
    async with impatient(path, fill=True) as corner:
        token = await corner.ask(way)
    async with impatient(path, tune=partial(pragma, "query_only=1", whose)) as corner:
        if whose == "ledger":
            with pytest.raises(LedgerUnavailable, match="readonly"):
                await corner.finish(way, token)
        else:
            assert (await corner.finish(way, token)).status == "unknown"
        assert await corner.state() == UNTOUCHED
    async with impatient(path) as corner:
        await corner.ends_well(way, token)
