"""Lines and tables of a PDF as Markdown: headings by their size and weight, paragraphs across lines and pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from knowledge.converters.converted import markdown_table, one_line, plain
from knowledge.converters.pdf_lines import Line
from knowledge.converters.pdf_tables import Table

LARGER = 1.1
"""Times the size of the text, from which a line is a heading."""

_BULLET = re.compile(r"^([•‣◦▪■●○·∙\uf0a7\uf0b7\uf0d8]\s*|[-–—*]\s+)+(?=\S)")
_NUMBER = re.compile(r"^\(?(\d{1,3})[.)]\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;。！？：؟…][\"'”’»)\]]*$")
_HYPHENED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_WIDE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass
class Look:
    """How a document is set: the size of its text, the space between its lines, the sizes of its headings."""

    size: float
    space: float
    levels: dict[float, int]
    bold_text: bool
    hyphened: set[str]


@dataclass
class Block:
    """Lines that belong together; `level` of a heading, `marker` of a list's entry."""

    text: str
    last: Line
    level: int = 0
    marker: str = ""
    x0: float = field(default=0.0)


def look_of(lines: list[Line]) -> Look:
    """How a document is set, told from all its lines."""
    letters: Counter[float] = Counter()
    bold = 0
    for line in lines:
        letters[line.size] += len(line.text)
        bold += len(line.text) * line.bold
    size = max(letters, key=lambda each: (letters[each], -each), default=10.0)
    pairs = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if a.page == b.page and a.size == b.size == size]
    gaps = sorted(b.top - a.bottom for a, b in pairs if -0.5 * size < b.top - a.bottom < 1.5 * size)
    larger = sorted((each for each in letters if each > LARGER * size), reverse=True)
    levels = {each: min(level, 4) for level, each in enumerate(larger, 1)}
    hyphened = {word.lower() for line in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line.text)}
    return Look(size, gaps[len(gaps) // 5] if gaps else 0.3 * size, levels, bold > 0.4 * letters.total(), hyphened)


def pdf_blocks(items: list[Line | Table], look: Look) -> list[str]:
    """A document's lines and tables as blocks of Markdown."""
    blocks: list[Block | Table] = []
    for item in items:
        last = blocks[-1] if blocks else None
        if isinstance(item, Table):
            _add_table(blocks, item)
        elif isinstance(last, Block) and _goes_on(last, item, look):
            last.text, last.last = joined_lines(last.text, item.text, look.hyphened), item
        else:
            blocks.append(_begun(item, look))
    return _written(blocks)


def _add_table(blocks: list[Block | Table], table: Table) -> None:
    """A table, as more rows of the one before it where it goes on after the end of a page."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Table) and last.page == table.page - 1 and len(last.rows[0]) == len(table.rows[0]):
        more = table.rows[1:] if table.rows[0] == last.rows[0] else table.rows
        blocks[-1] = Table(last.rows + more, table.page)
    else:
        blocks.append(table)


def _begun(line: Line, look: Look) -> Block:
    level = _level(line, look)
    number, bullet = _NUMBER.match(line.text), _BULLET.match(line.text)
    if level:
        return Block(line.text, line, level, x0=line.x0)
    if bullet:
        return Block(line.text[bullet.end() :], line, marker="- ", x0=line.x0)
    if number:
        return Block(line.text[number.end() :], line, marker=f"{number.group(1)}. ", x0=line.x0)
    return Block(line.text, line, x0=line.x0)


def _level(line: Line, look: Look) -> int:
    """The level of a heading, 0 for text."""
    if len(line.text) > 200 or not any(letter.isalpha() for letter in line.text):
        return 0
    if line.size in look.levels:
        return look.levels[line.size]
    titled = line.bold and not look.bold_text and len(line.text) <= 100 and not _BULLET.match(line.text)
    if titled and line.size >= 0.95 * look.size and not _ENDS.search(line.text):
        return min(len(set(look.levels.values())) + 1, 5)
    return 0


def _goes_on(block: Block, line: Line, look: Look) -> bool:
    """Whether a line goes on with what the block says."""
    last = block.last
    if _level(line, look) != block.level or abs(line.size - last.size) > 0.6:
        return False
    if _BULLET.match(line.text) or (_NUMBER.match(line.text) and not block.level):
        return False
    if line.page != last.page or line.top < last.top:  # the next page, or the next column
        return not block.level and not _ENDS.search(last.text)
    if block.level:
        return line.top - last.bottom < 0.6 * line.size and line.bold == last.bold and _in_line(line, last)
    return line.top - last.bottom <= look.space + 0.35 * look.size and not _breaks(block, line)


def _in_line(line: Line, last: Line) -> bool:
    """Whether two lines of a heading share an edge or their middle; a title in the middle goes not on at the left."""
    apart = (line.x0 - last.x0, line.x1 - last.x1, (line.x0 + line.x1 - last.x0 - last.x1) / 2)
    return min(map(abs, apart)) < 3 * line.size


def _breaks(block: Block, line: Line) -> bool:
    """Whether a paragraph ends by its form: a short last line, or a first line set in."""
    last = block.last
    if block.marker:
        return line.x0 < block.x0 - 2
    short = last.x1 < last.column - 0.25 * (last.column - last.x0)
    set_in = line.x0 > last.x0 + line.size and not line.x0 > last.x0 + 10 * line.size
    return bool(_ENDS.search(last.text)) and (short or set_in)


def joined_lines(above: str, below: str, hyphened: set[str]) -> str:
    """Two lines as one: a word cut at the end of a line is made whole, unless it is written with a hyphen elsewhere."""
    if _HYPHENED.search(above) and below[:1].islower():
        first, second = re.split(r"[\s(]", above[:-1])[-1], re.split(r"[\s.,;:!?)]", below)[0]
        return (above if f"{first}-{second}".lower() in hyphened else above[:-1]) + below
    if above and below and _WIDE.match(above[-1]) and _WIDE.match(below[0]):
        return above + below
    return f"{above} {below}"


def _written(blocks: list[Block | Table]) -> list[str]:
    found: list[str] = []
    listed = False
    for block in blocks:
        if isinstance(block, Table):
            found.append(markdown_table([[_cell(cell) for cell in row] for row in block.rows]))
        elif block.marker and listed:
            found[-1] += f"\n{block.marker}{one_line(block.text)}"
        else:
            mark = "#" * block.level + " " if block.level else block.marker
            found.append(mark + (one_line(block.text) if mark else plain(one_line(block.text))))
        listed = isinstance(block, Block) and bool(block.marker)
    return found


def _cell(text: str) -> str:
    rows = text.split("\n")
    whole = rows[0]
    for row in rows[1:]:
        whole = joined_lines(whole, row, set())
    return whole
