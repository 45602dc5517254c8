"""`dragoman evals`: measure, and compare two measurements."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.out import FINDINGS, USAGE, begin_progress, print_json, print_line, stop
from integrations.settings import calm_threads, read_settings

commands = typer.Typer(no_args_is_help=True, help="Measure the assistant on labelled messages.")
CASES = Path(__file__).parent / "cases"
GOAL = 0.9
"""Least rate of right tools and of right citations."""


@commands.command()
def run(
    suites: Annotated[
        list[str] | None, typer.Argument(help="Parts of case file names; all when none is given.")
    ] = None,
    model: Annotated[str, typer.Option(help="embedded or openai:<name>; else as configured.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for report.md and report.json.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the cases are.")] = CASES,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Ask every case and score the answers. Exit code 1 when tools or citations are right less often than 90 %."""
    calm_threads()
    from evals.cases import read_cases
    from evals.report import as_data, as_markdown
    from evals.run import run_cases

    settings = read_settings()
    settings = settings.model_copy(update={"model": model}) if model else settings
    cases = [case for case in read_cases(folder) if not suites or any(s in case.id or s in case.kind for s in suites)]
    if not cases:
        stop(f"No case fits {suites}.", USAGE, as_json)
    results = asyncio.run(run_cases(cases, settings, begin_progress("cases asked")))
    data = as_data(results, settings.model)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
        (out / "report.md").write_text(as_markdown(data), "utf-8")
    print_json(data) if as_json else print_line(as_markdown(data))
    if min(data["rates"].get(name, {"rate": 1.0})["rate"] for name in ("tools", "citation")) < GOAL:
        raise typer.Exit(FINDINGS)


@commands.command()
def compare(before: Path, after: Path) -> None:
    """What changed between two report.json files: rates, and cases newly missed or newly right."""
    one, other = (json.loads(path.read_text("utf-8")) for path in (before, after))
    for name, rate in other["rates"].items():
        was = one["rates"].get(name, {"rate": 0})["rate"]
        print_line(f"{name:10} {was:.1%} -> {rate['rate']:.1%}")
    missed = [{miss["id"] for miss in data["missed"]} for data in (one, other)]
    print_line("newly missed: " + (", ".join(sorted(missed[1] - missed[0])) or "none"))
    print_line("newly right:  " + (", ".join(sorted(missed[0] - missed[1])) or "none"))


def app(arguments: list[str], prog_name: str) -> None:
    """Entry point for the command line of `integrations.cli`."""
    typer.main.get_command(commands)(arguments, prog_name=prog_name)
