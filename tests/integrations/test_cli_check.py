"""`dragoman knowledge check` from outside: what it finds in the demo shop and in a shop that contradicts itself."""

import json
from pathlib import Path

import pytest

from tests import command_line
from tests.command_line import Done


def command(home: Path, *arguments: str) -> Done:
    return command_line.command(home, "knowledge", *arguments)


HEADER = "---\nid: {id}\ntitle: {title}\nlocale: {locale}\nvalid_until: {until}\n---\n\n# {title}\n\n"
DOCUMENTS = {
    "returns": ("Returns", "en", "", "## Return period\n\nYou can return an order within 30 days of delivery."),
    "help": ("Help with returns", "en", "", "## How long may I return an order?\n\nReturns are accepted for 14 days."),
    "old": ("Old opening hours", "en", "2026-01-01", "## When we open\n\nWe answer from Monday to Friday."),
}


@pytest.fixture(scope="module")
def contradictory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose documents contradict each other."""
    folder, home = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("home") / "home"
    for name, (title, locale, until, text) in DOCUMENTS.items():
        head = HEADER.format(id=name, title=title, locale=locale, until=until)
        (folder / f"{name}.md").write_text(head + text + "\n", "utf-8")
    assert command(home, "sync", str(folder), "--shop", "Contrary").returncode == 0
    return home


def test_the_demo_shop_has_no_errors(demo_home: Path) -> None:
    done = command(demo_home, "check", "--json")
    told = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert told["errors"] == 0
    grave = [finding for finding in told["findings"] if finding["severity"] != "note"]
    assert {finding["document"] for finding in grave} == {"shipping-brazil-2025"}
    assert (done.returncode, told["ok"]) == (1, False)


def test_terms_that_ended_are_read_again_and_held_against_those_that_hold(demo_home: Path) -> None:
    done = command(demo_home, "check", "--only", "conflict", "--json")
    found = json.loads(done.stdout)["findings"]
    assert {(finding["document"], finding["what"].split(":")[0]) for finding in found} == {
        ("shipping-brazil-2025", "expired")
    }
    assert sorted(finding["others"][0] for finding in found) == [
        "shipping-brazil [en]", "shipping-brazil [en]", "shipping-overview [en]",
    ]  # fmt: skip
    told = " ".join(finding["why"] for finding in found)
    for figures in ("12 to 22 business days", "BRL 550, BRL 49", "BRL 450", "ended on 2026-06-30"):
        assert figures in told
    assert done.returncode == 1


def test_a_contradiction_is_shown_with_both_figures_and_what_to_do(contradictory: Path) -> None:
    done = command(contradictory, "check")
    assert done.returncode == 1
    assert done.stdout.startswith("!! ")
    for part in ("30 days", "14 days", "returns [en]", "help [en]", "Decide which figure is right", "1 error"):
        assert part in done.stdout


def test_only_one_kind_can_be_asked_for(contradictory: Path) -> None:
    done = command(contradictory, "check", "--only", "conflict", "--json")
    assert [finding["kind"] for finding in json.loads(done.stdout)["findings"]] == ["conflict"]
    assert done.returncode == 1
    done = command(contradictory, "check", "--only", "never-retrieved")
    assert (done.returncode, done.stdout) == (0, "0 errors, 0 warnings, 0 notes\n")


def test_an_unknown_kind_is_refused_with_those_there_are(contradictory: Path) -> None:
    done = command(contradictory, "check", "--only", "lies", "--json")
    assert done.returncode == 2
    assert "expires-soon" in json.loads(done.stdout)["error"]["message"]
    assert "expires-soon" in done.stderr


def test_help_teaches(tmp_path: Path) -> None:
    done = command(tmp_path / "none", "check", "--help")
    assert done.returncode == 0
    for part in ("--only", "--json", "Exit code 1", "conflict"):
        assert part in done.stdout
    assert not (tmp_path / "none").exists()
