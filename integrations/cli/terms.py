"""`dragoman terms`: the term base, in and out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import Json, run, terms_app
from integrations.cli.action import By, user_name
from integrations.cli.out import FINDINGS, USAGE, counted, print_json, print_line, stop
from integrations.cli.reading import unbroken

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.database.translations import TermEntry, TranslationStore

In = Annotated[Path, typer.Argument(help="The file.")]
Source = Annotated[str, typer.Option("--from", help="The locale of the sources, where the file does not say.")]
Where = Annotated[str, typer.Option("--locale", help="One locale, like de-DE; all without it.")]


def store_of(dragoman: Dragoman) -> TranslationStore:
    """The home's terms and translations."""
    return dragoman.bureau(model=False).store


@terms_app.command("import")
def import_terms(path: In, source: Source = "en", as_json: Json = False) -> None:
    """Take terms from CSV (source,target,locale,kind,note; or source,de-DE,ja-JP) or TBX. What contradicts is shown.

    Exit code 1 where terms contradict each other.

    \b
    dragoman terms import terms.tbx
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.database.translations import term_conflicts
        from integrations.localization.encoded import read_bytes
        from integrations.localization.exchange import read_terms

        with unbroken(as_json):
            entries = read_terms(read_bytes(path), path, source)
        store = store_of(dragoman)
        new = await store.add_terms(entries)
        _tell_terms(len(entries), new, term_conflicts(await store.term_entries("approved")), as_json)

    run(work, as_json)


def _tell_terms(count: int, new: int, clashing: list[list[TermEntry]], as_json: bool) -> None:
    if as_json:
        print_json({"terms": count, "new": new, "conflicts": [[asdict(one) for one in some] for some in clashing]})
    else:
        print_line(f"{counted(count, 'term')}, {new} of them new.")
        for some in clashing:
            told = " and ".join(f"{one.kind} {one.target or one.source!r}" for one in some)
            print_line(f"!  {some[0].source!r} in {some[0].locale}: {told}; dragoman terms remove TERM --locale LOCALE")
    if clashing:
        raise SystemExit(FINDINGS)


@terms_app.command("export")
def export_terms(path: In, as_json: Json = False) -> None:
    """Write the term base to a CSV or TBX file, by the end of its name."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.encoded import write_files
        from integrations.localization.exchange import write_terms

        entries = await store_of(dragoman).term_entries()
        with unbroken(as_json):
            write_files({path: write_terms(entries, path)})
        print_json({"file": str(path), "terms": len(entries)}) if as_json else print_line(
            f"{counted(len(entries), 'term')} in {path}"
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

        entries = await store_of(dragoman).term_entries("proposed" if proposed else "")
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
    by: By = "",
    as_json: Json = False,
) -> None:
    """Approve what is proposed for a term."""

    async def work(dragoman: Dragoman) -> None:
        tell_count(await store_of(dragoman).approve_terms(term, locale, by or user_name()), "approved", term, as_json)

    run(work, as_json)


@terms_app.command("remove")
def remove_terms(
    term: Annotated[str, typer.Argument(help="The term, as the source has it.")],
    locale: Where = "",
    as_json: Json = False,
) -> None:
    """Remove a term, in one locale or whole."""

    async def work(dragoman: Dragoman) -> None:
        tell_count(await store_of(dragoman).remove_terms(term, locale), "removed", term, as_json)

    run(work, as_json)


def tell_count(count: int, deed: str, what: str, as_json: bool) -> None:
    """Say how much was approved or removed; ends with an error where there was nothing."""
    if not count:
        stop(f"There is nothing to be {deed} of {what!r}.", USAGE, as_json)
    print_json({deed: count}) if as_json else print_line(f"{count} {deed}.")
