"""Cases asked for real, of the embedded model: conversations, homes of their own, repetitions, faults."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from evals.asking import together
from evals.cases import Case, read_cases
from evals.command import CASES, commands
from evals.run import Course, run_cases
from integrations.settings import Settings


def cases(*ids: str) -> list[Case]:
    return [case for case in read_cases(CASES) if case.id in ids]


async def test_a_conversation_acts_in_a_home_of_its_own_and_is_asked_again(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    asked = cases("fr-cancel-reason-yes", "en-bot-01", "fr-action-02")
    home = tmp_path / "home"
    results = await run_cases(asked, Settings(home=home), lambda *done: seen.append(done), repeat=2)
    assert [result.case.id for result in results] == [case.id for case in asked]
    assert [result.passes for result in results] == [(True, True)] * 3, [result.scores for result in results]
    assert (seen[0], seen[-1], home.exists()) == ((1, 6), (6, 6), False)


async def test_a_case_that_crashes_is_a_failure_and_the_next_is_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    never_filled = Course(Settings(home=tmp_path), tmp_path, lambda *_: None, 2)
    results = await never_filled.run(cases("fr-cancel-reason-yes", "ja-cancel-reason-yes"))
    assert [set(result.scores.values()) for result in results] == [{False}, {False}]
    assert "FileNotFoundError" in results[0].answer["error"]["message"]
    assert "crashed" in caplog.text


async def test_a_model_that_cannot_be_reached_is_a_failure(tmp_path: Path) -> None:
    nowhere = Settings(
        home=tmp_path, model="openai:none", openai_base_url="http://127.0.0.1:9/v1", openai_api_key=SecretStr("none")
    )
    [result] = await run_cases(cases("en-bot-01"), nowhere, lambda *_: None)
    assert result.scores["answered"] is False
    assert not any(result.scores.values())


def test_the_answers_of_a_conversation_are_judged_as_one() -> None:
    empty: dict[str, Any] = {"tool_calls": [], "citations": [], "cards": [], "actions": []}
    whole = together([
        {**empty, "answer": "a", "language": "de", "tool_calls": [{"name": "x"}], "error": {"message": "m"}},
        {**empty, "answer": "b", "language": "en", "citations": [{"document": "d"}]},
    ])  # fmt: skip
    assert (whole["answer"], whole["said"], whole["language"]) == ("a\n\nb", ["a", "b"], "de, en")
    assert (whole["tool_calls"], whole["citations"]) == ([{"name": "x"}], [{"document": "d"}])
    assert whole["error"] == {"message": "m"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing-like-it"], "No case"),
        (["--folder", "docs"], "No case"),
        (["--model", "gpt"], "openai:<name"),
        (["--repeat", "0"], "--repeat"),
        (["--out", "/proc/nowhere"], "cannot be written"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = CliRunner(env={"DRAGOMAN_HOME": str(tmp_path)}).invoke(commands, ["run", *arguments])
    assert done.exit_code == 2
    assert said in done.stderr
