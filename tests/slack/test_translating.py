"""Words put into the other's language by a served model: the original stands beside them, figures and people stay."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from integrations.models.translating import keeps_figures
from tests.assistant.openai_server import asked as words_of
from tests.assistant.openai_server import say, serving
from tests.slack.desk import Desk, open_desk, until_so
from tests.slack.slack_server import Slack

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEEN: list[dict[str, Any]] = []


def script(body: dict[str, Any]) -> Any:
    text = words_of(body["messages"][-1])
    if "Translate what stands" not in json.dumps(body["messages"][0]):
        return say("I am the machine.")
    if "verloren" in text:
        return say("I have lost 99 parcels.")
    if "Paket" in text:
        return say("Where is my parcel 4711?")
    return say("Wir rufen Sie unter <PHONE_1> an.") if "<PHONE_1>" in text else say("Morgen, um 14 Uhr.")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(demo_home: Path, slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    home = tmp_path_factory.mktemp("translating") / "home"
    shutil.copytree(demo_home, home)
    with serving(script) as (address, seen):
        SEEN[:] = []
        more = {"model": "openai:test", "openai_base_url": address, "openai_api_key": SecretStr("test")}
        async with open_desk(home, slack, **more) as opened:
            yield opened
            SEEN.extend(seen)


async def test_both_read_their_own_language_and_what_was_written(desk: Desk) -> None:
    headers = await desk.shopper(locale="de-DE")
    reference = await desk.wants_person(headers)
    ts = (await desk.card(reference))["ts"]
    await desk.sender.click("U1", "claim", reference, "CSUP", ts)
    await desk.settled()
    await desk.write(headers, "Wo ist mein Paket 4711?")
    await until_so(lambda: "Where is my parcel 4711?" in json.dumps(desk.slack.thread("CSUP", ts)))
    assert "Wo ist mein Paket 4711?" in json.dumps(desk.slack.thread("CSUP", ts))
    await desk.sender.say("CSUP", "U1", "&gt; Tomorrow, at 14.", thread_ts=ts)
    await desk.sender.say("CSUP", "U1", "&gt; We call you on +49 170 1234567.", thread_ts=ts)
    await desk.settled()
    read = await desk.reads(headers)
    assert "Morgen, um 14 Uhr." in read
    assert "(Tomorrow, at 14.)" in read
    assert "Wir rufen Sie unter +49 170 1234567 an." in read


async def test_a_translation_that_changes_a_figure_is_not_shown(desk: Desk) -> None:
    headers = await desk.shopper(locale="de-DE")
    reference = await desk.wants_person(headers)
    ts = (await desk.card(reference))["ts"]
    await desk.sender.click("U2", "claim", reference, "CSUP", ts)
    await desk.settled()
    await desk.write(headers, "Ich habe 9 Dinge verloren, leider alle.")
    await until_so(lambda: "9 Dinge" in json.dumps(desk.slack.thread("CSUP", ts)))
    assert "99 parcels" not in json.dumps(desk.slack.thread("CSUP", ts))


async def test_figures_must_stay() -> None:
    assert keeps_figures("7 Tage, <EMAIL_1>", "7 days, <EMAIL_1>")
    assert not keeps_figures("7 Tage", "14 days")
    assert not keeps_figures("Ruf <PHONE_1> an", "Call me")
    assert not keeps_figures("Guten Tag", "")
