"""`dragoman terms` and `dragoman memory`: the term base and the translation memory, in and out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import Json, memory_app, run, terms_app
from integrations.cli.out import FINDINGS, USAGE, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.database.translations import TermEntry, TranslationStore
    from knowledge.localizing import Translation

In = Annotated[Path, typer.Argument(help="The file.")]
Source = Annotated[str, typer.Option("--from", help="The locale of the sources, where the file does not say.")]
Where = Annotated[str, typer.Option("--locale", help="One locale, like de-DE; all without it.")]


def _store(dragoman: Dragoman) -> TranslationStore:
    return dragoman.bureau(model=False).store


@terms_app.command("import")
def import_terms(path: In, source: Source = "en", as_json: Json = False) -> None:
    """Take terms from CSV (source,target,locale,kind,note; or source,de-DE,ja-JP) or TBX. What contradicts is shown.

    Exit code 1 where terms contradict each other. Example:  dragoman terms import terms.tbx
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.database.translations import term_conflicts
        from integrations.localization.encoded import FileBroken, read_bytes
        from integrations.localization.exchange import read_terms

        try:
            entries = read_terms(read_bytes(path), path, source)
        except FileBroken as error:
            stop(str(error), USAGE, as_json)
        store = _store(dragoman)
        new = await store.add_terms(entries)
        _tell_terms(len(entries), new, term_conflicts(await store.term_entries("approved")), as_json)

    run(work, as_json)


def _tell_terms(count: int, new: int, clashing: list[list[TermEntry]], as_json: bool) -> None:
    if as_json:
        print_json({"terms": count, "new": new, "conflicts": [[asdict(one) for one in some] for some in clashing]})
    else:
        print_line(f"{count} terms, {new} of them new.")
        for some in clashing:
            told = " and ".join(f"{one.kind} {one.target or one.source!r}" for one in some)
            print_line(f"!  {some[0].source!r} in {some[0].locale}: {told}; dragoman terms remove TERM --locale LOCALE")
    if clashing:
        raise SystemExit(FINDINGS)


@terms_app.command("export")
def export_terms(path: In, as_json: Json = False) -> None:
    """Write the term base to a CSV or TBX file, by the end of its name."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.encoded import FileBroken, write_files
        from integrations.localization.exchange import write_terms

        entries = await _store(dragoman).term_entries()
        try:
            write_files({path: write_terms(entries, path)})
        except FileBroken as error:
            stop(str(error), USAGE, as_json)
        print_json({"file": str(path), "terms": len(entries)}) if as_json else print_line(
            f"{len(entries)} terms in {path}"
        )

    run(work, as_json)


@terms_app.command("list")
def list_terms(
    proposed: Annotated[bool, typer.Option("--proposed", help="Only what waits for approval.")] = False,
    as_json: Json = False,
) -> None:
    """List the term base; what is proposed comes from edits that were approved, and is not used before it is too."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.database.translations import term_conflicts

        entries = await _store(dragoman).term_entries("proposed" if proposed else "")
        if as_json:
            clashing = term_conflicts([one for one in entries if one.state == "approved"])
            print_json({"terms": [asdict(one) for one in entries],
                        "conflicts": [[asdict(one) for one in some] for some in clashing]})  # fmt: skip
            return
        for one in entries:
            waits = "  (proposed)" if one.state == "proposed" else ""
            print_line(f"{one.source} → {one.target or 'never translated'} {one.locale} {one.kind}{waits}")
        if not entries:
            print_line("There are no terms. dragoman terms import FILE takes CSV and TBX.")

    run(work, as_json)


@terms_app.command("approve")
def approve_terms(
    term: Annotated[str, typer.Argument(help="The term, as the source has it.")],
    locale: Where = "",
    by: Annotated[str, typer.Option(help="Who approves it.")] = "",
    as_json: Json = False,
) -> None:
    """Approve what is proposed for a term."""

    async def work(dragoman: Dragoman) -> None:
        _count(await _store(dragoman).approve_terms(term, locale, by), "approved", term, as_json)

    run(work, as_json)


@terms_app.command("remove")
def remove_terms(
    term: Annotated[str, typer.Argument(help="The term, as the source has it.")],
    locale: Where = "",
    as_json: Json = False,
) -> None:
    """Remove a term, in one locale or whole."""

    async def work(dragoman: Dragoman) -> None:
        _count(await _store(dragoman).remove_terms(term, locale), "removed", term, as_json)

    run(work, as_json)


def _count(count: int, deed: str, what: str, as_json: bool) -> None:
    if not count:
        stop(f"There is nothing to be {deed} of {what!r}.", USAGE, as_json)
    print_json({deed: count}) if as_json else print_line(f"{count} {deed}.")


@memory_app.command("import")
def import_memory(path: In, source: Source = "en-US", as_json: Json = False) -> None:
    """Take translations from TMX or CSV (source,target,locale; or source,de-DE,ja-JP).

    Exit code 1 where a text now has several translations. Example:  dragoman memory import agency.tmx
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.encoded import FileBroken, read_bytes
        from integrations.localization.exchange import read_translations
        from tools.localization.memory import conflicts
        from tools.localization.mending import plain

        try:
            found = read_translations(read_bytes(path), path, source)
        except FileBroken as error:
            stop(str(error), USAGE, as_json)
        store = _store(dragoman)
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
        print_line(f"{count} translations, {new} of them new.")
        for some in clashing[:20]:
            told = " and ".join(repr(one.target) for one in some)
            print_line(f"!  {some[0].source!r} in {some[0].locale}: {told}; the newest is used")
    if clashing:
        raise SystemExit(FINDINGS)


@memory_app.command("export")
def export_memory(path: In, locale: Where = "", as_json: Json = False) -> None:
    """Write the memory to a TMX or CSV file, by the end of its name."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.encoded import FileBroken, write_files
        from integrations.localization.exchange import write_translations

        held = await _store(dragoman).translations(locale)
        try:
            write_files({path: write_translations(held, path)})
        except FileBroken as error:
            stop(str(error), USAGE, as_json)
        told = {"file": str(path), "translations": len(held)}
        print_json(told) if as_json else print_line(f"{len(held)} translations in {path}")

    run(work, as_json)


@memory_app.command("list")
def list_memory(
    text: Annotated[str, typer.Argument(help="Only what holds this text.")] = "",
    locale: Where = "",
    most: Annotated[int, typer.Option(min=1, help="How many.")] = 100,
    as_json: Json = False,
) -> None:
    """List translations that were approved or imported."""

    async def work(dragoman: Dragoman) -> None:
        held = await _store(dragoman).translations(locale, text, most)
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
        _count(await _store(dragoman).forget(text, locale, target), "removed", text, as_json)

    run(work, as_json)
