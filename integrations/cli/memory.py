"""`dragoman memory`: the translation memory, in and out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import Json, memory_app, run
from integrations.cli.out import FINDINGS, counted, print_json, print_line
from integrations.cli.reading import unbroken
from integrations.cli.terms import In, Source, Where, store_of, tell_count

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.localizing import Translation


@memory_app.command("import")
def import_memory(path: In, source: Source = "en-US", as_json: Json = False) -> None:
    """Take translations from TMX or CSV (source,target,locale; or source,de-DE,ja-JP).

    Exit code 1 where a text now has several translations.

    \b
    dragoman memory import agency.tmx
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.encoded import read_bytes
        from integrations.localization.exchange import read_translations
        from tools.localization.memory import conflicts
        from tools.localization.mending import plain

        with unbroken(as_json):
            found = read_translations(read_bytes(path), path, source)
        store = store_of(dragoman)
        new = await store.remember(found)
        sources = {plain(one.source) for one in found}
        clashing = [some for some in conflicts(await store.translations()) if plain(some[0].source) in sources]
        _tell_memory(len(found), new, clashing, as_json)

    run(work, as_json)


def _tell_memory(count: int, new: int, clashing: list[list[Translation]], as_json: bool) -> None:
    if as_json:
        print_json({"translations": count, "new": new,
                    "conflicts": [[asdict(one) for one in some] for some in clashing]})  # fmt: skip
    else:
        print_line(f"{counted(count, 'translation')}, {new} of them new.")
        for some in clashing[:20]:
            told = " and ".join(repr(one.target) for one in some)
            print_line(f"!  {some[0].source!r} in {some[0].locale}: {told}; the newest is used")
    if clashing:
        raise SystemExit(FINDINGS)


@memory_app.command("export")
def export_memory(path: In, locale: Where = "", as_json: Json = False) -> None:
    """Write the memory to a TMX or CSV file, by the end of its name."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.encoded import write_files
        from integrations.localization.exchange import write_translations

        held = await store_of(dragoman).translations(locale)
        with unbroken(as_json):
            write_files({path: write_translations(held, path)})
        told = {"file": str(path), "translations": len(held)}
        print_json(told) if as_json else print_line(f"{counted(len(held), 'translation')} in {path}")

    run(work, as_json)


@memory_app.command("list")
def list_memory(
    text: Annotated[str, typer.Argument(help="Only what holds this text.")] = "",
    locale: Where = "",
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 100,
    as_json: Json = False,
) -> None:
    """List translations that were approved or imported."""

    async def work(dragoman: Dragoman) -> None:
        held = await store_of(dragoman).translations(locale, text, limit)
        if as_json:
            print_json({"translations": [asdict(one) for one in held]})
            return
        for one in held:
            print_line(f"{one.locale}  {one.source!r} → {one.target!r}" + (f"  ({one.by})" if one.by else ""))
        if not held:
            print_line("Nothing found. dragoman memory import FILE takes TMX and CSV.")

    run(work, as_json)


@memory_app.command("remove")
def remove_memory(
    text: Annotated[str, typer.Argument(help="The source, as it is kept.")],
    locale: Annotated[str, typer.Option("--locale", help="The locale.")],
    target: Annotated[str, typer.Option(help="Only the translation that reads so.")] = "",
    as_json: Json = False,
) -> None:
    """Remove what is kept of a text in a locale."""

    async def work(dragoman: Dragoman) -> None:
        tell_count(await store_of(dragoman).forget(text, locale, target), "removed", text, as_json)

    run(work, as_json)
