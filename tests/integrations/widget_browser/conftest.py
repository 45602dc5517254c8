"""The storefront with the widget in it, served and staged, and visitors of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.integrations.chromium import chromium, watched
from tests.integrations.live_server import serve
from tests.integrations.widget_browser.stage import Stage, staged
from tests.integrations.widget_browser.visits import PATIENCE_MS

SECRET = "the-storefront-signs-with-this-key-of-32-bytes"


@pytest.fixture(scope="module")
def browser(demo_home: Path) -> Iterator[Browser]:  # noqa: ARG001
    """Chromium, opened after the demo home was filled."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def storefront_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that the storefront serves."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("storefront") / "home"))


@pytest.fixture(scope="session")
def address(storefront_home: Path, served_stage: Stage) -> Iterator[str]:
    """A storefront served by `dragoman serve` on a free port; pages of the stage may call it too."""
    origins = json.dumps([served_stage.address])
    with serve(storefront_home, DRAGOMAN_IDENTITY_SECRET=SECRET, DRAGOMAN_ALLOWED_ORIGINS=origins) as served:
        yield served.address


@pytest.fixture(scope="session")
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
    complaints = watched(opened)
    opened.on("response", lambda reply: complaints.append(reply.url) if reply.status >= 400 else None)
    yield opened
    opened.close()
    assert complaints == []


@pytest.fixture
def rough_page(visitor: BrowserContext) -> Page:
    """A page whose network fails, which the console may say."""
    return visitor.new_page()
