"""A person takes over, writes and gives back: real servers, real commands, streams that show it as it happens."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from tests.assistant.openai_server import Spoilt, call, piece, say, serving
from tests.assistant.openai_server import asked as words_of
from tests.command_line import Done, command, one, process
from tests.integrations.live_server import Served, Stream, chat, serve, stream, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

Shop = tuple[Served, Path, list[dict[str, Any]]]


def script(body: dict[str, Any]) -> Any:
    last = body["messages"][-1]
    asked = words_of([message for message in body["messages"] if message["role"] == "user"][-1])
    if "endlessly" in asked:
        begun = [piece({"content": f"I am happy to help you with part {name} of it.\n"}) for name in ("one", "two")]
        return Spoilt(lines=[*begun, piece({"content": "This is half"})], ends="stall", stall_s=60)
    if "human" in asked and last["role"] == "user":
        return call("hand_to_person", reason="They want a person.")
    return say("Somebody will be with you." if last["role"] == "tool" else "I am a machine, happy to help.", 40)


@pytest.fixture(scope="module")
def shop(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(demo_home, home)
    with (
        serving(script) as (address, seen),
        serve(home, DRAGOMAN_MODEL="openai:test", OPENAI_BASE_URL=address) as server,
    ):
        yield server, home, seen


def desk(home: Path, *words: str, give: Callable[..., Done]) -> tuple[int, dict[str, Any]]:
    """`dragoman handoff ... --json`: its exit code and what it says."""
    done = give(home, "handoff", *words, "--json")
    return done.returncode, one(done)


async def at_desk(home: Path, *words: str, give: Callable[..., Done] = command) -> tuple[int, dict[str, Any]]:
    return await asyncio.to_thread(desk, home, *words, give=give)


async def handed_over(server: Served, headers: dict[str, str]) -> tuple[str, Stream]:
    told = await chat(server.address, headers, "I want a human, order AQ-10095")
    return told.custom("handoff")[0]["reference"], told


async def watch(server: Served, headers: dict[str, str], name: str, times: int = 1) -> Stream:
    """A tab that looks until it has seen some events of a name."""
    growing = stream(server.address, headers, after=0, stay=True)
    async for held in growing:
        if len(held.custom(name)) >= times:
            await growing.aclose()  # type: ignore[attr-defined]
            return held
    raise AssertionError("the stream ended early")


async def test_a_handoff_is_announced_by_code_and_summarised(shop: Shop) -> None:
    server, home, _ = shop
    headers = server.open(locale="en-GB")
    await chat(server.address, headers, "Do you ship to Japan?")
    reference, told = await handed_over(server, headers)
    assert reference in told.text
    assert told.custom("handoff")[0]["message"] in told.text
    code, held = await at_desk(home, "show", reference)
    assert (code, held["status"]) == (0, "waiting")
    assert held["summary"]["language"] == "en"
    assert held["summary"]["asked"] == ["Do you ship to Japan?", "I want a human, order AQ-10095"]
    assert {"tool": "hand_to_person", "about": "", "outcome": "ok"} in held["summary"]["tried"]


async def test_while_a_person_has_it_the_assistant_is_silent_and_afterwards_it_knows(shop: Shop) -> None:
    server, home, seen = shop
    headers = server.open()
    reference, _ = await handed_over(server, headers)
    looking = asyncio.create_task(watch(server, headers, "person_message"))
    assert (await at_desk(home, "claim", reference, "--by", "Mia"))[0] == 0
    asked = len(seen)
    first = await chat(server.address, headers, "my parcel number is 445566", turn="p1")
    second = await chat(server.address, headers, "are you there?", turn="p2")
    assert len(seen) == asked
    for held in (first, second):
        assert (held.text, held.kinds[-1]) == ("", "RUN_FINISHED")
    assert [value["code"] for value in first.custom("notice")] == ["person"]
    assert second.custom("notice") == []
    assert (await at_desk(home, "reply", reference, "It left on the 14th, Mia here.", "--by", "Mia"))[0] == 0
    watched = await looking
    assert watched.custom("person_message")[0]["text"] == "It left on the 14th, Mia here."
    assert [value["status"] for value in watched.custom("handoff")] == ["waiting", "claimed"]
    _, told = await at_desk(home, "show", reference)
    assert [(entry["speaker"], entry["text"]) for entry in told["said"]] == [
        ("shopper", "my parcel number is 445566"), ("shopper", "are you there?"),
        ("person", "It left on the 14th, Mia here."),
    ]  # fmt: skip
    async with AsyncClient(base_url=server.address) as client:
        history = (await client.get("/v1/history", headers=headers)).json()
    assert history["handoff"] == {"reference": reference, "status": "claimed", "name": "Mia"}
    assert [entry["text"] for entry in history["person_messages"]][-1] == "It left on the 14th, Mia here."
    assert (await at_desk(home, "return", reference, "--by", "Mia"))[0] == 0
    again = await chat(server.address, headers, "thank you", turn="p3")
    assert again.text == "I am a machine, happy to help."
    sent = json.dumps(seen[-1]["messages"])
    assert sent.index("445566") < sent.index("It left on the 14th") < sent.index("thank you")
    await chat(server.address, headers, "and once more", turn="p4")
    assert json.dumps(seen[-1]["messages"]).count("It left on the 14th") == 1


async def test_two_who_claim_at_once_do_not_both_have_it(shop: Shop) -> None:
    server, home, _ = shop
    reference, _ = await handed_over(server, server.open())
    done = await asyncio.gather(
        *(at_desk(home, "claim", reference, "--by", name, give=process) for name in ("Mia", "Tom", "Ada"))
    )
    assert sorted(code for code, _ in done) == [0, 1, 1]
    winner = next(held["claimed_by"] for code, held in done if code == 0)
    assert all(f"{winner} has it" in str(held["error"]) for code, held in done if code == 1)
    other = "Tom" if winner != "Tom" else "Ada"
    assert (await at_desk(home, "reply", reference, "Hello", "--by", other))[0] == 1
    assert (await at_desk(home, "return", reference, "--by", other))[0] == 1
    assert (await at_desk(home, "return", reference, "--resolved", "--by", winner))[1]["status"] == "resolved"
    assert (await at_desk(home, "reply", reference, "Hello", "--by", winner))[0] == 1


async def test_an_answer_under_way_falls_silent_when_a_person_takes_over(shop: Shop) -> None:
    server, home, seen = shop
    headers = server.open()
    reference, told = await handed_over(server, headers)
    asking = asyncio.create_task(chat(server.address, headers, "count endlessly", turn="slow"))
    await until(server.address, headers, "TEXT_MESSAGE_CONTENT", after=told.numbers[-1], stay=True)
    assert (await at_desk(home, "claim", reference, "--by", "Mia"))[0] == 0
    answer = await asking
    assert answer.text.rstrip().endswith("of it.")
    assert answer.frames[-1][1]["result"] == {"person": True}
    _, told = await at_desk(home, "show", reference)
    assert [entry["text"] for entry in told["said"]] == ["count endlessly"]
    assert seen
