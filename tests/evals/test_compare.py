"""Two reports beside each other: what counts as worse, and what chance can explain."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.command import commands
from evals.compare import ReportUnreadable, as_text, compare, read_report, sign_test


def report(missed: dict[str, list[str]], cases: int = 20, repeat: int = 1) -> dict[str, Any]:
    names = [str(number) for number in range(cases)]
    results = {name: {"passes": 0 if missed.get(name) else repeat, "missed": missed.get(name, [])} for name in names}
    rates: dict[str, Any] = {name: {} for name in ("passed", "tools", "citation", "unasked")}
    return {"model": "m", "date": "2026-11-22", "repeat": repeat, "results": results, "rates": rates}


def lost(count: int, name: str = "tools", first: int = 0) -> dict[str, list[str]]:
    return {str(number): [name] for number in range(first, first + count)}


def test_the_sign_test_is_a_fair_coins() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(1, 0) == 0.5
    assert sign_test(5, 0) == 1 / 32
    assert sign_test(2, 2) == 11 / 16


@pytest.mark.parametrize(
    ("before", "after", "regressed"),
    [
        ({}, {}, False),
        ({}, lost(4), False),
        ({}, lost(5), True),
        (lost(5), {}, False),
        (lost(3), lost(6, first=3), False),
        ({}, lost(1, "unasked"), True),
        (lost(1, "unasked"), lost(1, "unasked"), False),
        (lost(1, "unasked"), lost(1, "tools"), False),
    ],
)
def test_worse_is_what_chance_does_not_explain(before: Any, after: Any, regressed: bool) -> None:
    assert compare(report(before), report(after))["regressed"] is regressed


def test_strictly_one_case_lost_is_worse_whatever_is_gained() -> None:
    told = compare(report(lost(9, first=1)), report(lost(1)), strict=True)
    assert (told["worse"], len(told["better"]), told["regressed"]) == (["0"], 9, True)


def test_a_case_right_less_often_is_worse() -> None:
    before, after = report({}, repeat=3), report({}, repeat=3)
    after["results"]["4"] = {"passes": 2, "missed": ["citation"]}
    told = compare(before, after, strict=True)
    assert (told["worse"], told["regressed"]) == (["4"], True)
    assert told["scored"] == {"citation": {"better": [], "worse": ["4"]}}
    assert "citation: 0 newly right, 1 newly missed" in as_text(told)


def test_cases_of_one_report_alone_are_named_and_not_compared() -> None:
    told = compare(report({}, cases=3), report(lost(3, first=1), cases=4), strict=True)
    assert (told["only_after"], told["only_before"], told["worse"]) == (["3"], [], ["1", "2"])
    with pytest.raises(ReportUnreadable, match="no case in common"):
        compare(report({}), {**report({}), "results": {"other": {"passes": 1, "missed": []}}})


@pytest.mark.parametrize("content", ["{", "[]", '{"model": "m"}', '{"results": {"a": 1}}', '{"results": {}}'])
def test_what_is_no_report_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "report.json").write_text(content, "utf-8")
    with pytest.raises(ReportUnreadable, match="report.json"):
        read_report(tmp_path)


def write(folder: Path, data: dict[str, Any]) -> str:
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(data), "utf-8")
    return str(folder)


def test_the_command_compares_files_and_folders_and_exits_by_the_rule(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a", report({})), write(tmp_path / "b", report(lost(2)))
    told = CliRunner().invoke(commands, ["compare", one, f"{other}/report.json"])
    assert (told.exit_code, "worse:  0, 1" in told.stdout, "sign test" in told.stdout) == (0, True, True)
    strict = CliRunner().invoke(commands, ["compare", one, other, "--strict", "--json"])
    assert (strict.exit_code, json.loads(strict.stdout)["worse"]) == (1, ["0", "1"])
    absent = CliRunner().invoke(commands, ["compare", one, str(tmp_path / "c")])
    assert absent.exit_code == 2
    assert "evals run --out" in absent.stderr
