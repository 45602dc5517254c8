"""Debian's Chromium, for tests of what people see in it; and pages that may neither complain nor call anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped, saying so, where there is none. Playwright keeps an event loop running, beside
    which nothing else can run one: it is opened for one module, after everything that runs a loop of its own.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"no browser is installed at {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def watched(page: Page, *, refusals: bool = False) -> list[str]:
    """What a page complains about, or calls elsewhere, from now on; refusals count where they are not expected."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) and not refusals else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: complaints.append(sent.url) if _is_elsewhere(sent.url) else None)
    return complaints


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether the console complains about our page; the icon that browsers ask for unasked is none of its parts."""
    return said.type in ("error", "warning") and not said.location["url"].endswith("/favicon.ico")


def _is_elsewhere(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname != "127.0.0.1"
