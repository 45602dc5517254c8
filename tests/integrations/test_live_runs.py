"""One answer at a time in a conversation: with real servers, a real slow model, and processes that die."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from tests.assistant.openai_server import Spoilt, frames, piece, say, serving
from tests.assistant.openai_server import asked as words_of
from tests.integrations.live_server import Served, Stream, chat, serve, stream, until
from tests.postgres import Server

Pair = tuple[Served, Served]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Model:
    """A served model that echoes what it was asked; slowly, without an end, or never where the message says so."""

    address: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)

    def script(self, body: dict[str, Any]) -> Any:
        asked = words_of([message for message in body["messages"] if message["role"] == "user"][-1])
        words = re.sub(r"\s+", " ", asked)
        if "slowly" in asked:
            parts = ("part one", "part two", "more", "still more", "yet more", "the rest")
            said = "".join(f"I am happy to help you with {name} of it.\n" for name in parts)
            return Spoilt(lines=list(frames(say(said, 24))), drip_s=0.25)
        if "endlessly" in asked:
            begun = [piece({"content": f"I am happy to help you with part {name} of it.\n"}) for name in ("one", "two")]
            return Spoilt(lines=[*begun, piece({"content": "This is half"})], ends="stall", stall_s=30)
        if "thinking" in asked and "\n" not in asked:
            return Spoilt(lines=[piece({"content": "Let me"})], ends="stall", stall_s=30)
        return say(f"You asked: {words}.", 40)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    held = Model()
    with serving(held.script) as (address, seen):
        held.address, held.seen = address, seen
        yield held


@pytest.fixture(scope="module")
def pair(demo_home: Path, tmp_path_factory: pytest.TempPathFactory, model: Model) -> Iterator[Pair]:
    """Two servers over one home."""
    home = tmp_path_factory.mktemp("live") / "home"
    shutil.copytree(demo_home, home)
    with two_servers(home, model) as both:
        yield both


@pytest.fixture(scope="module")
def postgres_pair(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory, model: Model, postgres: Server
) -> Iterator[Pair]:
    """Two servers over one home whose database is on PostgreSQL."""
    home = tmp_path_factory.mktemp("live-postgres") / "home"
    shutil.copytree(demo_home, home)
    with postgres.fresh() as url, two_servers(home, model, DRAGOMAN_DATABASE_URL=url) as both:
        yield both


@contextmanager
def two_servers(home: Path, model: Model, **more: str) -> Iterator[Pair]:
    settings = {"DRAGOMAN_MODEL": "openai:test", "OPENAI_BASE_URL": model.address, **more}
    with serve(home, **settings) as one, serve(home, **settings) as other:
        yield one, other


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest) -> Pair:
    """Two servers over either kind of database."""
    both: Pair = request.getfixturevalue("pair" if request.param == "sqlite" else "postgres_pair")
    return both


async def history(server: Served, headers: dict[str, str]) -> list[dict[str, Any]]:
    async with AsyncClient(base_url=server.address) as client:
        told = (await client.get("/v1/history", headers=headers)).json()
    turns: list[dict[str, Any]] = told["turns"]
    return turns


async def cancel(server: Served, headers: dict[str, str], turn: str = "") -> list[str]:
    async with AsyncClient(base_url=server.address) as client:
        told = (await client.post("/v1/chat/cancel", headers=headers, json={"turn": turn})).json()
    turns: list[str] = told["turns"]
    return turns


def sound(held: Stream) -> None:
    """A stream of whole runs, each begun and ended, its frames counted up."""
    assert held.numbers == sorted(set(held.numbers))
    open_run = ""
    for _, event in held.frames:
        if event["type"] == "RUN_STARTED":
            assert open_run == ""
            open_run = event["runId"]
        elif event["type"] in ("RUN_FINISHED", "RUN_ERROR"):
            assert event.get("runId", open_run) == open_run != ""
            open_run = ""
    assert open_run == ""


async def test_two_processes_answer_one_conversation_in_turn(either: Pair) -> None:
    one, other = either
    headers = one.open()
    first = asyncio.create_task(chat(one.address, headers, "count slowly", turn="a"))
    await until(one.address, headers, "TEXT_MESSAGE_CONTENT", after=0, stay=True)
    second = await chat(other.address, headers, "and then?", turn="b")
    first_answer = await first
    for held in (first_answer, second):
        sound(held)
    assert "the rest of it" in first_answer.text
    assert "You asked: and then?" in second.text
    assert second.numbers[0] == first_answer.numbers[-1] + 1
    whole = await chat(one.address, headers, after=0)
    sound(whole)
    assert whole.numbers == list(range(1, second.numbers[-1] + 1))
    assert [turn["question"] for turn in await history(one, headers)] == ["count slowly", "and then?"]


async def test_messages_sent_to_both_processes_at_once_are_all_answered_once(either: Pair) -> None:
    headers = either[0].open()
    texts = [f"word{n}" for n in range(6)]
    replies = await asyncio.gather(
        *(chat(either[n % 2].address, headers, text, turn=f"t{n}") for n, text in enumerate(texts))
    )
    for held in replies:
        sound(held)
        assert held.kinds[-1] == "RUN_FINISHED"
    asked = "\n".join(turn["question"] for turn in await history(either[1], headers)).split("\n")
    assert sorted(asked) == texts
    for text, held in zip(texts, replies, strict=True):
        assert text in held.text


async def test_a_follower_in_another_process_sees_frames_as_they_come(either: Pair) -> None:
    one, other = either
    headers = one.open()
    asking = asyncio.create_task(chat(one.address, headers, "count slowly", turn="a"))
    await until(one.address, headers, "TEXT_MESSAGE_CONTENT", after=0, stay=True)
    early = await until(other.address, headers, "TEXT_MESSAGE_CONTENT", after=0)
    assert not asking.done()
    late = await chat(other.address, headers, after=early.numbers[-1])
    answer = await asking
    assert early.frames + late.frames == answer.frames


async def test_two_tabs_see_every_frame_and_their_messages_in_order(pair: Pair) -> None:
    one, other = pair
    headers = one.open()
    tabs = [asyncio.create_task(_tab(server, headers, 3)) for server in (one, one, other)]
    for number, text in enumerate(("first", "second", "third")):
        await chat((one, other, one)[number].address, headers, text, turn=text)
    seen = await asyncio.gather(*tabs)
    for held in seen:
        sound(held)
        assert held.frames == seen[0].frames
    runs = [event["runId"] for _, event in seen[0].frames if event["type"] == "RUN_STARTED"]
    assert runs == ["first", "second", "third"]


async def _tab(server: Served, headers: dict[str, str], runs: int) -> Stream:
    """A tab that only looks, until some runs have ended."""
    growing = stream(server.address, headers, after=0, stay=True)
    async for held in growing:
        if held.kinds.count("RUN_FINISHED") == runs:
            await growing.aclose()  # type: ignore[attr-defined]
            return held
    raise AssertionError("the stream ended early")


@pytest.mark.parametrize("through", [0, 1], ids=["same process", "other process"])
async def test_fragments_of_a_burst_get_one_answer_in_every_stream(pair: Pair, through: int) -> None:
    headers = pair[0].open()
    first = asyncio.create_task(chat(pair[0].address, headers, "I am thinking of", turn="a"))
    await until(pair[0].address, headers, "RUN_STARTED", after=0, stay=True)
    second = await chat(pair[through].address, headers, "a lamp", turn="b")
    earlier = await first
    for held in (earlier, second):
        sound(held)
        assert held.text == "You asked: I am thinking of a lamp.", held.frames
    assert [turn["question"] for turn in await history(pair[0], headers)] == ["I am thinking of\na lamp"]
    assert (await chat(pair[1].address, headers, "I am thinking of", turn="a")).text == earlier.text
    ended = [event for _, event in earlier.frames if event["type"] == "RUN_FINISHED"]
    assert ended[0]["result"] == {"joined": "b"}


async def test_the_model_sees_a_burst_as_one_message_and_nothing_of_the_stale_run(pair: Pair, model: Model) -> None:
    headers = pair[0].open()
    first = asyncio.create_task(chat(pair[0].address, headers, "thinking aloud", turn="a"))
    await until(pair[0].address, headers, "RUN_STARTED", after=0, stay=True)
    await chat(pair[0].address, headers, "of cats", turn="b")
    await first
    users = [message["content"] for message in model.seen[-1]["messages"] if message["role"] == "user"]
    assert len(users) == 1
    assert "thinking aloud\nof cats" in users[0]


async def test_a_message_after_something_was_shown_waits_and_is_answered_next(pair: Pair) -> None:
    headers = pair[0].open()
    first = asyncio.create_task(chat(pair[0].address, headers, "count slowly", turn="a"))
    await until(pair[0].address, headers, "TEXT_MESSAGE_CONTENT", after=0, stay=True)
    second = await chat(pair[0].address, headers, "thanks", turn="b")
    answer = await first
    assert "the rest of it" in answer.text
    assert second.text == "You asked: thanks."
    assert "joined" not in str(answer.frames)


@pytest.mark.parametrize("through", [0, 1], ids=["same process", "other process"])
async def test_stop_ends_an_answer_after_a_whole_sentence(either: Pair, model: Model, through: int) -> None:
    headers = either[0].open()
    asking = asyncio.create_task(chat(either[0].address, headers, "count endlessly", turn="a"))
    await until(either[0].address, headers, "TEXT_MESSAGE_CONTENT", after=0, stay=True)
    assert await cancel(either[through], headers) == ["a"]
    answer = await asking
    sound(answer)
    assert answer.text.rstrip().endswith("of it.")
    assert "half" not in answer.text
    assert [value["code"] for value in answer.custom("notice")] == ["stopped"]
    assert answer.frames[-1][1]["result"] == {"stopped": True}
    await chat(either[0].address, headers, "more", turn="b")
    said = model.seen[-1]["messages"]
    assert [message["role"] for message in said[-3:]] == ["user", "assistant", "user"]
    assert said[-2]["content"].strip() == answer.text.strip()


async def test_stop_before_anything_was_shown_shows_nothing(pair: Pair) -> None:
    headers = pair[0].open()
    asking = asyncio.create_task(chat(pair[0].address, headers, "thinking hard", turn="a"))
    await until(pair[0].address, headers, "RUN_STARTED", after=0, stay=True)
    assert await cancel(pair[0], headers, "a") == ["a"]
    answer = await asking
    sound(answer)
    assert answer.text == ""
    assert await cancel(pair[0], headers) == []
    assert (await chat(pair[0].address, headers, "hello", turn="b")).text == "You asked: hello."


async def test_an_answer_whose_process_was_killed_ends_honestly(demo_home: Path, tmp_path: Path, model: Model) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    settings = {"DRAGOMAN_MODEL": "openai:test", "OPENAI_BASE_URL": model.address}
    with serve(home, **settings) as mortal:
        headers = mortal.open()
        seen = await until(mortal.address, headers, "TEXT_MESSAGE_CONTENT", message="count endlessly", turn="a")
        mortal.kill()
    with serve(home, **settings) as heir:
        rest = await chat(heir.address, headers, after=seen.numbers[-1])
        assert rest.kinds[-1] == "RUN_ERROR"
        assert rest.frames[-1][1]["code"] == "interrupted"
        assert [n for n, _ in seen.frames + rest.frames] == list(range(1, rest.numbers[-1] + 1))
        again = await chat(heir.address, headers, "hello", turn="b")
        assert again.text == "You asked: hello."
        assert [turn["question"] for turn in await history(heir, headers)] == ["count endlessly", "hello"]


async def test_a_server_that_is_told_to_stop_ends_its_answers_and_refuses_new_ones(
    demo_home: Path, tmp_path: Path, model: Model
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    with serve(home, DRAGOMAN_MODEL="openai:test", OPENAI_BASE_URL=model.address) as server:
        headers = server.open()
        watching = asyncio.create_task(chat(server.address, headers, after=0, stay=True))
        asking = asyncio.create_task(chat(server.address, headers, "count slowly", turn="a"))
        await until(server.address, headers, "TEXT_MESSAGE_CONTENT", after=0, stay=True)
        server.terminate()
        await asyncio.sleep(0.3)
        refused = await chat(server.address, headers, "one more", turn="b")
        async with AsyncClient(base_url=server.address) as client:
            ready = await client.get("/readyz")
        answer = await asking
        watched = await watching
        code = await asyncio.to_thread(server.process.wait, 15)
    assert (refused.status, refused.error["code"]) == (503, "closing")
    assert ready.status_code == 503
    sound(answer)
    assert "the rest of it" in answer.text
    assert watched.frames == answer.frames
    assert code == 0


async def test_a_closed_tab_does_not_stop_an_action(demo_home: Path, tmp_path: Path) -> None:
    """The shop's database is kept busy while the shopper's yes is carried out, and the tab closes meanwhile."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    with serve(home) as server:
        headers = server.open(locale="pt-BR")
        await chat(server.address, headers, "cancele o pedido AQ-10113, não preciso mais")
        await chat(server.address, headers, "30140-070")
        seen = asyncio.create_task(until(server.address, headers, "TOOL_CALL_START", message="sim", turn="yes"))
        await seen
        with sqlite3.connect(home / "dragoman.sqlite3", isolation_level=None) as busy:
            busy.execute("begin immediate")
            await asyncio.sleep(0.3)
            stopping = asyncio.create_task(cancel(server, headers))
            await asyncio.sleep(0.3)
            busy.execute("commit")
        await stopping
        rest = await chat(server.address, headers, after=seen.result().numbers[-1])
        assert [value["status"] for value in rest.custom("action")] == ["done"]
        assert rest.kinds[-1] == "RUN_FINISHED"
        assert "AQ-10113" in rest.text
