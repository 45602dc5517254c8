"""What the clerk tells is what the shop holds, though others act at the same time or a look into it came first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge.service.requests import Request
from knowledge.shop import Change, OperationBarred
from tests.tools.actions.corner import AFTER, AGENT, OPERATION, UNTOUCHED, WAYS, Corner, open_corner
from tools.actions.clerk import Errand
from tools.actions.consent import Consent
from tools.actions.reconciling import NOT_CARRIED_OUT


class Meanwhile:
    """A shop in which something happens right before the first change of ours."""

    def __init__(self, shop: Any) -> None:
        self.shop, self.happens = shop, None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shop, name)

    async def change(self, change: Change) -> None:
        happens, self.happens = self.happens, None
        if happens:
            await happens()
        await self.shop.change(change)


@pytest.mark.parametrize("way", WAYS)
async def test_a_state_that_changed_in_between_is_judged_anew_and_written(tmp_path: Path, way: str) -> None:
    async with open_corner(f"sqlite:///{tmp_path / 'a'}", Meanwhile, fill=True) as corner:
        token = await corner.ask(way)
        corner.shop.happens = lambda: touch(corner)  # type: ignore[attr-defined]
        outcome = await corner.finish(way, token)
        if way == "token":  # what was said yes to was another version of the order
            assert (outcome.status, outcome.rule) == ("needs_confirmation", "CONFIRMATION_MISMATCH")
            assert outcome.token not in ("", token)
            assert await corner.state() == UNTOUCHED
        else:
            assert outcome.status == "done"
            assert await corner.agrees(way)


async def touch(corner: Corner) -> None:
    seen = await corner.shop.look("AB-12", "ann", [])
    await corner.shop.change(Change("elsewhere", order=seen.order, seen=seen.versions))


@pytest.mark.parametrize("way", WAYS)
async def test_an_action_settled_as_not_written_before_it_came_is_not_told_as_done(tmp_path: Path, way: str) -> None:
    async with open_corner(f"sqlite:///{tmp_path / 'a'}", Meanwhile, fill=True) as corner:
        token = await corner.ask(way)

        async def somebody_looks_into_it() -> None:
            corner.minutes += 2
            assert [entry.operation_id for entry in await corner.clerk.reconcile()] == [OPERATION]

        corner.shop.happens = somebody_looks_into_it  # type: ignore[attr-defined]
        outcome = await corner.finish(way, token)
        assert (outcome.status, outcome.rule) == ("denied", NOT_CARRIED_OUT)
        assert not await corner.agrees(way)


async def test_a_settled_operation_is_never_written(tmp_path: Path) -> None:
    async with open_corner(f"sqlite:///{tmp_path / 'a'}", fill=True) as corner:
        assert not await corner.shop.settle("late")
        with pytest.raises(OperationBarred):
            await corner.shop.change(Change("late"))
        assert not await corner.shop.settle("late")


async def test_two_gestures_at_once_do_not_pass_the_limit_of_an_order_together(tmp_path: Path) -> None:
    async with open_corner(f"sqlite:///{tmp_path / 'a'}", Meanwhile, fill=True) as corner:
        request = Request.of("give_goodwill", {"order_id": "AB-12", "reason": "sorry", "amount": "6"})

        async def gesture() -> str:
            return (await corner.clerk.act(Errand(AGENT, request, "agent", consent=Consent.to(request)))).status

        async def another() -> None:
            assert await gesture() == "done"

        corner.shop.happens = another  # type: ignore[attr-defined]
        assert await gesture() == "needs_approval"
        assert (await corner.state())[1] == [("card", "6")]


@pytest.mark.parametrize("way", WAYS)
async def test_undisturbed_each_way_is_carried_out_once(tmp_path: Path, way: str) -> None:
    async with open_corner(f"sqlite:///{tmp_path / 'a'}", fill=True) as corner:
        token = await corner.ask(way)
        assert (await corner.finish(way, token)).status == "done"
        assert await corner.state() == AFTER[way]
        await corner.ends_well(way, token)
