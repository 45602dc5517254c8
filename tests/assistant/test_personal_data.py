"""A served model reads placeholders; tools and the shopper get what they stand for; what is kept is the original."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from assistant import events
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.personal_data import RestoringGate, as_written, masked_message, numbers_of, restored_message
from assistant.guardrails.placeholders import Placeholders
from integrations.bootstrap import open_dragoman
from tests.assistant.openai_server import asked
from tests.assistant.test_served_model import Delta, answer, ask, call, served, serving
from tools.context import Session

EMAIL, CARD = "jonas.wiechert@example.com", "4111 1111 1111 1111"
TEXT = f"I am {EMAIL}, +49 171 1234567, 12 Oak Street. Card {CARD}, passport C01X00T47. Where is AQ-10023?"
MASKED = "I am <EMAIL_1>, <PHONE_1>, <ADDRESS_1>. Card <CARD_1>, passport <ID_1>. Where is AQ-10023?"


def test_the_same_texts_give_the_same_placeholders() -> None:
    first, again = Placeholders(), Placeholders()
    assert first.mask(TEXT) == again.mask(TEXT) == MASKED
    assert first.mask(f"{EMAIL.title()} or b@example.com") == "<EMAIL_1> or <EMAIL_2>"
    assert first.restore(MASKED) == TEXT


def test_an_unknown_placeholder_stays() -> None:
    assert Placeholders().restore("write to <EMAIL_1> <b>") == "write to <EMAIL_1> <b>"


async def test_a_served_model_never_reads_personal_data_and_tools_get_it(home: Path) -> None:
    def script(body: dict[str, Any]) -> list[Delta]:
        if body["messages"][-1]["role"] == "tool":
            return [{"content": piece} for piece in ("Is <EM", "AIL_", "1> and <CARD_1", "> yours? a <", " b")]
        return call("identify_customer", order_id="AQ-10023", email="<EMAIL_1>", postcode="<CARD_1>")

    with serving(script) as (address, seen):
        async with open_dragoman(served(home, address)) as dragoman:
            order = await dragoman.shop.order("AQ-10023")
            assert order is not None
            customer = await dragoman.shop.customer(order.customer_id)
            assert customer is not None
            assistant = await dragoman.assistant()
            session = Session(id="personal", language="en", market="DE")
            text = f"AQ-10023, I am {customer.email}, my card is {CARD}"
            said = [event async for event in assistant.reply(text, session)]
            config = {"configurable": {"thread_id": "personal"}}
            held = (await dragoman.agent("shopper").aget_state(config)).values["messages"]  # type: ignore[arg-type]
    done = next(event for event in said if isinstance(event, events.StepDone))
    assert (done.status, done.arguments["email"], done.arguments["postcode"]) == ("ok", customer.email, "<CARD_1>")
    assert answer(said) == f"Is {customer.email} and {CARD} yours? a < b"
    assert held[0].text == text
    assert customer.email not in json.dumps(seen)
    assert CARD not in json.dumps(seen)
    assert "AQ-10023, I am <EMAIL_1>, my card is <CARD_1>" in json.dumps(seen)


async def test_what_the_model_said_before_is_masked_again(home: Path) -> None:
    with serving(lambda _: [{"content": "Is it <EMAIL_1>?"}]) as (address, seen):
        await ask(served(home, address), f"my address is {EMAIL}")
        said = await ask(served(home, address), "yes")
    assert answer(said) == f"Is it {EMAIL}?"
    assert EMAIL not in json.dumps(seen)
    assert [asked(message) for message in seen[1]["messages"][1:]] == [
        "my address is <EMAIL_1>", "Is it <EMAIL_1>?", "yes",
    ]  # fmt: skip


def told(name: str, **artifact: Any) -> ToolMessage:
    return ToolMessage(json.dumps(artifact), name=name, tool_call_id="1", artifact=artifact)


def test_an_order_is_masked_but_for_its_numbers_and_sums() -> None:
    order = {"order_id": "10023", "tracking_numbers": ["4111111111111111"], "note": CARD, "total": "150000.00"}
    message = told("show_order", order=order)
    masked = masked_message(message, Placeholders(numbers_of([message])))
    assert json.loads(masked.text) == {"order": {**order, "note": "<CARD_1>"}}
    assert masked.artifact == message.artifact


@pytest.mark.parametrize("name", ["search_policies", "show_product"])
def test_what_the_shop_publishes_is_not_masked(name: str) -> None:
    message = told(name, text="write to help@shop.example")
    assert masked_message(message, Placeholders()) == message


def test_no_search_gets_personal_data_and_no_tool_a_card() -> None:
    placeholders = Placeholders()
    placeholders.mask(TEXT)
    names = ("search_policies", "change_order_address")
    arguments = {"text": "<EMAIL_1> <CARD_1> <ID_1>", "more": ["<ADDRESS_1>"]}
    calls = [tool_call(name=name, args=arguments, id=name) for name in names]
    restored = restored_message(AIMessage("", tool_calls=calls), placeholders)
    assert isinstance(restored, AIMessage)
    assert [made["args"] for made in restored.tool_calls] == [
        arguments, {"text": f"{EMAIL} <CARD_1> <ID_1>", "more": ["12 Oak Street"]},
    ]  # fmt: skip


def test_calls_of_earlier_turns_are_masked() -> None:
    made = AIMessage("", tool_calls=[tool_call(name="identify_customer", args={"email": EMAIL}, id="1")])
    masked = masked_message(made, Placeholders())
    assert isinstance(masked, AIMessage)
    assert masked.tool_calls[0]["args"] == {"email": "<EMAIL_1>"}


@given(st.lists(st.integers(0, 200), max_size=8))
def test_a_placeholder_is_put_back_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    placeholders = Placeholders()
    placeholders.mask(TEXT)
    gate = RestoringGate(Evidence.of([HumanMessage(TEXT)]))
    places = [0, *sorted(place % (len(MASKED) + 1) for place in cuts), len(MASKED)]
    shown = [*gate.begin(placeholders)]
    shown += [sentence for a, b in pairwise(places) for sentence in gate.feed(MASKED[a:b])]
    assert "".join([*shown, *gate.finish()]) == TEXT


@pytest.mark.parametrize("proof", ["jonas_wiechert@example.com", "20357"])
async def test_who_proves_who_they_are_is_understood_while_the_served_model_is_away(home: Path, proof: str) -> None:
    with serving(lambda _: 401) as (address, seen):
        said = await ask(served(home, address), f"Where is AQ-10023? It was ordered with {proof}.")
    assert [(event.name, event.status) for event in said if isinstance(event, events.StepDone)] == [
        ("identify_customer", "ok"), ("show_order", "ok"),
    ]  # fmt: skip
    assert "@" not in json.dumps([body["messages"][-1] for body in seen])


def test_nothing_is_put_back_where_nothing_was_masked() -> None:
    message = HumanMessage("I typed <EMAIL_1>")
    assert as_written([message]) == [message]
