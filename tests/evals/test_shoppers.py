"""Shoppers who answer: they say what they are asked for, know when they are content, and give up."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from evals.cases import read_cases
from evals.command import CASES
from evals.models import Aides
from evals.run import run_cases
from evals.shoppers import Fact, Shopper
from integrations.settings import Settings
from knowledge.locales import served_locales
from tests.assistant.openai_server import say, serving

SHOPPER = Shopper(
    goal="Cancel AQ-1.", opens="cancel it", proof="my postcode is 1", to_quote="yes",
    facts=(Fact(when="why|reason", say="by mistake"),), persists=("please",), patience=4,
)  # fmt: skip


def answer(text: str = "", action: str = "", call: str = "") -> dict[str, Any]:
    return {
        "answer": text, "actions": [{"status": action}] if action else [],
        "tool_calls": [{"status": call}] if call else [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (answer("Which reason?"), "by mistake"), (answer("Who are you?", call="missing"), "my postcode is 1"),
        (answer("Shall we?", action="needs_confirmation"), "yes"), (answer("Hm."), "please"),
        (answer("It is done.", action="done"), None),
    ],
)  # fmt: skip
def test_a_shopper_says_what_is_asked_for(given: dict[str, Any], line: str | None) -> None:
    assert SHOPPER.next_line([given], ["cancel it"]) == line


def test_a_shopper_says_nothing_a_third_time_and_gives_up() -> None:
    assert SHOPPER.next_line([answer("Why?")] * 3, ["cancel it", "by mistake", "by mistake", "please"]) is None
    assert SHOPPER.next_line([answer("Why?")] * 4, ["cancel it"]) is None


def test_a_fact_names_a_regular_expression() -> None:
    with pytest.raises(ValidationError, match="no regular expression"):
        Fact(when="(", say="x")


def test_there_are_two_shoppers_for_every_language() -> None:
    shoppers = [case for case in read_cases(CASES) if case.shopper]
    assert Counter(case.language for case in shoppers) == dict.fromkeys(served_locales(), 2)
    assert all(case.state for case in shoppers)


async def test_a_shopper_talks_to_the_product_until_they_have_what_they_want(tmp_path: Path) -> None:
    [case] = [case for case in read_cases(CASES) if case.id == "fr-shopper-cancels"]
    [result] = await run_cases([case], Settings(home=tmp_path / "home"), lambda *_: None)
    assert result.passed, result.scores
    assert result.answer["asked"][-1] == "oui, je confirme"


async def test_a_model_plays_a_shopper_and_judges_where_one_is_named(tmp_path: Path) -> None:
    def script(body: dict[str, Any]) -> Any:
        judges = "You judge" in str(body["messages"][0]["content"])
        return say('{"reason": "it says so", "right": true}' if judges else "DONE")

    with serving(script) as (address, seen):
        settings = Settings(home=tmp_path, openai_base_url=address, openai_api_key=SecretStr("x"))
        aides = Aides(settings, shopper="m", judge="m")
        assert await aides.next_line(SHOPPER, [], []) == "cancel it"
        assert await aides.next_line(SHOPPER, [answer("Which reason?")], ["cancel it"]) is None
        verdict = await aides.judged("Is it polite?", "hello", "Welcome!")
        assert await Aides(settings).judged("Is it polite?", "hello", "Welcome!") is None
    assert verdict == {"right": True, "reason": "it says so", "judge": "m"}
    assert len(seen) == 2
