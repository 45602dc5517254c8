"""Many translations checked together: what one line says is told apart by the others of its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.findings import Finding
from knowledge.localizing import Terms
from tools.localization.checks import check_rendering
from tools.localization.checks.meaning import Meaning, Said
from tools.localization.found import found
from tools.localization.marks import marked

_WHY = {
    "wrong_string": (
        "This seems to translate another text.",
        "Translate this source, or look where the two were swapped.",
    ),
    "truncated": ("The end of the text seems to be missing.", "Translate the whole source."),
}


@dataclass(frozen=True)
class Pair:
    """A source text and its translation into a locale."""

    source: str
    target: str
    locale: str


def check_batch(
    pairs: Sequence[Pair], meaning: Meaning | None = None, *, source_locale: str = "en-US", terms: Terms | None = None
) -> list[list[Finding]]:
    """The findings of each pair, in order. Whether a text says what its source says is asked only of those nothing else
    is wrong with.
    """
    findings = [
        check_rendering(pair.source, pair.target, pair.locale, source_locale=source_locale, terms=terms)
        for pair in pairs
    ]
    open_ = [place for place, told in enumerate(findings) if not told]
    said = [Said(marked(pairs[place].source), marked(pairs[place].target), pairs[place].locale) for place in open_]
    for place, verdict in zip(open_, (meaning or Meaning()).judge(said), strict=True):
        if verdict:
            target = pairs[place].target
            why, suggestion = _WHY[verdict]
            findings[place] = [found(verdict, why, suggestion, (0, len(target)), target)]
    return findings
