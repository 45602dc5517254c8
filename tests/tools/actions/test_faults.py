"""A shop behind HTTP that fails in every way it can while an action is written: nothing is lost, nothing doubled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integrations.database.actions import ActionLedger
from integrations.database.engine import open_engine, prepare
from integrations.shops.http_shop import HttpShop
from knowledge.shop import ShopUnavailable
from tests.tools.actions.corner import AFTER, OPERATION, UNTOUCHED, WAYS, Corner
from tests.tools.actions.shop_server import DEEDS, HASTE_S, KEY, ShopServer, shop_server

ANSWERED = ("undisturbed", "twice", "twice at once")
"""Faults the one who asked does not notice."""

WRITTEN = tuple(fault for fault, deeds in DEEDS.items() if {"do", "both"} & set(deeds.split()))

OFTEN = ("late", "never", "done, dropped", "dropped", "done, 500", "500", "twice")
EACH = [
    pytest.param(fault, way, marks=() if fault in OFTEN or way == "direct" else pytest.mark.prove)
    for fault in DEEDS
    for way in WAYS
]


@pytest.fixture
def server(tmp_path: Path, made_at: Callable[[Path], str]) -> Iterator[ShopServer]:
    with shop_server(made_at(tmp_path / "shop.sqlite3")) as running:
        yield running


@pytest.fixture
async def corner(server: ShopServer, tmp_path: Path, made_at: Callable[[Path], str]) -> AsyncIterator[Corner]:
    """The corner shop behind HTTP; the ledger is ours."""
    engine = open_engine(made_at(tmp_path / "ledger.sqlite3"))
    shop = await HttpShop.open(server.address, KEY)
    yield Corner(shop, ActionLedger(await prepare(engine)))
    await shop.close()
    await engine.dispose()


@contextmanager
def in_haste(corner: Corner, fault: str) -> Iterator[None]:
    """Wait no longer than a test can where the fault makes one wait."""
    shop, waits = corner.shop, {"wait", "hang"} & set(DEEDS[fault].split())
    assert isinstance(shop, HttpShop)
    patience, shop.patience_s = shop.patience_s, HASTE_S if waits else shop.patience_s
    yield
    shop.patience_s = patience


@pytest.mark.parametrize(("fault", "way"), EACH)
async def test_a_write_that_fails_is_told_truly_and_mended(
    server: ShopServer, corner: Corner, fault: str, way: str
) -> None:
    token = await corner.ask(way)
    server.spoil("changes", fault)
    with in_haste(corner, fault):
        outcome = await corner.finish(way, token)
    assert outcome.status == ("done" if fault in ANSWERED else "unknown")
    server.wait_until_idle()
    assert await corner.state() == (AFTER[way] if fault in WRITTEN else UNTOUCHED)
    await corner.clerk.reconcile()
    assert await corner.agrees(way) == (fault in WRITTEN)
    await corner.ends_well(way, token)


@pytest.mark.parametrize("way", WAYS)
async def test_a_write_that_comes_after_it_was_settled_is_refused(server: ShopServer, corner: Corner, way: str) -> None:
    token = await corner.ask(way)
    server.spoil("changes", "late")
    with in_haste(corner, "late"):
        assert (await corner.finish(way, token)).status == "unknown"
    assert [entry.status for entry in await corner.clerk.reconcile()] == ["denied"]
    server.wait_until_idle()
    assert not await corner.agrees(way)
    await corner.ends_well(way, token)


@pytest.mark.parametrize("fault", ["done, dropped", "500", "done, never answered", "done, another's", "done, garbage"])
@pytest.mark.parametrize("before", ["dropped", "done, dropped"])
async def test_where_settling_fails_too_it_stays_unknown_until_it_does_not(
    server: ShopServer, corner: Corner, fault: str, before: str
) -> None:
    server.spoil("changes", before)
    server.spoil("settle", fault)
    assert (await corner.finish("direct", "")).status == "unknown"
    with in_haste(corner, fault):
        assert await corner.clerk.reconcile() == []
    assert [entry.status for entry in await corner.ledger.entries()] == ["unknown"]
    server.wait_until_idle()
    await corner.ends_well("direct", "")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", ["500", "done, garbage"])
async def test_a_shop_that_cannot_be_read_is_not_written_to(
    server: ShopServer, corner: Corner, fault: str, way: str
) -> None:
    token = await corner.ask(way)
    server.spoil("look", fault)
    with in_haste(corner, fault), pytest.raises(ShopUnavailable):
        await corner.finish(way, token)
    assert await corner.state() == UNTOUCHED
    assert "changes" not in server.asked
    await corner.ends_well(way, token)


async def test_an_approval_whose_shop_cannot_be_read_after_it_was_claimed_can_be_looked_into(
    server: ShopServer, corner: Corner
) -> None:
    await corner.ask("approval")
    server.spoil("look", "undisturbed")
    server.spoil("look", "500")
    assert (await corner.finish("approval", "")).status == "unknown"
    assert [entry.status for entry in await corner.clerk.reconcile()] == ["denied"]
    assert not await corner.agrees("approval")
    await corner.ends_well("approval", "")


@pytest.mark.parametrize("way", WAYS)
async def test_several_faults_in_a_row(server: ShopServer, corner: Corner, way: str) -> None:
    token = await corner.ask(way)
    server.spoil("changes", "500")
    server.spoil("settle", "done, dropped")
    server.spoil("settle", "500")
    await corner.finish(way, token)
    for _ in range(4):
        await corner.clerk.reconcile()
    assert (await corner.ledger.find(OPERATION)).status == "denied"  # type: ignore[union-attr]
    await corner.ends_well(way, token)
