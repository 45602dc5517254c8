"""What is wrong with a translation: of one (`check_rendering`), or of many that are told apart by each other."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.findings import Finding
from knowledge.localizing import Change, Terms
from tools.localization.checks.customs import check_changes, check_direction, check_length, check_measures, check_terms
from tools.localization.checks.figures import check_numbers
from tools.localization.checks.languages import check_language
from tools.localization.checks.structure import check_placeholders, check_tags
from tools.localization.checks.untranslated import check_untranslated
from tools.localization.found import found
from tools.localization.marks import marked


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
    if not target.strip() and any(map(str.isalnum, source)):
        return [found("untranslated", "There is no translation.", "Translate the text.")]
    theirs, ours = marked(source), marked(target)
    off, accepted = check_measures(theirs.prose, ours.prose, locale, source_locale)
    told = [
        *check_placeholders(theirs, ours, locale), *check_tags(theirs, ours), *check_changes(target, changes),
        *check_length(target, limit), *check_direction(target),
    ]  # fmt: skip
    if terms:
        told += check_terms(source, target, locale, terms)
    told += [finding for finding in off if not any(finding.text in change.after for change in changes)]
    told += check_numbers(theirs, ours, changes, accepted)
    same = list(check_untranslated(theirs, ours, locale, source_locale, terms))
    return told + (same or list(check_language(theirs, ours, locale)))
