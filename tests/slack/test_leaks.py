"""Attempts to get a note to a shopper, or something personal before eyes it is not for. Each must come to nothing."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from integrations.slack.relaying import Mode, fate_of
from tests.slack.desk import Desk, until_so

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLAIMED, LIVE = Mode("U1"), Mode("U1", live=True)
BARE: dict[str, Any] = {"type": "message", "user": "U1", "text": "SECRET remark", "ts": "2.2", "thread_ts": "1.1"}
FORWARD = [{"is_share": True, "text": "SECRET remark", "from_url": "https://x.slack.com/archives/C9/p1"}]
MARKED = {**BARE, "text": "&gt; SECRET remark"}

NOTES: dict[str, tuple[dict[str, Any], Mode]] = {
    "nothing marks it": (BARE, CLAIMED),
    "unclaimed and unmarked": (BARE, Mode()),
    "unclaimed and marked": (MARKED, Mode()),
    "a colleague, marked": ({**MARKED, "user": "U2"}, CLAIMED),
    "a colleague in live mode": ({**BARE, "user": "U2"}, LIVE),
    "a colleague, marked, in live mode": ({**MARKED, "user": "U2"}, LIVE),
    "a quote of a quote": ({**BARE, "text": "&gt;&gt; SECRET remark"}, CLAIMED),
    "a block quote": ({**BARE, "text": "&gt;&gt;&gt; SECRET remark"}, CLAIMED),
    "an arrow further in": ({**BARE, "text": "she says &gt; SECRET remark"}, CLAIMED),
    "note: in live mode": ({**BARE, "text": "note: SECRET remark"}, LIVE),
    "Note: with a capital": ({**BARE, "text": "Note: SECRET remark"}, LIVE),
    "slashes in live mode": ({**BARE, "text": "// SECRET remark"}, LIVE),
    "internal: in live mode": ({**BARE, "text": "INTERNAL: SECRET remark"}, LIVE),
    "a lock in live mode": ({**BARE, "text": ":lock: SECRET remark"}, LIVE),
    "fyi in live mode": ({**BARE, "text": "FYI: SECRET remark"}, LIVE),
    "blanks before the note's mark": ({**BARE, "text": "   note: SECRET remark"}, LIVE),
    "a colleague is mentioned, live": ({**BARE, "text": "<@U2> SECRET remark"}, LIVE),
    "a colleague is mentioned, marked": ({**MARKED, "text": "&gt; SECRET <@U2|tom>"}, CLAIMED),
    "the channel is called": ({**BARE, "text": "<!channel> SECRET remark"}, LIVE),
    "here is called": ({**MARKED, "text": "&gt; <!here> SECRET"}, CLAIMED),
    "a group is called": ({**BARE, "text": "<!subteam^S1|@team> SECRET"}, LIVE),
    "another channel is named": ({**BARE, "text": "see <#C9|secrets> SECRET"}, LIVE),
    "sent to the channel too": ({**BARE, "subtype": "thread_broadcast"}, LIVE),
    "marked, sent to the channel too": ({**MARKED, "subtype": "thread_broadcast"}, CLAIMED),
    "forwarded": ({**BARE, "attachments": FORWARD}, LIVE),
    "forwarded and marked": ({**MARKED, "attachments": FORWARD}, CLAIMED),
    "a /me message": ({**BARE, "subtype": "me_message"}, LIVE),
    "a bot's": ({**BARE, "subtype": "bot_message", "bot_id": "B2"}, LIVE),
    "an app in the claimer's name": ({**BARE, "bot_id": "B2"}, LIVE),
    "a workflow in the claimer's name": ({**BARE, "app_id": "A2"}, LIVE),
    "a reminder": ({**BARE, "subtype": "reminder_add"}, LIVE),
    "somebody joined": ({**BARE, "subtype": "channel_join"}, LIVE),
    "the topic": ({**BARE, "subtype": "channel_topic"}, LIVE),
    "pinned": ({**BARE, "subtype": "pinned_item"}, LIVE),
    "huddle": ({**BARE, "subtype": "huddle_thread"}, LIVE),
    "hidden": ({**BARE, "hidden": True}, LIVE),
    "ephemeral": ({**BARE, "is_ephemeral": True}, LIVE),
    "another workspace": ({**BARE, "team": "T2"}, LIVE),
    "another workspace, by the user": ({**BARE, "user_team": "T2"}, LIVE),
    "another workspace, marked": ({**MARKED, "team": "T2"}, CLAIMED),
    "another's file": ({**BARE, "subtype": "file_share", "files": [{"name": "SECRET.pdf", "user": "U2"}]}, LIVE),
    "another's file, marked": ({**MARKED, "subtype": "file_share", "files": [{"name": "S", "user": "U2"}]}, CLAIMED),
    "a file without a mark": ({**BARE, "subtype": "file_share", "files": [{"name": "S.pdf", "user": "U1"}]}, CLAIMED),
    "a file of elsewhere": (
        {**MARKED, "subtype": "file_share", "files": [{"name": "S", "user": "U1", "is_external": True}]}, CLAIMED,
    ),
    "a file that is gone": (
        {**MARKED, "subtype": "file_share", "files": [{"name": "S", "user": "U1", "mode": "tombstone"}]}, CLAIMED,
    ),
    "more files than a message may have": (
        {**MARKED, "subtype": "file_share", "files": [{"name": "S", "user": "U1"}] * 9}, CLAIMED,
    ),
    "a comment on a file": ({**BARE, "subtype": "file_comment"}, LIVE),
    "no text": ({**BARE, "text": ""}, LIVE),
    "only a mark": ({**BARE, "text": "&gt; "}, CLAIMED),
    "nobody's": ({key: value for key, value in BARE.items() if key != "user"}, LIVE),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTES)
async def test_it_is_a_note(name: str) -> None:
    message, mode = NOTES[name]
    fate = fate_of(message, mode, "T1")
    assert (fate.kind, fate.text) == ("note", "")


async def test_what_is_meant_to_be_sent_is_sent() -> None:
    assert fate_of(MARKED, CLAIMED, "T1").text == "SECRET remark"
    assert fate_of(BARE, LIVE, "T1").text == "SECRET remark"
    shared = {**MARKED, "subtype": "file_share", "files": [{"name": "label.pdf", "user": "U1"}], "team": "T1"}
    fate = fate_of(shared, CLAIMED, "T1")
    assert (fate.text, [one["name"] for one in fate.files]) == ("SECRET remark", ["label.pdf"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def taken(desk: Desk) -> AsyncIterator[tuple[Desk, dict[str, str], str, str]]:
    """A conversation that Mia has, whose shopper must read no SECRET."""
    headers, reference, ts = await desk.claimed("U1")
    yield desk, headers, reference, ts


Taken = tuple[Desk, dict[str, str], str, str]


async def nothing_read(taken: Taken) -> None:
    desk, headers, _, _ = taken
    await desk.settled()
    assert "SECRET" not in await desk.reads(headers)


@pytest.mark.parametrize(
    ("user", "more"),
    [
        ("U1", {}), ("U2", {"text": "&gt; SECRET"}), ("U4", {"text": "&gt; SECRET"}), ("U9", {"text": "&gt; SECRET"}),
        ("UG", {"text": "&gt; SECRET"}), ("UX", {"text": "&gt; SECRET", "team": "T2"}),
        ("U1", {"text": "&gt; SECRET", "subtype": "thread_broadcast"}),
        ("U1", {"text": "&gt; SECRET", "attachments": FORWARD}), ("U1", {"text": "&gt; SECRET", "bot_id": "B2"}),
        ("U1", {"text": "&gt; SECRET <@U2>"}),
        ("U1", {"text": "&gt; SECRET", "subtype": "file_share", "files": [{"name": "SECRET.pdf", "user": "U3"}]}),
    ],
)  # fmt: skip
async def test_a_note_in_the_thread_stays_there(taken: Taken, user: str, more: dict[str, Any]) -> None:
    desk, _, _, ts = taken
    fields = {"text": "SECRET", **more}
    await desk.sender.say("CSUP", user, fields.pop("text"), thread_ts=ts, **fields)
    await nothing_read(taken)


@pytest.mark.parametrize(
    "place", ["outside the thread", "another channel", "another thread", "a direct message", "late"]
)
async def test_the_wrong_place_sends_nothing(taken: Taken, place: str) -> None:
    desk, _, _, ts = taken
    channel = {"another channel": "CGEN", "a direct message": "DU1"}.get(place, "CSUP")
    more = (
        {} if place == "outside the thread" else {"thread_ts": "1700000001.000009" if place == "another thread" else ts}
    )
    if place == "late":
        more = {"thread_ts": f"{int(time.time())}.999999"}
    await desk.sender.say(channel, "U1", "&gt; SECRET", **more)
    await nothing_read(taken)


async def test_no_edit_makes_a_note_readable(taken: Taken) -> None:
    desk, headers, _, ts = taken
    note = await desk.sender.say("CSUP", "U1", "SECRET remark", thread_ts=ts)
    await desk.sender.edit("CSUP", "U1", note, "SECRET remark", "&gt; SECRET remark", ts)
    sent = await desk.sender.say("CSUP", "U1", "&gt; good day", thread_ts=ts)
    await desk.sender.edit("CSUP", "U1", sent, "&gt; good day", "SECRET good day", ts)
    again = await desk.sender.say("CSUP", "U1", "&gt; good evening", thread_ts=ts)
    await desk.sender.edit("CSUP", "U2", again, "&gt; good evening", "&gt; SECRET <@U1>", ts)
    await nothing_read(taken)
    history = (await desk.client.get("/v1/history", headers=headers)).text
    assert "good day" not in history
    assert "good evening" not in history


async def test_after_handing_back_neither_words_nor_edits_reach_the_shopper(desk: Desk) -> None:
    headers, reference, ts = await desk.claimed("U1")
    sent = await desk.sender.say("CSUP", "U1", "&gt; good day", thread_ts=ts)
    await desk.settled()
    await desk.sender.click("U1", "give_back", reference, "CSUP", ts)
    await desk.settled()
    await desk.sender.say("CSUP", "U1", "&gt; SECRET", thread_ts=ts)
    await desk.sender.edit("CSUP", "U1", sent, "&gt; good day", "&gt; SECRET good day", ts)
    await nothing_read((desk, headers, reference, ts))


async def test_only_the_desk_presses_buttons(taken: Taken) -> None:
    desk, headers, reference, ts = taken
    for user in ("U4", "U9", "UG", "UX"):
        for action in ("claim", "live", "reply", "give_back", "resolve"):
            await desk.sender.click(user, action, reference, "CSUP", ts)
    await desk.settled()
    handoff = await desk.dragoman.sessions.handoffs.find(reference)
    assert handoff is not None
    assert (handoff.status, handoff.claimed_by) == ("claimed", "Mia")
    view = {"type": "modal", "callback_id": "reply_sent", "private_metadata": reference, "title": {}, "blocks": []}
    for user in ("U2", "U9", "UG"):
        await desk.sender.submit(user, view, text="SECRET")
    await nothing_read(taken)


@pytest.mark.parametrize("channel", ["CGEN", "CEXT"])
@pytest.mark.parametrize("question", [
    "Where is order AQ-10095?", "What did fahada86@example.org order?", "Track AQ-10095 postcode 5021",
    "#AQ-10095 status please", "Is AQ-10095 still on its way to fahada86@example.org?",
])  # fmt: skip
async def test_a_channel_never_shows_an_order(desk: Desk, channel: str, question: str) -> None:
    before = len(desk.slack.messages[channel])
    for user in ("U1", "UX" if channel == "CEXT" else "UG"):
        await desk.sender.mention(channel, user, question)
    await desk.settled()
    fresh = json.dumps(desk.slack.messages[channel][before:])
    assert [part for part in ("parcel", "customs", "Order AQ-10095", "fahad") if part in fresh.lower()] == []
    whispered = [one for one in desk.slack.whispers if one["channel"] == channel and one["user"] in ("UG", "UX")]
    assert "Order AQ-10095" not in json.dumps(whispered)


async def test_a_follow_up_without_a_number_stays_public(desk: Desk) -> None:
    thread = await desk.sender.mention("CGEN", "U1", "How long does delivery to Germany take?")
    await desk.settled()
    await desk.sender.say("CGEN", "U1", "Where is order AQ-10095?", thread_ts=thread)
    await desk.sender.say("CGEN", "UG", "and when does it arrive?", thread_ts=thread)
    await desk.settled()
    assert "AQ-10095" not in json.dumps(desk.slack.thread("CGEN", thread))


async def test_a_guest_and_a_stranger_have_no_role_though_they_are_listed(desk: Desk) -> None:
    for user in ("UG", "UX"):
        ts = await desk.sender.say(f"D{user}", user, "Where is order AQ-10095?")
        await desk.sender.command(user, "order AQ-10095")
        await desk.sender.command(user, "handoffs")
        await desk.settled()
        assert "Order AQ-10095" not in json.dumps(desk.slack.thread(f"D{user}", ts))
        assert "for people of the desk" in desk.slack.responses[-1]["text"]


async def test_where_outsiders_read_the_support_channel_nothing_personal_is_shown(desk: Desk) -> None:
    desk.slack.channels["CSUP"]["members"].append("UG")
    await desk.sender.event({"type": "member_joined_channel", "user": "UG", "channel": "CSUP"})
    await desk.settled()
    try:
        headers = await desk.shopper()
        await desk.write(headers, "Where is order AQ-10095? fahada86@example.org")
        reference = await desk.wants_person(headers, "AQ-10095 is lost, I am fahada86@example.org")
        card = await desk.card(reference)
        await desk.sender.click("U1", "claim", reference, "CSUP", card["ts"])
        await desk.settled()
        await desk.write(headers, "It is AQ-10095, +49 170 1234567")
        await until_so(lambda: "[order number]" in json.dumps(desk.slack.thread("CSUP", card["ts"])))
        shown = json.dumps([card, *desk.slack.thread("CSUP", card["ts"])])
        assert [part for part in ("AQ-10095", "fahad", "1234567") if part in shown] == []
    finally:
        desk.slack.channels["CSUP"]["members"].remove("UG")
        desk.channel.people.forget("T1", "CSUP")


async def test_a_shoppers_words_call_nobody_and_link_nowhere(taken: Taken) -> None:
    desk, headers, _, ts = taken
    await desk.write(headers, "<!channel> <@U2> <https://evil.example|click> *bold* &lt;!here&gt; end-of-it")
    await until_so(lambda: "end-of-it" in json.dumps(desk.slack.thread("CSUP", ts)))
    line = next(one for one in desk.slack.thread("CSUP", ts) if "end-of-it" in json.dumps(one))
    shown = [block for block in line["blocks"] if block["type"] == "section"]
    assert {block["text"]["type"] for block in shown} == {"plain_text"}
    assert "<!channel>" not in line["text"]
