"""A turn as the embedded model sees it, and a message cut into clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from assistant.embedded.turn import read_turn, split_clauses, split_sentences


def said(text: str, **more: str) -> HumanMessage:
    return HumanMessage(text, additional_kwargs=more)


def called(name: str, told: dict[str, object] | None, key: str = "1", **arguments: str) -> list[BaseMessage]:
    asked = AIMessage("", tool_calls=[tool_call(name=name, args=arguments, id=key)])
    return [asked, ToolMessage("x", name=name, tool_call_id=key, artifact=told)]


@pytest.mark.parametrize(
    "text", ["Write to a.b@mail.example.com today", "My address is jonas_wiechert@example.com.", "v1.2 of x@a.example"]
)
def test_an_email_address_stays_whole(text: str) -> None:
    assert split_sentences(text) == [text]


def test_a_decimal_number_stays_whole() -> None:
    assert split_sentences("Was kostet ein Paket mit 3.5 kg?") == ["Was kostet ein Paket mit 3.5 kg?"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Where is it? When does it come!", ["Where is it?", "When does it come!"]),
        ("送料はいくらですか？返品できますか？", ["送料はいくらですか？", "返品できますか？"]),
        ("متى يصل؟ كم الشحن؟", ["متى يصل؟", "كم الشحن؟"]),
        ("first line\nsecond line", ["first line", "second line"]),
    ],
)
def test_a_message_is_cut_at_the_ends_of_sentences(text: str, parts: list[str]) -> None:
    assert split_sentences(text) == parts


def test_a_message_is_cut_before_joining_words() -> None:
    assert split_clauses("how long, and do you ship?", [", and "]) == ["how long", "do you ship?"]


@pytest.mark.parametrize("text", ["", "...", "?!", " \n "])
def test_marks_without_words_are_no_clause(text: str) -> None:
    assert split_sentences(text) == []


@given(st.text(alphabet="abc ä日؟?.!。\n@", max_size=60))
def test_cutting_loses_no_word(text: str) -> None:
    kept = "".join(split_sentences(text))
    assert [c for c in kept if c.isalpha()] == [c for c in text if c.isalpha()]


def test_the_turn_is_the_last_message_with_its_language_and_market() -> None:
    turn = read_turn([said("hello"), AIMessage("hi"), said("wo?", language="de", market="AT")])
    assert (turn.text, turn.language, turn.market, turn.first) == ("wo?", "de", "AT", False)


def test_calls_of_this_turn_are_apart_from_those_before() -> None:
    past = called("search_policies", {"status": "ok"}, "1", question="shipping?")
    now = called("search_products", {"status": "none"}, "2", query="lamp")
    turn = read_turn([said("shipping?"), *past, said("a lamp"), *now])
    assert [call.name for call in turn.calls] == ["search_products"]
    assert turn.past.question == "shipping?"


def test_a_question_two_turns_ago_is_not_the_question_before() -> None:
    past = called("search_policies", {"status": "ok"}, question="shipping?")
    turn = read_turn([said("shipping?"), *past, said("thanks"), AIMessage("welcome"), said("to Brazil?")])
    assert turn.past.question == ""


def test_a_tool_that_broke_has_failed() -> None:
    turn = read_turn([said("a lamp"), *called("search_products", None)])
    assert [call.status for call in turn.calls] == ["failed"]


def test_a_call_that_has_not_run_has_no_status() -> None:
    asked = AIMessage("", tool_calls=[tool_call(name="list_orders", args={}, id="1")])
    assert [call.status for call in read_turn([said("my orders"), asked]).calls] == [""]


def test_products_and_order_spoken_of_last_are_remembered() -> None:
    lamp, mug = {"product_id": "P1", "name": "Duskling"}, {"product_id": "P2", "name": "Mug"}
    products = called("search_products", {"status": "ok", "products": [lamp, mug]}, "1")
    order = called("show_order", {"status": "ok", "order": {"order_id": "AQ-1", "market": "BR"}}, "2")
    turn = read_turn([said("a"), *products, AIMessage("Duskling – €9"), said("b"), *order, said("c")])
    assert turn.past.products == [lamp]
    assert (turn.past.order_id, turn.past.market, turn.past.shows_products) == ("AQ-1", "BR", False)


def test_a_product_that_was_only_looked_up_was_not_shown() -> None:
    told = {"status": "ok", "products": [{"product_id": "P1", "name": "Duskling"}]}
    found = called("search_products", told)
    assert read_turn([said("a"), *found, AIMessage("Delivery takes 4 days."), said("b")]).past.products == []
    assert read_turn([said("a"), *found, AIMessage("Duskling – €9"), said("b")]).past.shows_products


def test_what_was_asked_of_the_policies_or_a_person_is_remembered_with_its_topic() -> None:
    told = {"status": "ok", "passages": [{"title": "Returns"}]}
    policy = called("search_policies", told, question="how long?")
    person = called("hand_to_person", {"status": "ok"}, reason="a person please")
    past = read_turn([said("a"), *policy, said("b")]).past
    assert (past.question, past.topic) == ("how long?", "Returns")
    past = read_turn([said("a"), *person, said("b")]).past
    assert (past.question, past.topic) == ("a person please", "a person please")


def test_a_call_that_lacked_identity_is_waited_for_one_turn_only() -> None:
    refused = called("show_order", {"status": "missing"}, order_id="AQ-1")
    waiting = read_turn([said("a"), *refused, said("b")]).past.waiting_for_identity
    assert waiting is not None
    assert waiting.name == "show_order"
    assert read_turn([said("a"), *refused, said("b"), AIMessage("x"), said("c")]).past.waiting_for_identity is None


def test_no_message_is_an_empty_turn() -> None:
    assert read_turn([]).text == ""
