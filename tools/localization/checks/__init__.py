"""What is wrong with a translation: of one (`check_rendering`), or of many that are told apart by each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.findings import Finding
from knowledge.localizing import Change, Terms
from tools.localization.checks.figures import check_numbers
from tools.localization.checks.marks import Marked, marked
from tools.localization.checks.structure import check_placeholders, check_tags


def check_rendering(  # noqa: PLR0913
    source: str,
    target: str,
    locale: str,
    *,
    source_locale: str = "en-US",
    limit: int | None = None,
    terms: Terms | None = None,
    changes: Sequence[Change] = (),
) -> list[Finding]:
    """The findings of one translation. `limit`: the most characters; `changes`: what code converted in it."""
    theirs, ours = marked(source), marked(target)
    return list(_findings(theirs, ours, locale, changes))


def _findings(source: Marked, target: Marked, locale: str, changes: Sequence[Change]) -> Iterator[Finding]:
    yield from check_placeholders(source, target, locale)
    yield from check_tags(source, target)
    yield from check_numbers(source, target, changes)
