"""Opening a file that is to be localized, by the end of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from integrations.localization.encoded import Encoded, FileBroken, decoded, read_bytes
from integrations.localization.tables import ByLocale
from knowledge.language import detect_language
from knowledge.locales import served_locales
from knowledge.localizing import Segment

KINDS = {
    ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".po": "po",
    ".pot": "po", ".xlf": "xliff", ".xliff": "xliff", ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip
"""What a file is, by the end of its name."""


UTF_8 = "utf-8"


class Document(Protocol):
    """A file that was read: its texts, what already stands in its places for renderings, names of makers in it, and
    whether each locale has a file of its own.
    """

    @property
    def per_locale(self) -> bool: ...

    @property
    def segments(self) -> list[Segment]: ...

    @property
    def held(self) -> Mapping[tuple[str, str], str]: ...

    @property
    def brands(self) -> Sequence[str]: ...

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """The file with renderings: under '', or one a locale. A text without a rendering is marked as none."""
        ...


def open_document(
    path: Path, locales: Sequence[str], columns: Sequence[str] = (), source: str = "en-US", data: bytes | None = None
) -> Document:
    """A file's texts in a locale, to be put into others. `columns` say which columns or keys hold text, where that is
    not to be found out; `data` is what the file holds, where it is not read. Raises FileBroken.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise FileBroken(f"{path} is none of the files we localize: {', '.join(sorted(KINDS))}.")
    held, name = read_bytes(path) if data is None else data, path.name
    if not held.strip():
        raise FileBroken(f"{name} is empty.")
    document = _binary(kind, held, name, (locales, columns, source))
    return document or _text(kind, decoded(held, name), name, (locales, columns, source))


def charset_notes(path: Path, files: Mapping[Path, bytes]) -> list[str]:
    """What to say of a text file that is not UTF-8: as what it was read, and which written files are UTF-8 instead."""
    data = read_bytes(path)
    if (
        KINDS.get(path.suffix.lower()) in (None, "xlsx", "xliff")
        or (held := decoded(data, path.name)).encoding == UTF_8
    ):
        return []
    became = [name.name for name, written in files.items() if not held.mark and written.startswith(b"\xef\xbb\xbf")]
    told = [f"{path.name} was read as {held.encoding}; save it as UTF-8 if letters are wrong"]
    return told + [f"{name} is written as UTF-8: {held.encoding} lacks letters of it" for name in became]


def source_of(document: Document) -> str:
    """The locale that a file's texts are seen to be in, where all are taken to be English; English for too few."""
    text = ". ".join(segment.text for segment in document.segments)[:4000]
    if len(text.split()) < ENOUGH_WORDS or {segment.locale for segment in document.segments} != {"en-US"}:
        return "en-US"
    language = detect_language(text).language or "en"
    return served_locales()[language].locale if language in served_locales() else "en-US"


ENOUGH_WORDS = 12
"""Words of a file from which its language is believed."""

Asked = tuple[Sequence[str], Sequence[str], str]
"""Locales, columns and the source's locale."""


def _binary(kind: str, held: bytes, name: str, asked: Asked) -> Document | None:
    locales, columns, source = asked
    if kind == "xlsx":
        from integrations.localization.xlsx_files import XlsxFile

        return XlsxFile(held, name, columns, locales, source)
    if kind == "xliff":
        from integrations.localization.xliff_files import XliffFile

        return XliffFile(held, name, locales, source)
    return None


def _text(kind: str, held: Encoded, name: str, asked: Asked) -> Document:
    from integrations.localization.csv_files import CsvFile
    from integrations.localization.html_files import HtmlFile
    from integrations.localization.json_files import JsonFile, JsonLinesFile
    from integrations.localization.po_files import PoFile

    locales, columns, source = asked
    if kind == "csv":
        return CsvFile(held, name, columns, locales, source)
    if kind == "json":
        return JsonFile(held, name, columns, source)
    if kind == "jsonl":
        return JsonLinesFile(held, name, columns, locales, source)
    return PoFile(held, name, locales, source) if kind == "po" else HtmlFile(held, name, source)


def table_of(document: Document, data: bytes) -> list[list[str]] | None:
    """The rows of a table that was written, its headings first, to be shown as a sheet; None for what is no table."""
    rows = getattr(document, "rows_of", None)
    return rows(data) if rows else None


def segments_for(document: Document, locale: str) -> list[Segment]:
    """A document's texts as a locale has them: a catalogue has a text for each plural form."""
    own = getattr(document, "segments_for", None)
    return list(own(locale)) if own else document.segments


def places_of(path: Path, out: Path | None, document: Document, locales: Sequence[str]) -> dict[str, Path]:
    """Where the localized file goes, or each locale's: beside the original where nobody says. Raises FileBroken where
    it would take the original's place.
    """
    if not document.per_locale:
        folder = path.parent if out is None else out
        places = {"": folder / f"{path.stem}.localized{path.suffix}" if folder.is_dir() else folder}
    elif out is None or out.is_dir():
        places = {one: (out or path.parent) / f"{path.stem}.{one}{path.suffix}" for one in locales}
    elif "{locale}" in str(out):
        places = {one: Path(str(out).replace("{locale}", one)) for one in locales}
    else:
        places = {one: out if len(locales) == 1 else out.with_name(f"{out.stem}.{one}{out.suffix}") for one in locales}
    for place in places.values():
        if place.resolve() == path.resolve():
            raise FileBroken(f"{place} is the file itself; name another with --out.")
        if not place.parent.is_dir():
            raise FileBroken(f"There is no folder {place.parent}.")
    return places
