"""Markdown cut at its headings, and sections into pieces that fit a passage: tables by rows, prose by sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

PASSAGE_TOKENS = 300
"""Most tokens of neighbouring blocks that share a passage: a longer text blurs in its vector."""

BLOCK_TOKENS = 450
"""Most tokens of a paragraph or table that is left whole; the embedder reads up to 512."""

RATES = (
    ("\u0590", "\u06ff", 0.32), ("\u0900", "\u0dff", 0.25), ("\u0e00", "\u0eff", 0.22), ("\u3040", "\u30ff", 0.55),
    ("\u3400", "\u9fff", 0.85), ("\uac00", "\ud7af", 0.6),
)  # fmt: skip
"""Tokens of multilingual-e5 a character, by block (first, last, rate); any other character makes 0.26. Measured on
the demo shop's documents in nine languages: off by at most a sixth of a language's total.
"""


@dataclass
class Section:
    """Blocks under one heading path, as (start, end) offsets; `table` blocks repeat their header when cut."""

    headings: tuple[str, ...]
    blocks: list[tuple[int, int]] = field(default_factory=list)
    table_headers: dict[int, str] = field(default_factory=dict)

    def text(self, body: str, start: int, end: int) -> str:
        """The text from start to end; rows cut from a table get its header back."""
        return self.table_headers.get(start, "") + body[start:end].strip()


def sections(body: str) -> Iterator[Section]:
    """The body cut at its headings."""
    lines = [0]
    for line in body.split("\n"):  # as the Markdown parser counts lines; splitlines knows more kinds of ends
        lines.append(lines[-1] + len(line) + 1)
    lines[-1] = len(body)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    path: list[tuple[int, str]] = []
    section = Section(())
    for position, token in enumerate(tokens):
        if token.level or token.map is None or token.nesting < 0:
            continue
        if token.type == "heading_open":
            if section.blocks:
                yield section
            depth = int(token.tag[1])
            path = [(level, text) for level, text in path if level < depth]
            path.append((depth, tokens[position + 1].content))
            section = Section(tuple(text for _, text in path))
        else:
            _add_block(section, token, lines, body)
    if section.blocks:
        yield section


def _add_block(section: Section, token: Token, lines: list[int], body: str) -> None:
    first, last = token.map or [0, 0]
    start, end = lines[first], lines[min(last, len(lines) - 1)]
    if count_tokens(body[start:end]) <= BLOCK_TOKENS:
        section.blocks.append((start, end))
    elif token.type == "table_open" and last - first > 3:
        header = body[start : lines[first + 2]]
        section.blocks.append((start, lines[first + 3]))
        for row in range(first + 3, last):
            section.blocks.append((lines[row], lines[row + 1]))
            section.table_headers[lines[row]] = header
    else:
        section.blocks += _split_long(body, start, end)


def _split_long(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A block too long for one passage, cut at the ends of sentences (or, failing that, anywhere)."""
    begin = start
    for cut in [*sentence_ends(body[start:end]), end - start]:
        while (tokens := count_tokens(body[begin : start + cut])) > BLOCK_TOKENS:
            step = PASSAGE_TOKENS * (start + cut - begin) // (2 * tokens)
            yield begin, begin + step
            begin += step
        if count_tokens(body[begin : start + cut]) > PASSAGE_TOKENS // 2 or start + cut == end:
            if begin < start + cut:
                yield begin, start + cut
            begin = start + cut


def pieces(section: Section, body: str) -> Iterator[tuple[int, int]]:
    """Neighbouring blocks joined up to the size of a passage."""
    start, end = section.blocks[0]
    for begin, stop in section.blocks[1:]:
        if count_tokens(body[start:stop]) > PASSAGE_TOKENS:
            yield start, end
            start = begin
        end = stop
    yield start, end


def count_tokens(text: str) -> int:
    """About how many of the embedder's tokens a text makes, without loading it."""
    total = 0.26 * len(text)
    for first, last, rate in RATES:
        total += (rate - 0.26) * sum(first <= character <= last for character in text)
    return round(total)


def sentence_ends(text: str) -> list[int]:
    """Offsets after each sentence: at . ! ? before a space, at their CJK and Arabic kin, and at line ends."""
    ends = []
    for position, character in enumerate(text[:-1]):
        follows = text[position + 1]
        latin = character in ".!?؟…" and follows.isspace() and not text[max(0, position - 1) : position].isdigit()
        figure = character in ".!?" and follows in " \n" and text[max(0, position - 1)].isdigit()
        numbered = figure and (position + 2 >= len(text) or not text[position + 2].islower())
        if latin or numbered or character in "。！？\n":
            ends.append(position + 1)
    return ends
