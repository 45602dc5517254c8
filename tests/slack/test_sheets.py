"""A sheet that comes with a message: its texts in other locales and the workbook for review in the thread."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from integrations.localization.review import read_review
from tests.slack.desk import Desk, until_so

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHEET = b"sku,title\nA-1,Add to cart\nA-2,A lamp of ours\n"


def shared(desk: Desk, channel: str, thread: str) -> dict[str, bytes]:
    """The files in a thread, by their names."""
    return {one["name"]: one["data"] for one in desk.slack.files.values()
            if one.get("channel") == channel and one.get("thread") == thread}  # fmt: skip


def sheet(desk: Desk, data: bytes = SHEET, name: str = "p.csv", user: str = "U4", **more: Any) -> list[dict[str, Any]]:
    return [desk.slack.add_file(name, data, user, **more)]


async def test_a_sheet_sent_with_locales_comes_back_localized(desk: Desk) -> None:
    ts = await desk.sender.say("DU4", "U4", "Localize to de-DE, ja-JP", subtype="file_share", files=sheet(desk))
    await until_so(lambda: len(shared(desk, "DU4", ts)) == 2)
    await desk.settled()
    files = shared(desk, "DU4", ts)
    assert files["p.localized.csv"].decode().splitlines() == [
        "sku,title,de-DE,ja-JP", "A-1,Add to cart,In den Warenkorb,カートに入れる", "A-2,A lamp of ours,,",
    ]  # fmt: skip
    assert len(read_review(files["p.review.xlsx"], "r.xlsx")) == 4
    assert load_workbook(io.BytesIO(files["p.review.xlsx"])).sheetnames == ["review", "how to"]
    own = desk.slack.thread("DU4", ts)
    assert len(own) == 1
    assert "1 memory, 1 not translated" in str(own[0])


async def test_the_command_takes_the_sheet_that_was_put_into_the_channel(desk: Desk) -> None:
    before = len(desk.slack.responses)
    ts = await desk.sender.say("CSUP", "U4", "the new sheet", subtype="file_share", files=sheet(desk))
    desk.slack.messages["CSUP"].append({"ts": ts, "user": "U4", "text": "the new sheet", "files": sheet(desk)})
    await desk.sender.command("U4", "localize de-DE", "CSUP")
    await until_so(lambda: len(shared(desk, "CSUP", ts)) == 2)
    await desk.settled()
    assert len(desk.slack.responses) == before


async def test_the_command_without_a_sheet_says_what_to_do(desk: Desk) -> None:
    before = len(desk.slack.responses)
    for text, says in (
        ("localize de-DE", "localize to de-DE"),
        ("localize", "into which locales"),
        ("localize xx-YY", "no locale"),
    ):
        await desk.sender.command("U1", text, "CAPP")
        await until_so(lambda says=says: says in str(desk.slack.responses[before:]))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"sku,title\n1,a,b,c\n", "p.csv", "row 2"),
        (b"sku,price\n1,2\n", "p.csv", "no text"),
        (b"title\n" + b"".join(b"A new text %d\n" % n for n in range(401)), "p.csv", "more than 400"),
        (b"x" * 2_000_001, "p.csv", "larger than 2 MB"),
        (b"x", "p.pdf", "none of the files"),
    ],
)  # fmt: skip
async def test_what_cannot_be_localized_is_said_in_the_thread(desk: Desk, data: bytes, name: str, says: str) -> None:
    ts = await desk.sender.say("DU4", "U4", "localize to de-DE", subtype="file_share", files=sheet(desk, data, name))
    await until_so(lambda: says in str(desk.slack.thread("DU4", ts)))
    await desk.settled()
    assert shared(desk, "DU4", ts) == {}


async def test_a_sheet_that_is_not_slacks_is_not_fetched(desk: Desk) -> None:
    files = sheet(desk, url_private_download="http://evil.example/a.csv")
    ts = await desk.sender.say("DU4", "U4", "localize to de-DE", subtype="file_share", files=files)
    await until_so(lambda: "does not keep it" in str(desk.slack.thread("DU4", ts)))


async def test_nobody_else_may(desk: Desk) -> None:
    before = len(desk.slack.whispers)
    ts = await desk.sender.mention("CGEN", "U9", "localize to de-DE", files=sheet(desk, user="U9"))
    await until_so(lambda: len(desk.slack.whispers) > before)
    await desk.settled()
    assert shared(desk, "CGEN", ts) == {}


async def test_an_event_that_comes_again_shows_nothing_twice(desk: Desk) -> None:
    files, ts = sheet(desk), "1790000000.000777"
    event = {"type": "message", "channel": "DU4", "user": "U4", "text": "localize to de-DE", "ts": ts, "event_ts": ts,
             "channel_type": "im", "team": "T1", "subtype": "file_share", "files": files}  # fmt: skip
    await desk.sender.event(event, "EvTWICE1")
    await until_so(lambda: len(shared(desk, "DU4", ts)) == 2)
    await desk.settled()
    sheets = desk.channel.app._sheets
    from integrations.slack.web import Place

    assert await sheets.work(event, Place("T1", "DU4", ts), "EvTWICE1")
    assert len(shared(desk, "DU4", ts)) == 2
    assert len(desk.slack.thread("DU4", ts)) == 1
