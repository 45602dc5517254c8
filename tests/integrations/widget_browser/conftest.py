"""Debian's Chromium, and pages that may neither complain nor call anybody else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.integrations.live_server import serve
from tests.integrations.widget_browser.stage import Stage, staged
from tests.integrations.widget_browser.visits import PATIENCE_MS, is_complaint

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip
SECRET = "the-storefront-signs-with-this-key-of-32-bytes"


@pytest.fixture(scope="module")
def browser(demo_home: Path) -> Iterator[Browser]:  # noqa: ARG001
    """Chromium. Playwright keeps an event loop running, beside which nothing else can run one: it is opened for one
    module of tests, after the demo home was filled.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"no browser is installed at {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def home_of_address(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that the storefront serves."""
    home = tmp_path_factory.mktemp("browser") / "home"
    shutil.copytree(demo_home, home)
    return home


@pytest.fixture(scope="module")
def address(browser: Browser, home_of_address: Path, served_stage: Stage) -> Iterator[str]:  # noqa: ARG001
    """A storefront served by `dragoman serve` on a free port; pages of the stage may call it too."""
    origins = json.dumps([served_stage.address])
    with serve(home_of_address, DRAGOMAN_IDENTITY_SECRET=SECRET, DRAGOMAN_ALLOWED_ORIGINS=origins) as served:
        yield served.address


@pytest.fixture(scope="module")
def served_stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


@pytest.fixture
def stage(served_stage: Stage) -> Stage:
    """A server that says what the test writes."""
    served_stage.calm()
    return served_stage


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="en-US")
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A page of a new visitor; nothing may be refused, broken or complained about, and nobody else called."""
    opened = visitor.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("response", lambda reply: complaints.append(reply.url) if reply.status >= 400 else None)
    opened.on("request", lambda sent: complaints.append(sent.url) if _is_elsewhere(sent.url) else None)
    yield opened
    opened.close()
    assert complaints == []


@pytest.fixture
def rough_page(visitor: BrowserContext) -> Page:
    """A page whose network fails, which the console may say."""
    return visitor.new_page()


def _is_elsewhere(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname != "127.0.0.1"
