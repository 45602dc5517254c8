"""Reaching a person: the place in line is kept, and nobody is promised who is not there."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from integrations.bootstrap import Dragoman
from tools.context import Session
from tools.desk import Desk
from tools.handoff import call_person

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARIS = Desk(email="help@shop.example", zone="Europe/Paris")
TOKYO = Desk(zone="Asia/Tokyo", opens=time(9), closes=time(17, 30))


@pytest.mark.parametrize(
    ("desk", "at", "is_open"),
    [
        (PARIS, "2026-11-23T07:00:00+00:00", True),
        (PARIS, "2026-11-23T06:59:59+00:00", False),
        (PARIS, "2026-11-23T16:59:59+00:00", True),
        (PARIS, "2026-11-23T17:00:00+00:00", False),
        (PARIS, "2026-07-20T06:00:00+00:00", True),
        (PARIS, "2026-07-20T16:00:00+00:00", False),
        (PARIS, "2026-11-23T09:00:00-08:00", False),
        (PARIS, "2026-11-23T08:30:00-08:00", True),
        (PARIS, "2026-11-21T12:00:00+00:00", False),
        (PARIS, "2026-11-22T12:00:00+00:00", False),
        (PARIS, "2026-11-22T23:30:00+00:00", False),
        (TOKYO, "2026-11-23T00:00:00+00:00", True),
        (TOKYO, "2026-11-22T23:59:00+00:00", False),
        (TOKYO, "2026-11-27T08:29:00+00:00", True),
        (TOKYO, "2026-11-27T08:30:00+00:00", False),
        (TOKYO, "2026-11-28T00:00:00+00:00", False),
        (Desk(weekdays=(5, 6)), "2026-11-21T12:00:00+00:00", True),
        (Desk(weekdays=(5, 6)), "2026-11-23T12:00:00+00:00", False),
    ],
)
async def test_the_desk_is_open_by_its_own_clock_and_calendar(desk: Desk, at: str, is_open: bool) -> None:
    assert desk.is_open(datetime.fromisoformat(at)) is is_open


async def test_one_moment_is_the_same_in_whatever_zone_it_is_written() -> None:
    at = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    zones = ("UTC", "Asia/Tokyo", "America/New_York")
    assert all(PARIS.is_open(at.astimezone(ZoneInfo(zone))) for zone in zones)


async def test_a_shop_that_says_nothing_has_a_weekday_desk_in_utc() -> None:
    desk = Desk.of({})
    assert (desk.zone, desk.opens, desk.closes, desk.weekdays) == ("UTC", time(8), time(18), (0, 1, 2, 3, 4))


async def test_a_shops_desk_is_read_from_its_facts(shop: Dragoman) -> None:
    context = await shop.context(Session("s"))
    assert (context.desk.zone, context.desk.email) == ("Europe/Paris", "help@amberquay.example")


async def test_asking_twice_keeps_the_place_and_the_reference(shop: Dragoman) -> None:
    context = await shop.context(Session("twice"))
    _, first = await call_person(context, "My parcel is lost")
    await call_person(await shop.context(Session("later")), "Also waiting")
    _, again = await call_person(context, "Hello?")
    assert again["reference"] == first["reference"]
    assert again["reason"] == "My parcel is lost"
    line = [entry.session_id for entry in await shop.sessions.handoffs.waiting()]
    assert line.count("twice") == 1
    assert line.index("twice") < line.index("later")


async def test_two_shoppers_have_two_references(shop: Dragoman) -> None:
    _, one = await call_person(await shop.context(Session("one")), "help")
    _, other = await call_person(await shop.context(Session("other")), "help")
    assert one["reference"] != other["reference"]


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 11, 23, 7, 30, tzinfo=UTC), True), (datetime(2026, 11, 23, 17, 30, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), False), (datetime(2026, 7, 20, 6, 30, tzinfo=UTC), True),
    ],
)  # fmt: skip
async def test_opening_hours_are_told_truly_with_their_zone(shop: Dragoman, at: datetime, is_open: bool) -> None:
    context = await shop.context(Session("hours"))
    context.now = at
    _, told = await call_person(context, "help")
    assert told["open_now"] is is_open
    assert (told["opens"], told["closes"], told["zone"]) == ("08:00", "18:00", "Europe/Paris")
    assert told["email"] == "help@amberquay.example"


async def test_a_long_reason_is_cut_not_refused(shop: Dragoman) -> None:
    _, told = await call_person(await shop.context(Session("long")), "x" * 5000)
    assert told["reason"] == "x" * 500
