"""Files between the shopper and the colleague who has them: real files, made anew, never where they do not belong."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image

from integrations.slack.calls import SlackRefused
from tests.slack.desk import Desk, until_so

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHERE = b"52.5200N 13.4050E"


def photo(colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    """A photo that says where it was taken."""
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = WHERE.decode()
    Image.new("RGB", (40, 30), colour).save(held, "JPEG", exif=exif)
    assert WHERE in held.getvalue()
    return held.getvalue()


async def attach(desk: Desk, headers: dict[str, str], sent: bytes, words: str = "Look") -> str:
    """The shopper sends a photo."""
    given = {**headers, "content-type": "image/jpeg"}
    kept = (await desk.client.post("/v1/attachments?name=crack.jpg", headers=given, content=sent)).json()
    message = {"message": words, "attachments": [kept["attachment_id"]]}
    await desk.client.post("/v1/chat", headers=headers, json=message)
    return str(kept["attachment_id"])


def in_thread(desk: Desk, ts: str) -> list[dict[str, Any]]:
    return [one for one in desk.slack.files.values() if one.get("thread") == ts]


async def person_messages(desk: Desk, headers: dict[str, str]) -> list[dict[str, Any]]:
    told = (await desk.client.get("/v1/history", headers=headers)).json()["person_messages"]
    return [one for one in told if one["speaker"] == "person"]


async def share(desk: Desk, ts: str, user: str, text: str, *files: dict[str, Any]) -> str:
    sent = await desk.sender.say("CSUP", user, text, thread_ts=ts, subtype="file_share", files=list(files))
    await desk.settled()
    return sent


async def test_what_the_shopper_sent_before_and_after_stands_in_the_thread_once(desk: Desk) -> None:
    headers = await desk.shopper()
    await attach(desk, headers, photo())
    reference = await desk.wants_person(headers)
    ts = (await desk.card(reference))["ts"]
    await until_so(lambda: len(in_thread(desk, ts)) == 1)
    await desk.sender.click("U1", "claim", reference, "CSUP", ts)
    await desk.settled()
    desk.slack.faults.lost, desk.slack.faults.failed = 0.3, 0.1
    await attach(desk, headers, photo((30, 30, 200)), "and the other side")
    await until_so(lambda: "the other side" in json.dumps(desk.slack.thread("CSUP", ts)))
    desk.slack.faults.lost = desk.slack.faults.failed = 0.0
    await desk.write(headers, "that is all")
    await until_so(lambda: "that is all" in json.dumps(desk.slack.thread("CSUP", ts)))
    shown = in_thread(desk, ts)
    assert [one["name"] for one in shown] == ["crack.jpg", "crack.jpg"]
    assert all(Image.open(io.BytesIO(one["data"])).size == (40, 30) and WHERE not in one["data"] for one in shown)


async def test_where_outsiders_read_along_no_file_of_a_shopper_is_shown(desk: Desk) -> None:
    desk.slack.channels["CSUP"]["members"].append("UG")
    desk.channel.people.forget("T1", "CSUP")
    try:
        headers = await desk.shopper()
        await attach(desk, headers, photo())
        ts = (await desk.card(await desk.wants_person(headers)))["ts"]
        await until_so(lambda: "not shown here" in json.dumps(desk.slack.thread("CSUP", ts)))
        assert in_thread(desk, ts) == []
    finally:
        desk.slack.channels["CSUP"]["members"].remove("UG")
        desk.channel.people.forget("T1", "CSUP")


async def test_a_colleagues_file_reaches_the_shopper_made_anew_and_goes_when_it_is_taken_back(desk: Desk) -> None:
    headers, _, ts = await desk.claimed("U1")
    file = desk.slack.add_file("how to.jpg", photo(), "U1")
    sent = await share(desk, ts, "U1", "&gt; This is how.", file)
    [message] = await person_messages(desk, headers)
    [told] = message["attachments"]
    assert (message["text"], told["name"], told["media_type"]) == ("This is how.", "how to.jpg", "image/jpeg")
    where = f"/v1/attachments/{told['attachment_id']}"
    content = (await desk.client.get(where, headers=headers)).content
    assert Image.open(io.BytesIO(content)).size == (40, 30)
    assert WHERE not in content
    assert (await desk.client.get(where, headers=await desk.shopper())).status_code == 404
    assert told["attachment_id"] in await desk.reads(headers)
    assert ("CSUP", sent, "white_check_mark") in desk.slack.reactions
    await desk.sender.delete("CSUP", "U1", sent, "&gt; This is how.", ts)
    await desk.settled()
    assert (await desk.client.get(where, headers=headers)).status_code == 404
    assert in_thread(desk, ts) == []


async def test_a_file_alone_is_named(desk: Desk) -> None:
    headers, _, ts = await desk.claimed("U1")
    await share(desk, ts, "U1", "&gt; ", desk.slack.add_file("label.jpg", photo(), "U1"))
    [message] = await person_messages(desk, headers)
    assert (message["text"], len(message["attachments"])) == ("label.jpg", 1)


async def test_what_may_not_be_sent_is_said_and_nothing_of_the_message_goes(desk: Desk) -> None:
    headers, _, ts = await desk.claimed("U1")
    slack = desk.slack
    elsewhere = {**slack.add_file("a.jpg", photo(), "U1"), "url_private_download": "http://127.0.0.1:9/a.jpg"}
    for file, why in (
        (slack.add_file("run.exe", b"MZ" + bytes(90), "U1"), "run.exe: Only photos"),
        (slack.add_file("page.jpg", photo() + b"<script>", "U1"), "more than it says"),
        (slack.add_file("big.jpg", photo() + bytes(8_000_001), "U1"), "larger than 8 MB"),
        (elsewhere, "not kept in Slack"),
        (slack.add_file("c.jpg", photo(), "U2"), "somebody else"),
    ):
        await share(desk, ts, "U1", "&gt; take this", slack.add_file("good.jpg", photo(), "U1"), file)
        assert why in slack.whispers[-1]["text"]
    await share(desk, ts, "U1", "no mark", slack.add_file("note.jpg", photo(), "U1"))
    assert await person_messages(desk, headers) == []


async def test_our_token_goes_to_slack_alone(desk: Desk) -> None:
    for url in (
        "http://files.slack.com/a", "https://slack.com.evil.example/a", "https://evilslack.com/a",
        "https://files.slack.com:8443/a", "https://files.slack.com@evil.example/a", "",
    ):  # fmt: skip
        with pytest.raises(SlackRefused, match="not_of_slack"):
            await desk.channel.web.fetch("T1", url, 100)


async def test_no_shopper_gives_a_file_to_a_persons_words(desk: Desk) -> None:
    headers = await desk.shopper()
    told = await desk.client.post("/v1/chat", headers=headers, json={"message": "x", "turn": "said-7"})
    assert told.status_code == 422
