"""`dragoman claims` from outside."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import command_line
from tests.command_line import Done


def command(folder: Path, *arguments: str, stdin: str = "") -> Done:
    return command_line.command(folder / "home", "claims", *arguments, stdin=stdin, folder=folder)


def objects(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


DE = ("--jurisdiction", "DE", "--locale", "de-DE", "--on", "2026-11-30")


def test_a_file_is_checked_and_findings_end_with_one(tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text("Der beste Rucksack 🎒, klimaneutral.\n", "utf-8")
    done = command(tmp_path, "check", "copy.txt", *DE, "--json")
    [told] = objects(done)
    assert done.returncode == 1
    assert told["ok"] is False
    found = {finding["rule"]: finding for finding in told["findings"]}
    assert set(found) == {"eu.ucpd.superlative", "eu.ecgt.offset_neutral", "de.klimaneutral"}
    assert found["de.klimaneutral"]["span"] == [22, 34]
    assert {"severity", "text", "why", "source", "suggestion"} <= set(found["de.klimaneutral"])
    assert not (tmp_path / "home").exists()


def test_a_text_without_findings_ends_with_nought_and_evidence_is_heard(tmp_path: Path) -> None:
    text = "Shirt aus Bio-Baumwolle"
    assert command(tmp_path, "check", *DE, "--category", "apparel", stdin=text).returncode == 1
    done = command(tmp_path, "check", *DE, "--category", "apparel", "--evidence", "GOTS CU-812345, x", stdin=text)
    assert (done.returncode, done.stdout) == (0, "0 findings. Not legal advice.\n")


def test_people_read_what_to_do(tmp_path: Path) -> None:
    shown = command(tmp_path, "check", *DE, stdin="Klimaneutraler Rucksack").stdout
    assert "!! 'Klimaneutraler' at 0–14: de.klimaneutral" in shown
    assert "could stand: Rucksack" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--locale", "de-DE"), "No jurisdiction was named"),
        (("--jurisdiction", "SA", "--locale", "ar-SA"), "no claim rules for 'SA'"),
        (("--jurisdiction", "DE"), "locale"),
        ((*DE[:4], "--on", "yesterday"), "no day"),
        (("absent.txt", *DE), "absent.txt cannot be read"),
    ],
)
def test_what_cannot_be_checked_is_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = command(tmp_path, "check", *arguments, "--json", stdin="x")
    assert done.returncode == 2
    assert told in objects(done)[0]["error"]["message"]


def test_a_batch_answers_line_by_line_and_says_which_line_is_wrong(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": "Klimaneutrale Socken", "locale": "de-DE", "jurisdiction": "DE", "category": "apparel"},
        {"id": "b", "text": "Socken", "locale": "de-DE", "jurisdiction": "DE", "evidence": []},
        {"id": "c", "text": "Socken", "locale": "de-DE", "jurisdiction": "Atlantis"},
        {"id": "d", "text": 7},
        {"id": "e", "text": "Socken", "locale": "de-DE", "jurisdiction": "DE", "evidence": [{"text": "GOTS"}]},
    ]  # fmt: skip
    (tmp_path / "copy.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\nno json\n\n", "utf-8")
    done = command(tmp_path, "check", "--batch", "copy.jsonl")
    told = objects(done)
    assert [line["id"] for line in told] == ["a", "b", "c", "d", "e", None]
    assert {finding["rule"] for finding in told[0]["findings"]} == {"eu.ecgt.offset_neutral", "de.klimaneutral"}
    assert told[1]["findings"] == told[4]["findings"] == []
    assert ["error" in line for line in told] == [False, False, True, True, False, True]
    assert "line 3" in told[2]["error"]["message"]
    assert done.returncode == 2
    (tmp_path / "copy.jsonl").write_text(json.dumps(lines[0]), "utf-8")
    assert command(tmp_path, "check", "--batch", "copy.jsonl").returncode == 0


def test_rules_are_listed_and_one_is_told_whole(tmp_path: Path) -> None:
    french = objects(command(tmp_path, "rules", "--jurisdiction", "FR", "--json"))[0]["rules"]
    assert {"fr.agec13", "eu.ecgt.generic_env"} <= {rule["id"] for rule in french}
    assert not any(rule["id"].startswith("de.") for rule in french)
    shown = command(tmp_path, "rules", "fr.agec13").stdout
    assert "Source: Loi AGEC" in shown
    assert "In force from 2022-05-01." in shown
    wrong = command(tmp_path, "rules", "fr.agec31")
    assert (wrong.returncode, "Did you mean 'fr.agec13'?" in wrong.stderr) == (2, True)
