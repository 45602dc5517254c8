"""`dragoman localize`: batches for checking translations and for writing facts as locales do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from integrations.cli import Json, app
from integrations.cli.action import By, user_name
from integrations.cli.out import FINDINGS, USAGE, note, print_json, stop
from integrations.cli.reading import read_text


@app.command()
def localize(  # noqa: PLR0913  (each is an option)
    file: Annotated[
        Path | None, typer.Argument(help="CSV, XLSX, JSON, JSON Lines, PO, XLIFF or HTML, whose texts are localized.")
    ] = None,
    to: Annotated[str, typer.Option("--to", help="The locales, separated by commas: de-DE,ja-JP.")] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write, or a folder; an .xlsx holds a table and its review."),
    ] = None,
    columns: Annotated[str, typer.Option(help="Columns or keys that hold text, where they are not found out.")] = "",
    source: Annotated[
        str, typer.Option("--from", help="The locale of the texts, where it is not the one they are seen to be in.")
    ] = "",
    jurisdiction: Annotated[
        str, typer.Option(help="Whose rules on claims hold, like DE or EU; those of the locale's country without it.")
    ] = "",
    marketplace: Annotated[str, typer.Option("--marketplace", "-m", help="The channel whose limits hold.")] = "",
    category: Annotated[str, typer.Option(help="What goods they are, for rules on claims: cosmetics, food, ...")] = "",
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="Ask the configured models, if there are any.")
    ] = True,
    budget: Annotated[
        float, typer.Option(min=0, help="The most a model may cost for a big file, in US dollars; 0 for no limit.")
    ] = 0,
    accept: Annotated[
        Path | None, typer.Option(help="A review workbook: what was approved in it goes into the memory.")
    ] = None,
    by: By = "",
    check: Annotated[
        Path | None,
        typer.Option(help='JSON Lines {"id", "source", "target", "lang"}: what is wrong with each translation.'),
    ] = None,
    formats: Annotated[
        Path | None,
        typer.Option(
            "--format",
            help='JSON Lines {"kind", "locale", "value", …}: a sum, number, share, date, plural form or list, written.',
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a file's texts into other locales, or check translations.

    It also writes figures and dates as a locale does (--format). What is known (memory, terms, taxonomy) needs no
    model; what cannot be translated is left empty and marked. Exit code 1 where a text is not translated or a check has
    findings.

    \b
    dragoman localize products.csv --to de-DE,ja-JP
    dragoman localize --accept products.review.xlsx
    dragoman localize --check translations.jsonl
    """
    from integrations.cli.localize_files import Asked, accept_review, locales_of, localize_file

    if sum(one is not None for one in (file, accept, check, formats)) != 1:
        stop("Name one thing to do: a file with --to, --accept, --check or --format.", USAGE, as_json)
    if check is not None:
        check_file(check, as_json)
    elif formats is not None:
        format_file(formats, as_json)
    elif accept is not None:
        accept_review(accept, by or user_name(), (jurisdiction, marketplace, category), as_json)
    elif file is not None:
        texts = tuple(name.strip() for name in columns.split(",") if name.strip())
        locale, shown = locales_of(source, as_json)[0] if source else "", (jurisdiction, marketplace, category)
        localize_file(Asked(file, locales_of(to, as_json), out, texts, locale, *shown, model, as_json, _usd(budget)))


def _usd(budget: float) -> Decimal | None:
    return Decimal(str(budget)) if budget else None


def check_file(path: Path, as_json: bool) -> None:
    """Check each line against its source and the other lines of its file; one JSON object a line out, in order."""
    from integrations.threads import calm_threads

    calm_threads()
    from tools.localization.checks.batch import Pair, check_batch

    lines = list(_lines(path, ("source", "target", "lang"), as_json))
    pairs = [Pair(held["source"], held["target"], held["lang"]) for _, held, wrong in lines if not wrong]
    findings = iter(check_batch(pairs))
    told: Counter[str] = Counter()
    for _, held, wrong in lines:
        if wrong:
            print_json({"id": held.get("id"), "error": {"message": wrong, "code": "invalid"}})
            continue
        found = next(findings)
        told.update(finding.severity for finding in found)
        print_json({"id": held.get("id"), "findings": [asdict(finding) for finding in found]})
    _end(sum(bool(wrong) for *_, wrong in lines), bool(told["block"] or told["warn"]))


def format_file(path: Path, as_json: bool) -> None:
    """Write what each line asks; one JSON object a line out, in order."""
    from tools.localization.formatting import formatted

    wrong_lines = 0
    for number, held, wrong in _lines(path, ("locale",), as_json):
        named = {"id": held["id"]} if "id" in held else {}
        try:
            if wrong:
                raise ValueError(wrong)
            print_json({**named, "text": formatted(held)})
        except ValueError as error:
            wrong_lines += 1
            reason = wrong or f"line {number}: {error}"
            print_json({**named, "error": {"message": reason, "code": "invalid"}})
    _end(wrong_lines, False)


def _lines(path: Path, texts: tuple[str, ...], as_json: bool) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Every line that is not empty: its number, what it holds, and what is wrong with it ('' for nothing)."""
    for number, line in enumerate(read_text(path, as_json).split("\n"), 1):
        if not line.strip():
            continue
        try:
            held = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, {}, f"line {number}: it is no JSON: {error}"
            continue
        if not isinstance(held, dict):
            yield number, {}, f"line {number}: it is no object"
            continue
        missing = [name for name in texts if not isinstance(held.get(name), str)]
        yield number, held, f"line {number}: {', '.join(missing)} is missing or no text" if missing else ""


def _end(wrong: int, findings: bool) -> None:
    if wrong:
        note(f"dragoman: {wrong} lines could not be read")
        raise SystemExit(USAGE)
    if findings:
        raise SystemExit(FINDINGS)
