"""XLSX: a column per text and locale behind the others of each sheet; formats, formulas and sheets stay."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from integrations.localization.encoded import FileBroken
from integrations.localization.tables import ByLocale, Grid
from knowledge.localizing import Segment

MOST_UNPACKED = 400 * 1024 * 1024
"""Bytes a workbook may unpack to; a small file can claim to hold anything."""


class XlsxFile:
    """A workbook. Its renderings go into columns; a cell that computes something is no text."""

    per_locale = False

    def __init__(self, data: bytes, where: str, wanted: Sequence[str], locales: Sequence[str], source: str) -> None:
        self._locales = locales
        self._book = _opened(data, where)
        several = len(self._book.worksheets) > 1
        self.grids: list[tuple[Any, int, Grid]] = []
        for sheet in self._book.worksheets:
            read = _read(sheet, sheet.title if several else "")
            if read and (grid := self._chosen(read[1], wanted, source, where)):
                self.grids.append((sheet, read[0], grid))
        if wanted and not any(grid.texts for _, _, grid in self.grids):
            raise FileBroken(f"{where} has no sheet with the column {wanted[0]!r}.")
        self.segments: list[Segment] = [one for _, _, grid in self.grids for one in grid.segments(source)]
        self.held = {key: text for _, _, grid in self.grids for key, text in grid.held(locales).items()}
        self.brands = [name for _, _, grid in self.grids for name in grid.brands()]

    def _chosen(self, grid: Grid, wanted: Sequence[str], source: str, where: str) -> Grid | None:
        own = [name for name in wanted if name.strip().casefold() in [n.casefold() for n in grid.names]]
        if wanted and not own:
            return None
        grid.choose(own, self._locales, source, where)
        return grid

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """The workbook with its renderings, under ''."""
        for sheet, heading, grid in self.grids:
            width = len(grid.names)
            for column in grid.columns(self._locales):
                place = column.place
                if place is None:
                    place, width = width, width + 1
                    _copy(sheet, heading, column.text, place, column.name)
                for line, number in enumerate(grid.numbers):
                    text = grid.rendered(line, column, by_locale)
                    if text and (column.place is None or not _text(sheet.cell(number, place + 1))):
                        _copy(sheet, number, column.text, place, text)
        held = io.BytesIO()
        self._book.save(held)
        return {"": held.getvalue()}


def _opened(data: bytes, where: str) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise FileBroken(f"{where} unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB; split it.")
        return load_workbook(io.BytesIO(data), rich_text=False)
    except FileBroken:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise FileBroken(f"{where} is no whole XLSX workbook: {error}") from error


def _read(sheet: Any, name: str) -> tuple[int, Grid] | None:
    """A sheet's grid and the row of its heading; None where it is empty."""
    rows = list(sheet.iter_rows())
    heading = next((place for place, row in enumerate(rows) if any(_text(cell).strip() for cell in row)), None)
    if heading is None:
        return None
    names = [_text(cell).strip() for cell in rows[heading]]
    while names and not names[-1]:
        names.pop()
    numbers = [place + 1 for place in range(heading + 1, len(rows)) if any(_text(cell) for cell in rows[place])]
    return heading + 1, Grid(
        names, [[_text(cell) for cell in rows[n - 1][: len(names)]] for n in numbers], numbers, name
    )


def _text(cell: Any) -> str:
    """What a cell says; nothing where it computes something."""
    value = cell.value
    return "" if value is None or cell.data_type == "f" else value if isinstance(value, str) else str(value)


def _copy(sheet: Any, row: int, like: int, place: int, text: str) -> None:
    """Write text into a cell that looks like the one it renders; it is text, whatever it begins with."""
    cell, model = sheet.cell(row, place + 1), sheet.cell(row, like + 1)
    cell.value, cell.data_type = text[:32767], "s"
    if model.has_style:
        cell._style = copy.copy(model._style)
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
