"""Actions above the limit, decided in Slack: who may, once, bound to what was shown, told to the shopper at once."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.settings import Settings
from knowledge.service.case import Asker
from knowledge.service.requests import Request
from tests.integrations.live_server import serve
from tests.slack.desk import Desk, until, until_so
from tests.slack.sender import Sender
from tests.slack.slack_server import Slack
from tests.slack.test_burst import environment
from tools.actions.clerk import Errand
from tools.actions.consent import Consent
from tools.actions.ledger import Entry

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def waiting(desk: Desk, amount: str = "25.00", by: str = "ann", session: str = "") -> Entry:
    """A goodwill payment that waits for a person, on an order of its own."""
    orders = [order for order in _orders() if order.order_id not in desk.used]
    order = orders[0]
    desk.used.add(order.order_id)
    operation = await goodwill(desk.dragoman, order.order_id, amount, by, session)
    return await desk.channel.approvals._office.decisions.find(operation)


async def goodwill(dragoman: Dragoman, order_id: str, amount: str, by: str = "ann", session: str = "") -> str:
    """Ask for a goodwill payment above an agent's limit; the operation that waits."""
    request = Request.of("give_goodwill", {"order_id": order_id, "amount": amount, "reason": "late parcel"})
    errand = Errand(
        Asker(role="operator", rank="agent"), request, by, session, "parcel a week late", Consent.to(request)
    )
    outcome = await dragoman.clerk().act(errand)
    assert outcome.status == "needs_approval", outcome
    return str(outcome.operation_id)


def _orders() -> list[Any]:
    from integrations.shops.demo import read_demo_shop

    held = read_demo_shop(datetime.now(UTC).date()).orders or []
    good = [one for one in held if one.status == "delivered" and one.currency == "EUR" and one.channel == "own"]
    return [one for one in good if not one.returns and _paid(one) >= 41]


def _paid(order: Any) -> Decimal:
    signs = {"payment": 1, "refund": -1}
    return sum(
        (signs.get(one["transaction_type"], 0) * Decimal(str(one["amount"])) for one in order.payment_history),
        Decimal(0),
    )


async def card(desk: Desk, entry: Entry) -> dict[str, Any]:
    return await desk.message(f"approval:{entry.operation_id}")


async def press(desk: Desk, user: str, action: str, entry: Entry) -> None:
    ts = (await card(desk, entry))["ts"]
    await desk.sender.click(user, action, entry.operation_id, "CAPP", ts)
    await desk.settled()


async def refunds(desk: Desk, entry: Entry) -> list[Any]:
    order = await desk.dragoman.shop.order(entry.order_id)
    assert order is not None
    return [one for one in order.payment_history if one.get("kind") == "goodwill"]


async def test_a_card_shows_what_is_decided_and_approving_does_it_once(desk: Desk) -> None:
    headers = await desk.shopper()
    entry = await waiting(desk, session=headers["x-session"])
    shown = json.dumps(await card(desk, entry))
    for part in (
        entry.order_id,
        "25",
        entry.quote["currency"],
        "GOODWILL_APPROVAL",
        "parcel a week late",
        "operator-goodwill",
        "ann",
    ):
        assert part in shown
    await press(desk, "U1", "approve", entry)
    assert len(await refunds(desk, entry)) == 1
    read = await desk.reads(headers)
    assert '"status":"done"' in read
    assert read.count(f"decided-{entry.operation_id}-done-answer") >= 1
    await until_so(lambda: "approved and done: *Mia*" in desk.slack.texts("CAPP"))
    assert "actions" not in [block["type"] for block in (await card(desk, entry))["blocks"]]


async def test_two_in_the_same_second_execute_once(desk: Desk) -> None:
    entry = await waiting(desk)
    ts = (await card(desk, entry))["ts"]
    await asyncio.gather(
        *(desk.sender.click(user, "approve", entry.operation_id, "CAPP", ts) for user in ("U1", "U3", "U1", "U3"))
    )
    await desk.settled()
    assert len(await refunds(desk, entry)) == 1
    await until_so(lambda: any("decided already" in one["text"] for one in desk.slack.whispers))


async def test_who_may_not_is_told_so_and_nothing_happens(desk: Desk) -> None:
    entry = await waiting(desk)
    for user, words in (("U2", "does not cover"), ("U9", "not among them"), ("UG", "not among"), ("UX", "not among")):
        await press(desk, user, "approve", entry)
        told = [one["text"] for one in desk.slack.whispers if one["user"] == user]
        told += [one["text"] for one in desk.slack.messages[f"D{user}"]]
        assert words in told[-1]
    for action in ("deny", "edit_amount"):
        views = len(desk.slack.views)
        await press(desk, "U9", action, entry)
        assert len(desk.slack.views) == views
    assert await refunds(desk, entry) == []
    assert (await desk.channel.approvals._office.decisions.find(entry.operation_id)).status == "needs_approval"


async def test_whoever_asked_does_not_decide(desk: Desk) -> None:
    entry = await waiting(desk, by="slack U1 (Mia)")
    await press(desk, "U1", "approve", entry)
    assert "yourself" in desk.slack.whispers[-1]["text"]
    assert await refunds(desk, entry) == []


