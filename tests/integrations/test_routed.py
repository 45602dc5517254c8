"""Served models that call no tools: they choose by a schema, word what tools told, and give way where they cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from assistant import events
from integrations.bootstrap import open_dragoman
from integrations.models.choosing import MOST_READ, choices, to_word
from integrations.settings import Settings
from tests.assistant.openai_server import Said, call, say, serving
from tests.assistant.talking import answer
from tools.context import Session

QUESTION = "How long may I return an order?"
CHOICE = {"tool": "search_policies", "arguments": {"question": QUESTION, "country": ""}}


def foolish(body: dict[str, Any], choice: Any = CHOICE) -> Said:
    """A model whose template knows no tools: it calls none, but writes what a schema holds it to."""
    if "response_format" in body:
        return say(json.dumps(choice))
    told = body["messages"][-1]["content"]
    return say("You have 30 days. It costs 4711 euros." if "<data" in told else "Hello there.")


async def ask(
    home: Path, address: str, manner: str, *texts: str, language: str = "en", market: str = "DE"
) -> list[events.Event]:
    settings = Settings(home=home, model="openai:a", openai_base_url=address, model_timeout=5, model_tools=manner)
    async with open_dragoman(settings) as dragoman:
        assistant = await dragoman.assistant()
        session = Session(id="r", language=language, market=market)
        for text in texts:
            said = [event async for event in assistant.reply(text, session)]
    return said


def run(said: list[events.Event]) -> list[str]:
    return [event.name for event in said if isinstance(event, events.StepDone)]


async def test_a_tool_is_chosen_by_schema_run_and_worded_through_the_gate(home: Path) -> None:
    with serving(foolish) as (address, seen):
        said = await ask(home, address, "schema", QUESTION)
    assert run(said) == ["search_policies"]
    assert answer(said) == "You have 30 days. [1]\n\nHello there."  # in place of the price, what it wrote anew
    schema = seen[0]["response_format"]["json_schema"]["schema"]
    assert {one["properties"]["tool"]["const"] for one in schema["anyOf"]} >= {"search_policies", "answer"}
    assert all("tools" not in body for body in seen)


async def test_no_order_is_chosen_where_no_number_was_written(home: Path) -> None:
    with serving(foolish) as (address, seen):
        await ask(home, address, "schema", QUESTION, "and order AQ-10023?")
    offered = [
        {one["properties"]["tool"]["const"] for one in body["response_format"]["json_schema"]["schema"]["anyOf"]}
        for body in seen if "response_format" in body
    ]  # fmt: skip
    assert ["show_order" in names for names in offered] == [False, True]


@pytest.mark.parametrize("choice", [{"tool": "run_sql", "arguments": {}}, ["x"], {"tool": "answer", "arguments": 5}])
async def test_a_choice_that_is_none_gives_way_to_the_embedded_model(home: Path, choice: Any) -> None:
    with serving(lambda body: foolish(body, choice)) as (address, _):
        said = await ask(home, address, "schema", QUESTION)
    assert isinstance(said[-1], events.Finished)
    assert said[-1].engine == "embedded"
    assert "30 days" in answer(said)


async def test_what_a_model_can_is_found_out_once(home: Path) -> None:
    with serving(foolish) as (address, seen):
        said = await ask(home, address, "auto", QUESTION, QUESTION)
    assert run(said) == ["search_policies"]
    assert sum("tools" in body for body in seen) == 1


async def test_a_model_that_calls_tools_is_left_to_do_so(home: Path) -> None:
    def able(body: dict[str, Any]) -> Said:
        if body["messages"][-1]["role"] == "tool":
            return say("You have 30 days.")
        name = body["tools"][0]["function"]["name"]
        return call(name, word="yes") if name == "ready" else call("search_policies", question=QUESTION)

    with serving(able) as (address, seen):
        said = await ask(home, address, "auto", QUESTION)
    assert run(said) == ["search_policies"]
    assert all("response_format" not in body for body in seen)


def test_what_is_read_for_wording_is_bounded_and_keeps_its_fence() -> None:
    told = f'<data from="x">\n{json.dumps({"passages": [{"cite": "a#1", "text": "y" * 9000, "score": 1}]})}\n</data>'
    read = to_word([HumanMessage("why?"), ToolMessage(told, tool_call_id="1")])[-1].text
    assert len(read) < MOST_READ + 100
    assert "\n</data>\n\nwhy?" in read
    assert '"score"' not in read


def test_a_choice_asks_for_kinds_and_not_for_lists_that_may_be_left_out() -> None:
    about = {"query": {"type": "string"}, "having": {"anyOf": [{"type": "array"}, {"type": "null"}]}}
    [tool, _] = choices([{"name": "t", "parameters": {"properties": about, "required": ["query"]}}])["anyOf"]
    assert set(tool["properties"]["arguments"]["properties"]) == {"query"}


def stubborn(choice: dict[str, Any]) -> Any:
    """A model that makes one choice as long as it may, and words all as if nothing had been found."""

    def script(body: dict[str, Any]) -> Said:
        if "response_format" not in body:
            return say("I could not find that.")
        offered = body["response_format"]["json_schema"]["schema"]["anyOf"]
        names = {one["properties"]["tool"]["const"] for one in offered}
        return say(json.dumps(choice if choice["tool"] in names else {"tool": "answer"}))

    return script


async def test_a_proof_is_chosen_once_and_what_it_came_to_is_worded_by_code(home: Path) -> None:
    choice = {"tool": "identify_customer", "arguments": {"order_id": "AQ-10023", "email": "", "postcode": "99999"}}
    with serving(stubborn(choice)) as (address, seen):
        said = await ask(home, address, "schema", "Where is order AQ-10023? My postcode is 99999.")
    assert run(said) == ["identify_customer", "identify_customer", "show_order"]  # the second by code, told as before
    assert len(seen) == 1
    assert answer(said).startswith("The order number and the e-mail address or postcode do not go together.")
    assert "I could not find" not in answer(said)


async def test_after_a_proof_a_model_chooses_what_was_asked_for(home: Path) -> None:
    choice = {"tool": "identify_customer", "arguments": {"order_id": "AQ-10023", "email": "", "postcode": "20357"}}
    with serving(stubborn(choice)) as (address, seen):
        said = await ask(home, address, "schema", "Where is order AQ-10023? My postcode is 20357.")
    assert run(said) == ["identify_customer"]
    assert ["response_format" in body for body in seen] == [True, True, False]


async def test_what_an_action_lacks_is_asked_for_and_taken_by_code(home: Path) -> None:
    choice = {"tool": "cancel_order", "arguments": {"order_id": "AQ-10113", "reason": "no longer needed"}}
    texts = "cancele o pedido AQ-10113, não preciso mais", "30140-070"
    with serving(stubborn(choice)) as (address, seen):
        said = await ask(home, address, "schema", *texts, language="pt-BR", market="BR")
    assert len(seen) == 1
    assert run(said)[0] == "identify_customer"
    [shown] = [event for event in said if isinstance(event, events.ActionShown)]
    assert shown.told["status"] == "needs_confirmation"


async def test_a_proof_that_was_chosen_wrongly_is_read_by_code(home: Path) -> None:
    choice = {"tool": "identify_customer", "arguments": {"order_id": "AQ-10023", "email": "", "postcode": "2035"}}
    with serving(stubborn(choice)) as (address, _):
        said = await ask(home, address, "schema", "Where is order AQ-10023? My postcode is 20357.")
    assert run(said) == ["identify_customer", "identify_customer", "show_order"]
    assert "delivered" in answer(said)
    assert "do not go together" not in answer(said)
