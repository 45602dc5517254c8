"""Printing: one JSON object for programs, readable text for people; and errors that say what to do."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

OK, FINDINGS, USAGE, FAULT = 0, 1, 2, 3


def print_json(value: Any) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def print_line(text: str = "") -> None:
    """A line for people on stdout."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line about what is going on, on stderr."""
    sys.stderr.write(text + "\n")


def stop(text: str, code: int = USAGE, as_json: bool = False) -> NoReturn:
    """End with an error that says what is wrong and what to do."""
    if as_json:
        print_json({"error": {"message": text, "code": {USAGE: "usage", FAULT: "fault"}.get(code, "refused")}})
    note(f"dragoman: {text}")
    raise SystemExit(code)


def show_progress(done: int, total: int, what: str = "passages read and embedded") -> None:
    """How far a long piece of work is, on one line of stderr; on a terminal only."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{what}: {done} of {total}{end}")
        sys.stderr.flush()
    elif done >= total or done % 320 == 0:
        note(f"{what}: {done} of {total}")
