"""More turns than a process carries wait their turn, are told so, and are refused only where the line is full."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistant import events
from assistant.embedded.wording import Words
from assistant.notices import FULL, ONE_MOMENT
from integrations.bootstrap import Dragoman
from integrations.database import grouped
from integrations.database.grouped import MANY, GroupedWriter
from integrations.widget.admission import Full, Places
from integrations.widget.guests import Pace
from integrations.widget.runs import Runs
from tools.context import Session


class Slow:
    """Answers when told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.running = 0
        self.most = 0

    async def reply(self, message: str, session: Session, turn: str = "") -> AsyncIterator[events.Event]:
        self.running += 1
        self.most = max(self.most, self.running)
        await self.go.wait()
        yield events.Sentence(message)
        yield events.Finished(session.language, "test", {}, 0)
        self.running -= 1


def session(number: int) -> Session:
    return Session(id=f"s{number}", channel="widget", language="de")


async def frames(runs: Runs, number: int) -> list[dict[str, Any]]:
    return [json.loads(data) async for _, data in runs.follow(f"s{number}", 0)]


async def test_turns_above_the_cap_wait_in_line_and_are_told_so(dragoman: Dragoman) -> None:
    slow, places = Slow(), Places(2, 3)
    runs = Runs(slow, dragoman.turns, lambda _: None, places=places)  # type: ignore[arg-type]
    for number in range(5):
        await runs.begin(session(number), "hello", "t")
    while places.active + places.waiting < 5:  # noqa: ASYNC110  (they come to it one by one)
        await asyncio.sleep(0.01)
    assert (places.active, places.waiting) == (2, 3)
    with pytest.raises(Full):
        await runs.begin(session(5), "hello", "t")
    slow.go.set()
    said = await asyncio.gather(*(frames(runs, number) for number in range(5)))
    await runs.drain()
    notices = [[f["value"]["text"] for f in each if f.get("name") == "notice"] for each in said]
    assert sorted(notices) == [[], [], *[[Words("de").say(ONE_MOMENT)]] * 3]
    assert all(each[-1]["type"] == "RUN_FINISHED" for each in said)
    assert slow.most == 2
    assert (places.active, places.waiting) == (0, 0)
    await runs.begin(session(5), "hello", "t")
    await runs.drain()


async def test_a_turn_already_begun_takes_no_second_place(dragoman: Dragoman) -> None:
    slow, places = Slow(), Places(1, 0)
    runs = Runs(slow, dragoman.turns, lambda _: None, places=places)  # type: ignore[arg-type]
    slow.go.set()
    await runs.begin(session(1), "hello", "t")
    await runs.drain()
    assert await runs.begin(session(1), "hello", "t") == 0
    assert (places.active, places.waiting) == (0, 0)


async def test_places_are_given_in_order() -> None:
    places, order = Places(1, 10), []

    async def turn(number: int) -> None:
        async with places.place() as place:
            await place.take()
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(turn(number) for number in range(6)))
    assert order == list(range(6))


def test_the_words_of_the_line_are_in_the_shoppers_language() -> None:
    assert Words("de").say(FULL) != FULL
    assert Words("de").say(ONE_MOMENT) != ONE_MOMENT


async def test_rows_that_come_together_are_written_together() -> None:
    written: list[int] = []
    gate = asyncio.Event()

    async def write(rows: list[dict[str, Any]]) -> None:
        written.append(len(rows))
        await gate.wait()

    writer = GroupedWriter(write)
    adding = [asyncio.create_task(writer.add([{"n": number}])) for number in range(20)]
    await asyncio.sleep(0.01)
    late = asyncio.create_task(writer.add([{"n": 20}, {"n": 21}]))
    await asyncio.sleep(0.01)
    assert not late.done()
    gate.set()
    await asyncio.gather(*adding, late)
    assert sum(written) == 22
    assert len(written) <= 3


async def test_many_writings_one_after_the_other_keep_a_pace_and_few_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    async def write(rows: list[dict[str, Any]]) -> None:
        written.append(len(rows))

    monkeypatch.setattr(grouped, "PACE", 0.3)
    writer = GroupedWriter(write)
    for number in range(MANY):
        await asyncio.wait_for(writer.add([{"n": number}]), 0.25)
    late = [asyncio.create_task(writer.add([{"n": 1}])) for _ in range(3)]
    await asyncio.sleep(0.02)
    late += [asyncio.create_task(writer.add([{"n": 2}])) for _ in range(3)]
    await asyncio.gather(*late)
    assert written == [*[1] * MANY, 6]


async def test_one_ones_fault_is_not_the_others() -> None:
    kept: list[int] = []

    async def write(rows: list[dict[str, Any]]) -> None:
        await asyncio.sleep(0)
        if any(row["n"] == 2 for row in rows):
            raise ValueError("this number is taken")
        kept.extend(row["n"] for row in rows)

    writer = GroupedWriter(write)
    ended = await asyncio.gather(*(writer.add([{"n": n}]) for n in range(5)), return_exceptions=True)
    assert [type(end) for end in ended] == [type(None), type(None), ValueError, type(None), type(None)]
    assert sorted(kept) == [0, 1, 3, 4]


async def test_a_pace_counts_the_last_minute_of_each_and_forgets() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert [await pace.allows(2, "a") for _ in range(3)] == [True, True, False]
    assert await pace.allows(2, "b")
    now = 30.0
    assert await pace.allows(9, "a")
    now = 60.0
    assert [await pace.allows(2, "a"), await pace.allows(2, "a")] == [True, False]
    now = 500.0
    assert await pace.allows(1, "c")
    assert [list(held) for held in pace._windows.values()] == [["c"]]
