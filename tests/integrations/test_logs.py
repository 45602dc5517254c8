"""Lines of the log: structured, of a known turn, without personal data, secrets and the words of libraries."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.tracing import watched
from integrations.observing.logs import OURS, MaskedLines, TurnLog, begin_logs
from tests.assistant.test_tracing import SESSION, turn
from tests.integrations.turns_at_hand import ALL, ended

KEY = "plain-looking-value"


@pytest.fixture
def logging_alone() -> Iterator[None]:
    """The logging of the test run is put back afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers = before
    root.setLevel(level)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def record(text: str, *arguments: object, error: Exception | None = None, **more: object) -> logging.LogRecord:
    about = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("shop", logging.ERROR, "x.py", 1, text, arguments, about)
    made.__dict__.update(more)
    return made


def test_a_line_holds_no_personal_data_not_even_in_a_cause() -> None:
    try:
        raise ValueError("no mailbox anna@example.com, card 4111111111111111, for AQ-10023")
    except ValueError as error:
        raised = error
    line = MaskedLines().format(record("for %s", "+49 171 1234567", error=raised, who="bo@example.com", count=3))
    assert line.startswith("ERROR shop: for [phone] who=[e-mail] count=3\nTraceback")
    assert line.endswith("ValueError: no mailbox [e-mail], card [card], for AQ-10023")


def test_a_line_of_json_is_one_object_with_its_parts_apart() -> None:
    try:
        raise ValueError("a\nb")
    except ValueError as error:
        raised = error
    line = MaskedLines(as_json=True).format(
        record('says "no"\n', error=raised, tool="show_order", number=4111111111111111)
    )
    told = json.loads(line)
    assert "\n" not in line
    assert (told["event"], told["level"], told["logger"], told["tool"]) == (
        'says "no"\n',
        "error",
        "shop",
        "show_order",
    )
    assert told["number"] == "[card]"
    assert told["exception"].endswith("ValueError: a\nb")
    assert told["timestamp"].endswith("Z")


def test_secrets_are_known_by_their_value_and_by_their_looks() -> None:
    line = MaskedLines(secrets=[KEY]).format(
        record(f"key {KEY} and sk-Ab12Cd34Ef56", url=f"https://x.example/?k={KEY}")
    )
    assert KEY not in line
    assert "Ab12Cd34" not in line


@pytest.mark.usefixtures("logging_alone")
async def test_every_line_of_a_turn_names_trace_and_session(capsys: pytest.CaptureFixture[str]) -> None:
    begin_logs("info", as_json=True)

    async def working() -> Any:
        async for event in turn():
            logging.getLogger("tools.orders").warning("looked")
            yield event

    async for _ in watched(working(), "my words", SESSION, [TurnLog()]):
        pass
    logging.getLogger("tools.orders").warning("later")
    written = capsys.readouterr().err
    told = [json.loads(line) for line in written.splitlines()]
    assert [line["event"] for line in told] == ["looked", "looked", "turn", "later"]
    assert len({line["trace"] for line in told[:3]}) == 1
    assert {line["session"] for line in told[:3]} == {"s"}
    assert "trace" not in told[3]
    assert "my words" not in written


def test_our_own_ids_stay_though_they_look_like_numbers_of_people() -> None:
    told = json.loads(MaskedLines(as_json=True).format(record("x", trace="012345678901", session="anna@example.com")))
    assert (told["trace"], told["session"]) == ("012345678901", "[e-mail]")


@pytest.mark.usefixtures("logging_alone")
def test_the_level_is_for_us_libraries_only_warn(capsys: pytest.CaptureFixture[str]) -> None:
    begin_logs("debug")
    logging.getLogger("assistant.x").debug("ours")
    logging.getLogger("openai._base_client").debug("the whole request")
    logging.getLogger("httpx").info("POST https://")
    begin_logs("error")
    logging.getLogger("assistant.x").warning("hushed")
    assert capsys.readouterr().err == "DEBUG assistant.x: ours\n"


@pytest.mark.usefixtures("logging_alone")
def test_a_turn_is_one_line_of_figures_a_failed_one_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    begin_logs("warning")
    TurnLog().ended(ended(*ALL))
    TurnLog().ended(ended(*ALL, outcome="failed"))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("WARNING integrations.observing.logs: turn outcome=failed engine=embedded")
    assert "models=2 tools=1 withheld=1 tokens=110" in line
