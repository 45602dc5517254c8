"""A source text that came back as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.findings import Finding
from knowledge.localizing import Terms
from tools.localization.found import found
from tools.localization.marks import Marked
from tools.localization.reading import read_facts

_UNIT = re.compile(r"(?:(?<=\d)|(?<=  ))[ \u00a0\u202f]?[^\W\d_]{1,2}(?!\w)")
"""What stands behind a figure like a unit."""
ALIKE, A_RUN = 0.6, 4
"""The share of a translation's words from which facts are left out, and how many words in a row are no chance."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def check_untranslated(
    source: Marked, target: Marked, locale: str, source_locale: str, terms: Terms | None
) -> Iterator[Finding]:
    """The source's words in a locale of another language: all of them, or a whole run. What is never translated does
    not count, nor do figures with their units, which code may have converted.
    """
    if _language(locale) == _language(source_locale):
        return
    theirs, ours = _words(source.prose, terms), _words(target.prose, terms)
    if theirs != ours and _share(theirs, ours) > ALIKE:
        theirs, ours = (
            _words(_bare(text, place), terms) for text, place in ((source, source_locale), (target, locale))
        )
    if _tells(source, theirs) and theirs == ours:
        yield found(
            "untranslated", "The text is still the source's.", "Translate it, or name it a term that is kept.",
            (0, len(target.text)), target.text,
        )  # fmt: skip
        return
    left = _run(source.prose, theirs, ours) if _language(source_locale) == "en" else ""
    if left:
        yield found("untranslated", f"Still the source's words: {left!r}.", "Translate the whole text.")


def _share(theirs: list[str], ours: list[str]) -> float:
    return len(set(theirs) & set(ours)) / max(1, len(set(ours)))


def _bare(text: Marked, locale: str) -> str:
    """The prose without its facts: 3.7 L and 125 fl oz, 15:30 and 3:30 PM."""
    prose = text.prose
    for fact in read_facts(text.text, locale):
        prose = prose[: fact.start] + " " * (fact.end - fact.start) + prose[fact.end :]
    return _UNIT.sub(lambda match: " " * len(match.group()), prose)


def _run(prose: str, theirs: list[str], ours: list[str]) -> str:
    """Words one after the other that both have, most of them small in the source: names may stay."""
    runs = {tuple(ours[place : place + A_RUN]) for place in range(len(ours) - A_RUN + 1)}
    for place in range(len(theirs) - A_RUN + 1):
        run = tuple(theirs[place : place + A_RUN])
        if run in runs and sum(bool(re.search(rf"\b{re.escape(word)}\b", prose)) for word in run) >= A_RUN - 1:
            return " ".join(run)
    return ""


def _tells(source: Marked, words: list[str]) -> bool:
    """One word alone is often the same in both (Status, Name, Online), but not one that is counted: {count} orders."""
    return len(words) > 1 or (len(words) == 1 and bool(source.placeholders) and words[0] in source.prose)


def _words(prose: str, terms: Terms | None) -> list[str]:
    for kept in terms.kept if terms else ():
        prose = re.sub(rf"(?<!\w){re.escape(kept)}(?!\w)", " ", prose, flags=re.I)
    return [word.lower() for word in _WORD.findall(prose) if not (len(word) > 1 and word.isupper() and len(word) < 5)]


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0].lower()
