"""CSV and its kin: rows that are documents or questions each become one, any other table stays a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from knowledge.converters.charsets import by_mark, decode_text, refuse_binary
from knowledge.converters.converted import Converted, clean, joined, language_tag, markdown_table, one_line, stated
from knowledge.converters.customers import refuse_customers
from knowledge.converters.html import convert_page

DELIMITERS = ",;\t|"
MOST_CELL = 25_000_000
"""Letters of one cell; as much as a whole source may hold."""

_TEXTS = ("answer", "text", "body", "content", "body_html", "html")
_TITLES = ("question", "title")
_KEYS = {
    "id": "id", "locale": "locale", "language": "locale", "market": "markets", "markets": "markets", "url": "url",
    "audience": "audience", "valid_from": "valid_from", "valid_until": "valid_until",
}  # fmt: skip
_MARKUP = re.compile(r"<(p|br|div|ul|ol|li|h[1-6]|strong|b|em|a|table|span)(\s[^<>]*)?/?>", re.I)

Row = tuple[int, list[str]]
"""The line it ends in, and its cells."""


def read_table(data: bytes) -> list[Row]:
    """The rows of a CSV file in whatever character set and with whatever delimiter, its header first; a line that only
    names the delimiter, as Excel's, is none. Raises ValueError that names the line.
    """
    text = re.sub(r"\A\s*sep=(.)\r?\n", "", _text(data), flags=re.I)
    rows = list(_rows(text, _delimiter(text)))
    if not rows:
        raise ValueError("is empty: it has no row")
    width = len(rows[0][1])
    return [(line, _padded(cells, width, line)) for line, cells in rows]


def convert_table(data: bytes) -> list[Converted]:
    """Rows of documents as one document each, any other table as one.

    Raises ValueError that names the line where a row has more cells than the header or a date is none, and where the
    table is one of customers.
    """
    rows = read_table(data)
    names = [_name(cell) for cell in rows[0][1]]
    padded = rows[1:]
    refuse_customers(rows[0][1], [cells for _, cells in padded])
    if any(name in _TEXTS for name in names):
        return _documents(rows[0][1], names, padded)
    table = [one_line(cell) for cell in rows[0][1]]
    return [Converted({}, markdown_table([table, *(cells for _, cells in padded)]))]


def _text(data: bytes) -> str:
    refuse_binary(data, "a table of text")
    marked = by_mark(data)
    if marked is not None:
        return clean(marked)
    try:
        return clean(decode_text(data))
    except UnicodeError as error:
        raise ValueError("is not UTF-8, and its character set is not sure: save it again as CSV UTF-8") from error


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first rows have the same number of cells, more than one."""
    sample = text[:100_000]

    def agreement(delimiter: str) -> tuple[float, int]:
        widths = [len(cells) for _, cells in list(_rows(sample, delimiter, strict=False))[:100]]
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (0.0, 0) if width == 1 else (round(times / len(widths), 1), len(widths) * (widths[0] == width) + width)

    return max(DELIMITERS, key=agreement)


def _rows(text: str, delimiter: str, strict: bool = True) -> Iterator[Row]:
    """The rows that say something, each with the line it ends in."""
    csv.field_size_limit(max(csv.field_size_limit(), MOST_CELL))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        if strict:
            raise ValueError(f"line {reader.line_num}: {error}: check the quotes") from error


def _name(cell: str) -> str:
    return re.sub(r"\W+", "_", cell.casefold()).strip("_")


def _padded(cells: list[str], width: int, line: int) -> list[str]:
    if any(cells[width:]):
        raise ValueError(
            f"line {line} has {len(cells)} cells, the header has {width}: put cells with a delimiter in quotes"
        )
    return [*cells[:width], *[""] * (width - len(cells))]


def _documents(header: list[str], names: list[str], rows: list[Row]) -> list[Converted]:
    found = [document for line, cells in rows if (document := _document(header, names, cells, line))]
    if not found:
        raise ValueError(f"has no row with a text in the column {' or '.join(n for n in names if n in _TEXTS)}")
    return found


def _document(header: list[str], names: list[str], cells: list[str], line: int) -> Converted | None:
    """A row as a document, or None where it has no text; columns nobody knows follow as lines."""
    text_at = next((names.index(name) for name in _TEXTS if name in names and cells[names.index(name)]), None)
    if text_at is None:
        return None
    title_at = next((names.index(name) for name in _TITLES if name in names and cells[names.index(name)]), None)
    known: dict[str, Any] = {"title": one_line(cells[title_at])} if title_at is not None else {}
    others = []
    for at, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if name in _KEYS and cell:
            known.setdefault(_KEYS[name], _value(_KEYS[name], cell, line))
        elif cell and at not in (text_at, title_at):
            others.append(f"{header[at]}: {one_line(cell)}")
    return Converted(stated(**known), joined([_body(names[text_at], cells[text_at]), "\n".join(others)]))


def _body(name: str, cell: str) -> str:
    if name in ("body_html", "html") or _MARKUP.search(cell):
        return convert_page(f"<body>{cell}</body>").body
    return cell


def _value(key: str, cell: str, line: int) -> Any:
    if key == "markets":
        return [market.upper() for market in re.split(r"[;,\s]+", cell) if market]
    if key in ("valid_from", "valid_until"):
        return _day(key, cell, line)
    if key == "locale" and not language_tag(cell):
        raise ValueError(f"line {line}: {cell!r} is not a language like en or pt-BR")
    return language_tag(cell) if key == "locale" else cell.casefold() if key == "audience" else cell


def _day(key: str, cell: str, line: int) -> date:
    try:
        return datetime.fromisoformat(cell).date()
    except ValueError as error:
        raise ValueError(f"line {line}: {key} {cell!r} is not a day like 2026-01-31") from error
