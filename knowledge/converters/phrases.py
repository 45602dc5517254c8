"""What stands inside a line of a page, as Markdown: links, bold, line breaks, the words of images."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from knowledge.converters.converted import one_line, plain

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
"""Elements that begin and end a line."""

BREAK = "\x1e"
"""Stands for <br> until lines are tidied; a page cannot hold it, for control characters are taken out before."""

_PERMALINK = re.compile(r"[\s#¶§🔗↩↑]*")
_ROUND = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"}


def phrase(element: Any, marked: bool = True) -> str:
    """An element's words with their marks (`marked=False`: without bold and links), white space as in the source."""
    if not isinstance(element.tag, str):
        return ""
    if element.tag == "br":
        return BREAK
    if element.tag == "img":
        return f" {element.get('alt', '')} "
    if element.tag == "tr":
        return _row(element, marked)
    return _dressed(element, words(element, marked), marked)


def words(element: Any, marked: bool = True) -> str:
    """What is inside an element, without the mark of the element itself."""
    parts = [element.text or ""]
    for child in element:
        said = phrase(child, marked)
        parts += [f" {said} " if child.tag in BLOCKS else said, child.tail or ""]
    return "".join(parts)


def lines(text: str) -> list[str]:
    """Words as paragraphs: white space tidied, <br> a new line, two of them a new paragraph."""
    rows = [one_line(row) for row in text.split(BREAK)]
    paragraphs = "\n".join(rows).strip("\n")
    return [plain(paragraph) for paragraph in re.split(r"\n{2,}", paragraphs) if paragraph.strip()]


def line(text: str) -> str:
    """Words on one line, for a heading or a cell."""
    return one_line(text.replace(BREAK, " ")).strip("; ")


def _row(row: Any, marked: bool) -> str:
    """A row of a table that stands in a cell: 'Express: 3 days; ', so that its cells keep together."""
    cells = [line(words(cell, marked)) for cell in row if cell.tag in ("td", "th")]
    said = [cell for cell in cells if cell]
    return (": " if len(cells) == 2 else ", ").join(said) + "; " * bool(said)


def _dressed(element: Any, inner: str, marked: bool) -> str:
    if element.tag == "li":
        return inner.strip() + (" " if inner.strip().endswith((".", ";", "。", ":")) else "; ")
    if element.tag == "q":
        return f"“{inner}”"
    if element.tag == "a" and _PERMALINK.fullmatch(inner):
        return ""
    if not marked or not inner.strip(f" \n\t{BREAK}"):
        return inner
    if element.tag == "a":
        return _linked(element, inner)
    mark = {"strong": "**", "b": "**", "code": "`", "del": "~~", "s": "~~", "strike": "~~"}.get(element.tag, "")
    return _between(mark, inner)


def _between(mark: str, inner: str) -> str:
    """A mark around words, the space outside it; words that hold the mark already are left."""
    core = inner.strip(f" \n\t{BREAK}")
    if not mark or mark in core:
        return inner
    before, after = inner.split(core, 1)
    return f"{before}{mark}{core}{mark}{after}"


def _linked(element: Any, inner: str) -> str:
    target = web_address(element.get("href", ""))
    if target and "](" not in inner and BREAK not in inner:
        text = one_line(inner).replace("[", "\\[").replace("]", "\\]")
        before, after = inner[: inner.find(inner.strip())], inner[len(inner.rstrip()) :]
        escaped = "".join(_ROUND.get(letter, letter) for letter in target)
        return text if text == target else f"{before}[{text}]({escaped}){after}"
    return inner + _contact(element.get("href", ""), inner)


def _contact(href: str, inner: str) -> str:
    """The address a mail or telephone link hides behind its words."""
    scheme, _, rest = href.strip().partition(":")
    address = unquote(rest.split("?")[0]).strip()
    if scheme.lower() not in ("mailto", "tel") or not re.fullmatch(r"[\w.@+() -]{3,100}", address):
        return ""
    said = address in inner or _digits(address) in _digits(inner) != ""
    return "" if said else f" ({address})"


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def web_address(href: object) -> str:
    """An absolute http or https address, or "" for anything else."""
    address = re.sub(r"[\x00-\x1f]", "", str(href or "")).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname else ""
