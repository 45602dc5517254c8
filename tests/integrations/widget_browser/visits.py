"""What a visitor does in the widget."""

from __future__ import annotations

import zlib
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 20_000
CHAT = "dragoman-chat"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG file."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", (8).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0]))
    + chunk(b"IDAT", zlib.compress((b"\0" + bytes([200, 120, 40]) * 8) * 8))
    + chunk(b"IEND", b"")
)
"""A picture of eight by eight points."""


def inside(page: Page, selector: str) -> Locator:
    """Something in the widget."""
    return page.locator(f"{CHAT} {selector}")


def open_chat(page: Page, address: str, **query: str) -> None:
    """Go to a page and open the chat on it."""
    page.goto(f"{address}/?{urlencode(query)}")
    reopen(page)


def reopen(page: Page) -> None:
    """Open the chat and wait until it greets."""
    inside(page, ".launcher").click()
    expect(inside(page, ".log .said").first).to_be_visible(timeout=PATIENCE_MS)


def write(page: Page, words: str) -> None:
    """Send a message."""
    inside(page, ".composer textarea").fill(words)
    inside(page, ".composer textarea").press("Enter")


def settled(page: Page) -> None:
    """Wait until nothing is being answered."""
    expect(inside(page, ".log")).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)


def ask(page: Page, words: str) -> None:
    """Send a message and wait for the whole answer."""
    before = inside(page, ".mine").count()
    write(page, words)
    expect(inside(page, ".mine")).to_have_count(before + 1, timeout=PATIENCE_MS)
    settled(page)


def shown(page: Page) -> str:
    """The conversation as it stands in the document."""
    return str(page.locator(CHAT).evaluate("e => e.shadowRoot.querySelector('.log').innerHTML"))


def focused(page: Page) -> str:
    """The class, or tag, of what has the focus in the widget."""
    return str(
        page.evaluate(
            "() => { const a = document.querySelector('dragoman-chat').shadowRoot.activeElement;"
            " return a ? a.className || a.tagName : '' }"
        )
    )
