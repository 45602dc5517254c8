"""Translation memory: what was translated before, found again as it stands, or with what code can prove put right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.localizing import Change, Translation
from tools.localization.mending import mend, plain

LIKE = 75
"""Least likeness (0 to 100) of a source to one that was translated for its translation to be worth starting from."""

APART = ("pt", "zh", "sr")
"""Languages whose locales are written so differently that what stands for the language stands for no locale."""


@dataclass(frozen=True)
class Near:
    """A translation of a text like the one asked for. `text` is it with its figures put right,
    '' where that is not proven; `changes` say which.
    """

    translation: Translation
    text: str = ""
    changes: tuple[Change, ...] = ()


class Memory:
    """Translations into one locale."""

    def __init__(self, translations: Iterable[Translation], locale: str, source_locale: str = "en-US") -> None:
        self._locale, self._source = locale, source_locale
        self._own: dict[str, list[Translation]] = {}
        self._others: dict[str, list[Translation]] = {}
        self._forms: list[tuple[re.Pattern[str], Translation]] | None = None
        for one in translations:
            if _language(one.source_locale) != _language(source_locale) or _language(one.locale) != _language(locale):
                continue
            held = self._own if self._is_own(one.locale) else self._others
            held.setdefault(plain(one.source), []).append(one)

    def _is_own(self, tag: str) -> bool:
        """Whether what stands for a tag stands for our locale."""
        same = tag.replace("_", "-").casefold() == self._locale.casefold()
        return same or ("-" not in tag and "_" not in tag and tag not in APART)

    def exact(self, text: str) -> list[Translation]:
        """The translations of a text, each once: persons' before others', the newest first."""
        held = sorted(self._own.get(plain(text), ()), key=lambda one: one.at, reverse=True)
        held.sort(key=lambda one: (one.origin != "person", one.locale.casefold() != self._locale.casefold()))
        return list({one.target: one for one in reversed(held)}.values())[::-1]

    def forms(self) -> Iterator[tuple[re.Pattern[str], Translation]]:
        """Translations with gaps in them ('Only {count} left'), and what finds a text that fills the gaps."""
        if self._forms is None:
            every = [one for held in self._own.values() for one in held if _GAP.search(one.source)]
            self._forms = [(form_of(one.source), one) for one in every if _fits(one)]
        yield from self._forms

    def near(self, text: str) -> Near | None:
        """The nearest translation of another text, or of another locale of the language; None where none is near."""
        from rapidfuzz import fuzz, process

        wanted, best = plain(text), None
        for held, other in ((self._own, False), (self._others, True)):
            if other and wanted in held:
                found: tuple[str, float] | None = (wanted, 99.0)
            else:
                told = process.extractOne(wanted, held.keys(), scorer=fuzz.ratio, score_cutoff=LIKE)
                found = (told[0], told[1]) if told else None
            if found and (best is None or found[1] > best[1]):
                best = (held[found[0]][-1], found[1], other)
        if best is None:
            return None
        translation, _, is_other = best
        mended = None if is_other else mend(text, translation, self._locale, self._source)
        return Near(translation, *mended) if mended else Near(translation)


_GAP = re.compile(r"\{(\w+)\}")


def _fits(one: Translation) -> bool:
    """Whether a translation has the same gaps as its source, each once, and words between them."""
    gaps = _GAP.findall(one.source)
    words = re.findall(r"[^\W\d_]{2,}", _GAP.sub(" ", one.source))
    return bool(words) and len(set(gaps)) == len(gaps) and sorted(gaps) == sorted(_GAP.findall(one.target))


def form_of(source: str) -> re.Pattern[str]:
    """What finds a text that is a source with its gaps filled."""
    parts = _GAP.split(plain(source))
    return re.compile("".join(f"(?P<{p}>.+?)" if at % 2 else re.escape(p) for at, p in enumerate(parts)))


def _language(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].casefold()


def conflicts(translations: Sequence[Translation]) -> list[list[Translation]]:
    """Translations of the same text into the same locale that differ, text by text."""
    held: dict[tuple[str, str, str], dict[str, Translation]] = {}
    for one in translations:
        key = (plain(one.source), one.source_locale, one.locale)
        held.setdefault(key, {}).setdefault(one.target, one)
    return [list(found.values()) for found in held.values() if len(found) > 1]
