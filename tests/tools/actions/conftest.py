"""An empty shop with its ledger, on SQLite and PostgreSQL in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from integrations.database.engine import open_engine, prepare
from tests.tools.actions.bench import Bench


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    engine = open_engine(database_url)
    yield await Bench.open(await prepare(engine))
    await engine.dispose()
