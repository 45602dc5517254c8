"""The command `dragoman` as tests give it: in this process (`command`), or as one of its own (`process`), which takes
several times as long.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.cli import obey
from integrations.observing.logs import OURS

DRAGOMAN = Path(sys.executable).with_name("dragoman")
ROOT = Path(__file__).resolve().parents[1]

Done = subprocess.CompletedProcess[str]
"""How a command ended, and what it wrote."""


def command(home: Path, *words: str, stdin: str = "", folder: Path = ROOT, **environment: str) -> Done:
    """The command in this process, over a home, as people see it: no traceback. In a thread where a test is async."""
    return _unharmed(end_of(home, *words, stdin=stdin, folder=folder, **environment))


def end_of(
    home: Path, *words: str, stdin: str = "", folder: Path = ROOT, together: bool = False, **environment: str
) -> Done:
    """The same, whatever stands in the log. It has streams and an environment of its own, `together` both in one; a
    fault it does not explain is raised.
    """
    fed, told = _stream(stdin.encode()), _stream()
    said = told if together else _stream()
    held = {"DRAGOMAN_HOME": str(home), "COLUMNS": "120", **environment}
    with contextlib.chdir(folder), _as_it_was(), pytest.MonkeyPatch.context() as patch:
        for name, value in held.items():
            patch.setenv(name, value)
        for name, stream in (("stdin", fed), ("stdout", told), ("stderr", said)):
            patch.setattr(sys, name, stream)
        code = obey(words)
    return Done(["dragoman", *words], code, _text(told), _text(said))


def process(home: Path, *words: str, stdin: str = "", folder: Path = ROOT, **environment: str) -> Done:
    """The same as a process of its own, as a shell starts it."""
    held = {**os.environ, "DRAGOMAN_HOME": str(home), "COLUMNS": "120", **environment}
    return _unharmed(subprocess.run(
        [DRAGOMAN, *words], input=stdin, env=held, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    ))  # fmt: skip


def one(done: Done) -> dict[str, Any]:
    """The one object on stdout."""
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def refused(done: Done, code: int, *parts: str) -> None:
    """The command ended with an error that says these parts, on stderr and as JSON."""
    assert done.returncode == code
    error = one(done)["error"]
    assert [part for part in parts if part not in error["message"]] == []
    assert error["message"] in done.stderr


def _unharmed(done: Done) -> Done:
    assert "Traceback" not in done.stdout + done.stderr
    return done


def _stream(held: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(held), "utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


@contextlib.contextmanager
def _as_it_was() -> Iterator[None]:
    """What a command changes in its process because it is about to end: the log, and whether memory is collected."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, levels = root.handlers[:], {name: logging.getLogger(name).level for name in ("", *OURS)}
    try:
        yield
    finally:
        root.handlers = handlers
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        sys.excepthook = hook
        gc.enable()
