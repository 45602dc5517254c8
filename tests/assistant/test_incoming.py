"""What may enter: text of a sensible size, without characters that only hide things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.guardrails.incoming import MOST_LETTERS, MessageRefused, admit


def refusal(message: str) -> str:
    with pytest.raises(MessageRefused) as refused:
        admit(message)
    return refused.value.code


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "\u200b\u200b", "\u202e\u2060\ufeff"])
def test_a_message_that_shows_nothing_is_empty(message: str) -> None:
    assert refusal(message) == "empty"


@pytest.mark.parametrize("length", [MOST_LETTERS + 1, 1_000_000])
def test_a_message_beyond_the_limit_is_too_long(length: int) -> None:
    assert refusal("x" * length) == "too_long"


def test_a_message_of_the_limit_is_admitted() -> None:
    assert admit("x" * MOST_LETTERS) == "x" * MOST_LETTERS


@pytest.mark.parametrize(
    "message", ["\x00\x01\x02\x03ab", "\ud800", "\x89PNG\r\n\x1a\n\x00\x00", "PK\x03\x04\x14\x00\x00\x00"]
)
def test_binary_is_not_text(message: str) -> None:
    assert refusal(message) == "not_text"


def test_a_stray_control_character_is_taken_out() -> None:
    assert admit("where\x00 is my order, please?") == "where is my order, please?"


def test_hidden_characters_are_taken_out() -> None:
    assert admit("re\u200bturn\u202e po\u00adlicy") == "return policy"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d👧"])
def test_joiners_that_scripts_need_are_kept(text: str) -> None:
    assert admit(text) == text


def test_line_ends_are_kept() -> None:
    assert admit("one\ntwo") == "one\ntwo"


@given(st.binary(max_size=300))
def test_what_is_refused_is_refused_for_a_known_reason(message: bytes) -> None:
    assert outcome(message.decode("utf-8", "surrogateescape"))[0] in {"admitted", "empty", "not_text"}


@given(st.text(max_size=200))
def test_what_is_admitted_is_admitted_again_unchanged(text: str) -> None:
    code, once = outcome(text)
    assert code != "admitted" or (once and admit(once) == once)


def outcome(message: str) -> tuple[str, str]:
    try:
        return "admitted", admit(message)
    except MessageRefused as refused:
        return refused.code, ""
