"""The first day of a shop owner, walked as docs/first-day.md tells it: its files, its commands, what they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import end_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "first-day.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[tuple[str, str]]:
    """Commands of a console with what they are said to print."""
    whole = text.replace("\\\n", "")  # a command that goes on in the next line
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in re.split(r"^\$ ", whole, flags=re.M)[1:]]


def as_pattern(told: str) -> str:
    """What is said to be printed; `[...]` stands for anything, alone on its line for any lines."""
    text = re.escape(told.strip()).replace(re.escape("[...]"), "<any>").replace("\\\n", "\n")
    text = re.sub(r"^<any>\n", r"(?:.*\n)?", text)
    text = re.sub(r"\n<any>$", r"(?:\n.*)?", text)
    return re.sub(r"\n<any>(?=\n)", r"(?:\n.*?)?", text).replace("<any>", ".*?")


def holds(told: str, printed: str) -> bool:
    """Whether a command printed what the page says; where the page says nothing, it only has to run."""
    return not told.strip() or bool(re.fullmatch(as_pattern(told), _plain(printed).strip(), re.DOTALL))


def _plain(printed: str) -> str:
    """Without the spaces that languages put before units."""
    return re.sub("[\u202f\u00a0]", " ", printed)


def test_what_is_said_to_be_printed_is_held_word_for_word() -> None:
    assert holds("a\n[...]\nb [...] d\n[...]", "a\nb c d")
    assert holds("[...]\na.b", "x\ny\na.b")
    for printed in ("a\nb c", "z\na\nb c d", "a\nB c d"):
        assert not holds("a\n[...]\nb [...] d\n[...]", printed)
    assert not holds("a.b", "axb")


def in_shell(line: str, folder: Path) -> str:
    """What a line prints, as somebody types it."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    held = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "DRAGOMAN_HOME": str(folder / "my-shop")}
    done = subprocess.run(
        line, shell=True, cwd=folder, env=held, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, executable="/bin/bash",
    )  # fmt: skip
    return done.stdout


def in_this_process(line: str, folder: Path) -> str:
    """The same, our command without a process of its own: a seventh of the time."""
    name, *words = shlex.split(line)
    if name != "dragoman":
        return in_shell(line, folder)
    return end_of(folder / "my-shop", *words, folder=folder, together=True, HOME=str(folder)).stdout


def walk(page: str, folder: Path, run: Callable[[str, Path], str]) -> int:
    """Write the files a page shows and run its commands, in order; returns how many of ours were run."""
    asked = 0
    for kind, name, text in BLOCK.findall(page):
        for command, told in commands(text) if kind == "console" else ():
            printed = run(command, folder)
            assert holds(told, printed), f"$ {command}\n{printed}\n--- the page says\n{told}"
            asked += "dragoman " in command
        if name:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, "utf-8")
    return asked


def test_ones_own_csv_and_policies_give_cited_answers_by_the_page_alone(tmp_path: Path) -> None:
    """In English and in German; the first ten minutes."""
    assert walk(PAGE.read_text("utf-8").partition("\n## 3.")[0], tmp_path, in_this_process) >= 7


@pytest.mark.prove
def test_every_command_of_the_first_day_does_what_the_page_says(tmp_path: Path) -> None:
    """In a shell, as it is written."""
    assert walk(PAGE.read_text("utf-8"), tmp_path, in_shell) >= 13
