"""What a person approved in a review workbook goes into the memory, and shows which terms the shop uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from integrations.database.translations import TermEntry
from integrations.localization.bureau import Bureau
from integrations.localization.review import Reviewed
from integrations.localization.shown import Shown
from knowledge.findings import Finding
from knowledge.localizing import Segment, Terms, Translation, stands_in
from tools.localization.checks import check_rendering
from tools.localization.localize import More
from tools.localization.memory import conflicts
from tools.localization.mending import plain

MOST_WORDS = 4
"""Words of a text that may be a term by itself."""


@dataclass(frozen=True)
class Accepted:
    """What came of a review: how many rows were approved and how many of them are new; what a check held back, by row;
    texts with several translations; and terms that are proposed.
    """

    approved: int
    new: int
    held_back: tuple[tuple[Reviewed, Finding], ...]
    conflicts: tuple[list[Translation], ...]
    proposed: tuple[TermEntry, ...]


async def accept(bureau: Bureau, rows: Sequence[Reviewed], by: str = "", shown: Shown = Shown()) -> Accepted:
    """Put approved renderings into the memory. One that a check blocks, of the translation or of where it is shown, is
    held back unless the person said anyway. Raises what `Bureau.checks` raises.
    """
    store, approved, held_back = bureau.store, list[Reviewed](), list[tuple[Reviewed, Finding]]()
    wanted = [row for row in rows if row.is_approved]
    terms, more = await store.terms(), {one: await bureau.checks(one, shown) for one in {row.locale for row in wanted}}
    for row in wanted:
        blocking = _blocking(row, terms, more[row.locale])
        if blocking and not row.anyway:
            held_back.append((row, blocking))
        else:
            approved.append(row)
    new = await store.remember(row.translation(by) for row in approved)
    proposed = _terms(approved, rows, by)
    known = {(entry.source.casefold(), entry.locale) for entry in await store.term_entries()}
    fresh = [entry for entry in proposed if (entry.source.casefold(), entry.locale) not in known]
    await store.add_terms(fresh)
    sources = {plain(row.source) for row in approved}
    clashing = [held for held in conflicts(await store.translations()) if plain(held[0].source) in sources]
    return Accepted(len(approved), new, tuple(held_back), tuple(clashing), tuple(fresh))


def _blocking(row: Reviewed, terms: Terms, more: More) -> Finding | None:
    found = check_rendering(row.source, row.rendering, row.locale, source_locale=row.source_locale, terms=terms)
    segment = Segment(row.id, row.source, row.source_locale, row.context)
    found += more(segment, row.rendering, row.locale)
    return next((finding for finding in found if finding.severity == "block"), None)


def _terms(approved: Sequence[Reviewed], rows: Sequence[Reviewed], by: str) -> list[TermEntry]:
    """Short texts that were approved and stand in longer ones as well: names of things the shop calls by one name."""
    sources = {row.source for row in rows}
    found: dict[tuple[str, str], TermEntry] = {}
    for row in approved:
        term = row.source.strip().rstrip(".:!")
        short = 1 <= len(term.split()) <= MOST_WORDS and any(letter.isalpha() for letter in term)
        if short and any(source != row.source and stands_in(term, source) for source in sources):
            language = row.source_locale.split("-")[0]
            target = row.rendering.strip().rstrip(".:!。：")
            found.setdefault(
                (term, row.locale), TermEntry(term, target, row.locale, language, "use", "proposed", "", by)
            )
    return list(found.values())
