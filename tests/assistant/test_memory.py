"""What a conversation remembers does not grow, keeps what was decided, and never splits a call from its result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from assistant.confirming import offered_in
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.verdict import is_grounded
from assistant.memory.keeping import MOST_PINNED, MOST_TURNS, kept, split
from assistant.memory.notes import notes
from tools.results import tell

PASSAGE = {"cite": "returns#0", "title": "Returns", "text": "You have 30 days.", "locale": "en", "document": "returns"}
OTHER = {**PASSAGE, "cite": "payments#1", "text": "We take 7 cards. " * 60}


def turn(number: int, told: dict[str, Any], answer: str = "Well.", name: str = "show_order") -> list[AnyMessage]:
    """A turn: a question, a call, what it told, an answer."""
    content, artifact = tell(**told)
    return [
        HumanMessage(f"question {number}", id=f"h{number}"),
        AIMessage("", id=f"c{number}", tool_calls=[tool_call(name=name, args={"n": number}, id=f"call{number}")]),
        ToolMessage(content, id=f"t{number}", name=name, tool_call_id=f"call{number}", artifact=artifact),
        AIMessage(answer, id=f"a{number}", response_metadata={"model_name": "m"}),
    ]


def shown(number: int) -> dict[str, Any]:
    order = {"order_id": f"AQ-{number}", "status": "shipped", "items": [{"name": "lamp " * 100}] * 5}
    return {"status": "ok", "order": order}


def grown(turns: int, told: Any = shown) -> list[AnyMessage]:
    """What is stored after so many turns, each begun with what was kept of those before."""
    messages: list[AnyMessage] = []
    for number in range(turns):
        messages = [*kept(messages), *turn(number, told(number))]
    return messages


def stored(messages: list[AnyMessage]) -> int:
    return len(json.dumps([message.model_dump(mode="json") for message in messages]))


def test_what_is_stored_does_not_grow() -> None:
    sizes = [stored(grown(turns)) for turns in (MOST_TURNS + MOST_PINNED, 60, 100)]
    assert max(sizes) < 1.2 * min(sizes)
    assert (
        stored(grown(100)) < stored([message for number in range(100) for message in turn(number, shown(number))]) / 8
    )


def test_the_last_turn_stays_as_it_was_and_the_one_before_is_shortened() -> None:
    first, second = turn(1, shown(1)), turn(2, shown(2))
    held = kept([*first, *second])
    assert held[4:] == second
    assert [type(message) for message in held[:4]] == [type(message) for message in first]
    assert held[2].artifact == {"status": "ok", "order": {"order_id": "AQ-1", "status": "shipped"}}  # type: ignore[union-attr]
    assert held[2].text.startswith('<data from="show_order">')
    assert held[3].response_metadata == {}


def test_keeping_what_was_kept_changes_nothing() -> None:
    held = kept(grown(40))
    assert kept(held) == held


def test_what_is_kept_begins_alike_from_turn_to_turn() -> None:
    """Servers read again only what changed: but for the last turns, most turns leave the beginning as it was."""
    same, before = 0, kept(grown(20))
    for number in range(21, 31):
        now = kept(grown(number))
        same += now[: len(before) - 8] == before[:-8]
        before = now
    assert same >= 7


def test_a_cited_passage_stays_evidence_for_later_turns_and_others_do_not() -> None:
    told = {"status": "ok", "passages": [PASSAGE, OTHER]}
    said = "You have 30 days [returns#0]."
    evidence = Evidence.of(kept([*turn(1, told, said, "search_policies"), *turn(2, shown(2)), *turn(3, shown(3))]))
    assert is_grounded("You have 30 days.", evidence)
    assert evidence.passage("returns#0") == PASSAGE
    assert evidence.passage("payments#1") is None
    assert not is_grounded("We take 7 cards.", evidence)


def test_orders_actions_and_people_outlive_their_turns() -> None:
    offered = {"status": "needs_confirmation", "action": "cancel_order", "operation_id": "op1", "token": "secret",
               "message": "Cancel order AQ-1?", "quote": {"order_id": "AQ-1", "total": "12.50"}}  # fmt: skip
    done = {**offered, "status": "done", "message": "Order AQ-1 is cancelled. 12.50 come back."}
    messages = [*turn(1, shown(1)), *turn(2, offered, name="cancel_order"), *turn(3, done, name="confirm_action"),
                *turn(4, {"status": "ok", "reference": "H-1"}, name="hand_to_person")]  # fmt: skip
    for number in range(5, 60):
        messages = [*kept(messages), *turn(number, {"status": "none", "query": "lamps"}, name="search_products")]
    told = notes(kept(messages))
    assert "order opened: AQ-1, then shipped" in told
    assert "action cancel_order AQ-1: done" in told
    assert "person called: reference H-1" in told
    assert is_grounded("12.50 come back.", Evidence.of(kept(messages)))
    assert "secret" not in json.dumps([message.model_dump(mode="json") for message in messages])


def test_an_offer_of_the_last_turn_can_still_be_taken() -> None:
    offered = {"status": "needs_confirmation", "action": "cancel_order", "operation_id": "op1"}
    assert offered_in(kept([*grown(30), *turn(99, offered)])) == ["op1"]


def test_notes_tell_the_day_and_who_asks_and_nothing_of_this_turn() -> None:
    asked = HumanMessage("and now?", additional_kwargs={"today": "2026-11-29", "market": "DE", "language": "de"})
    told = notes([*turn(1, shown(1)), asked])
    assert told.splitlines() == [
        "<context>", "today: 2026-11-29, language: de, market: DE", "order opened: AQ-1, then shipped", "</context>",
    ]  # fmt: skip
    assert notes([*turn(1, shown(1)), asked, *turn(2, shown(2))[1:]]) == told
    assert notes([]) == ""


def test_a_turn_that_broke_leaves_no_call_without_a_result() -> None:
    broken = turn(1, shown(1))[:2]
    assert kept([*broken, HumanMessage("again")]) == [broken[0], HumanMessage("again")]
    orphan = turn(1, shown(1))[2:]
    assert [type(message) for message in kept(orphan)] == [AIMessage]


@st.composite
def conversations(draw: st.DrawFn) -> list[AnyMessage]:
    """Turns of several calls, some of which have no result."""
    messages: list[AnyMessage] = []
    for number in range(draw(st.integers(0, 30))):
        messages.append(HumanMessage(f"q{number}", id=f"h{number}"))
        for step in range(draw(st.integers(0, 3))):
            ids = [f"{number}-{step}-{call}" for call in range(draw(st.integers(1, 3)))]
            calls = [tool_call(name="show_order", args={}, id=one) for one in ids]
            messages.append(AIMessage("", id=f"c{ids[0]}", tool_calls=calls))
            answered = draw(st.lists(st.sampled_from(ids), unique=True))
            order = {"status": draw(st.sampled_from(["ok", "refused"])), "order_id": draw(st.sampled_from("abcdefgh"))}
            messages += [ToolMessage("{}", id=f"t{one}", name="show_order", tool_call_id=one, artifact=dict(order))
                         for one in answered]  # fmt: skip
    return messages


@given(conversations())
def test_calls_and_results_are_never_split(messages: list[AnyMessage]) -> None:
    held = kept(messages)
    assert len(split(held)[1]) <= MOST_TURNS
    open_calls: set[str] = set()
    for message in held:
        if isinstance(message, ToolMessage):
            assert message.tool_call_id in open_calls
            open_calls.remove(message.tool_call_id)
        else:
            assert not open_calls
            open_calls = {call["id"] or "" for call in getattr(message, "tool_calls", [])}
    assert not open_calls


@pytest.mark.parametrize("text", ["x" * 5000, "ü" * 5000])
def test_long_texts_in_a_result_are_cut(text: str) -> None:
    held = kept([*turn(1, {"status": "ok", "note": text, "more": {"a": text}}), *turn(2, shown(2))])
    assert len(json.dumps(held[2].artifact, ensure_ascii=False)) < 1200  # type: ignore[union-attr]
