"""`dragoman localize --check` and `--format` from outside."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("dragoman")


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DRAGOMAN_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [COMMAND, "localize", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_file_of_translations_is_checked_line_by_line(tmp_path: Path) -> None:
    lines = [
        {
            "id": "a",
            "source": "This action cannot be undone.",
            "target": "Diese Aktion kann nicht rückgängig gemacht werden.",
            "lang": "de",
        },
        {"id": "b", "source": "Order %{number}", "target": "Bestellung", "lang": "de"},
        {
            "id": "c",
            "source": "Choose a delivery address",
            "target": "Die Zahlung wurde von Ihrer Bank abgelehnt",
            "lang": "de",
        },
        {"id": "d", "source": "Choose a size"},
    ]
    (tmp_path / "lines.jsonl").write_text("\n".join([*map(json.dumps, lines), "no json", ""]), "utf-8")
    done = command(tmp_path, "--check", "lines.jsonl")
    told = objects(done)
    assert [one["id"] for one in told] == ["a", "b", "c", "d", None]
    found = [[finding["rule"] for finding in one.get("findings", ())] for one in told]
    assert found[:3] == [[], ["l10n.placeholder"], ["l10n.wrong_string"]]
    assert "target, lang is missing" in told[3]["error"]["message"]
    assert "it is no JSON" in told[4]["error"]["message"]
    assert done.returncode == 2
    assert not (tmp_path / "home").exists()
    (tmp_path / "lines.jsonl").write_text(json.dumps(lines[1]), "utf-8")
    assert command(tmp_path, "--check", "lines.jsonl").returncode == 1


def test_figures_are_written_as_a_locale_does(tmp_path: Path) -> None:
    lines = [
        {"id": 1, "kind": "currency", "locale": "de-DE", "currency": "EUR", "value": 1234.5},
        {"kind": "date", "locale": "ja-JP", "style": "long", "value": "2026-11-22T00:30:00Z", "timezone": "UTC"},
        {"id": 3, "kind": "decimal", "locale": "de-DE", "value": "many"},
    ]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = command(tmp_path, "--format", "lines.jsonl")
    assert objects(done)[:2] == [{"id": 1, "text": "1.234,50\u00a0€"}, {"text": "2026年11月22日"}]
    assert "'many' is no number" in objects(done)[2]["error"]["message"]
    assert done.returncode == 2


def test_both_at_once_or_a_missing_file_is_said(tmp_path: Path) -> None:
    assert "one of them" in command(tmp_path, "--check", "a", "--format", "b").stderr
    missing = command(tmp_path, "--check", "none.jsonl", "--json")
    assert (missing.returncode, objects(missing)[0]["error"]["code"]) == (2, "usage")
