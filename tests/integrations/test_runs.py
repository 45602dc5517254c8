"""Turns run apart from the connection that asked for them."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from assistant import events
from integrations.bootstrap import open_dragoman
from integrations.database.engine import engine_of
from integrations.settings import Settings
from integrations.widget.events import Wire
from integrations.widget.runs import Runs, ShuttingDown
from tests.assistant.openai_server import Spoilt, piece, say, serving
from tests.integrations.asked import asked_of
from tools.context import Session

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman


@pytest_asyncio.fixture
async def runs(dragoman: "Dragoman") -> Runs:
    return Runs(await dragoman.assistant(), dragoman.turns, lambda _: None)


SESSION = Session(id="run", channel="widget", market="DE")
QUESTION = "How much is shipping to Germany?"


async def followed(runs: Runs, number: int, session: Session = SESSION) -> list[tuple[int, dict[str, Any]]]:
    return [(sent, json.loads(data)) async for sent, data in runs.follow(session.id, number)]


async def test_a_follower_that_leaves_loses_nothing(runs: Runs, dragoman: "Dragoman") -> None:
    number = await runs.begin(SESSION, QUESTION, "one")
    watching = runs.follow(SESSION.id, number)
    first = await anext(watching)
    await watching.aclose()  # type: ignore[attr-defined]
    await runs.drain()
    rest = await followed(runs, first[0])
    assert json.loads(first[1])["type"] == "RUN_STARTED"
    assert rest[0][0] == first[0] + 1
    assert rest[-1][1]["type"] == "RUN_FINISHED"
    assert [turn.question for turn in await dragoman.turns.history(SESSION.id)] == [QUESTION]


async def test_a_message_whose_sender_goes_while_it_is_taken_in_is_answered(runs: Runs, dragoman: "Dragoman") -> None:
    """The floor is taken with it, and must not be held by nobody."""
    sending = asyncio.create_task(runs.begin(SESSION, QUESTION, "one"))
    await asyncio.sleep(0)
    sending.cancel()
    await asyncio.wait({sending})
    await runs.drain()
    await runs.drain()
    assert [turn.question for turn in await dragoman.turns.history(SESSION.id)] == [QUESTION]
    assert await dragoman.turns.floor.take(SESSION.id)


async def test_two_followers_see_the_same(runs: Runs) -> None:
    number = await runs.begin(SESSION, QUESTION, "one")
    one, other = await asyncio.gather(followed(runs, number), followed(runs, number))
    assert one == other
    assert len(one) > 5


async def test_a_turn_begun_twice_at_once_runs_once(runs: Runs, dragoman: "Dragoman") -> None:
    numbers = await asyncio.gather(*(runs.begin(SESSION, QUESTION, "one") for _ in range(3)))
    await runs.drain()
    assert set(numbers) == {0}
    assert len(await dragoman.turns.history(SESSION.id)) == 1


async def test_messages_of_a_burst_get_one_answer(home: Path) -> None:
    def script(body: dict[str, Any]) -> Any:
        """Thinks for long about the first message alone, and answers both."""
        asked = str(body["messages"][-1]["content"])
        return (
            say("Both.")
            if "to Brazil?" in asked
            else Spoilt(lines=[piece({"content": "On"})], ends="stall", stall_s=30)
        )

    with serving(script) as (address, _):
        settings = Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key=SecretStr("k"))
        async with open_dragoman(settings) as opened:
            runs = Runs(await opened.assistant(), opened.turns, lambda _: None)
            await runs.begin(SESSION, QUESTION, "one")
            await anext(runs.follow(SESSION.id, 0, "one"))
            await runs.begin(SESSION, "to Brazil?", "two")
            await runs.drain()
            frames = await followed(runs, 0)
            kept = await opened.turns.history(SESSION.id)
    marks = [(event["type"], event["runId"]) for _, event in frames if event["type"].startswith("RUN_")]
    assert marks == [(kind, turn) for turn in ("one", "two") for kind in ("RUN_STARTED", "RUN_FINISHED")]
    assert [event["delta"] for _, event in frames if event["type"] == "TEXT_MESSAGE_CONTENT"] == ["Both."]
    assert [number for number, _ in frames] == list(range(1, len(frames) + 1))
    assert [(turn.question, turn.answer) for turn in kept] == [(f"{QUESTION}\nto Brazil?", "Both.")]


async def test_a_turn_makes_few_transactions(dragoman: "Dragoman") -> None:
    """Each costs more than all it says: taking the message in with the floor, its first frame, the end; its sentences;
    what it reads.
    """
    runs = Runs(await dragoman.assistant(), dragoman.turns, lambda _: None, dragoman.sessions.find)
    await runs.begin(SESSION, "thanks", "one")
    await runs.drain()
    await dragoman.traces.drain()
    with asked_of(engine_of(dragoman.sessions._sessions)) as made:
        await runs.begin(SESSION, "thanks", "two")
        await runs.drain()
    assert 3 <= made.count("COMMIT") <= 5, made
    assert 3 <= len([words for words in made if words.startswith("SELECT")]) <= 12, made


async def test_conversations_do_not_wait_for_each_other(runs: Runs) -> None:
    other = Session(id="other", channel="widget", market="DE")
    await asyncio.gather(runs.begin(SESSION, QUESTION, "one"), runs.begin(other, "thanks", "one"))
    await runs.drain()
    mine, theirs = await followed(runs, 0), await followed(runs, 0, other)
    assert (mine[0][0], theirs[0][0]) == (1, 1)
    assert {event.get("threadId") for _, event in mine + theirs if "threadId" in event} == {"run", "other"}


async def test_frames_are_kept_before_they_are_shown(runs: Runs, dragoman: "Dragoman") -> None:
    number = await runs.begin(SESSION, QUESTION, "one")
    async for sent, data in runs.follow(SESSION.id, number):
        assert (sent, data) in await dragoman.turns.frames_after(SESSION.id, sent - 1)


async def test_following_where_nothing_runs_ends_at_once(runs: Runs) -> None:
    assert await followed(runs, 0) == []


async def test_a_new_process_goes_on_counting_where_the_last_one_stopped(runs: Runs, dragoman: "Dragoman") -> None:
    await runs.begin(SESSION, "thanks", "one")
    await runs.drain()
    last = await dragoman.turns.last_number(SESSION.id)
    fresh = Runs(await dragoman.assistant(), dragoman.turns, lambda _: None)
    assert await fresh.begin(SESSION, "thanks", "two") == last
    await fresh.drain()
    assert await fresh.begin(SESSION, "thanks", "one") == 0


@pytest.mark.parametrize("shown", [0, 2])
async def test_what_a_process_left_when_it_died_is_ended_and_what_it_had_not_begun_is_answered(
    runs: Runs, dragoman: "Dragoman", shown: int
) -> None:
    """A message it was answering, with so many frames shown, and one that waited; its hold on the floor has run out."""
    turns = dragoman.turns
    for turn, text in (("one", QUESTION), ("two", "thanks")):
        await turns.inbox.receive(SESSION.id, turn, text)
    wire = Wire(SESSION.id, "one")
    frames = wire.numbered(0, [wire.start(), *wire.translate(events.Sentence("It is "))])[:shown]
    await turns.keep_frames(SESSION.id, "one", frames, answering=["one"])
    await runs.recover()
    await runs.drain()
    told = await followed(runs, 0)
    ends = [event for _, event in told if event["type"] in ("RUN_ERROR", "RUN_FINISHED")]
    assert [(event.get("code"), event.get("runId")) for event in ends] == [("interrupted", None), (None, "two")]
    assert [number for number, _ in told] == list(range(1, len(told) + 1))
    assert [turn.question for turn in await turns.history(SESSION.id)] == [QUESTION, "thanks"]
    assert await turns.inbox.unanswered() == []


async def test_at_shutdown_what_does_not_end_in_time_is_broken_off_honestly_and_what_waits_is_kept(
    home: Path,
) -> None:
    stalling = Spoilt(
        lines=[piece({"content": "One thing. And anoth"}), piece({"content": "er"})], ends="stall", stall_s=30
    )
    with serving(lambda _: stalling) as (address, _):
        settings = Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key=SecretStr("k"))
        async with open_dragoman(settings) as opened:
            runs = Runs(await opened.assistant(), opened.turns, lambda _: None)
            number = await runs.begin(SESSION, QUESTION, "one")
            watching = runs.follow(SESSION.id, number, "one")
            while "TEXT_MESSAGE_CONTENT" not in (await anext(watching))[1]:
                pass
            await runs.begin(SESSION, "thanks", "two")
            await runs.close(0.1)
            with pytest.raises(ShuttingDown):
                await runs.begin(SESSION, "hello", "three")
            last = json.loads((await opened.turns.frames_after(SESSION.id, number))[-1][1])
            assert (last["type"], last["code"]) == ("RUN_ERROR", "interrupted")
            assert [received.turn for received in await opened.turns.inbox.open(SESSION.id)] == ["two"]
            assert [turn.answer for turn in await opened.turns.history(SESSION.id)] == ["One thing."]


async def test_a_stream_of_which_nothing_comes_shows_that_it_is_alive(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.widget.runs.LIFE", 0.1)
    monkeypatch.setattr("integrations.widget.runs.BEAT", 0.05)
    with serving(lambda _: Spoilt(lines=[piece({"content": "On"})], ends="stall", stall_s=30)) as (address, _):
        settings = Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key=SecretStr("k"))
        async with open_dragoman(settings) as opened:
            runs = Runs(await opened.assistant(), opened.turns, lambda _: None)
            watching = runs.follow(SESSION.id, await runs.begin(SESSION, QUESTION, "one"), "one")
            seen = [await anext(watching) for _ in range(3)]
            await runs.close(0.1)
    assert json.loads(seen[0][1])["type"] == "RUN_STARTED"
    assert seen[1:] == [(0, ""), (0, "")]
