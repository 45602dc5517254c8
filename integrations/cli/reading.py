"""Files that a command is given or writes, and what comes on standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from integrations.cli.out import USAGE, stop

STANDARD_INPUT = Path("-")


def read_text(path: Path, as_json: bool = False) -> str:
    """A file's text; '-' reads standard input. Ends the command where it cannot be read or is no UTF-8."""
    with _readable(path, as_json):
        return sys.stdin.buffer.read().decode() if path == STANDARD_INPUT else path.read_text("utf-8")


def read_lines(path: Path, as_json: bool = False) -> Iterator[str]:
    """The lines of a file or pipe, '-' for standard input, each as it comes. Ends the command as `read_text` does."""
    with _readable(path, as_json), ExitStack() as stack:
        lines = sys.stdin.buffer if path == STANDARD_INPUT else stack.enter_context(path.open("rb"))
        for number, line in enumerate(lines, 1):
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                stop(f"{_name_of(path)} cannot be read: line {number} is not UTF-8 text", USAGE, as_json)


@contextmanager
def writing(path: Path, as_json: bool = False) -> Iterator[None]:
    """Write a file; ends the command where it cannot be written."""
    try:
        yield
    except OSError as error:
        stop(f"{path} cannot be written: {error.strerror or error}", USAGE, as_json)


@contextmanager
def unbroken(as_json: bool) -> Iterator[None]:
    """Read or write a file of texts, terms or translations; ends the command where it, or a locale of it, is broken."""
    from integrations.localization.encoded import FileBroken

    try:
        yield
    except FileBroken as error:
        stop(str(error), USAGE, as_json)


@contextmanager
def _readable(path: Path, as_json: bool) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        stop(f"{_name_of(path)} cannot be read: it is not UTF-8 text", USAGE, as_json)
    except OSError as error:
        stop(f"{_name_of(path)} cannot be read: {error.strerror}", USAGE, as_json)


def _name_of(path: Path) -> str:
    return "Standard input" if path == STANDARD_INPUT else str(path)
