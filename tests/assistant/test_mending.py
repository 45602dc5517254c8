"""A history that broke off is made whole before anything is added to it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from pydantic import SecretStr

from assistant import events
from assistant.conversation import Assistant
from assistant.mending import BROKEN_OFF, whole
from integrations.bootstrap import Dragoman, open_dragoman
from integrations.settings import Settings
from tests.assistant.openai_server import Spoilt, asked, call, piece, say, serving
from tools.context import Session

SPEAKER = Session(id="mend", market="DE")
CONFIG: Any = {"configurable": {"thread_id": "mend"}}


def calling(*ids: str) -> AIMessage:
    return AIMessage("", tool_calls=[tool_call(name="show_order", args={"order_id": "X"}, id=name) for name in ids])


def result(name: str) -> ToolMessage:
    return ToolMessage("told", tool_call_id=name, artifact={"status": "ok"})


def shape(messages: list[AnyMessage]) -> list[str]:
    return [
        message.tool_call_id if isinstance(message, ToolMessage) else message.text or message.type
        for message in messages
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("held", "mended"),
    [
        ([], []),
        ([HumanMessage("hi"), AIMessage("hello")], ["hi", "hello"]),
        ([HumanMessage("hi")], ["hi", BROKEN_OFF]),
        ([HumanMessage("hi"), calling("a", "b")], ["hi", "ai", "a", "b", BROKEN_OFF]),
        ([HumanMessage("hi"), calling("a", "b"), result("b")], ["hi", "ai", "a", "b", BROKEN_OFF]),
        ([HumanMessage("hi"), calling("a"), result("a")], ["hi", "ai", "a", BROKEN_OFF]),
        ([HumanMessage("hi"), calling("a"), HumanMessage("hello?"), AIMessage("x")], ["hi", "ai", "a", "hello?", "x"]),
        ([HumanMessage("hi"), result("z"), AIMessage("x")], ["hi", "x"]),
    ],
)  # fmt: skip
def test_every_call_has_its_result_and_every_message_an_answer(held: list[AnyMessage], mended: list[str]) -> None:
    assert shape(whole(held)) == mended
    assert shape(whole(whole(held))) == mended


def test_a_whole_history_stays_as_it_is() -> None:
    held: list[AnyMessage] = [HumanMessage("hi"), calling("a"), result("a"), AIMessage("x")]
    assert all(kept is was for kept, was in zip(whole(held), held, strict=True))


def valid(messages: list[dict[str, Any]]) -> bool:
    """Whether a server would take these: after a message with calls come their results, and nowhere else."""
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return False
            waiting.remove(message["tool_call_id"])
        elif waiting:
            return False
        waiting += [asked["id"] for asked in message.get("tool_calls") or []]
    return not waiting


async def answer(assistant: Assistant, text: str) -> list[events.Event]:
    return [event async for event in assistant.reply(text, SPEAKER)]


async def opened(dragoman: Dragoman) -> Any:
    await dragoman.assistant()
    return dragoman.agent("shopper")


async def test_calls_left_hanging_by_a_process_that_died_are_answered_before_the_model_is_asked(home: Path) -> None:
    with serving(lambda _: say("All is well.")) as (address, seen):
        settings = Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key=SecretStr("k"))
        async with open_dragoman(settings) as dragoman:
            agent = await opened(dragoman)
            left = [HumanMessage("where is it?"), calling("a", "b"), result("b")]
            await agent.aupdate_state(CONFIG, {"messages": left}, as_node="model")
            said = await answer(await dragoman.assistant(), "hello?")
    assert isinstance(said[-1], events.Finished)
    assert said[-1].engine != "embedded"
    assert valid(seen[-1]["messages"])
    assert [message["role"] for message in seen[-1]["messages"]][1:] == [
        "user", "assistant", "tool", "tool", "assistant", "user",
    ]  # fmt: skip


@pytest.mark.parametrize("after", [events.Step, events.Sentence])
async def test_a_turn_that_is_closed_leaves_a_whole_history_with_what_was_shown(
    home: Path, after: type[events.Event]
) -> None:
    def script(body: dict[str, Any]) -> Any:
        if asked(body["messages"][-1]) == "hello?":
            return say("Here I am.")
        if body["messages"][-1]["role"] == "tool":
            return Spoilt(lines=[piece({"content": "One thing. And anoth"}), piece({"content": "er"})], ends="stall")
        return call("search_policies", question="returns")

    with serving(script) as (address, seen):
        settings = Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key=SecretStr("k"))
        async with open_dragoman(settings) as dragoman:
            assistant = await dragoman.assistant()
            reply = assistant.reply("tell me", SPEAKER)
            async for event in reply:
                if isinstance(event, after):
                    break
            await reply.aclose()  # type: ignore[attr-defined]
            await answer(assistant, "hello?")
    told = seen[-1]["messages"]
    assert valid(told)
    assert [asked(message) for message in told if message["role"] == "user"] == ["tell me", "hello?"]
    kept = "One thing." if after is events.Sentence else BROKEN_OFF
    assert told[-2] == {"role": "assistant", "content": kept}


async def test_a_turn_that_is_forgotten_leaves_no_trace(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        agent = await opened(dragoman)
        assistant = await dragoman.assistant()
        for turn in ("one", "two"):
            reply = assistant.reply("How much is shipping to Japan?", SPEAKER, turn)
            async for event in reply:
                if isinstance(event, events.Step):
                    break
            await reply.aclose()  # type: ignore[attr-defined]
            before = (await agent.aget_state(CONFIG)).values.get("messages", [])
            assert [message.text for message in before if isinstance(message, HumanMessage)]
            await assistant.forget(SPEAKER, turn)
            assert (await agent.aget_state(CONFIG)).values.get("messages", []) == []
        await answer(assistant, "thanks")
        await asyncio.gather(answer(assistant, "hello"), answer(assistant, "hello"))
        held = (await agent.aget_state(CONFIG)).values["messages"]
        assert [message.text for message in held if isinstance(message, HumanMessage)] == ["thanks", "hello", "hello"]
