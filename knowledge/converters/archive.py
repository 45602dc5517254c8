"""Pages saved as one file by browsers (MHTML): the page itself, its pictures and styles left alone."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING

from knowledge.converters.charsets import decode_page, refuse_binary
from knowledge.converters.converted import Converted
from knowledge.converters.html import convert_page
from knowledge.converters.phrases import web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PARTS = 5_000


def convert_mhtml(data: bytes) -> list[Converted]:
    """The page of a web archive as one document. Raises ValueError where there is none in it."""
    from email import message_from_bytes
    from email.policy import compat32

    refuse_binary(data, "a web archive")
    message = message_from_bytes(data.lstrip(), policy=compat32)
    pages = [part for part in _parts(message) if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    root = str(message.get_param("start") or "")
    page = next((part for part in pages if root and part.get("Content-ID") == root), pages[0] if pages else None)
    if page is None:
        raise ValueError("is not a web archive with a page in it: save the page again as MHTML or as HTML")
    payload = page.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    text = decode_page(content, page.get_content_charset() or "")
    return [convert_page(text, _address(page) or _address(message))]


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            raise ValueError(f"holds more than {MOST_PARTS:,} parts: save the page again, alone")
        yield part


def _address(part: Message) -> str:
    said = (part.get("Content-Location"), part.get("Snapshot-Content-Location"))
    return next((url for url in map(web_address, said) if url), "")
