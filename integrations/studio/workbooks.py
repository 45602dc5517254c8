"""A batch as a workbook or table that people edit, and what an edited one changes. No cell runs as a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.database.studio_batches import Batch
from integrations.database.studio_cells import Cell, Outdated
from integrations.listings.tables import FileUnreadable
from integrations.studio.counting import FREE, Measure
from integrations.studio.desk import Desk, Refused
from integrations.studio.judging import cleaned

COLUMNS = ("sku", "locale", "field", "text", "chars", "limit", "flags", "facts", "model", "ai_generated", "approved_by",
           "approved_at")  # fmt: skip
WIDE = {"text": 70, "flags": 30, "facts": 30, "sku": 18, "approved_at": 20}

FORMULA = re.compile(r"'*\s*[=+\-@\t\r]")
"""How a text begins that a spreadsheet would run, with apostrophes that were put before it or not."""

EXPORTED = "dragoman_exported_at"
"""The property of a workbook that says when its texts were what they are in it."""


@dataclass(frozen=True)
class Imported:
    """What an edited workbook came to: cells as they were, changed, changed here meanwhile (kept), and unknown rows."""

    unchanged: int = 0
    changed: int = 0
    kept: int = 0
    unknown: int = 0


def escaped(text: str) -> str:
    """A text as a cell holds it: behind an apostrophe where a spreadsheet would run it."""
    return f"'{text}" if FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """The text that a cell stands for."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def field_key(cell: Cell) -> str:
    """A cell's field as files name it: `title`, `bullets 2`."""
    return f"{cell.field} {cell.item + 1}" if cell.item >= 0 else cell.field


async def exported(desk: Desk, batch: Batch, only: str = "") -> dict[str, list[dict[str, Any]]]:
    """The rows of a batch by channel; `only` is 'approved' for those alone."""
    skus = await desk.batches.skus(batch.id)
    told: dict[str, list[dict[str, Any]]] = {}
    for channel in batch.channels:
        measures = await desk.measures(batch, channel)
        cells = await desk.cells.all(batch.id, channel)
        told[channel] = [_row(cell, skus[cell.position], measures) for cell in cells if not only or cell.state == only]
    return told


def _row(cell: Cell, sku: str, measures: Mapping[tuple[str, str], Measure]) -> dict[str, Any]:
    measure = measures.get((cell.locale, cell.field), FREE)
    size = measure.length(cell.text)
    facts = dict.fromkeys(name for claim in cell.claims for name in claim["facts"])
    is_approved = cell.state == "approved"
    at = cell.decided_at.strftime("%Y-%m-%d %H:%M:%SZ") if is_approved and cell.decided_at else ""
    return {
        "sku": sku, "locale": cell.locale, "field": field_key(cell), "text": cell.text,
        "chars": int(size) if size == int(size) else size, "limit": measure.most or "",
        "flags": "; ".join(dict.fromkeys(str(f["rule"]) for f in cell.findings if f["severity"] != "info")),
        "facts": ", ".join(facts), "model": cell.model, "ai_generated": "yes" if cell.model else "no",
        "approved_by": cell.decided_by if is_approved else "", "approved_at": at,
    }  # fmt: skip


def workbook(rows: Mapping[str, Sequence[Mapping[str, Any]]], moment: datetime) -> bytes:
    """A workbook with a sheet a channel; every text is text."""
    import xlsxwriter

    held = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, plain)
    book.set_custom_property(EXPORTED, moment.isoformat(), "text")
    head = book.add_format({"bold": True, "bg_color": "#23302f", "font_color": "#f6efe2"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for channel, told in rows.items():
        sheet = book.add_worksheet(channel[:31])
        sheet.freeze_panes(1, 4)
        sheet.autofilter(0, 0, max(len(told), 1), len(COLUMNS) - 1)
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, column, head)
            sheet.set_column(place, place, WIDE.get(column, 12))
        for line, row in enumerate(told, 1):
            for place, column in enumerate(COLUMNS):
                value = row[column]
                if isinstance(value, int | float):
                    sheet.write_number(line, place, value, body)
                else:
                    sheet.write_string(line, place, escaped(value)[:32767], body)
    book.close()
    return held.getvalue()


def table(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """The same as one CSV file, UTF-8 with a mark, as spreadsheets want it."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(("channel", *COLUMNS))
    for channel, told in rows.items():
        for row in told:
            writer.writerow((channel, *(escaped(v) if isinstance(v := row[name], str) else v for name in COLUMNS)))
    return b"\xef\xbb\xbf" + held.getvalue().encode()


def read_workbook(path: Path) -> tuple[list[tuple[str, str, str, str, str]], datetime]:
    """The rows of an edited workbook (channel, SKU, locale, field, text) and when it was exported: now, where it does
    not say. Raises FileUnreadable.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book: Any = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise FileUnreadable("This is no XLSX workbook.") from error
    try:
        told = {str(one.name): str(one.value) for one in book.custom_doc_props.props}
        rows = [(sheet.title, *row) for sheet in book.worksheets for row in _rows(sheet)]
    finally:
        book.close()
    return rows, _moment(told.get(EXPORTED, ""))


def _moment(told: str) -> datetime:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _rows(sheet: Any) -> list[tuple[str, str, str, str]]:
    lines = sheet.iter_rows(values_only=True)
    heading = [str(name or "").strip().lower() for name in next(lines, ())]
    if not {"sku", "locale", "field", "text"} <= set(heading):
        raise FileUnreadable(f"The sheet {sheet.title} lacks a column: sku, locale, field and text are wanted.")
    places = [heading.index(name) for name in ("sku", "locale", "field", "text")]
    return [_four(line, places) for line in lines if any(line)]


def _four(line: Sequence[Any], places: list[int]) -> tuple[str, str, str, str]:
    sku, locale, field, text = ("" if line[p] is None else unescaped(str(line[p])) for p in places)
    return sku, locale, field, text


async def import_workbook(desk: Desk, batch: Batch, path: Path, by: str) -> Imported:
    """Take in an edited workbook: what people changed in it becomes a new version; what was changed here meanwhile
    stays, and the other text is kept as a comment. Raises FileUnreadable.
    """
    rows, moment = read_workbook(path)
    skus = {sku: position for position, sku in reversed((await desk.batches.skus(batch.id)).items())}
    counted = {"unchanged": 0, "changed": 0, "kept": 0, "unknown": 0}
    for channel in dict.fromkeys(row[0] for row in rows):
        name = next((one for one in batch.channels if one[:31] == channel), "")
        cells = {(c.position, c.locale, field_key(c)): c for c in await desk.cells.all(batch.id, name)} if name else {}
        before = await desk.cells.texts_at(batch.id, name, moment) if name else {}
        for _, sku, locale, field, text in (row for row in rows if row[0] == channel):
            cell = cells.get((skus.get(sku, -1), locale, field))
            counted[await _take_in(desk, cell, text, before, by) if cell else "unknown"] += 1
    return Imported(**counted)


async def _take_in(desk: Desk, cell: Cell, text: str, before: Mapping[int, str], by: str) -> str:
    fresh = cleaned(text)
    if fresh in (cell.text, before.get(cell.id, cell.text)):
        return "unchanged"
    try:
        if cell.text != before.get(cell.id, cell.text):
            raise Outdated
        now = await desk.cell(cell.id)
        await desk.write(now, cell.version, fresh, by, "import")
    except (Outdated, Refused):
        await desk.cells.comment(cell.id, by, fresh[:2000])
        return "kept"
    return "changed"
