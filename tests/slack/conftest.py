"""Slack and a shop for the tests of a module."""

from __future__ import annotations

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
async def desk(module_home: Path, slack: Slack) -> AsyncIterator[Desk]:
    async with open_desk(module_home, slack) as opened:
        yield opened
