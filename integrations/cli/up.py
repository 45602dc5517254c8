"""`dragoman up`: a whole shop on one machine, with a PostgreSQL and a Chroma of its own; and several web processes."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import app, read_home
from integrations.cli.out import FAULT, note, stop

if TYPE_CHECKING:
    from integrations.processes.keeping import Work
    from integrations.settings import Settings


@app.command()
def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    processes: Annotated[int, typer.Option(min=1, help="Web processes.")] = 2,
) -> None:
    """Run everything on this machine, as a large shop does: PostgreSQL, Chroma, several web processes, a worker. What
    dies is started again; Ctrl-C stops all. A database or Chroma server that the settings name is used instead.
    """
    from integrations.processes.chroma import own_chroma
    from integrations.processes.postgres import NoPostgres, own_postgres

    settings = read_home()
    with tempfile.TemporaryDirectory(prefix="dragoman-") as sockets:
        stores: list[Work] = []
        told: dict[str, str] = {}
        if not settings.database_url:
            _tell_of_sqlite(settings)
            try:
                work, told["DRAGOMAN_DATABASE_URL"] = own_postgres(settings.home / "postgres", Path(sockets))
            except NoPostgres as fault:
                stop(str(fault), FAULT)
            told["DRAGOMAN_MIGRATE_ON_START"] = "true"
            stores.append(work)
        if not settings.chroma_url:
            work, told["DRAGOMAN_CHROMA_URL"] = own_chroma(settings.home / "chroma")
            stores.append(work)
        keep_web(host, port, processes, [stores] if stores else [], told)


def keep_web(
    host: str, port: int, processes: int, before: Sequence[Sequence[Work]] = (), told: Mapping[str, str] | None = None
) -> None:
    """Keep web processes running that share one listening socket, so that nobody is refused while one is started again;
    the first makes the shop and its index ready for the others.
    """
    from integrations.cli.serve import listen
    from integrations.processes.keeping import GivenUp, keep

    with listen(host, port) as listening:
        first, *others = [_web(number + 1, listening) for number in range(processes)]
        note(f"starting at http://{host}:{listening.getsockname()[1]}  (Ctrl-C stops)")
        beside = [*others, *_worker()]
        stages = [*before, [first], *([beside] if beside else [])]
        try:
            asyncio.run(keep(stages, note, {**os.environ, **(told or {})}))  # noqa: TID251
        except GivenUp as fault:
            stop(str(fault), FAULT)


def _web(number: int, listening: socket.socket) -> Work:
    from integrations.processes.keeping import Work

    handed = listening.fileno()
    command = [sys.executable, "-m", "integrations.cli", "serve", "--socket", str(handed)]
    return Work(f"web {number}", command, says="Dragoman serves", hands_over=(handed,))


def _worker() -> list[Work]:
    """Who does long work, where this version has one."""
    from integrations.processes.keeping import Work

    if "worker" not in {command.name for command in app.registered_commands}:
        return []
    return [Work("worker", [sys.executable, "-m", "integrations.cli", "worker"])]


def _tell_of_sqlite(settings: Settings) -> None:
    held = settings.home / "dragoman.sqlite3"
    if held.exists() and not (settings.home / "postgres").exists():
        note(
            f"The shop in {held} is not taken along: `dragoman backup FILE` before, and `dragoman restore FILE` with"
            " DRAGOMAN_DATABASE_URL set, do that."
        )
