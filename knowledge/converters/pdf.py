"""PDF as Markdown, page by page."""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

from knowledge.converters.converted import Converted, clean, joined, language_tag, sensible_title, stated
from knowledge.converters.pdf_blocks import look_of, pdf_blocks
from knowledge.converters.pdf_edges import Edges, edges_of, furniture
from knowledge.converters.pdf_lines import Line, page_lines
from knowledge.converters.pdf_tables import Table, aligned_tables, drawn_tables, within

MOST_PAGES = 1_000
MOST_UNPACKED = 60_000_000
"""Bytes one stream of a file may unpack to; more is a trap."""

_UNMAPPED = re.compile(r"\(cid:\d+\)")
_MERE_REFERENCE = re.compile(rb"\d[\s\x00]+\d+[\s\x00]+obj[\s\x00]*\d+[\s\x00]+\d+[\s\x00]+R\b")
"""An object that is nothing but a reference: no program writes one, and two can send a reader in circles."""

_MARGIN = 0.12
"""Part of a page's height, at its top and at its foot, where headers, footers and page numbers stand."""

Item = Line | Table


def convert_pdf(data: bytes) -> list[Converted]:
    """A PDF as one document. Raises ValueError where it is damaged, protected by a password, or holds no text."""
    if b"%PDF" not in data[:2048]:
        raise ValueError("damaged or not a PDF: it does not begin like one")
    if _MERE_REFERENCE.search(data):
        raise ValueError("damaged or not a PDF: it has an object that only refers to another")
    _weigh(data)
    items, title, locale = _read(data)
    lines = [item for item in items if isinstance(item, Line)]
    look = look_of(lines)
    blocks = pdf_blocks(items, look)
    body = clean(joined(blocks))
    if not any(letter.isalnum() for letter in body):
        raise ValueError("holds no text (a scan?): run text recognition over it first")
    return [Converted(stated(title=title or _largest(blocks), locale=locale), body)]


def _weigh(data: bytes) -> None:
    """Refuses a stream that unpacks to more than memory should hold, packed once or several times."""
    for found in re.finditer(rb"stream\r?\n", data):
        packed = data[found.end() : data.find(b"endstream", found.end())]
        if packed and packed[0] & 0x0F == 8 and _swells(packed[:65_536]):
            _unpack(packed)


def _swells(packed: bytes) -> bool:
    try:
        return len(zlib.decompressobj().decompress(packed, 2_000_000)) > 20 * len(packed)
    except zlib.error:
        return False


def _unpack(packed: bytes) -> None:
    """Unpacks as often as something packed comes out. Raises ValueError where it is too much."""
    for _ in range(3):
        try:
            packed = zlib.decompressobj().decompress(packed, MOST_UNPACKED)
        except zlib.error:
            return
        if len(packed) >= MOST_UNPACKED:
            raise ValueError(f"holds a part of more than {MOST_UNPACKED:,} bytes unpacked: save it again, smaller")


def _read(data: bytes) -> tuple[list[Item], str, str]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            return _items(pdf), _title(pdf), _locale(pdf)
    except ValueError:
        raise
    except Exception as error:  # the library refuses a damaged file with whatever it trips over
        causes = [error, *error.args, error.__cause__, error.__context__]
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise ValueError("is protected by a password: save a copy without one") from error
        words = str(error) or type(error).__name__
        raise ValueError(f"damaged or not a PDF: {words}") from error


def _items(pdf: Any) -> list[Item]:
    if not pdf.pages:
        raise ValueError("damaged or not a PDF: it has no pages")
    if len(pdf.pages) > MOST_PAGES:
        raise ValueError(f"has more than {MOST_PAGES:,} pages: split it")
    pages: list[list[Item]] = []
    edges: list[Edges] = []
    for number, page in enumerate(pdf.pages):
        items = _page_items(page, number)
        top, foot = page.height * _MARGIN + page.bbox[1], page.height * (1 - _MARGIN) + page.bbox[1]
        pages.append(items)
        edges.append(edges_of([each for each in items if isinstance(each, Line)], top, foot))
        page.close()
    size = look_of([item for items in pages for item in items if isinstance(item, Line)]).size
    dropped = furniture(edges, size)
    return [item for items in pages for item in items if id(item) not in dropped]


def _page_items(page: Any, number: int) -> list[Item]:
    words = page.dedupe_chars().extract_words(x_tolerance_ratio=0.25, extra_attrs=["fontname", "size"])
    unmapped = sum(bool(_UNMAPPED.search(word["text"])) for word in words)
    if unmapped * 2 > len(words):
        return []
    words = [{**word, "text": _UNMAPPED.sub("•", word["text"])} for word in words if word["upright"]]
    found: list[Item] = []
    for box, table in drawn_tables(page, words, number):
        above = [word for word in words if not within(word, box) and word["top"] < box[1]]
        found += aligned_tables(page_lines(above, number)) if above else []
        found.append(table)
        words = [word for word in words if not within(word, box) and word["top"] >= box[1]]
    return found + (aligned_tables(page_lines(words, number)) if words else [])


def _title(pdf: Any) -> str:
    said = (pdf.metadata or {}).get("Title")
    return sensible_title(said) if isinstance(said, str) else ""


def _locale(pdf: Any) -> str:
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    said = resolve1(pdf.doc.catalog.get("Lang"))
    return language_tag(decode_text(said) if isinstance(said, bytes) else said)


def _largest(blocks: list[str]) -> str:
    """The first of the highest headings."""
    headings = [block for block in blocks if block.startswith("#")]
    highest = min(headings, key=lambda block: len(block) - len(block.lstrip("#")), default="")
    return sensible_title(highest.lstrip("# "))
