"""The documents say what is so: files they name exist, commands and settings are told, links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from integrations.cli import app, load_commands
from integrations.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
PLACES = ("knowledge", "tools", "assistant", "integrations", "evals", "tests", "benchmarks", "docs", "scripts")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`([\w./-]+/[\w./-]*)`", page.read_text("utf-8"))
    ours = {name for name in named if name.split("/")[0] in PLACES and "NAME" not in name and "xx-XX" not in name}
    assert {name for name in ours if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "docs/developer.md"])
def test_files_a_page_names_without_their_folder_exist_somewhere(page: str) -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    named = set(re.findall(r"`([a-z_]+\.(?:py|js))`", (ROOT / page).read_text("utf-8")))
    assert len(named) >= 5
    assert named - {Path(name).name for name in tracked} == set()


def test_the_architecture_is_two_pages() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 125


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    names = {field.alias or f"DRAGOMAN_{name.upper()}" for name, field in Settings.model_fields.items()}
    assert set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", text, re.MULTILINE)) == names


def test_every_make_target_is_told() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = "".join(page.read_text("utf-8") for page in PAGES)
    assert {target for target in targets - {"help"} if f"make {target}" not in told} == set()


def test_every_command_has_help_and_is_told() -> None:
    binary = Path(sys.executable).parent / "dragoman"
    shown = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout
    assert "..." not in shown.split("Commands:")[1]
    commands = re.findall(r"^  ([a-z]+)  +\S", shown.split("Commands:")[1], re.MULTILINE)
    told = "".join(page.read_text("utf-8") for page in PAGES)
    load_commands()
    assert set(commands) == set(get_command(app).commands)  # type: ignore[attr-defined]
    assert {command for command in commands if f"dragoman {command}" not in told} == set()


def test_every_test_a_page_names_is_one() -> None:
    """What the threat model claims, a test shows."""
    told = "".join(page.read_text("utf-8") for page in PAGES)
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", told))
    assert len(named) >= 25
    lost = {f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")}
    assert lost == set()


def test_no_page_names_the_machine_it_was_written_on() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    texts = [ROOT / name for name in tracked if (ROOT / name).suffix in {".md", ".py", ".toml", ".txt", ".example"}]
    marks = ("/" + "work/", "/" + "root/", "/" + "tmp/")
    assert [path.name for path in texts if any(mark in path.read_text("utf-8") for mark in marks)] == []
