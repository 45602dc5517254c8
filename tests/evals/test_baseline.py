"""The embedded model is no worse than it was: what it got right when the baseline was written it still gets right."""

from pathlib import Path

import pytest

from evals.cases import read_cases
from evals.command import BASELINE, CASES
from evals.compare import as_text, compare, read_report
from evals.report import as_data
from evals.run import run_cases
from integrations.settings import Settings


def test_the_baseline_can_be_read_and_is_the_embedded_models() -> None:
    baseline = read_report(BASELINE)
    assert (baseline["model"], baseline["crashed"]) == ("embedded", 0)
    assert compare(baseline, baseline, strict=True)["regressed"] is False


@pytest.mark.prove
async def test_the_embedded_model_is_no_worse_than_its_baseline(tmp_path: Path) -> None:
    cases, settings = read_cases(CASES), Settings(home=tmp_path)
    after = as_data(await run_cases(cases, settings, lambda *_: None), settings.model)
    told = compare(read_report(BASELINE), after, strict=True)
    assert not told["regressed"], f"{as_text(told)}\nMend it, or write down why it is better so: make baseline"
    assert (told["only_before"], told["only_after"]) == ([], []), "cases came or went; write it anew: make baseline"
