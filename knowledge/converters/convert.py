"""Any kind of source as Markdown documents with the headers it states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from knowledge.converters.archive import convert_mhtml
from knowledge.converters.converted import Converted
from knowledge.converters.docx import convert_docx
from knowledge.converters.html import convert_html
from knowledge.converters.pdf import convert_pdf
from knowledge.converters.tables import convert_table

__all__ = ["CONVERTERS", "MOST_BYTES", "Converted", "convert"]

MOST_BYTES = 25_000_000
"""Bytes of a source; a larger file is not a document but a mistake."""

CONVERTERS: dict[str, Callable[[bytes], list[Converted]]] = {
    ".html": convert_html,
    ".htm": convert_html,
    ".xhtml": convert_html,
    ".mhtml": convert_mhtml,
    ".mht": convert_mhtml,
    ".pdf": convert_pdf,
    ".docx": convert_docx,
    ".csv": convert_table,
    ".tsv": convert_table,
}
"""What reads which suffix."""


def convert(name: str, data: bytes) -> list[Converted]:
    """A file, by the suffix of its name, as the documents in it; the same bytes give the same documents.

    Raises ValueError, and nothing else, in words that say what is wrong with the file.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in CONVERTERS:
        raise ValueError(f"not a kind of source we read ({', '.join(sorted(CONVERTERS))})")
    if len(data) > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES:,} bytes: split it")
    if not data.strip():
        raise ValueError("is empty")
    try:
        return CONVERTERS[suffix](data)
    except ValueError:
        raise
    except Exception as error:  # a broken file trips libraries in ways nobody can list
        raise ValueError(f"damaged, or not what its suffix {suffix} says: {type(error).__name__}: {error}") from error
