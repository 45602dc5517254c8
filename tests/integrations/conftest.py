"""An open database, for the tests of what keeps things in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.engine import Sessions, open_engine, prepare


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def sessions(engine: AsyncEngine) -> Sessions:
    """A database with its tables, on SQLite and PostgreSQL in turn."""
    return await prepare(engine)
