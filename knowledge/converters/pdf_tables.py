"""Tables of a PDF: those drawn with lines, and those told only by how their words are aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.converters.pdf_lines import Line, Segment, page_lines

MOST_EDGES = 4_000
"""Lines drawn on a page; with more it is a drawing, whose tables would take minutes to find."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Table:
    """Rows of cells on a page."""

    rows: tuple[tuple[str, ...], ...]
    page: int


def drawn_tables(page: Any, words: Sequence[dict[str, Any]], number: int) -> list[tuple[Box, Table]]:
    """The tables with ruled lines on a page, from the top, and where they are."""
    if not 3 < len(page.edges) <= MOST_EDGES:
        return []
    found = []
    for table in sorted(page.find_tables(), key=lambda table: table.bbox[1]):
        inside = [word for word in words if within(word, table.bbox)]
        rows = [row for row in _spelled(table, inside, number) if any(row)]
        if len(rows) > 1 and max(sum(map(bool, row)) for row in rows) > 1:
            found.append((table.bbox, Table(tuple(rows), number)))
    return found


def within(word: dict[str, Any], box: Box) -> bool:
    """Whether the middle of a word is in a box."""
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _spelled(table: Any, words: list[dict[str, Any]], number: int) -> list[tuple[str, ...]]:
    """Rows that are each whole: a place inside a cell that spans several says what that cell says."""
    said = {box: _words_in(box, words, number) for box in table.cells}
    columns = [next((cell for cell in column.cells if cell), None) for column in table.columns]
    narrow = [_narrowest(column.cells) or place for column, place in zip(table.columns, columns, strict=True)]
    rows = []
    for row in table.rows:
        own = [cell for cell in row.cells if cell]
        middle = (min(c[1] for c in own) + min(c[3] for c in own)) / 2 if own else 0.0
        cells = [cell or _around(table.cells, place, middle) for cell, place in zip(row.cells, narrow, strict=True)]
        rows.append(tuple(said.get(cell, "") for cell in cells))
    return rows


def _narrowest(cells: Sequence[Box | None]) -> Box | None:
    return min((cell for cell in cells if cell), key=lambda cell: cell[2] - cell[0], default=None)


def _around(cells: Sequence[Box], place: Box | None, y: float) -> Box | None:
    """The cell that covers a column's place at a height."""
    if place is None:
        return None
    x = (place[0] + place[2]) / 2
    return next((cell for cell in cells if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]), None)


def _words_in(box: Box, words: list[dict[str, Any]], number: int) -> str:
    inside = [word for word in words if within(word, box)]
    return "\n".join(line.text for line in page_lines(inside, number))


def aligned_tables(lines: list[Line]) -> list[Line | Table]:
    """Lines, with runs of them whose segments stand in common columns made tables."""
    found: list[Line | Table] = []
    at = 0
    while at < len(lines):
        end = _run(lines, at)
        table = _table(lines[at:end])
        found.append(table or lines[at])
        at = end if table else at + 1
    return found


def _run(lines: list[Line], start: int) -> int:
    """Where the rows that begin at a line end; a line of one segment belongs where it goes on a cell to the right."""
    end = start
    for line in lines[start:]:
        last = lines[end - 1]
        near = line.page == last.page and 0 <= line.top - last.bottom < 2 * line.size
        goes_on = len(line.segments) == 1 and line.x0 > lines[start].segments[0].x1
        if end > start and not near or not (len(line.segments) > 1 or goes_on and end > start):
            break
        end += 1
    return end


def _table(lines: list[Line]) -> Table | None:
    rows = [line for line in lines if len(line.segments) > 1]
    if len(rows) < 2:
        return None
    columns = _columns([segment for line in lines for segment in line.segments])
    if len(columns) < 2 or sum(len(line.segments) for line in rows) < 0.6 * len(columns) * len(rows):
        return None
    cells: list[list[str]] = []
    for line in lines:
        placed = _placed(line.segments, columns)
        if cells and not placed[0]:  # a cell of more than one line
            cells[-1] = [f"{above}\n{below}".strip() for above, below in zip(cells[-1], placed, strict=True)]
        else:
            cells.append(placed)
    return Table(tuple(tuple(row) for row in cells), lines[0].page)


def _columns(segments: list[Segment]) -> list[tuple[float, float]]:
    """The stretches of the page's width that segments cover."""
    columns: list[tuple[float, float]] = []
    for segment in sorted(segments, key=lambda segment: segment.x0):
        if columns and segment.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], segment.x1))
        else:
            columns.append((segment.x0, segment.x1))
    return columns


def _placed(segments: Sequence[Segment], columns: list[tuple[float, float]]) -> list[str]:
    return [" ".join(part.text for part in segments if left <= part.x0 <= right) for left, right in columns]
