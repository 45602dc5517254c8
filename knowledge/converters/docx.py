"""Word documents: headings, lists, tables, bold and links, by way of a page."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from knowledge.converters.converted import Converted, language_tag, sensible_title
from knowledge.converters.html import convert_page

MOST_UNPACKED = 150_000_000
"""Bytes of all parts of a document, unpacked; more is a trap."""

MOST_TEXT = 40_000_000
"""Bytes of one part that is read, unpacked."""

MOST_PARTS = 5_000

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""
_READ = re.compile(r"(\[Content_Types\]\.xml|.*\.(xml|rels))", re.I)


def convert_docx(data: bytes) -> list[Converted]:
    """A Word document as one document. Raises ValueError where it is damaged, protected, or too large unpacked."""
    parts = _checked(data)
    page = _page(data)
    title, locale = _stated(parts)
    try:
        converted = convert_page(f"<html><body><main>{page}</main></body></html>")
    except ValueError as error:
        raise ValueError("holds no text") from error
    title = title or _first_heading(converted.body)
    return [
        Converted({**({"title": title} if title else {}), **({"locale": locale} if locale else {})}, converted.body)
    ]


def _checked(data: bytes) -> dict[str, bytes]:
    """The parts that state the title and the language, after a look at every part that will be read."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError("is protected by a password, or an old .doc: save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _weigh(archive.infolist())
            if "[Content_Types].xml" not in archive.namelist():
                raise ValueError("damaged or not a Word document: it has no list of contents")
            read = {each.filename: archive.read(each) for each in archive.infolist() if _READ.fullmatch(each.filename)}
    except ValueError:
        raise
    except Exception as error:  # each way of compression fails with an error of its own
        raise ValueError(f"damaged or not a Word document: {error}") from error
    if any(b"<!DOCTYPE" in part.replace(b"\x00", b"") for part in read.values()):
        raise ValueError("damaged or not a Word document: it declares entities, which Word does not")
    return {name: read[name] for name in ("docProps/core.xml", "word/styles.xml", "word/settings.xml") if name in read}


def _weigh(entries: list[zipfile.ZipInfo]) -> None:
    read = max((entry.file_size for entry in entries if _READ.fullmatch(entry.filename)), default=0)
    whole = sum(entry.file_size for entry in entries)
    if whole > MOST_UNPACKED or read > MOST_TEXT or len(entries) > MOST_PARTS:
        raise ValueError(f"is too large unpacked ({whole:,} bytes): split it, or take its pictures out")


def _page(data: bytes) -> str:
    import mammoth

    def no_picture(_image: Any) -> list[Any]:  # Word writes alt texts by itself, and they are guesses
        return []

    try:
        result = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=no_picture)
    except Exception as error:  # the library refuses a damaged file with whatever it trips over
        raise ValueError(f"damaged or not a Word document: {error}") from error
    return str(result.value)


def _stated(parts: dict[str, bytes]) -> tuple[str, str]:
    title = _values(parts.get("docProps/core.xml", b""), "//*[local-name()='title']/text()")
    said = _values(parts.get("docProps/core.xml", b""), "//*[local-name()='language']/text()")
    default = "//*[local-name()='docDefaults']//*[local-name()='lang']/@*[local-name()='val']"
    said += _values(parts.get("word/styles.xml", b""), default)
    said += _values(parts.get("word/settings.xml", b""), "//*[local-name()='themeFontLang']/@*[local-name()='val']")
    locale = next((tag for tag in map(language_tag, said) if tag), "")
    return next((title for title in map(sensible_title, title) if title), ""), locale


def _values(part: bytes, path: str) -> list[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(part, parser) if part.strip() else None
    return [str(value) for value in root.xpath(path)] if root is not None else []


def _first_heading(body: str) -> str:
    found = re.search(r"^#{1,6} (.+)$", body, re.M)
    return sensible_title(found.group(1)) if found else ""
