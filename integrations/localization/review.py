"""The review workbook: each rendering with its source, where it is from, what is wrong and what code changed; read back
for what a person approved.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.localization.encoded import FileBroken
from knowledge.localizing import Rendering, Segment, Translation

SHEET = "review"
COLUMNS = ("id", "locale", "context", "source", "rendering", "approved", "origin", "findings", "changes", "suggestion",
           "source_locale", "written")  # fmt: skip
"""What stands in the columns; `written` is hidden: the rendering as we wrote it, so that an edit shows."""

WIDTHS = {"context": 18, "source": 48, "rendering": 48, "findings": 48, "changes": 30, "suggestion": 40}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST = 32_000
"""Letters a cell takes."""

YES, NO, ANYWAY = ("yes", "y", "x", "ja", "ok", "1", "true"), ("no", "n", "nein", "0", "false"), ("anyway", "override")
HELP = (
    "Edit the column 'rendering' where it should read otherwise.",
    "Write yes under 'approved' for what may be used again; a rendering that you edited counts as approved unless you"
    " write no.",
    "What a check blocks is taken only with anyway under 'approved'.",
    "Then: dragoman localize --accept THIS_FILE.xlsx",
)


@dataclass(frozen=True)
class Reviewed:
    """A row a person has seen: the text, what we wrote of it, what stands there now, and what they said to it."""

    row: int
    id: str
    source: str
    source_locale: str
    locale: str
    context: str
    rendering: str
    written: str
    said: str

    @property
    def is_approved(self) -> bool:
        """Whether the person wants it used again."""
        edited = self.rendering.strip() != self.written.strip()
        return bool(self.rendering.strip()) and (self.said in (*YES, *ANYWAY) or (edited and self.said not in NO))

    @property
    def anyway(self) -> bool:
        """Whether it is to be used whatever the checks say."""
        return self.said in ANYWAY

    def translation(self, by: str = "") -> Translation:
        """It as the memory keeps it."""
        return Translation(self.source, self.rendering, self.locale, self.source_locale, "person", by)


Table = tuple[str, Sequence[Sequence[str]]]
"""A sheet's name and its rows, the headings first."""


def review_workbook(
    segments: Sequence[Segment], by_locale: Mapping[str, Sequence[Rendering]], table: Table | None = None
) -> bytes:
    """A workbook with a row for each rendering, and before it a table where there is one; every cell is text, and none
    can run.
    """
    import xlsxwriter

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, options)
    if table:
        name = re.sub(r"[\[\]:*?/\\']", " ", table[0]).strip()[:31] or "table"
        _fill(book, book.add_worksheet("table" if name.casefold() in (SHEET, "how to") else name), table[1])
    sheet, how = book.add_worksheet(SHEET), book.add_worksheet("how to")
    rows = [COLUMNS, *_rows(segments, by_locale)]
    _fill(book, sheet, rows)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, WIDTHS.get(column, 12), None, {"hidden": column == "written"})
    sheet.autofilter(0, 0, len(rows) - 1, len(COLUMNS) - 1)
    for at, text in enumerate(HELP):
        how.write_string(at, 0, text)
    how.set_column(0, 0, 110)
    book.close()
    return held.getvalue()


def _fill(book: Any, sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    """Write rows as text, the first in bold; a cell that begins like a formula is marked as text."""
    cell = {"text_wrap": True, "valign": "top"}
    bold, plain = book.add_format({"bold": True}), book.add_format(cell)
    quoted = book.add_format({**cell, "quote_prefix": True})
    for line, row in enumerate(rows):
        for place, text in enumerate(row):
            how = bold if line == 0 else quoted if text.startswith(FORMULA) else plain
            sheet.write_string(line, place, text[:MOST], how)
    sheet.freeze_panes(1, 0)


def _rows(segments: Sequence[Segment], by_locale: Mapping[str, Sequence[Rendering]]) -> Iterator[list[str]]:
    known = {segment.id: segment for segment in segments}
    for locale, renderings in by_locale.items():
        for one in renderings:
            segment = known[one.segment]
            findings = "\n".join(f"{f.severity}: {f.why} [{f.rule}]" for f in one.findings)
            changes = "\n".join(f"{c.before} → {c.after} [{c.rule}]" for c in one.changes)
            yield [one.segment, locale, segment.context, segment.text, one.text, "", one.origin or "not translated",
                   findings, changes, one.suggestion, segment.locale, one.text]  # fmt: skip


def read_review(data: bytes, name: str) -> list[Reviewed]:
    """The rows of a review workbook. Raises FileBroken."""
    import zipfile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise FileBroken(f"{name} is no XLSX workbook.") from error
    try:
        if SHEET not in book.sheetnames:
            raise FileBroken(f"{name} is no review workbook: it has no sheet {SHEET!r}.")
        rows = book[SHEET].iter_rows()
        heading = [_said(cell).strip() for cell in next(rows, ())]
        lacking = [column for column in COLUMNS if column not in heading and column not in ("context", "suggestion")]
        if lacking:
            raise FileBroken(f"{name}, sheet {SHEET!r} has no column {lacking[0]!r}.")
        return [_reviewed(number, dict(zip(heading, map(_said, row), strict=False)), name)
                for number, row in enumerate(rows, 2) if any(_said(cell) for cell in row)]  # fmt: skip
    finally:
        book.close()


def is_worked_in(data: bytes) -> bool:
    """Whether a workbook is not as we wrote it: a person edited or answered a row, or it is none of ours."""
    try:
        return any(row.said or row.rendering != row.written for row in read_review(data, ""))
    except FileBroken:
        return True


def _said(cell: Any) -> str:
    return "" if cell.value is None else str(cell.value)


def _reviewed(number: int, row: Mapping[str, str], name: str) -> Reviewed:
    said = row["approved"].strip().casefold()
    if said and said not in (*YES, *NO, *ANYWAY):
        raise FileBroken(f"{name}, row {number}: approved says {said!r}; write yes, no or anyway.")
    if not row["source"].strip() or not row["locale"].strip():
        raise FileBroken(f"{name}, row {number}: the source or the locale is missing.")
    return Reviewed(
        number, row["id"], row["source"], row["source_locale"] or "en-US", row["locale"], row.get("context", ""),
        row["rendering"], row["written"], said,
    )  # fmt: skip
