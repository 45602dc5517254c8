"""`dragoman localize FILE`: a file in other locales, with a workbook for review; and what was approved in one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from integrations.cli import run
from integrations.cli.out import FINDINGS, USAGE, begin_progress, note, print_json, print_line, stop
from integrations.cli.reading import unbroken

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.localization.accepting import Accepted
    from integrations.localization.documents import Document
    from integrations.localization.shown import Shown
    from integrations.localization.work import Localized


@dataclass(frozen=True)
class Asked:
    """What was asked of a file: the locales, where it goes, which columns are text, where the texts are shown."""

    file: Path
    locales: tuple[str, ...]
    out: Path | None
    columns: tuple[str, ...]
    source: str
    jurisdiction: str
    marketplace: str
    category: str
    model: bool
    as_json: bool
    budget: Decimal | None = None


def locales_of(told: str, as_json: bool) -> tuple[str, ...]:
    """The locales a text names, separated by commas. Ends with an error for what is none."""
    from integrations.localization.bureau import checked_locale

    with unbroken(as_json):
        named = [checked_locale(part) for part in told.split(",") if part.strip()]
    if not named:
        stop("Name the locales with --to, like --to de-DE,ja-JP.", USAGE, as_json)
    return tuple(dict.fromkeys(named))


def localize_file(asked: Asked) -> None:
    """Localize a file. Exit code 1 where a text has no rendering that may be published."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.bureau import WRONG
        from integrations.localization.documents import charset_notes, open_document, source_of
        from integrations.localization.encoded import write_files
        from integrations.localization.shown import Shown
        from integrations.localization.work import written_files
        from knowledge.claims.places import PlaceUnknown
        from knowledge.jobs import JobRefused

        try:
            document = open_document(asked.file, asked.locales, asked.columns, asked.source or "en-US")
            if not asked.source and (seen := source_of(document)) != "en-US":
                note(f"the texts are taken to be in {seen}; --from LOCALE says otherwise")
                document = open_document(asked.file, asked.locales, asked.columns, seen)
            places, review, sheet = _places(asked, document)
            shown = Shown(asked.jurisdiction, asked.marketplace, asked.category)
            if not document.segments:
                note(f"{asked.file}: no text was found to translate; --columns names the columns or keys that hold it.")
            localized = await _localized(dragoman, document, asked, shown)
            files = await asyncio.to_thread(written_files, localized, places, review, sheet)
            write_files(files)
        except (*WRONG, PlaceUnknown, JobRefused) as error:
            stop(str(error), USAGE, asked.as_json)
        for line in charset_notes(asked.file, files):
            note(line)
        _tell(localized, list(files), asked.as_json)
        _tell_unchecked(asked)
        if not localized.is_whole:
            raise SystemExit(FINDINGS)

    run(work, asked.as_json)


async def _localized(dragoman: Dragoman, document: Document, asked: Asked, shown: Shown) -> Localized:
    """A document in other locales: what is known first; the rest by the model, as a job where it is much."""
    from integrations.cli.localize_job import MOST_AT_ONCE, by_job, open_places
    from integrations.localization.work import localize_document, texts_of

    modelled = asked.model and bool(dragoman.settings.served_models)
    progress = begin_progress("localized")
    if not modelled:
        return await localize_document(dragoman.bureau(model=False), document, asked.locales, shown, progress)
    known = await localize_document(dragoman.bureau(model=False), document, asked.locales, shown)
    texts = texts_of(document, asked.locales)
    if len(open_places(known, texts)) <= MOST_AT_ONCE:
        return await localize_document(dragoman.bureau(), document, asked.locales, shown, progress)
    return await by_job(dragoman.jobs, known, texts, shown, asked.budget)


def _places(asked: Asked, document: Document) -> tuple[dict[str, Path], Path | None, Path | None]:
    """Where the files go, the workbook for review, and the one workbook that holds both."""
    from integrations.localization.documents import places_of

    out, own = asked.out, asked.file.suffix.casefold()
    stem = asked.file.name if _shares_stem(asked.file) else asked.file.stem
    review = asked.file.with_name(f"{stem}.review.xlsx")
    if out is not None and out.suffix.casefold() == ".xlsx" and own != ".xlsx":
        out = _free(out)
        return places_of(asked.file, None, document, asked.locales), out, None if document.per_locale else out
    if out is not None:
        folder = out if out.is_dir() else out.parent
        review = folder / f"{stem if out.is_dir() else out.stem}.review.xlsx"
    return places_of(asked.file, out, document, asked.locales), _free(review), None


