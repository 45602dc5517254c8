"""`dragoman localize`: batches for checking translations and for writing facts as locales do."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from integrations.cli import Json, app
from integrations.cli.out import FINDINGS, USAGE, note, print_json, stop


@app.command()
def localize(
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
    """Check translations, or write numbers, sums, dates and lists as a locale does.

    Exit code 1 when a check has findings. Examples:
    dragoman localize --check translations.jsonl
    dragoman localize --format figures.jsonl
    """
    if check is not None and formats is None:
        check_file(check, as_json)
    elif formats is not None and check is None:
        format_file(formats, as_json)
    else:
        stop("Name what to do: --check FILE.jsonl or --format FILE.jsonl, one of them.", USAGE, as_json)


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
    try:
        read = path.read_text("utf-8") if str(path) != "-" else sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}", USAGE, as_json)
    for number, line in enumerate(read.split("\n"), 1):
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
