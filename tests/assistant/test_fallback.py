"""Whatever a served model's server does, the shopper is answered, and nothing of a broken answer is ever run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import events
from assistant.conversation import Assistant
from integrations.bootstrap import Dragoman, open_dragoman
from integrations.models.chain import Patience
from integrations.settings import Settings
from tests.assistant.openai_server import (
    FAULTS,
    Said,
    Script,
    Spoilt,
    asked,
    call,
    frames,
    part,
    piece,
    say,
    serving,
    told,
)
from tests.assistant.talking import answer
from tools.context import Session

QUESTION = "Return an order within how many days?"
"""The embedded model is not sure enough of it to search the policies alone."""
QUICK = Patience(retries=1, pause_s=0.01, most_s=1.0)


@asynccontextmanager
async def conversing(home: Path, address: str, model: str = "openai:a", **more: Any) -> AsyncIterator[Any]:
    settings = Settings(home=home, model=model, openai_base_url=address, model_timeout=0.5, **more)
    async with open_dragoman(settings) as dragoman:
        assistant = await dragoman.assistant()
        dragoman.model.patience = QUICK
        yield dragoman, assistant


async def ask(assistant: Assistant, text: str = QUESTION, session: str = "s", customer: str = "") -> list[events.Event]:
    speaker = Session(id=session, language="en", market="DE", customer_id=customer)
    return [event async for event in assistant.reply(text, speaker)]


def run(said: list[events.Event]) -> list[str]:
    """The tools that ran."""
    return [event.name for event in said if isinstance(event, events.StepDone)]


def engine(said: list[events.Event]) -> str:
    assert isinstance(said[-1], events.Finished)
    return said[-1].engine


async def test_after_any_fault_the_embedded_model_answers_and_nothing_broken_is_run(
    home: Path, subtests: pytest.Subtests
) -> None:
    fault = ""
    with serving(lambda _: FAULTS[fault]) as (address, seen):
        async with conversing(home, address) as (dragoman, assistant):
            for fault in FAULTS:
                with subtests.test(fault):
                    seen.clear()
                    await assert_embedded_answers(dragoman, assistant, fault)
                    assert seen


async def test_after_any_fault_once_a_tool_ran_it_is_not_run_again(home: Path, subtests: pytest.Subtests) -> None:
    fault = ""

    def script(body: dict[str, Any]) -> Said:
        return call("search_policies", question=QUESTION) if told(body) is None else FAULTS[fault]

    with serving(script) as (address, seen):
        async with conversing(home, address) as (dragoman, assistant):
            for fault in FAULTS:
                with subtests.test(fault):
                    seen.clear()
                    await assert_embedded_answers(dragoman, assistant, fault)
                    assert len(seen) > 1


async def assert_embedded_answers(dragoman: Dragoman, assistant: Assistant, session: str) -> None:
    """The embedded model alone would search both for this question, each once."""
    dragoman.model.links[0].breaker.succeeded()
    said = await ask(assistant, session=session)
    assert sorted(run(said)) == ["search_policies", "search_products"]
    assert await dragoman.sessions.handoffs.waiting() == []
    assert "30 days" in answer(said)
    assert engine(said) == "embedded"


async def test_a_person_called_before_a_fault_is_called_once(home: Path) -> None:
    with serving(lambda body: 500 if told(body) else call("hand_to_person", reason="They want one.")) as (address, _):
        async with conversing(home, address) as (dragoman, assistant):
            said = await ask(assistant, "I want to talk to a person")
            (waiting,) = await dragoman.sessions.handoffs.waiting()
    assert run(said) == ["hand_to_person"]
    assert waiting.id in answer(said)
    assert engine(said) == "embedded"


async def test_an_action_offered_before_a_fault_is_offered_once_and_shown(home: Path) -> None:
    offered = call("cancel_order", order_id="AQ-10100", reason="ordered by mistake")
    customer = "theresa_wolfram_4481"
    with serving(lambda body: 500 if told(body) else offered) as (address, _):
        async with conversing(home, address) as (dragoman, assistant):
            text = "I want to cancel order AQ-10100, I ordered it by mistake"
            said = await ask(assistant, text, customer=customer)
            entries = await dragoman.ledger.entries(session_id="s")
    assert run(said).count("cancel_order") == 1
    assert len(entries) == 1
    assert isinstance(said[-1], events.Finished)
    assert len(said[-1].awaits) == 1
    assert "Cancel order AQ-10100" in answer(said)


def by_model(scripts: dict[str, Script]) -> Script:
    return lambda body: scripts[body["model"]](body)


def right(body: dict[str, Any]) -> Said:
    """Looks the question up and answers it."""
    found = told(body)
    if found is None:
        return call("search_policies", question=QUESTION)
    cite = next(passage["cite"] for passage in found["passages"] if "30" in passage["text"])
    return say(f"You have 30 days [{cite}].")


async def test_the_next_model_of_the_list_answers_where_one_fails(home: Path) -> None:
    with serving(by_model({"a": lambda _: 500, "b": right})) as (address, seen):
        async with conversing(home, address, "openai:a, openai:b") as (_, assistant):
            said = await ask(assistant)
    assert answer(said) == "You have 30 days [1]."
    assert engine(said) == "test-2026"
    assert [request["model"] for request in seen] == ["a", "a", "b", "a", "b"]


@pytest.mark.parametrize("ends", [[], [{"error": {"message": "oh"}}], ["{"]], ids=["eof", "error", "no JSON"])
async def test_what_was_shown_before_a_stream_broke_stays_and_the_next_answer_stands_apart(
    home: Path, ends: list[Any]
) -> None:
    def breaks(body: dict[str, Any]) -> Said:
        if told(body) is None:
            return call("search_policies", question=QUESTION)
        lines = [piece(delta) for delta in say("I looked it up. There are 30 da")]
        return Spoilt(lines=lines + [str(end).replace("'", '"') for end in ends])

    with serving(by_model({"a": breaks, "b": right})) as (address, _):
        async with conversing(home, address, "openai:a,openai:b") as (_, assistant):
            said = await ask(assistant)
    assert answer(said) == "I looked it up.\n\nYou have 30 days [1]."
    assert run(said) == ["search_policies"]


async def test_an_answer_out_of_length_loses_its_half_sentence(home: Path) -> None:
    lines = [*(piece(delta) for delta in say("I can help. It takes 3")), piece({}, "length"), "[DONE]"]
    with serving(lambda _: Spoilt(lines=lines)) as (address, _):
        async with conversing(home, address) as (_, assistant):
            said = await ask(assistant)
    assert answer(said) == "I can help."


async def test_what_is_said_beside_a_tool_call_stands_apart_from_the_answer(home: Path) -> None:
    def script(body: dict[str, Any]) -> Said:
        return (
            [*say("Let me look."), *call("search_policies", question=QUESTION)] if told(body) is None else right(body)
        )

    with serving(script) as (address, _):
        async with conversing(home, address) as (_, assistant):
            said = await ask(assistant)
    assert answer(said) == "Let me look.\n\nYou have 30 days [1]."


async def test_a_conversation_goes_on_with_another_model_at_any_point(home: Path) -> None:
    """Served, embedded, served: each reads what the others looked up and said."""
    down = False
    with serving(lambda body: 400 if down else right(body)) as (address, seen):
        async with conversing(home, address) as (_, assistant):
            first = await ask(assistant)
            down = True
            second = await ask(assistant, "Does the Duskling lamp have a battery?")
            down = False
            third = await ask(assistant)
    assert [engine(said) for said in (first, second, third)] == ["test-2026", "embedded", "test-2026"]
    assert answer(second)
    assert_history_is_whole(seen[-1]["messages"])
    texts = [asked(message) for message in seen[-1]["messages"] if message["role"] == "user"]
    assert texts == [QUESTION, "Does the Duskling lamp have a battery?", QUESTION]


def assert_history_is_whole(messages: list[dict[str, Any]]) -> None:
    """Every call is answered once, right after it, under an id of its own, as servers demand."""
    called = [call["id"] for message in messages for call in message.get("tool_calls", [])]
    answered = [message["tool_call_id"] for message in messages if message["role"] == "tool"]
    assert called == answered
    assert len(set(called)) == len(called) > 2


async def test_two_calls_of_one_index_are_both_run(home: Path) -> None:
    asked = [part("search_policies", f'{{"question": "{QUESTION}"}}', "x"), part("show_product", "{", "y"),
             part("", '"product": "AQ-H-001"}', "y")]  # fmt: skip
    with serving(lambda body: say("Hello!") if told(body) else asked) as (address, _):
        async with conversing(home, address) as (_, assistant):
            said = await ask(assistant)
    assert sorted(run(said)) == ["search_policies", "show_product"]


async def test_a_rate_limit_is_waited_for_as_long_as_the_server_asks(home: Path) -> None:
    answers = iter([Spoilt(429, body="{}", headers={"retry-after-ms": "50"})])
    with serving(lambda body: next(answers, None) or right(body)) as (address, seen):
        async with conversing(home, address) as (_, assistant):
            said = await ask(assistant)
    assert engine(said) == "test-2026"
    assert len(seen) == 3


@pytest.mark.parametrize(("fault", "calls"), [
    ("no quota", 1), ("bad request", 1), ("no key", 1), ("rate limit without end", 1), ("stalls", 1),
    ("server error", 2), ("ends early", 2), ("error in the stream", 2),
])  # fmt: skip
async def test_only_what_may_pass_is_tried_again(home: Path, fault: str, calls: int) -> None:
    with serving(by_model({"a": lambda _: FAULTS[fault], "b": lambda _: say("Hello.")})) as (address, seen):
        async with conversing(home, address, "openai:a,openai:b") as (_, assistant):
            said = await ask(assistant)
    assert answer(said) == "Hello."
    assert [request["model"] for request in seen] == ["a"] * calls + ["b"]


async def test_a_model_that_keeps_failing_is_left_alone(home: Path) -> None:
    with serving(lambda _: 500) as (address, seen):
        async with conversing(home, address) as (_, assistant):
            for _ in range(4):
                assert engine(await ask(assistant)) == "embedded"
    assert len(seen) == 3


async def test_an_answer_that_never_comes_to_an_end_is_given_up(home: Path) -> None:
    drips = Spoilt(lines=[piece({"content": ""})] * 50, drip_s=0.1)
    with serving(by_model({"a": lambda _: drips, "b": lambda _: say("Hello.")})) as (address, seen):
        async with conversing(home, address, "openai:a,openai:b") as (_, assistant):
            said = await ask(assistant)
    assert answer(said) == "Hello."
    assert len(seen) == 2


async def test_streaming_goes_on_through_the_chain(home: Path) -> None:
    lines = [piece(delta) for delta in say("First sentence. Second sentence.")]
    stall = Spoilt(lines=lines, ends="stall", stall_s=0.3)
    with serving(lambda _: stall) as (address, _):
        async with conversing(home, address) as (_, assistant):
            stream = assistant.reply(QUESTION, Session(id="s", language="en", market="DE"))
            first = await anext(stream)
            rest = [event async for event in stream]
    assert first == events.Sentence("First sentence.")
    assert engine(rest) == "embedded"


@pytest.mark.parametrize(
    ("limit", "calls"), [({"turn_calls": 1}, 1), ({"turn_tokens": 30}, 1), ({"turn_tokens": 31}, 2)]
)
async def test_above_a_turns_budget_the_embedded_model_answers(
    home: Path, limit: dict[str, int], calls: int, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(right) as (address, seen):
        async with conversing(home, address, **limit) as (_, assistant):
            said = [await ask(assistant), await ask(assistant)]
    assert len(seen) == 2 * calls
    assert [engine(each) for each in said] == ["embedded" if calls == 1 else "test-2026"] * 2
    assert all("30 days" in answer(each) for each in said)
    assert caplog.text.count("budget reached") == (1 if calls == 1 else 0)


@pytest.mark.parametrize("limit", [{"day_calls": 2}, {"day_tokens": 60}, {"day_usd": 0.000017}], ids=str)
async def test_above_a_days_budget_the_embedded_model_answers_in_every_process(
    home: Path, limit: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Two calls of 20 tokens read and 10 written: 18 millionths of a dollar with this model."""
    with serving(right) as (address, seen):
        for expected in ("test-2026", "embedded"):
            async with conversing(home, address, "openai:gpt-4o-mini", **limit) as (_, assistant):
                assert engine(await ask(assistant)) == expected
    assert len(seen) == 2
    assert caplog.text.count("budget reached") == 1


async def test_a_server_that_reports_no_usage_is_counted_here(home: Path) -> None:
    lines = [line for line in frames(say("Hello there, how may I help?")) if '"usage"' not in line]
    with serving(lambda _: Spoilt(lines=lines)) as (address, _):
        async with conversing(home, address) as (_, assistant):
            said = await ask(assistant)
    assert isinstance(said[-1], events.Finished)
    assert said[-1].usage["output_tokens"] == 8
    assert said[-1].usage["input_tokens"] > 100
