"""Slack and a shop for the tests of a module."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.slack.desk import Desk, open_desk
from tests.slack.slack_server import Faults, Slack, slack_server


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    with slack_server() as server:
        yield server


@pytest.fixture(autouse=True)
def no_faults(request: pytest.FixtureRequest) -> None:
    """Each test sets the faults it wants."""
    if "slack" in request.fixturenames or "desk" in request.fixturenames:
        request.getfixturevalue("slack").faults = Faults()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(demo_home: Path, slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    home = tmp_path_factory.mktemp("slack") / "home"
    shutil.copytree(demo_home, home)
    async with open_desk(home, slack) as opened:
        yield opened
