"""An open database, for the tests of what keeps things in it; an open shop with a client, for those of its doors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.engine import Sessions, open_engine, prepare
from tests.integrations.front_door import Shop, open_shop


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def sessions(engine: AsyncEngine) -> Sessions:
    """A database with its tables, on SQLite and PostgreSQL in turn."""
    return await prepare(engine)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(module_home: Path) -> AsyncIterator[Shop]:
    """A demo shop of a module's own, open, as its doors see it."""
    async with open_shop(module_home) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def client(shop: Shop) -> AsyncIterator[AsyncClient]:
    """A client of that shop, from an address of its own."""
    async with shop.visit() as opened:
        yield opened
