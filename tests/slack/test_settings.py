"""The Home tab's settings: who may change them, what is refused, that they hold at once and everywhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from integrations.slack.settings_typed import limit_of, mistaken
from tests.slack.desk import Desk, until_so

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOUND = {
    "opens": "09:00", "closes": "17:30", "weekdays": "Mon Tue Wed Thu Fri Sat", "zone": "Europe/Berlin",
    "languages": "en de", "support": "CSUP", "approvals": "CAPP", "alerts": "CALR", "quiet_hours": "",
    "escalate_minutes": "60",
}  # fmt: skip


async def press(desk: Desk, user: str, action: str) -> dict[str, Any] | None:
    """A button of the Home tab; the modal it opened, if it did."""
    before = len(desk.slack.views)
    await desk.sender.click(user, action, action, "", "")
    await desk.settled()
    return desk.slack.views[-1] if len(desk.slack.views) > before else None


async def home(desk: Desk, user: str) -> str:
    await desk.sender.event({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"})
    await desk.settled()
    return json.dumps(desk.slack.homes[user])


def told(desk: Desk, user: str) -> str:
    return str(desk.slack.messages[f"D{user}"][-1]["text"])


async def hours(desk: Desk) -> dict[str, Any]:
    return dict((await desk.client.post("/v1/sessions", json={"locale": "en-GB"})).json()["hours"])


async def test_hours_changed_by_a_lead_are_told_to_shoppers_at_once_and_noted(desk: Desk) -> None:
    view = await press(desk, "U1", "arrange_settings")
    assert view is not None
    assert view["blocks"][0]["element"]["initial_value"] == (await hours(desk))["opens"]
    await desk.sender.submit("U1", view, **SOUND)
    await desk.settled()
    now = await hours(desk)
    assert (now["opens"], now["closes"], now["zone"], now["weekdays"]) == (
        "09:00", "17:30", "Europe/Berlin", [0, 1, 2, 3, 4, 5],
    )  # fmt: skip
    assert "Changed: opens" in told(desk, "U1")
    shown = await home(desk, "U1")
    assert "09:00\\u201317:30 Europe/Berlin" in shown
    assert f"opens: Mia, {datetime.now(UTC):%Y-%m-%d}" in shown
    kept = await desk.dragoman.sessions.arrangements.history()
    assert {change.name for change in kept} == {"opens", "closes", "weekdays", "zone", "languages"}
    assert {change.by for change in kept} == {"slack U1 (Mia)"}


async def test_what_is_not_sound_is_said_in_the_modal_and_nothing_changes(desk: Desk) -> None:
    view = await press(desk, "U3", "arrange_settings")
    assert view is not None
    before = await desk.dragoman.sessions.arrangements.history()
    wrong = {
        "opens": "9", "weekdays": "Mon Foo", "zone": "Mars/Base", "languages": "english!", "quiet_hours": "22-8",
        "escalate_minutes": "0",
    }  # fmt: skip
    answer = (await desk.sender.submit("U3", view, **{**SOUND, **wrong})).json()
    assert set(answer["errors"]) == set(wrong)
    late = (await desk.sender.submit("U3", view, **{**SOUND, "opens": "18:00"})).json()
    assert set(late["errors"]) == {"closes"}
    await desk.settled()
    assert await desk.dragoman.sessions.arrangements.history() == before


@pytest.mark.parametrize(
    ("user", "action"),
    [
        ("U2", "arrange_settings"),
        ("U9", "arrange_settings"),
        ("UG", "arrange_limits"),
        ("U1", "arrange_limits"),
    ],
)
async def test_who_may_not_is_told_so_and_gets_no_modal(desk: Desk, user: str, action: str) -> None:
    assert await press(desk, user, action) is None
    assert "not among them" in told(desk, user)
    assert "arrange_limits" not in await home(desk, user)


async def test_a_submission_of_who_may_not_changes_nothing(desk: Desk) -> None:
    view = await press(desk, "U3", "arrange_limits")
    assert view is not None
    before = await desk.dragoman.sessions.arrangements.history()
    for user in ("U1", "U9", "UG"):
        await desk.sender.submit(user, view, limit_0="EUR 9999")
        await desk.settled()
    assert await desk.dragoman.sessions.arrangements.history() == before


async def test_another_channel_is_used_without_a_restart_and_one_we_are_not_in_is_named(desk: Desk) -> None:
    desk.slack.add_channel("CSU2", "support-two", ["U1", "U2", "U3", "UBOT"])
    desk.slack.add_channel("COUT", "without-us", ["U1"])
    view = await press(desk, "U1", "arrange_settings")
    assert view is not None
    await desk.sender.submit("U1", view, **{**SOUND, "support": "CSU2", "alerts": "COUT"})
    await desk.settled()
    assert "I am not in <#COUT>" in told(desk, "U1")
    reference = await desk.wants_person(await desk.shopper())
    await until_so(lambda: reference in desk.slack.texts("CSU2"))
    assert reference not in desk.slack.texts("CSUP")
    await desk.sender.submit("U1", view, **SOUND)
    await desk.settled()


async def test_limits_changed_by_the_head_bind_at_once_and_must_not_stand_on_their_head(desk: Desk) -> None:
    view = await press(desk, "U3", "arrange_limits")
    assert view is not None
    names = [block["label"]["text"] for block in view["blocks"]]
    agent, lead = names.index("agent: give goodwill"), names.index("lead: give goodwill")
    fields = {f"limit_{place}": block["element"]["initial_value"] for place, block in enumerate(view["blocks"])}
    await desk.sender.submit("U3", view, **{**fields, f"limit_{agent}": "EUR 200"})
    await desk.settled()
    assert "lead may move less than agent" in told(desk, "U3")
    await desk.sender.submit("U3", view, **{**fields, f"limit_{agent}": "EUR 33,50", f"limit_{lead}": "EUR 120"})
    await desk.settled()
    held = desk.dragoman.clerk().policy.limit_of("give_goodwill", "agent")
    assert held is not None
    assert held.up_to == {"EUR": Decimal("33.50")}
    assert (held.per, held.rule) == ("order", "GOODWILL_APPROVAL")
    untouched = desk.dragoman.clerk().policy.limit_of("refund_order", "lead")
    assert untouched is not None
    assert untouched.up_to is not None
    assert len(untouched.up_to) > 5
    assert "EUR 33.50" in await home(desk, "U3")


async def test_changes_outlast_a_restart_and_reach_another_process_within_a_second(desk: Desk) -> None:
    from integrations.bootstrap import open_dragoman

    await desk.dragoman.sessions.arrangements.change("slack U3 (Ada)", opens="07:45")
    async with open_dragoman(desk.dragoman.settings) as other:
        context = await other.context(await _somebody())
        assert context.desk.opens.strftime("%H:%M") == "07:45"
        await desk.dragoman.sessions.arrangements.change("slack U3 (Ada)", opens="08:15")
        other.sessions.arrangements._read_at -= 1
        assert (await other.context(await _somebody())).desk.opens.strftime("%H:%M") == "08:15"


async def _somebody() -> Any:
    from tools.context import Session

    return Session("somebody")


@pytest.mark.parametrize(
    ("typed", "amounts"),
    [
        ("EUR 20", {"EUR": "20"}), ("eur 20,50; gbp 18", {"EUR": "20.50", "GBP": "18"}),
        ("EUR 20, JPY 3000", {"EUR": "20", "JPY": "3000"}),
        ("EUR", {}), ("20", {}), ("EUR -5", {}), ("EUR 20 GBP 5", {}), ("", {}), ("EUR 1e9", {}), ("EURO 20", {}),
    ],
)  # fmt: skip
async def test_amounts_are_read_as_people_type_them(typed: str, amounts: dict[str, str]) -> None:
    assert limit_of(typed) == amounts
    assert bool(mistaken({"limit_0": typed})) is not bool(amounts)
