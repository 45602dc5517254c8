"""Tables of a page as rows that are each whole: what spans columns or rows is said in every one of them."""

from __future__ import annotations

from typing import Any

from knowledge.converters.converted import markdown_table
from knowledge.converters.phrases import line, lines, words

MOST_CELLS = 300_000
"""More in one table is a mistake or an attack by spans."""

_WIDEST_SPAN = 100
_LONG = 500
"""Letters of a cell that is a part of a page."""

_LAYOUT = ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//details|.//dl"


def is_data(table: Any) -> bool:
    """Whether a table is one of data, and not of layout: it has rows of several cells and no sections in its cells."""
    if table.get("role") in ("presentation", "none") or table.xpath(_LAYOUT):
        return False
    rows = rows_of(table)
    if table.find(".//table") is not None and not _holds_tables(rows):
        return False
    return any(len(cells_of(row)) > 1 for row in rows)


def table_blocks(table: Any) -> list[str]:
    """A table of data as blocks of Markdown: its caption, then its rows. Raises ValueError where it is endless."""
    caption = [block for part in table.findall("caption") for block in lines(words(part))]
    rows = rows_of(table)
    grid = _grid(rows)
    heads = _header_rows(rows)
    if heads:
        header = [_merged(column) for column in zip(*grid[:heads], strict=True)]
    elif _names_rows(rows):
        header = [""] * len(grid[0])
    else:
        header, heads = grid[0], 1
    body = [row for row in grid[heads:] if any(row)]
    return [*caption, markdown_table([header, *body])]


def rows_of(table: Any) -> list[Any]:
    """The rows of a table itself, those of its foot last."""
    parts = sorted(table, key=lambda part: part.tag == "tfoot")
    groups = [list(part) if part.tag in ("thead", "tbody", "tfoot") else [part] for part in parts]
    return [row for group in groups for row in group if row.tag == "tr"]


def cells_of(row: Any) -> list[Any]:
    """The cells of a row."""
    return [cell for cell in row if cell.tag in ("td", "th")]


def _holds_tables(rows: list[Any]) -> bool:
    """Whether rows with tables in them are data: their columns have names, or they have three short cells and more, few
    of which hold a table. A page laid out as columns, or as cards, is neither.
    """
    cells = [cell for row in rows for cell in cells_of(row)]
    if _header_rows(rows) and len(cells_of(rows[0])) > 1:
        return True
    nested = sum(cell.find(".//table") is not None for cell in cells)
    wide = sum(len(cells_of(row)) > 2 for row in rows)
    return wide > 1 and 3 * nested <= len(cells) and all(len(cell.text_content()) < _LONG for cell in cells)


def _grid(rows: list[Any]) -> list[list[str]]:
    filled: dict[tuple[int, int], str] = {}
    for at, row in enumerate(rows):
        column = 0
        for cell in cells_of(row):
            while (at, column) in filled:
                column += 1
            _fill(filled, (at, column), cell, len(rows))
    width = max((column for _, column in filled), default=0) + 1
    return [[filled.get((at, column), "") for column in range(width)] for at in range(len(rows))]


def _fill(filled: dict[tuple[int, int], str], place: tuple[int, int], cell: Any, height: int) -> None:
    text = line(words(cell, marked=cell.tag == "td"))
    row, column = place
    tall = _span(cell, "rowspan", height) or height
    for below in range(row, min(row + tall, height)):
        for beside in range(column, column + (_span(cell, "colspan", _WIDEST_SPAN) or 1)):
            filled.setdefault((below, beside), text)
    if len(filled) > MOST_CELLS:
        raise ValueError(f"holds a table of more than {MOST_CELLS:,} cells: split it")


def _span(cell: Any, name: str, most: int) -> int:
    said = cell.get(name, "1").strip()
    return min(int(said), most) if said.isascii() and said.isdigit() and len(said) < 9 else 1


def _header_rows(rows: list[Any]) -> int:
    """How many rows, from the first, name the columns."""
    heads = 0
    for row in rows:
        cells = cells_of(row)
        named = row.getparent().tag == "thead" or (len(cells) > 1 and all(cell.tag == "th" for cell in cells))
        if not named:
            break
        heads += 1
    return heads if heads < len(rows) else min(1, heads)


def _names_rows(rows: list[Any]) -> bool:
    """Whether the first cell of every row names the row, and nothing names the columns."""
    kinds = [[cell.tag for cell in cells_of(row)] for row in rows]
    return all(kind[:1] == ["th"] and "td" in kind for kind in kinds if kind)


def _merged(column: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(name for name in column if name))
