"""CSV: a column per text and locale behind the others; what stands in the file stays as it is, to the byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Literal

from integrations.localization.encoded import Encoded, FileBroken
from integrations.localization.tables import ByLocale, Column, Grid
from knowledge.localizing import Segment


class CsvFile:
    """A table of commas, semicolons or tabs. Its renderings go into columns."""

    per_locale = False

    def __init__(self, held: Encoded, where: str, wanted: Sequence[str], locales: Sequence[str], source: str) -> None:
        self._held, self._where, self._locales = held, where, locales
        head = held.text.lstrip("\r\n").partition("\n")[0]
        self._mark = max(",;\t|", key=head.count) if any(mark in head for mark in ",;\t|") else ","
        self._end = "\r\n" if "\r\n" in held.text else "\n"
        self._raw, rows = self._read()
        self._quoted = head.strip().startswith('"') and head.strip().endswith('"')
        self.grid = Grid([name.strip() for name in rows[0][1]], [row for _, row in rows[1:]], [n for n, _ in rows[1:]])
        self.grid.choose(wanted, locales, source, where)
        self.segments: list[Segment] = self.grid.segments(source)
        self.held, self.brands = self.grid.held(locales), self.grid.brands()

    def _read(self) -> tuple[list[str], list[tuple[int, list[str]]]]:
        """The records as they stand, and the rows of those that are not blank, numbered as a spreadsheet does."""
        taken: list[str] = []

        def lines() -> Iterator[str]:
            for line in io.StringIO(self._held.text, newline=""):
                taken.append(line)
                yield line

        raw, rows, begun = [], [], 0
        reader = csv.reader(lines(), delimiter=self._mark, strict=True)
        try:
            for number, row in enumerate(reader, 1):
                raw.append("".join(taken[begun:]))
                begun = len(taken)
                if any(cell.strip() for cell in row):
                    rows.append((number, row))
                    self._fits(row, rows[0][1], number)
        except csv.Error as error:
            raise FileBroken(f"{self._where}, line {begun + 1}: {error}. Mend the quotation marks there.") from error
        if not rows:
            raise FileBroken(f"{self._where} is empty.")
        return raw, rows

    def _fits(self, row: list[str], heading: list[str], number: int) -> None:
        if len(row) > len(heading) and any(cell for cell in row[len(heading) :]):
            raise FileBroken(
                f"{self._where}, row {number} has {len(row)} cells and the heading {len(heading)}: is a text with"
                f" {self._mark!r} without quotation marks?"
            )

    def rendered(self, by_locale: ByLocale) -> dict[str, bytes]:
        """The file with its renderings, under ''."""
        columns = self.grid.columns(self._locales)
        lines = {number: line for line, number in enumerate(self.grid.numbers)}
        heading = next(number for number, record in enumerate(self._raw, 1) if record.strip())
        written = []
        for number, record in enumerate(self._raw, 1):
            if number == heading:
                written.append(self._longer(record, [column.name for column in columns if column.place is None]))
            elif number in lines:
                written.append(self._row(record, lines[number], columns, by_locale))
            else:
                written.append(record)
        return {"": self._held.bytes_of("".join(written))}

    def rows_of(self, data: bytes) -> list[list[str]]:
        """The rows of the file as it was written."""
        text = io.StringIO(self._held.text_of(data), newline="")
        return [row for row in csv.reader(text, delimiter=self._mark) if any(row)]

    def _row(self, record: str, line: int, columns: list[Column], by_locale: ByLocale) -> str:
        row = list(self.grid.rows[line])
        row += [""] * (len(self.grid.names) - len(row))
        filled = False
        for column in columns:
            if column.place is not None and not row[column.place].strip():
                row[column.place] = self.grid.rendered(line, column, by_locale)
                filled = filled or bool(row[column.place])
        if filled or len(self.grid.rows[line]) < len(self.grid.names):
            record = self._written(row) + self._end
        return self._longer(record, [self.grid.rendered(line, c, by_locale) for c in columns if c.place is None])

    def _longer(self, record: str, cells: list[str]) -> str:
        """A record with cells behind it; it ends as it did."""
        plain = record.rstrip("\r\n")
        return plain + (self._mark + self._written(cells) if cells else "") + record[len(plain) :]

    def _written(self, cells: list[str]) -> str:
        held = io.StringIO()
        quoting: Literal[0, 1] = csv.QUOTE_ALL if self._quoted else csv.QUOTE_MINIMAL
        csv.writer(held, delimiter=self._mark, quoting=quoting, lineterminator="").writerow(cells)
        return "" if cells == [""] and not self._quoted else held.getvalue()  # Python writes one empty cell as ""
