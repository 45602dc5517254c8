"""Memory and terms as files: CSV here, TMX and TBX in `exchange_xml.py`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from integrations.database.translations import TermEntry
from integrations.localization.encoded import FileBroken, decoded
from integrations.localization.exchange_xml import read_tbx, read_tmx, tag_of, write_tbx, write_tmx
from knowledge.localizing import Translation

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_translations(data: bytes, path: Path, source_locale: str = "en-US") -> list[Translation]:
    """The translations of a TMX or CSV file. Raises FileBroken."""
    if path.suffix.casefold() == ".tmx":
        return read_tmx(data, path.name, source_locale)
    rows = _rows(data, path.name)
    if {"source", "target", "locale"} <= set(rows[0][1]):
        return [
            Translation(row["source"], row["target"], tag_of(row["locale"]),
                        tag_of(row.get("source_locale") or source_locale), "person", path.name)
            for _, row in rows if row["source"].strip() and row["target"].strip()
        ]  # fmt: skip
    wide = _wide(rows, path.name, source_locale)
    return [Translation(source, target, locale, source_locale, "person", path.name) for source, target, locale in wide]


def write_translations(translations: Sequence[Translation], path: Path) -> bytes:
    """Translations as a TMX or CSV file, by the end of its name. Raises FileBroken."""
    if path.suffix.casefold() == ".tmx":
        return write_tmx(translations)
    _only(path, (".csv", ".tmx"))
    names = ("source", "target", "locale", "source_locale", "origin", "by", "at")
    return _as_csv(names, ([str(getattr(one, name)) for name in names] for one in translations))


def read_terms(data: bytes, path: Path, source_locale: str = "en") -> list[TermEntry]:
    """The terms of a TBX or CSV file. Raises FileBroken."""
    if path.suffix.casefold() in (".tbx", ".xml"):
        return read_tbx(data, path.name, source_locale)
    rows = _rows(data, path.name)
    names = set(rows[0][1])
    if {"source", "target", "locale"} <= names:
        return [_term(row, number, path.name, source_locale) for number, row in rows if row["source"].strip()]
    kept = [row["source"] for _, row in rows if row.get("kind") == "keep" and row.get("source")]
    wide = [] if len(kept) == len(rows) else _wide(rows, path.name, source_locale)
    return [
        *(TermEntry(source, "", "", source_locale, "keep") for source in kept),
        *(TermEntry(source, target, locale, source_locale) for source, target, locale in wide),
    ]


def write_terms(entries: Sequence[TermEntry], path: Path) -> bytes:
    """Terms as a TBX or CSV file, by the end of its name. Raises FileBroken."""
    if path.suffix.casefold() == ".tbx":
        return write_tbx(entries)
    _only(path, (".csv", ".tbx"))
    names = ("source", "target", "locale", "source_locale", "kind", "state", "note", "by")
    return _as_csv(names, ([str(getattr(one, name)) for name in names] for one in entries))


def _only(path: Path, ends: Sequence[str]) -> None:
    if path.suffix.casefold() not in ends:
        raise FileBroken(f"{path.name}: name a file that ends in {' or '.join(ends)}.")


def _rows(data: bytes, name: str) -> list[tuple[int, dict[str, str]]]:
    text = decoded(data, name).text
    mark = max(",;\t", key=text.partition("\n")[0].count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise FileBroken(f"{name}: {error}.") from error
    heading = [cell.strip() for cell in lines[0]] if lines else []
    heading = ["source" if cell.casefold() == "term" else cell for cell in heading]
    plain = [cell if cell.count("-") or len(cell) == 2 else cell.casefold() for cell in heading]
    rows = [
        (number, dict(zip(plain, map(_unquoted, line), strict=False)))
        for number, line in enumerate(lines[1:], 2)
        if any(line)
    ]
    if not rows:
        raise FileBroken(f"{name} has no rows. Headings like source,target,locale, or source,de-DE,ja-JP.")
    short = next((number for number, row in rows if len(row) < len(plain)), None)
    if short:
        raise FileBroken(f"{name}, row {short} has fewer cells than the heading.")
    return rows


def _wide(
    rows: Sequence[tuple[int, dict[str, str]]], name: str, source_locale: str
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Source, target and locale of a table with a column a locale."""
    heading = list(rows[0][1])
    own = next((column for column in ("source", source_locale, source_locale.split("-")[0]) if column in heading), "")
    tags = [column for column in heading if column != own and 2 <= len(column.split("-")[0]) <= 3 and column != "id"]
    if not own or not tags:
        raise FileBroken(
            f"{name}: there are no columns source,target,locale nor source,de-DE,ja-JP in {', '.join(heading)}."
        )
    return [
        (row[own], row[tag], tag_of(tag)) for _, row in rows for tag in tags if row[own].strip() and row[tag].strip()
    ]


def _term(row: dict[str, str], number: int, name: str, source_locale: str) -> TermEntry:
    kind, state = row.get("kind") or "use", row.get("state") or "approved"
    if kind not in ("use", "keep", "avoid") or state not in ("approved", "proposed"):
        raise FileBroken(f"{name}, row {number}: kind is use, keep or avoid, and state approved or proposed.")
    locale = tag_of(row["locale"]) if row.get("locale") else ""
    if kind != "keep" and not (locale and row.get("target", "").strip()):
        raise FileBroken(f"{name}, row {number}: {row['source']!r} needs a target and its locale, or the kind keep.")
    spoken = tag_of(row.get("source_locale") or source_locale)
    about = (kind, state, row.get("note", ""), row.get("by", ""))
    return TermEntry(row["source"], row.get("target", ""), locale, spoken, *about)


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def _as_csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + held.getvalue().encode()
