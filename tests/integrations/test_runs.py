"""Turns run apart from the connection that asked for them."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from integrations.widget.runs import Runs
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


async def test_the_next_message_waits_for_the_turn_before(runs: Runs) -> None:
    await asyncio.gather(runs.begin(SESSION, QUESTION, "one"), runs.begin(SESSION, "to Brazil?", "two"))
    await runs.drain()
    frames = await followed(runs, 0)
    marks = [event["runId"] for _, event in frames if event["type"] in ("RUN_STARTED", "RUN_FINISHED")]
    assert marks == ["one", "one", "two", "two"]
    assert [number for number, _ in frames] == list(range(1, len(frames) + 1))


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
