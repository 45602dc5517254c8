"""The labelled messages: they can be read, and name only what exists."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from assistant.roles import ROLES
from evals.cases import Case, read_cases
from evals.command import CASES
from integrations.shops.demo import read_demo_shop
from knowledge.locales import served_locales
from knowledge.service.requests import WRITES
from tools.actions.ledger import FINAL, OPEN

GOOD = '[[case]]\nid = "a"\nkind = "policy"\ntext = "How long?"\nlanguage = "en"\n'


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_cases(CASES)


def write(folder: Path, *contents: str) -> Path:
    for number, content in enumerate(contents):
        (folder / f"{number}.toml").write_text(content, "utf-8")
    return folder


def test_every_served_language_has_cases(cases: list[Case]) -> None:
    assert {case.language for case in cases} >= set(served_locales())


@pytest.mark.parametrize("kind", ["policy", "product", "search", "compare", "order", "return", "out_of_scope"])
def test_every_language_asks_every_main_kind_of_question(cases: list[Case], kind: str) -> None:
    assert set(served_locales()) - {case.language for case in cases if case.kind == kind} == set()


def test_cases_name_only_tools_that_exist(cases: list[Case]) -> None:
    known = {tool.name for spec in ROLES.values() for tool in spec.tools}
    assert {name for case in cases for name in case.tools} - known == set()


def test_cases_name_only_documents_and_products_that_exist(cases: list[Case]) -> None:
    documents = {Path(str(path)).stem for path in (files("knowledge.demo_shop") / "policies" / "en").iterdir()}
    products = {product.product_id for product in read_demo_shop(date(2026, 11, 22)).products or []}
    assert {name for case in cases for name in case.cites} - documents - products == set()
    assert {name for case in cases for name in case.products} - products == set()


def test_cases_name_only_customers_that_exist(cases: list[Case]) -> None:
    held = json.loads((files("knowledge.demo_shop") / "orders.json").read_text("utf-8"))["customers"]
    assert {case.customer for case in cases if case.customer} - set(held) == set()


def test_cases_name_only_orders_and_actions_that_exist(cases: list[Case]) -> None:
    held = json.loads((files("knowledge.demo_shop") / "orders.json").read_text("utf-8"))["orders"]
    states = [case.state for case in cases if case.state]
    assert {number for state in states for number in state.orders} - set(held) == set()
    begun = {tuple(entry.split()) for state in states for entry in state.ledger}
    assert {name for name, _ in begun} - set(WRITES) == set()
    assert {status for _, status in begun} - {*OPEN, *FINAL} == set()


def test_conversations_that_act_are_held_in_at_least_six_languages(cases: list[Case]) -> None:
    held = [case for case in cases if len(case.turns) > 1 and case.state]
    assert len(held) >= 12
    assert len({case.language for case in held}) >= 6


def test_a_case_that_must_be_refused_wants_no_source(cases: list[Case]) -> None:
    assert [case.id for case in cases if case.refuse and (case.cites or case.products)] == []


def test_a_case_says_nothing_that_it_must_never_say(cases: list[Case]) -> None:
    assert [case.id for case in cases if set(case.says) & set(case.never)] == []


@pytest.mark.parametrize(
    ("language", "market", "locale"),
    [("de", "AT", "de-AT"), ("de", "", "de-DE"), ("zh-CN", "SA", "zh-SA"), ("pt-BR", "", "pt-BR"), ("xx", "", "en-US")],
)
def test_a_case_is_asked_from_a_page_in_its_language_and_market(language: str, market: str, locale: str) -> None:
    assert Case(id="a", kind="k", text="t", language=language, market=market).locale == locale


def test_cases_of_several_files_are_read_together(tmp_path: Path) -> None:
    assert [case.id for case in read_cases(write(tmp_path, GOOD, GOOD.replace('"a"', '"b"')))] == ["a", "b"]


def test_a_case_named_twice_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="named twice: a"):
        read_cases(write(tmp_path, GOOD, GOOD))


def test_a_case_is_one_message_or_several_turns_after_what_was_said_before() -> None:
    told = {"id": "a", "kind": "k", "language": "en"}
    one = Case(text="t", before=("b",), **told)
    several = Case(turns=("t", "u"), **told)
    assert (one.judged, one.messages) == (("t",), ("b", "t"))
    assert (several.judged, several.messages) == (("t", "u"), ("t", "u"))
    for wrong in ({}, {"text": "t", "turns": ("t", "u")}):
        with pytest.raises(ValueError, match="one of them"):
            Case(**told, **wrong)


def test_a_case_knows_its_file(tmp_path: Path) -> None:
    assert [case.suite for case in read_cases(write(tmp_path, GOOD))] == ["0"]


@pytest.mark.parametrize(("content", "why"), [("[[case]\n", "cannot be read"), ("", "holds no"), ("x = 1", "holds no")])
def test_a_file_without_cases_is_refused_by_name(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(ValueError, match=rf"0\.toml {why}"):
        read_cases(write(tmp_path, content))


@pytest.mark.parametrize("line", ['unknown = "x"', "refuse = 5", "state.orders.A = {}", 'turns = ["a"]'])
def test_a_wrong_case_is_refused_by_file_and_name(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match=r"0\.toml, case a"):
        read_cases(write(tmp_path, GOOD + line + "\n"))
