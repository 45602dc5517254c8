"""What a report says of results, and that its page stands alone."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, read_cases
from evals.command import CASES, keep
from evals.page import as_html
from evals.report import as_data, as_markdown, interval, rates
from evals.run import Result, crashed, over_runs
from evals.scorers import SCORERS
from evals.words import KINDS, NAMES

EVIL = 'Ahoy <script src="http://evil.example/x.js">alert(1)</script> | `x`\n# no'


def case(**fields: Any) -> Case:
    return Case(**{"id": "c", "kind": "policy", "suite": "s", "text": "How long?", "language": "en", **fields})


def result(right: bool, **fields: Any) -> Result:
    answer = {"answer": EVIL, "language": "en", "citations": [], "tool_calls": [], "cards": []}
    return Result(case(**fields), answer, {"tools": right, "language": True, "answered": True}, (right,))


def results() -> list[Result]:
    return [result(number != 0, id=str(number), language="en" if number < 2 else "de") for number in range(4)]


def test_rates_count_what_was_right_of_how_many() -> None:
    told = rates(results())
    assert (told["tools"]["right"], told["tools"]["of"], told["tools"]["rate"]) == (3, 4, 0.75)
    assert told["passed"] == told["tools"]
    low, high = told["tools"]["interval"]
    assert 0 < low < 0.75 < high < 1


def test_an_interval_narrows_with_more_cases_and_is_open_without_any() -> None:
    few, many = interval(9, 10), interval(900, 1000)
    assert many[1] - many[0] < few[1] - few[0]
    assert interval(0, 0) == (0.0, 1.0)
    assert interval(10, 10)[1] == 1.0


def test_a_case_counts_only_when_it_is_right_in_every_run() -> None:
    always, once = [result(True, id="a")] * 3, [result(False, id="b"), result(True, id="b"), result(False, id="b")]
    data = as_data([over_runs(always), over_runs(once)], "m")
    suite = data["suites"]["s"]
    assert (suite["right"], suite["of"], suite["rate"], suite["once"]) == (1, 2, 0.5, 0.6667)
    assert (data["repeat"], data["results"]["b"]) == (3, {"passes": 1, "missed": ["tools"]})
    assert "pass^3" in as_markdown(data)


def test_a_crashed_case_missed_everything_and_says_why() -> None:
    data = as_data([crashed(case(says=("30",)), "OSError: disk full")], "m")
    assert data["crashed"] == 1
    assert {rate["rate"] for rate in data["rates"].values()} == {0.0}
    assert data["missed"][0]["error"] == "OSError: disk full"
    assert "disk full" in as_markdown(data)
    assert "disk full" in as_html(data)


def test_a_report_names_what_was_missed_and_what_was_wanted() -> None:
    data = as_data(results(), "embedded")
    assert (data["cases"], data["model"], [miss["id"] for miss in data["missed"]]) == (4, "embedded", ["0"])
    assert data["missed"][0]["wanted"] == {"tools": "no order looked up"}
    assert data["by_language"]["en"]["passed"]["right"] == 1
    page = as_markdown(data)
    assert "| tools | 3 | 4 | 75.0% |" in page
    assert "`0` tools" in page


def test_the_page_asks_nothing_of_any_other_place_and_runs_no_script() -> None:
    page = as_html(as_data(results(), "embedded"))
    assert escape(EVIL) in page
    assert "<script" not in page
    assert re.findall(r"<[^>]*\b(?:src|href|srcset|action)=[^>]*>|@import|url\(", page) == []
    assert "default-src 'none'" in page


def test_the_page_plots_every_rate_with_its_interval_and_tells_method_and_date() -> None:
    data = as_data(results(), "embedded")
    page = as_html(data)
    assert page.count("<svg") == 4
    assert page.count('class="interval"') == len(data["rates"]) + 2 + 1 + 1
    assert page.count("<details>") == 1
    assert "Wilson" in page
    assert data["date"] in page


def test_everything_scored_has_a_name_for_people() -> None:
    assert set(NAMES) == {"passed", *SCORERS}


def test_three_reports_are_kept(tmp_path: Path) -> None:
    data = as_data(results(), "embedded")
    keep(data, tmp_path / "a" / "b")
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == {"report.json", "report.md", "report.html"}
    assert json.loads((tmp_path / "a" / "b" / "report.json").read_text("utf-8")) == data


@pytest.mark.parametrize("name", sorted(SCORERS))
def test_whatever_is_missed_it_is_told_what_was_wanted(name: str) -> None:
    missed = Result(case(), {**result(True).answer, "state": {}}, {"answered": True, name: False}, (False,))
    assert name in as_data([missed], "m")["missed"][0]["wanted"]


def test_the_page_tells_an_owner_how_good_quick_and_dear_it_is_and_what_changed() -> None:
    told = results()
    for number, one in enumerate(told):
        one.answer["latencies"] = [100 * (number + 1)]
        one.answer["usages"] = [{"input_tokens": 1000, "output_tokens": 100}]
    now = as_data(told, "embedded")
    assert now["speed"] == {"answers": 4, "median_ms": 200, "p95_ms": 400}
    assert now["spent"] == {"input_tokens": 4000, "output_tokens": 400, "cached_tokens": 0, "usd_per_1000": 0.0}
    before = as_data([result(True, id="0", language="en"), *results()[1:]], "embedded")
    page = as_html(now, before)
    for part in (
        "Of 4 conversations 3 were right",
        "200 ms",
        "nothing",
        "1 were right and are not",
        "Known weak spots",
    ):
        assert part in page
    assert "Against the last release" not in as_html(now, {**before, "model": "openai:x"})
    dear = as_data(told, "openai:gpt-5-mini")
    assert "$" in as_html(dear)
    assert dear["spent"]["usd_per_1000"] > 0
    assert "no price of this model is known" in as_html(as_data(told, "openai:nobody-knows"))


def test_every_kind_of_case_has_words() -> None:
    assert {case.kind for case in read_cases(CASES)} - set(KINDS) == set()
