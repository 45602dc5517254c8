"""`dragoman trace` from outside: a turn that was asked is replayed, by its own id and by its conversation's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import command, one, refused
from tests.integrations.test_cli import ANSWER


@pytest.fixture(scope="module")
def asked(module_home: Path) -> Path:
    """A home in which two questions of one conversation were asked."""
    first = one(
        command(module_home, "ask", "How much is shipping to Germany? a@b.example", "--session", "talk", "--json")
    )
    assert set(first) == ANSWER
    command(module_home, "ask", "I want to talk to a person", "--session", "talk")
    return module_home


def test_a_conversation_is_replayed_turn_by_turn(asked: Path) -> None:
    done = command(asked, "trace", "show", "talk")
    assert done.returncode == 0
    first, second = done.stdout.split("\n\n")
    for part in ("answered", "search_policies", "found shipping-eu#", "4.90", "[e-mail]", "model     embedded"):
        assert part in first
    for part in ("tool      hand_to_person", "handoff   H-"):
        assert part in second
    assert "a@b.example" not in done.stdout


def test_as_json_it_is_one_object_and_a_trace_is_found_by_its_own_id(asked: Path) -> None:
    listed = one(command(asked, "trace", "list", "--json"))["traces"]
    assert [turn["session"] for turn in listed] == ["talk", "talk"]
    told = one(command(asked, "trace", "show", listed[0]["trace"], "--json"))
    (turn,) = told["turns"]
    assert (told["id"], turn["trace"], turn["outcome"]) == (listed[0]["trace"], listed[0]["trace"], "answered")
    tool = next(step for step in turn["happened"] if step["kind"] == "tool")
    assert {"name", "arguments", "status", "rule", "seconds", "passages"} <= set(tool)
    assert turn["question"] == "How much is shipping to Germany? [e-mail]"


def test_the_list_shows_a_line_a_turn_and_says_when_none_failed(asked: Path) -> None:
    assert len(command(asked, "trace", "list").stdout.splitlines()) == 2
    assert len(command(asked, "trace", "list", "--limit", "1").stdout.splitlines()) == 1
    assert command(asked, "trace", "list", "--failed").stdout == "No turn failed.\n"


def test_an_unknown_id_is_said_to_be_unknown(asked: Path) -> None:
    refused(command(asked, "trace", "show", "nothing", "--json"), 1, "no trace or conversation nothing", "30 days")
