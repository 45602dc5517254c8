"""Alerts: each kind through what shoppers do, grouped in one message that is updated, none in quiet hours."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from integrations.database.days import TROUBLE
from integrations.database.turns import Exchange, now
from integrations.shops.demo import read_demo_shop
from integrations.slack.alerts import Alerts, is_quiet
from knowledge.commerce import Order
from tests.slack.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(desk: Desk) -> AsyncIterator[Desk]:
    """A desk whose alerts channel is its own: the watch of the whole desk looks elsewhere."""
    desk.slack.add_channel("CAL2", "alerts-two", ["U1", "UBOT"])
    yield desk


async def look(desk: Desk, at: datetime | None = None, quiet: str = "") -> dict[str, Any] | None:
    """Look for alerts; the message that tells of them, if there is one."""
    office = desk.channel.app._office
    terms = replace(office.terms, alerts="CAL2", quiet_hours=quiet)
    alerts = Alerts(replace(office, terms=terms, zone=lambda: "UTC"), desk.channel.web, desk.channel._team)
    await alerts.look(at or datetime.now(UTC))
    messages = desk.slack.messages["CAL2"]
    assert len(messages) <= 1
    return messages[0] if messages else None


async def shown(desk: Desk, name: str, payload: dict[str, Any]) -> None:
    """A turn of a shopper that showed something."""
    headers = await desk.shopper()
    exchange = Exchange(f"t-{headers['x-session']}", "?", "!", {name: payload}, now())
    await desk.dragoman.turns.keep(headers["x-session"], exchange, [])


async def test_a_question_asked_far_more_than_usual(room: Desk) -> None:
    for _ in range(4):
        await room.write(await room.shopper(), "Do you ship to Norway?")
    assert await look(room) is None
    for _ in range(2):
        await room.write(await room.shopper(), "Do you ship to Norway?")
    message = await look(room)
    assert "One question far more often" in json.dumps(message)


async def test_what_is_asked_for_and_out_of_stock(room: Desk) -> None:
    cards = {"cards": [{"name": "Duskling Lamp", "available": False}, {"name": "Nightfern", "available": True}]}
    for _ in range(3):
        await shown(room, "cards", cards)
    text = json.dumps(await look(room))
    assert "Duskling Lamp: 3" in text
    assert "Nightfern" not in text
    assert "One question far more often" in text


async def test_parcels_in_trouble_on_one_lane(room: Desk) -> None:
    stuck = [order.order_id for order in _orders() if order.market == "US" and _in_trouble(order)]
    fine = [order.order_id for order in _orders() if order.market == "GB" and not _in_trouble(order)][:5]
    for number in [*stuck[:2], *fine]:
        await shown(room, "order", {"order": {"order_id": number}})
    assert "Parcels in trouble" not in json.dumps(await look(room))
    for number in stuck:
        await shown(room, "order", {"order": {"order_id": number}})
    text = json.dumps(await look(room))
    assert f"US: {len(stuck)}" in text
    assert "GB" not in text


def _in_trouble(order: Order) -> bool:
    return any(parcel.events[-1].code in TROUBLE for parcel in order.tracking if parcel.events)


async def test_an_order_that_a_shopper_looked_at_is_found_again(room: Desk) -> None:
    """What an answer shows of an order names it, so that its parcels can be looked at."""
    order = next(one for one in _orders() if one.tracking)
    headers = await room.shopper()
    customer = await room.dragoman.shop.customer(order.customer_id)
    assert customer is not None
    given = {"order_id": order.order_id, "email": customer.email}
    assert (await room.client.post("/v1/identify", headers=headers, json=given)).json()["identified"]
    await room.write(headers, f"Where is my order {order.order_id}?")
    assert order.order_id in await room.dragoman.slack.days.orders_shown(datetime.now(UTC))


def _orders() -> list[Any]:
    return list(read_demo_shop(datetime.now(UTC).date()).orders or [])


async def test_answers_that_did_not_help_join_the_one_message_and_quiet_hours_are_kept(room: Desk) -> None:
    for _ in range(3):
        headers = await room.shopper()
        await room.write(headers, "Do you ship to Japan?")
        turn = (await room.client.get("/v1/history", headers=headers)).json()["turns"][0]["turn"]
        await room.client.post("/v1/feedback", headers=headers, json={"turn": turn, "score": -1})
    at = datetime.now(UTC)
    quiet = f"{at - timedelta(minutes=1):%H:%M}-{at + timedelta(minutes=2):%H:%M}"
    assert "negative ratings" not in json.dumps(await look(room, at, quiet))
    calls = len(room.slack.of("chat.update"))
    text = json.dumps(await look(room, at))
    for part in ("negative ratings: 3", "Duskling Lamp: 3", "US: 4", "One question far more often"):
        assert part in text
    assert len(room.slack.of("chat.update")) == calls + 1
    await look(room, at)
    assert len(room.slack.of("chat.update")) == calls + 1
    assert len(json.loads(json.dumps(room.slack.messages["CAL2"]))) == 1


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("", "03:00", False),
        ("20:00-08:00", "03:00", True),
        ("20:00-08:00", "08:00", False),
        ("12:00-13:00", "12:30", True),
    ],
)
async def test_quiet_hours_may_span_midnight(hours: str, at: str, quiet: bool) -> None:
    assert is_quiet(hours, datetime.strptime(at, "%H:%M").time()) is quiet  # noqa: DTZ007
