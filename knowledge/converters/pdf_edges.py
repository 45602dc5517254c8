"""What stands at the edges of a PDF's pages and says nothing: running heads and feet, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from knowledge.converters.pdf_blocks import LARGER
from knowledge.converters.pdf_lines import Line

_WORDS = r"page|seite|página|pagina|strona|side|sida|صفحة|страница"
_OF = r"(\s*(/|of|von|de|sur|di|van|av|z|из|／|-)\s*\d{1,4})?"
_PAGE_NUMBER = re.compile(rf"(?i)\W*((({_WORDS})|p|s)\.?\s*)?\d{{1,4}}{_OF}\s*(ページ|页|頁)?\W*")
_PAGE_PHRASE = re.compile(rf"(?i)\b({_WORDS})\.?\s*\d{{1,4}}{_OF}|\d{{1,4}}\s*(ページ|页|頁)")


@dataclass(frozen=True)
class Edges:
    """The lines in the margins of a page, each from its border inwards."""

    top: list[Line]
    foot: list[Line]


def edges_of(lines: list[Line], top: float, foot: float) -> Edges:
    """The edges of a page whose margins end and begin at these heights."""
    above = sorted((line for line in lines if line.bottom < top), key=lambda line: line.top)
    below = sorted((line for line in lines if line.top > foot), key=lambda line: -line.bottom)
    return Edges(above, below)


def furniture(pages: list[Edges], size: float) -> set[int]:
    """The ids of lines that come again at the edges of other pages, and of page numbers. The first of large letters at
    a top stays, for it may be the title; `size` is the text's.
    """
    times = Counter(key for page in pages for key in _keys(page, size))
    often = {key for key, number in times.items() if number >= max(2, 0.4 * len(pages))}
    dropped: set[int] = set()
    titles: set[str] = set()
    for page in pages:
        dropped |= _repeated(page.foot, size, often, set(often)) | _repeated(page.top, size, often, titles)
    return dropped


def _repeated(edge: list[Line], size: float, often: set[str], titles: set[str]) -> set[int]:
    """What to drop of an edge; large letters only once they are among the `titles`, to which they are added."""
    dropped: set[int] = set()
    inside = False
    for line in edge:
        key, large = _key(line, size), line.size > size * LARGER
        if _PAGE_NUMBER.fullmatch(line.text) or (key in often and not inside and (not large or key in titles)):
            dropped.add(id(line))
        inside = inside or (large and key not in often)  # beneath a heading stands what the page says
        titles.add(key)
    return dropped


def _keys(page: Edges, size: float) -> set[str]:
    return {_key(line, size) for line in (*page.top, *page.foot)}


def _key(line: Line, size: float) -> str:
    """What makes two lines one: in large letters all but a page's number: 'Zone 1' and 'Zone 2' are two headings."""
    if line.size <= size * LARGER:
        return re.sub(r"\d+", "#", line.text.casefold())
    said = ("#" if _PAGE_NUMBER.fullmatch(part.text) else part.text.casefold() for part in line.segments)
    return _PAGE_PHRASE.sub("#", " ".join(said))
