"""A model behind an OpenAI-compatible server: the same events, the same gate, and faults in the shopper's words."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from assistant import events
from assistant.conversation import FAULT
from assistant.embedded.wording import Words
from assistant.guardrails.rewriting import WITHHELD
from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from tests.assistant.openai_server import Delta, asked_anew, call, say, serving, told
from tests.assistant.talking import answer
from tools.context import Session

KEY = "sk-never-to-be-shown"


def answering(body: dict[str, Any]) -> list[Delta]:
    """A tool call first; then a true sentence, one with an invented figure, and one with an invented source. Asked to
    write what was kept back anew, it says that it found nothing.
    """
    if asked_anew(body):
        return say("I could not find an express price.")
    found = told(body)
    if found is None:
        return call("search_policies", question="How long may I return an order?")
    cite = next(passage["cite"] for passage in found["passages"] if "30" in passage["text"])
    text = f"You have 30 days [{cite}]. Express costs 4711 euros. It is easy [invented#99]."
    return [{"content": text[i : i + 7]} for i in range(0, len(text), 7)]


def served(home: Path, address: str) -> Settings:
    return Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key=KEY)  # type: ignore[arg-type]


async def ask(settings: Settings, text: str, language: str = "en") -> list[events.Event]:
    async with open_dragoman(settings) as dragoman:
        assistant = await dragoman.assistant()
        session = Session(id="served", language=language, market="DE")
        return [event async for event in assistant.reply(text, session)]


async def test_a_served_model_answers_through_the_same_events_and_the_same_gate(home: Path) -> None:
    with serving(answering) as (address, seen):
        said = await ask(served(home, address), "How long may I return an order?")
    assert answer(said) == "You have 30 days [1]. It is easy.\n\nI could not find an express price."
    kinds = [type(event) for event in said]
    assert kinds[:2] == [events.Step, events.StepDone]
    assert kinds[-2:] == [events.Citations, events.Finished]
    assert [len(event.entries) for event in said if isinstance(event, events.Citations)] == [1]
    assert isinstance(said[-1], events.Finished)
    assert said[-1].engine == "test-2026"
    assert said[-1].usage == {"input_tokens": 60, "output_tokens": 30, "total_tokens": 90, "cached_tokens": 0}
    assert [(request["path"], request["authorization"]) for request in seen] == [
        ("/v1/chat/completions", f"Bearer {KEY}")
    ] * 3


async def test_a_served_model_is_told_its_role_its_tools_and_fenced_data(home: Path) -> None:
    with serving(answering) as (address, seen):
        await ask(served(home, address), "How long may I return an order?")
    first, second, _ = seen
    assert first["messages"][0]["role"] == "system"
    assert "search_policies" in {tool["function"]["name"] for tool in first["tools"]}
    fenced = second["messages"][-1]["content"]
    assert fenced.startswith('<data from="search_policies">\n')
    assert fenced.endswith("\n</data>")


async def test_an_answer_that_is_all_invented_is_withheld_in_words(home: Path) -> None:
    with serving(lambda _: [{"content": "It costs 4711 euros. Only 815 left."}]) as (address, _):
        said = await ask(served(home, address), "Was kostet der Versand nach Deutschland?", "de")
    assert "4711" not in answer(said)
    assert "815" not in answer(said)
    assert answer(said) == Words("de").say(WITHHELD) != WITHHELD


async def test_a_model_that_never_stops_calling_tools_is_stopped_and_the_embedded_one_answers(home: Path) -> None:
    with serving(lambda _: call("search_policies", question="again")) as (address, seen):
        said = await ask(served(home, address), "How long may I return an order?")
    assert len(seen) == 6
    assert "30 days" in answer(said)
    assert isinstance(said[-1], events.Finished)
    assert said[-1].engine == "embedded"


async def test_a_tool_that_is_not_offered_is_not_run(home: Path) -> None:
    def script(body: dict[str, Any]) -> list[Delta]:
        last = body["messages"][-1]
        return [{"content": "Done."}] if last["role"] == "tool" else call("delete_order", order_id="AQ-10023")

    with serving(script) as (address, _):
        said = await ask(served(home, address), "Delete my order AQ-10023")
    assert [event.status for event in said if isinstance(event, events.StepDone)] == ["failed"]


@pytest.mark.parametrize("status", [500, 401])
async def test_a_server_that_answers_with_an_error_gives_way_to_the_embedded_model(
    home: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(lambda _: status) as (address, _):
        said = await ask(served(home, address), "Wie lange kann ich etwas zurückgeben?", "de")
    assert_answered_in_german(said, caplog)


async def test_a_server_that_refuses_connections_gives_way_to_the_embedded_model(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = await ask(served(home, f"http://127.0.0.1:{port}/v1"), "Wie lange kann ich etwas zurückgeben?", "de")
    assert_answered_in_german(said, caplog)


def assert_answered_in_german(said: list[events.Event], caplog: pytest.LogCaptureFixture) -> None:
    assert "14 Tagen" in answer(said)
    assert isinstance(said[-1], events.Finished)
    assert said[-1].engine == "embedded"
    assert KEY not in repr(said) + caplog.text


async def test_a_fault_of_our_own_is_told_in_the_shoppers_language(home: Path) -> None:
    async def broken(_: Session) -> None:
        raise RuntimeError("the disk is gone")

    async with open_dragoman(Settings(home=home)) as dragoman:
        assistant = await dragoman.assistant()
        assistant._remember = broken
        said = [event async for event in assistant.reply("Hallo", Session(id="s", language="de", market="DE"))]
    (failed,) = said
    assert isinstance(failed, events.Failed)
    assert failed.message == Words("de").say(FAULT) != FAULT
    assert "disk" not in repr(said)
    assert failed.trace
