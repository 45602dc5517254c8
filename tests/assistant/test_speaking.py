"""What is heard while an agent works: in order, before what follows has begun, and given up with who listens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.outputs import ChatGenerationChunk

from assistant.speaking import ask, heard, parts_of, show
from integrations.models.streaming import StreamingModel, Tools


class Spoken(StreamingModel):
    """Says words, one a piece."""

    words: Sequence[str]

    @property
    def _llm_type(self) -> str:
        return "spoken"

    async def _astream(self, messages: Any, stop: Any = None, run_manager: Any = None, *, tools: Tools = (), **_: Any):  # type: ignore[no-untyped-def]
        for word in self.words:
            yield ChatGenerationChunk(message=AIMessageChunk(content=word, additional_kwargs={"tools": len(tools)}))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", chunk_position="last"))


async def test_parts_are_heard_in_order_whoever_says_them() -> None:
    async def deeper() -> None:
        show("two")

    async def work() -> None:
        show("one")
        await asyncio.create_task(deeper())
        await heard("three")

    assert [part async for part in parts_of(work)] == ["one", "two", "three"]


async def test_what_follows_begins_when_a_part_was_heard() -> None:
    done: list[str] = []

    async def work() -> None:
        await heard("about to act")
        done.append("acted")

    parts = parts_of(work)
    assert await anext(parts) == "about to act"
    for _ in range(5):
        await asyncio.sleep(0)
    assert not done
    assert [part async for part in parts] == []
    assert done == ["acted"]


async def test_who_stops_listening_gives_the_work_up() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await heard("about to act")
            ended.append("acted")
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            ended.append("given up")
            raise

    parts = parts_of(work)
    await anext(parts)
    await parts.aclose()
    assert ended == ["given up"]


async def test_a_fault_is_raised_where_it_is_heard() -> None:
    async def work() -> None:
        show("one")
        raise KeyError("broken")

    parts = parts_of(work)
    assert await anext(parts) == "one"
    with pytest.raises(KeyError):
        await anext(parts)


async def test_with_nobody_listening_work_goes_on() -> None:
    show("one")
    await asyncio.wait_for(heard("two"), 1)


async def test_an_answer_is_heard_piece_by_piece_under_one_name_and_given_back_whole() -> None:
    answers = []

    async def work() -> None:
        answers.append(await ask(Spoken(words=["Good ", "day."]), [HumanMessage("hi")]))

    pieces = [part async for part in parts_of(work)]
    assert [piece.text for piece in pieces] == ["Good ", "day.", ""]
    assert len({piece.id for piece in pieces}) == 1
    assert answers[0].text == "Good day."
    assert answers[0].id == pieces[0].id
