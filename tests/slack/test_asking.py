"""Questions of colleagues: in direct messages, in channels, in threads; what streams, what is kept back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.slack.desk import Desk, until_so

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "How long does delivery to Germany take?"


def answers(desk: Desk, channel: str, thread: str) -> list[dict[str, Any]]:
    return [one for one in desk.slack.thread(channel, thread) if one.get("bot_id")]


async def test_a_direct_message_is_answered_in_a_stream_with_steps_sources_and_thumbs(desk: Desk) -> None:
    ts = await desk.sender.say("DU1", "U1", QUESTION)
    await desk.settled()
    [answer] = answers(desk, "DU1", ts)
    assert "business days" in answer["text"] or "days" in answer["text"]
    stream = desk.slack.streams[answer["ts"]]
    assert stream["over"]
    assert {task["status"] for task in stream["tasks"].values()} == {"complete"}
    told = json.dumps(answer["blocks"])
    assert "[1]" in told
    assert "feedback_buttons" in told
    thumb = answer["blocks"][-1]["elements"][0]["positive_button"]["value"]
    await desk.sender.click("U1", "feedback", thumb, "DU1", answer["ts"], ts)
    await desk.settled()
    assert "noted" in desk.slack.whispers[-1]["text"]


async def test_only_the_desk_sees_an_order_and_only_where_nobody_else_reads(desk: Desk) -> None:
    ts = await desk.sender.say("DU1", "U1", "Where is order AQ-10095?")
    other = await desk.sender.say("DU9", "U9", "Where is order AQ-10095?")
    await desk.settled()
    assert "Order AQ-10095" in json.dumps(answers(desk, "DU1", ts))
    assert "parcel" not in json.dumps(answers(desk, "DU9", other)).lower()
    before = len(desk.slack.whispers)
    thread = await desk.sender.mention("CGEN", "U1", "Where is order AQ-10095?")
    await desk.settled()
    assert answers(desk, "CGEN", thread) == []
    [whisper] = desk.slack.whispers[before:]
    assert whisper["user"] == "U1"
    assert "Order AQ-10095" in json.dumps(whisper["blocks"])
    await desk.sender.mention("CGEN", "U9", "Where is order AQ-10095?")
    await desk.settled()
    assert "direct message" in desk.slack.whispers[-1]["text"]


async def test_internal_documents_stay_with_the_desk(desk: Desk) -> None:
    question = "What goodwill may I offer without approval?"
    ts = await desk.sender.say("DU1", "U1", question)
    other = await desk.sender.say("DU9", "U9", question)
    guest = await desk.sender.say("DUG", "UG", question)
    thread = await desk.sender.mention("CGEN", "U1", question)
    await desk.settled()
    assert "operator-goodwill" in json.dumps(answers(desk, "DU1", ts)) or "EUR 20" in json.dumps(
        answers(desk, "DU1", ts)
    )
    for channel, root in (("DU9", other), ("DUG", guest), ("CGEN", thread)):
        [answer] = answers(desk, channel, root)
        assert "Goodwill limits" not in json.dumps(answer)
        assert "EUR 20" not in json.dumps(answer)


async def test_a_thread_goes_on_without_a_mention_and_a_mention_is_answered_once(desk: Desk) -> None:
    thread = await desk.sender.mention("CGEN", "U2", QUESTION)
    await desk.settled()
    assert len(answers(desk, "CGEN", thread)) == 1
    await desk.sender.say("CGEN", "U2", "And to Japan?", thread_ts=thread)
    await desk.settled()
    first, second = answers(desk, "CGEN", thread)
    assert "Japan" in json.dumps(second)
    await desk.sender.say("CGEN", "U2", "<@U1> did you see this?", thread_ts=thread)
    await desk.sender.say("CGEN", "U2", "Nobody asked you here")
    await desk.settled()
    assert len(answers(desk, "CGEN", thread)) == 2
    assert first["ts"] != second["ts"]


async def test_without_streams_one_message_is_updated(desk: Desk) -> None:
    desk.slack.faults.missing = {"chat.startStream"}
    ts = await desk.sender.say("DU1", "U1", QUESTION)
    await desk.settled()
    [answer] = answers(desk, "DU1", ts)
    assert "days" in answer["text"]
    assert answer["blocks"][-1]["type"] == "context_actions"


async def test_a_stream_that_expired_is_told_to_its_end_all_the_same(desk: Desk) -> None:
    desk.slack.faults.expired_after = 1
    ts = await desk.sender.say("DU2", "U2", QUESTION)
    await desk.settled()
    [answer] = answers(desk, "DU2", ts)
    assert "days" in answer["text"]
    assert "feedback_buttons" in json.dumps(answer["blocks"])


async def test_prompts_are_suggested_by_role_without_a_thread(desk: Desk) -> None:
    for user in ("U1", "U4", "UG"):
        await desk.sender.event({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "messages"})
    await desk.settled()
    staff, marketer, guest = desk.slack.of("assistant.threads.setSuggestedPrompts")[-3:]
    assert "thread_ts" not in staff
    assert len({json.dumps(one["prompts"]) for one in (staff, marketer, guest)}) == 3


async def test_an_event_sent_three_times_is_answered_once(desk: Desk) -> None:
    event = {"type": "message", "channel": "DU3", "user": "U3", "text": QUESTION, "ts": "1700000000.000001",
             "event_ts": "1700000000.000001", "channel_type": "im"}  # fmt: skip
    for _ in range(3):
        await desk.sender.event(event, event_id="EvTwice")
    await desk.settled()
    await until_so(lambda: answers(desk, "DU3", "1700000000.000001"))
    assert len(answers(desk, "DU3", "1700000000.000001")) == 1
