"""The copy studio served by `dragoman serve`, and marketers whose pages may neither complain nor call anybody else."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from tests.integrations.chromium import chromium
from tests.integrations.live_server import serve
from tests.integrations.studio_at_hand import KEY, studio_over, written
from tests.integrations.widget_browser.visits import PATIENCE_MS

LOCALES = ["en-US", "de-DE", "ja-JP", "ar-SA", "nl-NL"]
SKUS = "AQ-P-001\nAQ-H-001"


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a batch that is written: its address ends in what `batch.id` holds."""
    home = tmp_path_factory.mktemp("studio") / "home"
    shutil.copytree(demo_home, home)

    async def fill() -> str:
        async with open_dragoman(Settings(home=home)) as dragoman:
            return await written(studio_over(dragoman), SKUS, ["ebay"], LOCALES)

    (home / "batch.id").write_text(asyncio.run(fill()))
    return home


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """Where the studio is served."""
    with serve(home, DRAGOMAN_API_KEY=KEY) as served:
        yield served.address


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:  # noqa: ARG001  (opened after everything that runs a loop of its own)
    with chromium() as opened:
        yield opened


expect.set_options(timeout=PATIENCE_MS)


def come_in(context: BrowserContext, address: str, name: str = "Jana") -> None:
    """Sign in as a marketer does."""
    page = context.new_page()
    page.goto(f"{address}/studio")
    page.fill("#name", name)
    page.fill("#key", KEY)
    page.click("form .button")
    page.wait_for_url(f"{address}/studio")
    page.close()


@pytest.fixture
def marketer(browser: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """A marketer's browser, in a locale of theirs, under a name."""
    opened: list[BrowserContext] = []

    def enter(name: str = "Jana", **more: object) -> BrowserContext:
        context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1440, "height": 900}, **more})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        come_in(context, address, name)
        return context

    yield enter
    for context in opened:
        context.close()
