"""`dragoman up`: a whole shop on one machine, with a PostgreSQL and a Chroma of its own; and several web processes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import app, read_home
from integrations.cli.out import FAULT, note, stop
from integrations.cli.web_processes import keep_web

if TYPE_CHECKING:
    from integrations.processes.keeping import Work
    from integrations.settings import Settings


@app.command()
def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    processes: Annotated[int, typer.Option(min=1, help="Web processes.")] = 2,
) -> None:
    """Run everything on this machine, as a large shop does.

    PostgreSQL, Chroma, several web processes, a worker. What dies is started again; Ctrl-C stops all. A database or
    Chroma server that the settings name is used instead.
    """
    from integrations.database.shredding import OWN_POSTGRES
    from integrations.processes.chroma import own_chroma
    from integrations.processes.postgres import NoPostgres, own_postgres

    settings = read_home()
    with tempfile.TemporaryDirectory(prefix="dragoman-") as sockets:
        stores: list[Work] = []
        told: dict[str, str] = {}
        if not settings.database_url:
            _tell_of_sqlite(settings)
            try:
                work, told["DRAGOMAN_DATABASE_URL"] = own_postgres(settings.home / OWN_POSTGRES, Path(sockets))
            except NoPostgres as fault:
                stop(str(fault), FAULT)
            told["DRAGOMAN_MIGRATE_ON_START"] = "true"
            stores.append(work)
        if not settings.chroma_url:
            work, told["DRAGOMAN_CHROMA_URL"] = own_chroma(settings.home / "chroma")
            stores.append(work)
        keep_web(host, port, processes, [stores] if stores else [], told)


def _tell_of_sqlite(settings: Settings) -> None:
    from integrations.database.shredding import OWN_POSTGRES

    held = settings.home / "dragoman.sqlite3"
    if held.exists() and not (settings.home / OWN_POSTGRES).exists():
        note(
            f"The shop in {held} is not taken along: `dragoman backup FILE` before, and `dragoman restore FILE` with"
            " DRAGOMAN_DATABASE_URL set, do that."
        )
