"""`dragoman migrate`, `backup`, `restore`: a shop's data through new versions and new machines."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import EXPECTED, Json, app, read_home, run
from integrations.cli.out import FAULT, USAGE, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.backups import Told
    from integrations.bootstrap import Dragoman


@app.command()
def migrate(as_json: Json = False) -> None:
    """Bring the database to this version. A file in the home is migrated by itself; a server when this is run. Make a
    backup before.
    """
    settings = read_home(as_json)
    settings.home.mkdir(parents=True, exist_ok=True)

    async def work() -> None:
        from integrations.database.migrations import HEAD
        from integrations.database.moving import bring_up

        before = await bring_up(settings.database)
        if as_json:
            print_json({"before": before, "revision": HEAD})
        else:
            print_line(
                f"The database is at revision {HEAD}" + (f", it was at {before}." if before != HEAD else " already.")
            )

    _explained(work(), as_json)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, for example shop-2026-11-22.tar.gz.")],
    as_json: Json = False,
) -> None:
    """Write the whole shop into one file.

    Database, conversations, entries, documents, settings without secrets. It can be made while the shop runs, and holds
    personal data.
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.backups import back_up
        from integrations.settings import secret_names

        held, documents = dragoman.settings, dragoman.library.documents
        own = "" if dragoman.shop.facts.get("documents") == "demo" else documents
        try:
            told = await back_up(held.home, held.database, own, secret_names(), file)
        except (FileExistsError, FileNotFoundError) as error:
            stop(str(error), USAGE, as_json)
        except OSError as error:
            stop(f"{file} cannot be written: {error.strerror or error}", FAULT, as_json)
        except ValueError as error:
            stop(str(error), FAULT, as_json)
        _tell(told, f"{file} holds {told.rows:,} rows of {told.made[:16]}.", as_json)

    run(work, as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)], as_json: Json = False
) -> None:
    """Put a backup into a new home or an empty database.

    The database may be of another kind than the backup's was. Builds the index.
    """
    settings = read_home(as_json)
    settings.home.mkdir(parents=True, exist_ok=True)
    told: list[Told] = []

    async def work() -> None:
        from integrations.backups import restore as put_back

        told.append(await put_back(settings.home, settings.database, file))

    _explained(work(), as_json)

    lost = bool(told[0].documents) and not Path(told[0].documents).exists()

    async def rebuild(dragoman: Dragoman) -> None:
        if lost:
            await dragoman.adopt_documents(str(dragoman.settings.home / "documents"))
        await dragoman.library.sync()
        _tell(told[0], f"{told[0].rows:,} rows of {told[0].made[:16]} are back, and the index is built.", as_json)

    run(rebuild, as_json)


def _tell(told: Told, line: str, as_json: bool) -> None:
    if as_json:
        print_json(vars(told))
        return
    print_line(line)
    if told.left_out:
        print_line(f"Secrets are no part of it; set them anew: {', '.join(told.left_out)}")


def _explained(work: Coroutine[Any, Any, None], as_json: bool) -> None:
    """Do work that opens no home; what can go wrong is told in words."""
    from integrations.database.moving import CannotRestore

    expected: tuple[type[Exception], ...] = (CannotRestore, *EXPECTED())
    try:
        asyncio.run(work)
    except expected as error:
        stop(str(error), FAULT, as_json)
