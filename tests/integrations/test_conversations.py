"""Of each conversation its last state is stored, and no more with each turn."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from assistant import events
from integrations.bootstrap import open_dragoman
from integrations.conversations import FILE, StateFile, open_conversations
from integrations.database.engine import DatabaseUnusable, open_engine, prepare
from integrations.settings import Settings
from tests.assistant.openai_server import Said, asked, call, say, serving, told
from tests.assistant.talking import answer
from tools.context import Session

CUSTOMER = "theresa_wolfram_4481"


def rows(home: Path) -> list[tuple[str, int]]:
    with sqlite3.connect(home / FILE) as database:
        return database.execute("select thread_id, length(checkpoint) from checkpoints").fetchall()


def looking(body: dict[str, Any]) -> Said:
    """Looks a product up (2 KB), then says something."""
    return say("Here it is.") if told(body) else call("show_product", product="AQ-P-001")


async def ask(assistant: Any, text: str, session: str = "s") -> list[events.Event]:
    speaker = Session(id=session, language="en", market="DE", customer_id=CUSTOMER)
    said = [event async for event in assistant.reply(text, speaker)]
    assert isinstance(said[-1], events.Finished), said
    return said


def engine(said: list[events.Event]) -> str:
    assert isinstance(said[-1], events.Finished)
    return said[-1].engine


async def test_what_a_conversation_stores_and_sends_does_not_grow(home: Path) -> None:
    stored, sent = [], []
    with serving(looking) as (address, seen):
        async with open_dragoman(Settings(home=home, model="openai:a", openai_base_url=address)) as dragoman:
            assistant = await dragoman.assistant()
            for number in range(36):
                seen.clear()
                await ask(assistant, f"And number {number:02}?")
                (row,) = rows(home)
                stored.append(row[1])
                sent.append(len(str(seen[-1]["messages"])))
    assert max(stored[24:]) <= 1.2 * max(stored[8:16])
    assert max(sent[24:]) <= 1.2 * max(sent[8:16])


async def test_two_turns_of_a_conversation_and_two_shoppers_share_their_beginning(home: Path) -> None:
    with serving(looking) as (address, seen):
        async with open_dragoman(Settings(home=home, model="openai:a", openai_base_url=address)) as dragoman:
            assistant = await dragoman.assistant()
            await ask(assistant, "One?")
            await ask(assistant, "Two?")
            await ask(assistant, "Three?", session="other")
    first, then, other = seen[0], seen[2], seen[4]
    assert first["tools"] == then["tools"] == other["tools"]
    assert first["messages"][0] == then["messages"][0] == other["messages"][0]
    assert list(first) == list(other)
    assert [asked(message) for message in then["messages"][:2]] == [asked(message) for message in first["messages"]]
    assert seen[3]["messages"][: len(then["messages"])] == then["messages"]
    system = first["messages"][0]["content"]
    assert "2026" not in system + str(first["tools"])


async def test_a_switch_of_models_loses_nothing(home: Path) -> None:
    """Embedded, served, another served, embedded: each knows which order was opened and what was answered."""
    order = "Where is order AQ-10100?"
    with serving(lambda body: say("You asked before.")) as (address, seen):

        async def turn(model: str, text: str) -> list[events.Event]:
            async with open_dragoman(Settings(home=home, model=model, openai_base_url=address)) as dragoman:
                return await ask(await dragoman.assistant(), text)

        first = await turn("embedded", order)
        second = await turn("openai:a", "Thanks. Tell me more")
        third = await turn("openai:b", "And then?")
        last = await turn("embedded", "Where is my order?")
    assert [engine(said) for said in (first, second, third, last)] == ["embedded", "test-2026", "test-2026", "embedded"]
    assert [request["model"] for request in seen] == ["a", "b"]
    assert [asked(m) for m in seen[1]["messages"] if m["role"] == "user"] == [
        order,
        "Thanks. Tell me more",
        "And then?",
    ]
    assert "order opened: AQ-10100" in seen[1]["messages"][-1]["content"]
    assert any(answer(first) == message["content"] for message in seen[1]["messages"])
    assert "AQ-10100" in answer(last)


async def test_an_order_opened_long_ago_is_still_known(home: Path) -> None:
    def script(body: dict[str, Any]) -> Said:
        first = "first" in str(body["messages"][-1]["content"])
        return call("show_order", order_id="AQ-10100") if first and told(body) is None else say("Well.")

    with serving(script) as (address, seen):
        async with open_dragoman(Settings(home=home, model="openai:a", openai_base_url=address)) as dragoman:
            assistant = await dragoman.assistant()
            await ask(assistant, "first: AQ-10100")
            for number in range(24):
                await ask(assistant, f"talk {number}")
            assert "order opened: AQ-10100" in seen[-1]["messages"][-1]["content"]
            assert "first: AQ-10100" not in str(seen[-1]["messages"])
    async with open_dragoman(Settings(home=home)) as dragoman:
        said = await ask(await dragoman.assistant(), "Where is my order?")
    assert "AQ-10100" in answer(said)


async def test_a_turn_that_was_killed_leaves_the_conversation_as_it_was(home: Path) -> None:
    """Nothing of a turn is kept before its end: the next one begins where the last whole one ended."""
    async with open_dragoman(Settings(home=home)) as dragoman:
        assistant = await dragoman.assistant()
        await ask(assistant, "How long may I return an order?")
        stream = assistant.reply("Where is AQ-10100?", Session(id="s", language="en", market="DE"))
        await anext(stream)
        before = rows(home)
        held = (await dragoman.agent("shopper").aget_state({"configurable": {"thread_id": "s"}})).values["messages"]
        assert [m.text for m in held if isinstance(m, HumanMessage)] == ["How long may I return an order?"]
        assert len(before) == 1
        assert [type(event) async for event in stream][-1] is events.Finished
        assert answer(await ask(assistant, "thanks"))


async def test_a_state_is_read_from_another_process_and_forgotten_for_all(database_url: str, tmp_path: Path) -> None:
    place: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}

    def state(number: int) -> Any:
        return {"v": 4, "id": f"{number:04}", "ts": "", "channel_values": {"n": number}, "channel_versions": {},
                "versions_seen": {}, "updated_channels": None}  # fmt: skip

    engines = [open_engine(database_url) for _ in range(2)]
    mine, theirs = [open_conversations(tmp_path, await prepare(engine)) for engine in engines]
    async with mine as one, theirs as other:
        assert await other.aget_tuple(place) is None
        for number in range(3):
            await one.aput(place, state(number), {}, {})
            found = await other.aget_tuple(place)
            assert found is not None
            assert found.checkpoint["channel_values"] == {"n": number}
            assert await other.aget_tuple(place) is found
        await one.adelete_thread("t")
        assert await other.aget_tuple(place) is None
    assert (tmp_path / FILE).exists() == database_url.startswith("sqlite")
    for engine in engines:
        await engine.dispose()


async def test_a_damaged_file_is_reported_and_not_touched(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database" * 100)
    with pytest.raises(DatabaseUnusable, match="cannot be read"):
        async with open_conversations(tmp_path):
            pass
    assert (tmp_path / FILE).read_bytes() == b"this is no database" * 100


async def test_a_state_that_cannot_be_read_at_once_is_waited_for(home: Path, tmp_path: Path) -> None:
    place, busy = ("s", ""), tmp_path / "busy.sqlite3"
    with sqlite3.connect(busy, isolation_level=None) as holding, sqlite3.connect(busy, timeout=0) as locked:
        holding.execute("CREATE TABLE checkpoints (thread_id)")
        holding.execute("BEGIN EXCLUSIVE")
        async with open_conversations(home) as conversations:
            assert isinstance(conversations.states, StateFile)
            await conversations.states.replace(place, ("1", "json", b"{}", {}))
            conversations.states._reading = locked
            assert await conversations.states.last(place, "") == ("1", "json", b"{}", {})
    holding.close()
    locked.close()