async def test_denied_with_a_reason_that_the_shopper_does_not_read(desk: Desk) -> None:
    headers = await desk.shopper()
    entry = await waiting(desk, session=headers["x-session"])
    await press(desk, "U1", "deny", entry)
    view = desk.slack.views[-1]
    assert (await desk.sender.submit("U1", view, why=" ")).json()["errors"] == {"why": "Please fill this in."}
    await desk.sender.submit("U1", view, why="the parcel was on time")
    await desk.settled()
    read = await desk.reads(headers)
    assert '"status":"denied"' in read
    assert "on time" not in read
    assert await refunds(desk, entry) == []
    await until_so(lambda: "the parcel was on time" in desk.slack.texts("CAPP"))
    shown = json.dumps((await card(desk, entry))["blocks"])
    assert "*Why it was asked for* parcel a week late" in shown
    assert shown.count("the parcel was on time") == shown.count("parcel a week late") == 1


async def test_the_reason_of_whoever_asked_is_not_the_deciders(desk: Desk) -> None:
    entry = await waiting(desk)
    await press(desk, "U1", "approve", entry)
    shown = json.dumps((await card(desk, entry))["blocks"])
    assert "approved and done" in shown
    assert shown.count("parcel a week late") == 1


async def test_another_amount_is_given_within_the_deciders_own_limit_once(desk: Desk) -> None:
    entry = await waiting(desk, "40.00")
    await press(desk, "U1", "edit_amount", entry)
    view = desk.slack.views[-1]
    assert "amount" in (await desk.sender.submit("U1", view, amount="-3", why="x")).json()["errors"]
    await asyncio.gather(*(desk.sender.submit("U1", view, amount="22,50", why="enough") for _ in range(2)))
    await desk.settled()
    assert [Decimal(str(one["amount"])) for one in await refunds(desk, entry)] == [Decimal("22.50")]
    assert (await desk.channel.approvals._office.decisions.find(entry.operation_id)).status == "denied"


async def test_nobody_decides_and_those_who_may_are_called_then_it_expires(desk: Desk) -> None:
    headers = await desk.shopper()
    entry = await waiting(desk, session=headers["x-session"])
    ts = (await card(desk, entry))["ts"]
    old = replace(entry, changed_at=datetime.now(UTC) - timedelta(hours=2))
    assert await desk.dragoman.ledger.move(old, "needs_approval")
    await until_so(lambda: "Nobody has decided" in json.dumps(desk.slack.thread("CAPP", ts)))
    call = json.dumps(desk.slack.thread("CAPP", ts))
    assert "<@U1>" in call
    assert "<@U2>" not in call
    past = replace(old, expires_at=datetime.now(UTC) - timedelta(minutes=1))
    assert await desk.dragoman.ledger.move(past, "needs_approval")
    await until_so(lambda: "expired" in json.dumps([m for m in desk.slack.messages["CAPP"] if m["ts"] == ts]))

    async def told() -> bool:
        return "EXPIRED" in await desk.reads(headers)

    await until(told)
    await press(desk, "U1", "approve", entry)
    assert await refunds(desk, entry) == []


async def test_an_order_that_changed_is_not_approved_as_it_was(desk: Desk) -> None:
    entry = await waiting(desk)
    other = Request.of("give_goodwill", {"order_id": entry.order_id, "amount": "19.00", "reason": "late parcel"})
    first = Errand(Asker(role="operator", rank="agent"), other, "bob", "", "also late", Consent.to(other))
    assert (await desk.dragoman.clerk().act(first)).status in ("done", "needs_approval")
    await press(desk, "U2", "approve", entry)
    assert Decimal("25") not in [Decimal(str(one["amount"])) for one in await refunds(desk, entry)]


@pytest.mark.prove
async def test_two_processes_that_get_a_click_each_execute_once_and_tell_the_other(
    demo_home: Path, slack: Slack, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    order = next(one for one in _orders() if _paid(one) >= 60)
    async with open_dragoman(Settings(home=home)) as dragoman:
        operation = await goodwill(dragoman, order.order_id, "24.00")
        told_to = {**environment(slack), "DRAGOMAN_SLACK_APPROVALS_CHANNEL": "CAPP"}
        with serve(home, **told_to) as one, serve(home, **told_to) as other:

            async def posted() -> bool:
                post = await dragoman.slack.records.post(f"approval:{operation}")
                return bool(post and post.ts)

            await until(posted)
            before = len(slack.whispers)
            async with AsyncClient(base_url=one.address) as first, AsyncClient(base_url=other.address) as second:
                clicks = [(first, "U1"), (second, "U3")]
                await asyncio.gather(
                    *(Sender(to, slack.address).click(user, "approve", operation, "CAPP", "1.1") for to, user in clicks)
                )

            async def over() -> bool:
                counts = await dragoman.slack.queue.counts()
                return not counts.get("waiting") and not counts.get("running")

            await until(over)
            told = [whisper for whisper in slack.whispers[before:] if "decided already" in whisper["text"]]
        found = await dragoman.shop.order(order.order_id)
        entry = await dragoman.ledger.find(operation)
    assert found is not None
    assert entry is not None
    assert [str(one["amount"]) for one in found.payment_history if one.get("kind") == "goodwill"] == ["24.00"]
    [whisper] = told
    by = next(step["by"] for step in entry.history if str(step["by"]).startswith("slack"))
    assert not by.startswith(f"slack {whisper['user']} ")
