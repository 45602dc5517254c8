"""A process killed at any point of an action's path: the next one finds out what happened. Nothing lost or doubled."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.actions.corner import AFTER, OPERATION, UNTOUCHED, WAYS, open_corner
from tests.tools.actions.killed import POINTS, SETTLING, Mortals, mortals

WRITTEN = ("right after the shop committed", "before the ledger says done", "after the ledger says done")

*_, LAST = SETTLING


@pytest.fixture(scope="module")
def processes() -> Iterator[Mortals]:
    with mortals() as running:
        yield running


async def filled(url: str, way: str) -> str:
    """A corner shop in which an action has come as far as its last step; the token of its quote."""
    async with open_corner(url, fill=True) as corner:
        return await corner.ask(way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_point_of_its_path(tmp_path: Path, processes: Mortals, point: str, way: str) -> None:
    url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    token = await filled(url, way)
    assert processes.killed(url, way, token, point=point)
    async with open_corner(url) as corner:
        assert await corner.state() == (AFTER[way] if point in WRITTEN else UNTOUCHED)
        await corner.clerk.reconcile()  # within the lease nothing under way is touched
        entry = await corner.ledger.find(OPERATION)
        assert (entry.status if entry else "") in ("", "started", "needs_confirmation", "needs_approval", "done")
        await corner.ends_well(way, token)


@pytest.mark.parametrize(("point", "written"), [*[(point, False) for point in SETTLING], (LAST, True)])
async def test_killed_while_it_was_looked_into(tmp_path: Path, processes: Mortals, point: str, written: bool) -> None:
    url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    await filled(url, "direct")
    before = "right after the shop committed" if written else "before the shop is asked"
    assert processes.killed(url, "direct", point=before)
    assert processes.killed(url, "reconcile", point=point, minutes=2)
    async with open_corner(url) as corner:
        corner.minutes = 2
        await corner.clerk.reconcile()
        assert await corner.agrees("direct") == written
        await corner.ends_well("direct", "")


@pytest.mark.prove
@pytest.mark.parametrize("way", WAYS)
async def test_killed_at_every_word_to_the_database(tmp_path: Path, processes: Mortals, way: str) -> None:
    assert await killed_at_every_moment(tmp_path, processes, way) > 10


async def killed_at_every_moment(folder: Path, processes: Mortals, way: str) -> int:
    """Kill at the first moment, the second, and so on until it lives to its end; how many there are."""
    for moment in range(1, 1000):
        url = f"sqlite:///{folder / f'{moment}.sqlite3'}"
        token = await filled(url, way)
        lived = not processes.killed(url, way, token, moment=moment)
        async with open_corner(url) as corner:
            await corner.ends_well(way, token)
        if lived:
            return moment - 1
    raise AssertionError("it never ends")


@pytest.mark.prove
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_point_of_its_path_on_postgresql(
    postgres_url: str, processes: Mortals, point: str, way: str
) -> None:
    token = await filled(postgres_url, way)
    assert processes.killed(postgres_url, way, token, point=point)
    async with open_corner(postgres_url) as corner:
        await corner.ends_well(way, token)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(100))
async def test_killed_again_and_again(tmp_path: Path, processes: Mortals, seed: int) -> None:
    """Killed at a random moment, then those who look into it as well."""
    dice, url = random.Random(seed), f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    way = dice.choice(WAYS)
    token = await filled(url, way)
    processes.killed(url, way, token, moment=dice.randint(30, 56))
    for minutes in range(2, 2 + dice.randint(0, 3)):
        processes.killed(url, "reconcile", moment=dice.randint(30, 50), minutes=minutes)
    async with open_corner(url) as corner:
        corner.minutes = 6
        await corner.ends_well(way, token)
