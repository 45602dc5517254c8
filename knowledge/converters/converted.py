"""What a converter gives: Markdown and the header a file states; and the pieces all converters write it with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

JUNK_TITLE = re.compile(
    r"(?i)^\W*$|^\W*(microsoft|powerpoint|untitled|unbenannt|sans titre|sin título|無題|document\b|presentation\b"
    r"|slide\b|dokument\d*$|new page)|\.(docx?|pdf|odt|rtf|indd|xlsx?|pptx?|txt|html?)$"
    r"|^\W*(anonymous|unknown|unspecified|none|null|no title|ohne titel|senza titolo|sem título|无标题|بدون عنوان"
    r"|tanpa judul)\W*$"
)
"""Titles that programs put there, not people."""

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_BETWEEN_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n[ \t\n]*(?=[{_WIDE}])")
_BLOCK_MARK = re.compile(r"^(\s*)(#{1,6}(?:\s|$)|```|~~~|-+\s*$|=+\s*$)", re.M)


@dataclass(frozen=True)
class Converted:
    """A document as Markdown. `header` has only what the file itself states, under the names of the front matter."""

    header: dict[str, Any]
    body: str


def stated(**values: Any) -> dict[str, Any]:
    """A header of the values that are there."""
    return {name: value for name, value in values.items() if value}


def language_tag(said: object) -> str:
    """A language as BCP 47 writes it ("en_US" is "en-US"), or "" where it is none."""
    tag = str(said or "").strip().split(".")[0].replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def sensible_title(said: object) -> str:
    """A title on one line, or "" where a program made it up."""
    title = one_line(clean(str(said or "")))
    return "" if JUNK_TITLE.search(title) else title


def clean(text: str) -> str:
    """Text without characters that are not to be seen, its lines ended by a newline; no-break spaces are spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _CONTROL.sub("", text.replace("\xa0", " ").replace("\u202f", " ").replace("\xad", ""))


def one_line(text: str) -> str:
    """White space as single spaces, and none where a line was broken between two Chinese or Japanese letters."""
    return " ".join(_BETWEEN_WIDE.sub("", text).split())


def plain(text: str) -> str:
    """Prose that Markdown would take for a heading, a fence or a rule, escaped so that it stays prose."""
    return _BLOCK_MARK.sub(r"\1\\\2", text)


def joined(blocks: Iterable[str]) -> str:
    """Blocks of Markdown as a body."""
    return "\n\n".join(block for block in blocks if block.strip())


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first as its header; short rows are filled up. No rows give ""."""
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return ""
    header, *others = [_row([*row, *[""] * (columns - len(row))]) for row in rows]
    return "\n".join([header, "|" + " --- |" * columns, *others])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(one_line(cell).replace("\\", "\\\\").replace("|", "\\|") for cell in cells) + " |"
