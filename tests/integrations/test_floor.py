"""The floor of a conversation, and its inbox: one answers at a time, and no message is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from integrations.database.engine import Sessions
from integrations.database.floor import Floor, FloorLost
from integrations.database.inbox import Inbox, Received
from integrations.database.tables import FloorRow
from integrations.database.turns import Exchange, TurnStore


async def expire(sessions: Sessions) -> None:
    async with sessions.begin() as database:
        await database.execute(update(FloorRow).values(until=datetime.now(UTC) - timedelta(seconds=1)))


async def test_of_many_at_once_one_has_the_floor(sessions: Sessions) -> None:
    floor = Floor(sessions)
    for _ in range(3):
        holders = [holder for holder in await asyncio.gather(*(floor.take("s") for _ in range(8))) if holder]
        assert len(holders) == 1
        assert await floor.take("other")
        await floor.leave("other", await _holder(sessions, "other"))
        await floor.leave("s", holders[0])


async def _holder(sessions: Sessions, session_id: str) -> str:
    async with sessions() as database:
        row = await database.get(FloorRow, session_id)
        return row.holder if row else ""


async def test_who_shows_no_sign_of_life_loses_it_and_can_say_nothing_more(sessions: Sessions) -> None:
    floor, turns = Floor(sessions), TurnStore(sessions)
    dead = await floor.take("s")
    await turns.keep_frames("s", "one", [(1, "a")], dead)
    await expire(sessions)
    heir = await floor.take("s")
    assert heir not in ("", dead)
    with pytest.raises(FloorLost):
        await turns.keep_frames("s", "one", [(2, "b")], dead)
    with pytest.raises(FloorLost):
        await turns.keep("s", Exchange("one", "?", "!", {}, datetime.now(UTC)), [(2, "b")], dead)
    with pytest.raises(FloorLost):
        await floor.renew("s", dead)
    await floor.leave("s", dead)
    assert await floor.take("s") == ""
    assert (await turns.frames_after("s", 0), await turns.history("s")) == ([(1, "a")], [])


async def test_a_message_is_taken_in_with_the_floor_where_nobody_has_it(sessions: Sessions) -> None:
    turns = TurnStore(sessions)
    last, standing = await turns.take_in("s", "one", "first")
    assert standing
    assert (last, standing.last, [received.text for received in standing.open]) == (0, 0, ["first"])
    assert await turns.take_in("s", "two", "second") == (0, None)
    await turns.floor.leave("s", standing.holder)
    assert await turns.take_in("s", "two", "second") == (None, None)
    again = await turns.take_floor("s")
    assert again
    assert [received.turn for received in again.open] == ["one", "two"]


async def test_the_floor_is_taken_with_how_the_conversation_stands_and_goes_with_the_last_frames(
    sessions: Sessions,
) -> None:
    turns = TurnStore(sessions)
    await turns.keep_frames("s", "old", [(1, "a"), (2, "b")])
    for turn in ("one", "two"):
        assert await turns.inbox.receive("s", turn, turn) == 2
    standing = await turns.take_floor("s")
    assert standing
    assert (standing.last, [received.turn for received in standing.open]) == (2, ["one", "two"])
    assert await turns.take_floor("s") is None
    for turn, left in (("one", ["two"]), ("two", [])):
        assert (await turns.floor.take("s")) == ""
        await turns.keep_frames("s", turn, [], answering=[turn])
        ended = Exchange(turn, "?", "!", {}, datetime.now(UTC))
        found = await turns.keep("s", ended, leaving=standing.holder)
        assert [received.turn for received in found] == left
    assert await turns.floor.take("s")


async def test_several_conversations_are_looked_at_together(sessions: Sessions) -> None:
    inbox = Inbox(sessions)
    for session_id, turn in (("s", "b"), ("s", "a"), ("t", "c"), ("u", "d")):
        await inbox.receive(session_id, turn, "x")
    seen = await inbox.open_of(["s", "t", "none"])
    assert {name: [received.turn for received in found] for name, found in seen.items()} == {
        "s": ["b", "a"], "t": ["c"], "none": [],
    }  # fmt: skip


async def test_saying_something_is_a_sign_of_life(sessions: Sessions) -> None:
    floor, turns = Floor(sessions), TurnStore(sessions)
    holder = await floor.take("s")
    await expire(sessions)
    await turns.keep_frames("s", "one", [(1, "a")], holder)
    assert await floor.take("s") == ""


async def test_who_wants_the_floor_waits_for_it(sessions: Sessions) -> None:
    floor, order = Floor(sessions), []

    async def speak(name: str) -> None:
        async with floor.hold("s"):
            order.append(f"{name} begins")
            await asyncio.sleep(0.05)
            order.append(f"{name} ends")

    await asyncio.gather(*(speak(name) for name in "abc"))
    assert [entry.split()[1] for entry in order] == ["begins", "ends"] * 3


async def test_a_message_is_received_once_and_comes_in_order(sessions: Sessions) -> None:
    inbox = Inbox(sessions)
    assert [await inbox.receive("s", turn, f"text {turn}") for turn in ("b", "a", "b")] == [0, 0, None]
    assert await inbox.receive("other", "b", "x") == 0
    assert [received.turn for received in await inbox.open("s")] == ["b", "a"]
    assert sorted(await inbox.unanswered()) == ["other", "s"]


async def test_of_messages_sent_twice_at_once_one_is_received(sessions: Sessions) -> None:
    inbox = Inbox(sessions)
    received = await asyncio.gather(*(inbox.receive("s", "one", "x") for _ in range(5)))
    assert sorted(map(str, received)) == ["0", *["None"] * 4]


async def test_messages_answered_together_are_a_chain_from_each_on(sessions: Sessions) -> None:
    inbox, turns = Inbox(sessions), TurnStore(sessions)
    for turn in ("a", "b", "c"):
        await inbox.receive("s", turn, "private")
    await turns.keep_frames("s", "b", [], answering=["a", "b"])
    assert [received.turn for received in await inbox.chain("s", "a")] == ["a", "b"]
    assert [received.turn for received in await inbox.chain("s", "b")] == ["b"]
    assert [received.turn for received in await inbox.chain("s", "c")] == ["c"]
    assert await inbox.chain("s", "unknown") == []
    await turns.keep("s", Exchange("b", "private", "!", {}, datetime.now(UTC)))
    assert await inbox.open("s") == [Received("c", "private", "waiting", "", "")]
    assert {received.text for received in await inbox.chain("s", "a")} == {""}


async def test_a_stop_reaches_what_has_no_answer_yet(sessions: Sessions) -> None:
    inbox = Inbox(sessions)
    for turn in ("a", "b"):
        await inbox.receive("s", turn, f"text {turn}")
    await TurnStore(sessions).keep_frames("s", "a", [], answering=["a"])
    assert await inbox.stop("s", why="person") == {"a": "text a"}
    assert await inbox.stop("s", "b") == {"b": "text b"}
    assert await inbox.stop("s", "unknown") == {}
    assert [received.stopped for received in await inbox.open("s")] == ["person", "shopper"]
