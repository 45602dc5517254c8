"""A source text that came back as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.findings import Finding
from knowledge.localizing import Terms
from tools.localization.found import found
from tools.localization.marks import Marked

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def check_untranslated(
    source: Marked, target: Marked, locale: str, source_locale: str, terms: Terms | None
) -> Iterator[Finding]:
    """The same words as the source's, in a locale of another language. What is never translated does not count."""
    if _language(locale) == _language(source_locale):
        return
    theirs = _words(source.prose, terms)
    if _tells(source, theirs) and theirs == _words(target.prose, terms):
        yield found(
            "untranslated", "The text is still the source's.", "Translate it, or name it a term that is kept.",
            (0, len(target.text)), target.text,
        )  # fmt: skip


def _tells(source: Marked, words: list[str]) -> bool:
    """One word alone is often the same in both (Status, Name, Online), but not one that is counted: {count} orders."""
    return len(words) > 1 or (len(words) == 1 and bool(source.placeholders) and words[0] in source.prose)


def _words(prose: str, terms: Terms | None) -> list[str]:
    for kept in terms.kept if terms else ():
        prose = re.sub(rf"(?<!\w){re.escape(kept)}(?!\w)", " ", prose, flags=re.I)
    return [word.lower() for word in _WORD.findall(prose) if not (len(word) > 1 and word.isupper() and len(word) < 5)]


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0].lower()