def _shares_stem(file: Path) -> bool:
    """Whether another file beside it would have a workbook of the same name, like p.po beside p.json."""
    from integrations.localization.documents import KINDS

    return any(one.stem == file.stem and one.suffix.lower() in KINDS and one.name != file.name
               for one in file.absolute().parent.iterdir())  # fmt: skip


def _free(review: Path) -> Path:
    """Where a workbook may be written: beside one in which a person has worked, and that is said."""
    from integrations.localization.encoded import read_bytes
    from integrations.localization.review import is_worked_in

    free, count = review, 2
    while free.exists() and is_worked_in(read_bytes(free)):
        free, count = review.with_name(f"{review.stem}-{count}.xlsx"), count + 1
    if free != review:
        note(f"{review.name} holds work of yours and stays; the new workbook is {free.name}."
             f" dragoman localize --accept {review} takes over what is approved in it.")  # fmt: skip
    return free


def _tell_unchecked(asked: Asked) -> None:
    """Name the locales whose country's law on claims nobody wrote down here."""
    from integrations.localization.shown import place_of

    open_ = [] if asked.jurisdiction or asked.marketplace else [one for one in asked.locales if not place_of(one)]
    if open_:
        note(f"{', '.join(open_)}: claims were not checked: we have no rules of that market (--jurisdiction).")


def _tell(localized: Localized, files: list[Path], as_json: bool) -> None:
    told = localized.told()
    if as_json:
        cells = [one.told() for held in localized.renderings.values() for one in held]
        print_json({"ok": localized.is_whole, "files": [str(path) for path in files], "locales": told, "cells": cells})
        return
    for locale, held in told.items():
        origins = ", ".join(f"{count} {name}" for name, count in sorted(held["origins"].items()))
        print_line(f"{locale}: {held['texts']} texts: {origins or 'none'}; {held['blocked']} held back by a check")
    for path in files:
        print_line(f"wrote {path}")


def accept_review(path: Path, by: str, where: tuple[str, str, str], as_json: bool) -> None:
    """Put what a person approved in a review workbook into the memory, as checked for `where` it is shown: place,
    channel, category. Exit code 1 where a check holds a row back.
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.localization.accepting import accept
        from integrations.localization.bureau import WRONG
        from integrations.localization.encoded import read_bytes
        from integrations.localization.review import read_review
        from integrations.localization.shown import Shown
        from knowledge.claims.places import PlaceUnknown

        try:
            rows = read_review(read_bytes(path), path.name)
            accepted = await accept(dragoman.bureau(model=False), rows, by, Shown(*where))
        except (*WRONG, PlaceUnknown) as error:
            stop(str(error), USAGE, as_json)
        _tell_accepted(accepted, as_json)
        if accepted.held_back:
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _tell_accepted(accepted: Accepted, as_json: bool) -> None:
    held = [{"row": row.row, "locale": row.locale, "rendering": row.rendering, "rule": finding.rule, "why": finding.why}
            for row, finding in accepted.held_back]  # fmt: skip
    clashing = [{"source": some[0].source, "locale": some[0].locale, "renderings": [one.target for one in some]}
                for some in accepted.conflicts]  # fmt: skip
    if as_json:
        terms = [{"term": one.source, "locale": one.locale, "target": one.target} for one in accepted.proposed]
        print_json({"approved": accepted.approved, "new": accepted.new, "held_back": held, "conflicts": clashing,
                    "proposed_terms": terms})  # fmt: skip
        return
    print_line(f"{accepted.approved} renderings are in the memory, {accepted.new} of them new.")
    for one in held:
        print_line(f"!! row {one['row']} ({one['locale']}) is held back: {one['why']} [{one['rule']}]")
    for some in clashing:
        print_line(f"!  {some['source']!r} reads {' and '.join(map(repr, some['renderings']))} in {some['locale']}.")
    for term in accepted.proposed:
        print_line(f"-  proposed term: {term.source} → {term.target} ({term.locale}); dragoman terms approve")
