"""`dragoman evals`: measure, and compare two measurements."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json
from integrations.cli.out import FINDINGS, USAGE, begin_progress, note, print_json, print_line, stop
from integrations.cli.reading import writing
from integrations.settings import Settings, SettingsWrong, read_settings
from integrations.threads import calm_threads

if TYPE_CHECKING:
    from evals.cases import Case

commands = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Measure the assistant on labelled cases, and compare measurements.",
)
CASES = Path(__file__).parent / "cases"
BASELINE = Path(__file__).parent / "baseline.json"
"""What the embedded model reached when it was last written (`make baseline`)."""
GOAL = 0.9
"""Least rate of right tools and of right citations."""


@commands.command()
def run(  # noqa: PLR0913  (options of a command)
    suites: Annotated[
        list[str] | None, typer.Argument(help="Parts of a case's file name, id or kind; without them, all cases.")
    ] = None,
    model: Annotated[str, typer.Option(help="embedded or openai:NAME; without it, as configured.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for report.json, report.md and report.html.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the cases are.")] = CASES,
    repeat: Annotated[int, typer.Option(min=1, help="Runs of each case; it counts if it is right in all.")] = 1,
    shopper: Annotated[
        str, typer.Option(help="A served model that plays the shoppers; without it, they follow scripts.")
    ] = "",
    judge: Annotated[
        str, typer.Option(help="A served model that judges what code cannot; without it, that is left out.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Ask every case of a fresh demo shop and score the answers; this home is left alone.

    \b
    dragoman evals run                                   every case, the configured model
    dragoman evals run cancelling ja- --out before       a suite and all Japanese cases, kept in a folder
    dragoman evals run --model openai:gpt-x --repeat 5   how often a model is right five times out of five

    Exit code 1 when a case crashed, or tools or citations are right less often than 90 %.
    """
    calm_threads()
    settings, cases = _settings(model, as_json), _cases(folder, suites or [], as_json)
    if out:
        with writing(out, as_json):  # before hours of asking
            out.mkdir(parents=True, exist_ok=True)
    from evals.models import Aides
    from evals.report import as_data, as_markdown
    from evals.run import run_cases

    aides = Aides(settings, shopper.removeprefix("openai:"), judge.removeprefix("openai:"))
    results = asyncio.run(run_cases(cases, settings, begin_progress("cases asked"), repeat, aides))
    data = as_data(results, settings.model)
    if out:
        keep(data, out)
    print_json(data) if as_json else print_line(as_markdown(data))
    least = min(data["rates"].get(name, {"rate": 1.0})["rate"] for name in ("tools", "citation"))
    if least < GOAL or data["crashed"]:
        raise SystemExit(FINDINGS)


def _settings(model: str, as_json: bool) -> Settings:
    try:
        settings = read_settings()
        return Settings.model_validate({**settings.model_dump(), "model": model}) if model else settings
    except SettingsWrong as error:
        stop(str(error), USAGE, as_json)
    except ValueError:
        stop(f"--model {model}: is 'embedded' or 'openai:<name of the model>'.", USAGE, as_json)


def _cases(folder: Path, suites: Sequence[str], as_json: bool) -> list[Case]:
    from evals.cases import read_cases

    try:
        cases = read_cases(folder)
    except ValueError as error:
        stop(str(error), USAGE, as_json)
    found = [c for c in cases if not suites or any(part in name for part in suites for name in (c.suite, c.id, c.kind))]
    if not found:
        stop(f"No case in {folder} fits {' '.join(suites) or 'anything'}.", USAGE, as_json)
    return found


def keep(data: dict[str, Any], out: Path) -> None:
    """Write a run's three reports into a folder."""
    from evals.compare import read_report
    from evals.page import as_html
    from evals.report import as_json, as_markdown

    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(as_json(data), "utf-8")
    (out / "report.md").write_text(as_markdown(data), "utf-8")
    (out / "report.html").write_text(as_html(data, read_report(BASELINE) if BASELINE.exists() else None), "utf-8")
    note(f"The page for people: {(out / 'report.html').absolute()}")


@commands.command(name="compare")
def compare_reports(
    before: Annotated[Path, typer.Argument(help="A report.json, or the folder it is in.")],
    after: Annotated[Path, typer.Argument(help="Another, measured later.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="Any case that is right less often counts as worse.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What got better and what got worse, case by case, and whether chance can explain it.

    \b
    dragoman evals compare evals/baseline.json after --strict

    Exit code 1 when something got worse beyond chance; the rule is printed with the verdict.
    """
    from evals.compare import ReportUnreadable, as_text, compare, read_report

    try:
        data = compare(read_report(before), read_report(after), strict)
    except ReportUnreadable as error:
        stop(str(error), USAGE, as_json)
    print_json(data) if as_json else print_line(as_text(data))
    if data["regressed"]:
        raise SystemExit(FINDINGS)


def app(arguments: list[str], prog_name: str) -> None:
    """Entry point for the command line of `integrations.cli`."""
    typer.main.get_command(commands)(arguments, prog_name=prog_name)
