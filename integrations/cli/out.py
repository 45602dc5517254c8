"""Printing: one JSON object for programs, readable text for people; and errors that say what to do."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

OK, FINDINGS, USAGE, FAULT = 0, 1, 2, 3

MARKS = {"error": "!!", "warning": "! ", "note": "- "}
"""What the line of a finding of each severity begins with."""


def print_json(value: Any) -> None:
    """One JSON object on stdout; half an emoji, which no encoding takes, as a question mark."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")


def print_line(text: str = "") -> None:
    """A line for people on stdout."""
    sys.stdout.write(text + "\n")


def counted(number: int, noun: str) -> str:
    """How many there are: '1 finding', '2,311 rows'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def note(text: str) -> None:
    """A line about what is going on, on stderr."""
    sys.stderr.write(text + "\n")


def stop(text: str, code: int = USAGE, as_json: bool = False) -> NoReturn:
    """End with an error that says what is wrong and what to do."""
    if as_json:
        print_json({"error": {"message": text, "code": {USAGE: "usage", FAULT: "fault"}.get(code, "refused")}})
    note(f"dragoman: {text}")
    raise SystemExit(code)


def begin_progress(what: str) -> Callable[[int, int], None]:
    """Show how far a long piece of work is, on stderr: on a terminal a bar with rate and time left, else a line every
    ten seconds and at the end.
    """
    started = shown = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        told = f"{what}: {done:,} of {total:,}{_pace(done, total, now - started)}"
        if sys.stderr.isatty():
            bar = "█" * (BAR * done // max(total, 1))
            sys.stderr.write(f"\r\x1b[K[{bar:░<{BAR}}] {told}" + ("\n" if done >= total else ""))
            sys.stderr.flush()
        elif done >= total or now - shown >= 10:
            shown = now
            note(told)

    return show


BAR = 24
"""Characters of a progress bar."""


def _pace(done: int, total: int, seconds: float) -> str:
    """How fast work goes and how long it will still take."""
    if seconds < 1 or not done:
        return ""
    left = round((total - done) * seconds / done)
    return f", {done / seconds:,.1f} a second" + (f", {left // 60}:{left % 60:02d} left" if left else "")
