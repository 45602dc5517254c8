"""Processes that carry out one action and kill themselves at a point of its path.

Run as a program it forks one for each line it reads, so that Python starts only once.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import event

from tests.tools.actions.corner import Corner, open_corner


def die() -> None:
    """End as a machine does that loses its power: nothing is closed, nothing said."""
    os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A port whose calls end in death: `before` or `after` the one of a name, to a status where that is named."""

    def __init__(self, port: Any, when: str, name: str, status: str) -> None:
        self.port, self.when, self.name, self.status = port, when, name, status

    def __getattr__(self, name: str) -> Any:
        return partial(self.call, name) if callable(getattr(self.port, name)) else getattr(self.port, name)

    async def call(self, name: str, *arguments: Any) -> Any:
        named = name in self.name.split("|") and self.status in ("", getattr(arguments[0], "status", ""))
        if named and self.when == "before":
            die()
        result = await getattr(self.port, name)(*arguments)
        if named and self.when == "after":
            die()
        return result


POINTS = {
    "before the entry is kept": ("ledger", "before", "open|move", "started"),
    "in the ledger's transaction, before it commits": ("ledger", "commit", "", ""),
    "after the entry is kept": ("ledger", "after", "open|move", "started"),
    "before the shop is asked": ("shop", "before", "change", ""),
    "in the shop's transaction, before it commits": ("shop", "commit", "", ""),
    "right after the shop committed": ("shop", "after", "change", ""),
    "before the ledger says done": ("ledger", "before", "move", "done"),
    "after the ledger says done": ("ledger", "after", "move", "done"),
}
"""Points by name: whose call, when, which method, moving to which status."""

SETTLING = {
    "while settling, before it commits": ("shop", "commit", "", ""),
    "settled, before the ledger says so": ("shop", "after", "settle", ""),
}


@dataclass(eq=False)
class Countdown:
    """Dies at the nth moment a database is spoken to: before each statement, before and after each commit."""

    left: int

    def __call__(self, *_: Any) -> None:
        self.left -= 1
        if self.left == 0:
            die()

    def tune(self, engine: Any, _of: str) -> None:
        event.listen(engine.sync_engine, "before_cursor_execute", self)
        event.listen(engine.sync_engine, "commit", self)


async def live(task: dict[str, Any]) -> None:
    """Carry out a task in the corner shop as far as it goes. Without a point it dies at its nth moment."""
    point = {**POINTS, **SETTLING}.get(task["point"])
    if point is None:
        countdown = Countdown(task["moment"])
        async with open_corner(task["url"], tune=countdown.tune) as corner:
            await work(corner, task)
        return
    whose, when, name, status = point
    wrapped: dict[str, Callable[[Any], Any]] = {whose: lambda port: Mortal(port, when, name, status)}
    async with open_corner(task["url"], **wrapped, tune=partial(at_commit, whose, when)) as corner:
        await work(corner, task)


async def work(corner: Corner, task: dict[str, Any]) -> None:
    corner.minutes = task["minutes"]
    if task["way"] == "reconcile":
        await corner.clerk.reconcile()
    else:
        await corner.finish(task["way"], task["token"])


def at_commit(whose: str, when: str, engine: Any, of: str) -> None:
    """Die before the first commit of a write of this engine; the tables are there already."""

    def armed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if when == "commit" and of == whose and statement.startswith(("INSERT", "UPDATE")):
            event.listen(engine.sync_engine, "commit", lambda _: die())

    event.listen(engine.sync_engine, "after_cursor_execute", armed)


class Mortals:
    """Asks the program for processes, and tells how each ended."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.program = program

    def killed(self, url: str, way: str, token: str = "", **how: Any) -> bool:
        """Whether the process was killed where it was told to; False where it lived to its end."""
        task = {"url": url, "way": way, "token": token, "point": "", "moment": 0, "minutes": 0} | how
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(json.dumps(task) + "\n")
        self.program.stdin.flush()
        ended = int(self.program.stdout.readline())
        assert ended in (0, -signal.SIGKILL), "the process broke by itself"
        return ended != 0


@contextmanager
def mortals() -> Iterator[Mortals]:
    """The program, running."""
    words = [sys.executable, "-m", "tests.tools.actions.killed"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield Mortals(program)
        assert program.stdin
        program.stdin.close()


def main() -> None:
    """Fork a process for each task and print how it ended."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(live(json.loads(line)))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
