"""A document localized whole: each text into each locale, the files that come of it, and the workbook for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.localization.bureau import Bureau, counts
from integrations.localization.documents import Document, segments_for, table_of
from integrations.localization.review import review_workbook
from integrations.localization.shown import Shown
from knowledge.localizing import Rendering, Segment


@dataclass(frozen=True)
class Localized:
    """A document in other locales: its renderings, its files (under '' or by locale), and all its texts."""

    document: Document
    renderings: Mapping[str, list[Rendering]]
    segments: tuple[Segment, ...]

    @property
    def files(self) -> dict[str, bytes]:
        """The document with its renderings."""
        return self.document.rendered(self.by_locale)

    @property
    def by_locale(self) -> dict[str, dict[str, Rendering]]:
        """The renderings by locale and segment."""
        return {locale: {one.segment: one for one in held} for locale, held in self.renderings.items()}

    def review(self, name: str = "", data: bytes = b"") -> bytes:
        """The workbook for review; with the file that was written before it as a sheet of that name, where it is a
        table.
        """
        rows = table_of(self.document, data) if data else None
        return review_workbook(self.segments, self.renderings, (name, rows) if rows else None)

    @property
    def is_whole(self) -> bool:
        """Whether every text has a rendering that may be published."""
        return not any(one.is_blocked for held in self.renderings.values() for one in held)

    def told(self) -> dict[str, Any]:
        """What came of it, by locale, in numbers."""
        return {locale: counts(held) for locale, held in self.renderings.items()}


def texts_of(document: Document, locales: Sequence[str]) -> dict[str, list[Segment]]:
    """The texts of a document as each locale has them."""
    return {locale: segments_for(document, locale) for locale in locales}


async def localize_document(
    bureau: Bureau,
    document: Document,
    locales: Sequence[str],
    shown: Shown = Shown(),
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Localized:
    """A document in locales. Raises what `Bureau.localize` raises."""
    texts = texts_of(document, locales)
    total, done = sum(map(len, texts.values())), 0

    def step() -> None:
        nonlocal done
        done += 1
        on_progress(done, total)

    found: dict[str, list[Rendering]] = {}
    for locale, segments in texts.items():
        held = {key: text for (key, tag), text in document.held.items() if tag == locale}
        found[locale] = await bureau.localize(
            segments, locale, shown, held=held, names=document.brands, on_done=step
        )  # fmt: skip
    every = {segment.id: segment for segments in texts.values() for segment in segments}
    return Localized(document, found, tuple(every.values()))


def written_files(
    localized: Localized, places: Mapping[str, Path], review: Path | None, sheet: Path | None
) -> dict[Path, bytes]:
    """What is written where: the files in their places and the workbook for review; with `sheet` a table and its review
    in one workbook there.
    """
    files = localized.files
    if sheet is not None and not localized.document.per_locale:
        return {sheet: localized.review(sheet.stem, files[""])}
    told = {place: files[key] for key, place in places.items()}
    return {**told, **({review: localized.review()} if review else {})}
