"""What is wrong with a translation: of one (`check_rendering`), or of many that are told apart by each other."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.findings import Finding
from knowledge.localizing import Change, Terms
from tools.localization.checks.figures import check_numbers
from tools.localization.checks.languages import check_language
from tools.localization.checks.marks import marked
from tools.localization.checks.structure import check_placeholders, check_tags
from tools.localization.checks.untranslated import check_untranslated


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
    found = [
        *check_placeholders(theirs, ours, locale),
        *check_tags(theirs, ours),
        *check_numbers(theirs, ours, changes),
    ]
    same = list(check_untranslated(theirs, ours, locale, source_locale, terms))
    found += same or check_language(theirs, ours, locale)
    return found
