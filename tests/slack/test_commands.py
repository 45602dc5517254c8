"""The command, the shortcuts, the Home tab, alerts, capabilities: what each shows to whom."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.slack.capabilities import Capability, Progress, Result
from tests.slack.desk import Desk, until_so

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def answer(desk: Desk, user: str, text: str) -> dict[str, Any]:
    before = len(desk.slack.responses)
    await desk.sender.command(user, text)
    await until_so(lambda: len(desk.slack.responses) > before)
    await desk.settled()
    return desk.slack.responses[-1]


async def test_a_click_on_a_large_message_comes_in(desk: Desk) -> None:
    large = {"type": "block_actions", "user": {"id": "U9"}, "team": {"id": "T1"}, "actions": [{"action_id": "nothing"}],
             "message": {"blocks": ["x" * 150_000]}}  # fmt: skip
    assert (await desk.sender.form({"payload": json.dumps(large)})).status_code == 200
    too_large = {**large, "message": {"blocks": ["x" * 1_200_000]}}
    assert (await desk.sender.form({"payload": json.dumps(too_large)})).status_code == 413


async def test_help_tells_what_there_is(desk: Desk) -> None:
    for text in ("", "help", "dance"):
        told = await answer(desk, "U9", text)
        assert told["response_type"] == "ephemeral"
        assert "/dragoman order" in json.dumps(told)
        assert "/dragoman localize" in json.dumps(told)
        assert "Not available yet" not in json.dumps(told)


async def test_claims_of_a_text_are_told_with_their_rules(desk: Desk) -> None:
    told = json.dumps(await answer(desk, "U4", "claims DE de-DE Klimaneutrale Socken"), ensure_ascii=False)
    assert "Klimaneutrale" in told
    assert "block" in told
    assert "Nothing found" in json.dumps(await answer(desk, "U4", "claims Socks of cotton, 38 to 42"))
    assert "Give the text" in (await answer(desk, "U4", "claims"))["text"]
    assert "Usage" in (await answer(desk, "U4", "claims ZZ de-DE Socken"))["text"]


async def test_a_place_is_meant_however_it_is_typed_and_is_no_text(desk: Desk) -> None:
    for typed in ("de DE-de", "De+Amazon de-de", "DE de_DE"):
        told = json.dumps(await answer(desk, "U4", f"claims {typed} Klimaneutrale Socken"), ensure_ascii=False)
        assert "Held to the rules of DE" in told
        assert "block" in told
    for text in ("claims DE de-DE", "claims de de-de  ", "claims DE xx-YY heilt Krebs"):
        assert "Usage" in (await answer(desk, "U4", text))["text"]


async def test_a_command_reads_what_was_typed_and_not_slacks_notation(desk: Desk) -> None:
    told = json.dumps(await answer(desk, "U4", "claims US en-US Cures &lt;b&gt;cancer&lt;/b&gt; &amp; more"))
    assert "1 finding" in told
    assert "1 findings" not in told
    assert "amp;lt;" not in told
    assert "There is no `dance`" in (await answer(desk, "U9", "<@U2> Dance"))["text"]


async def test_an_answer_whose_address_has_expired_is_a_direct_message(desk: Desk) -> None:
    desk.slack.faults.expired_address = True
    failed = (await desk.channel.counts()).get("failed", 0)
    await desk.sender.command("U1", "order AQ-10023")
    await desk.sender.shortcut("U4", "check_copy", "Klimaneutrale Socken")
    await desk.settled()
    assert "Order AQ-10023" in desk.slack.texts("DU1")
    assert "finding" in desk.slack.texts("DU4")
    assert (await desk.channel.counts()).get("failed", 0) == failed


async def test_an_order_is_asked_for_where_none_or_several_are_named(desk: Desk) -> None:
    for text in ("order", "order AQ-10023 AQ-10100"):
        assert "one order number" in (await answer(desk, "U1", text))["text"]


async def test_a_listing_is_drafted_with_a_workbook(desk: Desk) -> None:
    product = (await desk.dragoman.shop.products())[0].product_id
    told = json.dumps(await answer(desk, "U4", f"listing {product} amazon de-DE"), ensure_ascii=False)
    assert "title" in told
    await until_so(lambda: any("amazon" in str(one) for one in desk.slack.files.values()))
    assert "no product" in (await answer(desk, "U4", "listing NONE amazon de-DE"))["text"]
    assert "Usage" in (await answer(desk, "U4", f"listing {product}"))["text"]


async def test_orders_are_for_the_desk_and_answers_follow_the_asker(desk: Desk) -> None:
    assert "AQ-10095" in json.dumps((await answer(desk, "U1", "order aq-10095"))["blocks"])
    assert "There is no order" in (await answer(desk, "U1", "order XX-1"))["text"]
    for user in ("U9", "UG", "U4"):
        assert "for people of the desk" in (await answer(desk, user, "order AQ-10095"))["text"]
    internal = "ask What goodwill may I offer without approval?"
    assert "EUR 20" in json.dumps(await answer(desk, "U1", internal))
    assert "EUR 20" not in json.dumps(await answer(desk, "U9", internal))
    for name in ("approvals", "handoffs"):
        assert "for people" in (await answer(desk, "U9", name))["text"]
        assert (await answer(desk, "U1", name))["blocks"][0]["type"] == "header"


async def test_a_capability_joins_by_an_entry(desk: Desk) -> None:
    async def check(text: str) -> AsyncIterator[Progress | Result]:
        if not text:
            raise ValueError("Give the text.")
        yield Progress(1, 2, "Checking")
        await asyncio.sleep(0)
        yield Result("One finding", f"In “{text}”:", "findings.csv", b"rule,why\n", ("GREEN: no evidence",))

    joined = desk.channel.app._commands._office.capabilities
    assert isinstance(joined, dict)
    ours = joined["claims"]
    joined["claims"] = Capability("claims", "claims TEXT", check)
    try:
        before = len(desk.slack.responses)
        told = await answer(desk, "U4", "claims the greenest lamp")
        await until_so(lambda: any(one.get("channel") == "DU4" for one in desk.slack.files.values()))
        first, last = desk.slack.responses[before:]
        assert "1 of 2" in first["text"]
        assert last["replace_original"]
        assert "GREEN" in json.dumps(told if told is last else last)
        assert "Give the text" in (await answer(desk, "U4", "claims"))["text"]
        assert "for people of the desk" in (await answer(desk, "U9", "claims x"))["text"]
        await desk.sender.shortcut("U4", "check_copy", "the greenest lamp")
        await desk.settled()
        assert "One finding" in json.dumps(desk.slack.responses[-1])
    finally:
        del joined["claims"]
    await desk.sender.shortcut("U4", "check_copy", "the greenest lamp")
    await desk.settled()
    assert "not available yet" in desk.slack.responses[-1]["text"]
    joined["claims"] = ours


async def test_shortcuts_draft_a_reply_and_an_entry(desk: Desk) -> None:
    await desk.sender.shortcut("U1", "draft_reply", "How long does delivery to Germany take?")
    await desk.settled()
    assert "[1]" in json.dumps(desk.slack.responses[-1]["blocks"])
    await desk.sender.shortcut("U9", "add_knowledge", "We engrave nothing.")
    await desk.settled()
    assert "for people of the desk" in desk.slack.responses[-1]["text"]
    await desk.sender.shortcut("U1", "add_knowledge", "We engrave nothing. Ask mia@example.org")
    await desk.settled()
    await desk.sender.submit("U1", desk.slack.views[-1], question="Do you engrave?", answer="No. Ask mia@example.org")
    await desk.settled()
    [draft] = (desk.dragoman.settings.home / "drafts").glob("*.md")
    assert "Do you engrave?" in draft.read_text("utf-8")
    assert "mia@" not in draft.read_text("utf-8")
    assert "Kept as a draft" in desk.slack.messages["DU1"][-1]["text"]
    hits = desk.dragoman.library.retriever.search("Do you engrave?", __import__("knowledge.filters").filters.Filter())
    assert all("engrave" not in hit.passage.document for hit in hits)


async def test_the_home_tab_shows_the_day_to_the_desk_only(desk: Desk) -> None:
    headers = await desk.shopper()
    turns = (await desk.write(headers, "How long does delivery to Germany take?"),)
    reference = await desk.wants_person(await desk.shopper())
    history = (await desk.client.get("/v1/history", headers=headers)).json()
    rated = {"turn": history["turns"][0]["turn"], "score": 1}
    await desk.client.post("/v1/feedback", headers=headers, json=rated)
    for user in ("U1", "U9"):
        await desk.sender.event({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"})
    await desk.settled()
    shown, other = json.dumps(desk.slack.homes["U1"]), json.dumps(desk.slack.homes["U9"])
    for part in (reference, "Resolved, confirmed", "Resolved, assumed", "Reopened", "First answer", "cost", "CSUP"):
        assert part in shown
    assert reference not in other
    assert turns
    day = await desk.dragoman.slack[2].day(datetime.now(UTC))
    assert (day.conversations >= 1, day.confirmed) == (True, 1)
    later = await desk.dragoman.slack[2].day(datetime.now(UTC).replace(hour=23, minute=59, second=59))
    assert later.confirmed == 1
