"""Text that a command is given: a file, or what comes on standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from integrations.cli.out import USAGE, stop

STANDARD_INPUT = Path("-")


def read_text(path: Path, as_json: bool = False) -> str:
    """A file's text; '-' reads standard input. Ends the command where it cannot be read or is no UTF-8."""
    name = "Standard input" if path == STANDARD_INPUT else str(path)
    try:
        return sys.stdin.buffer.read().decode() if path == STANDARD_INPUT else path.read_text("utf-8")
    except OSError as error:
        stop(f"{name} cannot be read: {error.strerror}", USAGE, as_json)
    except UnicodeDecodeError:
        stop(f"{name} cannot be read: it is not UTF-8 text", USAGE, as_json)
