"""The copy studio over an open home, and a client of it that signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from integrations.bootstrap import Dragoman
from integrations.database.keys import Keyring
from integrations.database.studio_cells import Cell
from integrations.listings.drafts import ShopDrafts
from integrations.studio.desk import Desk
from integrations.studio.door import Door
from integrations.studio.filling import Filling
from integrations.studio.reception import Studio
from integrations.studio.rooms import add_copy_studio

KEY = "a-key-of-at-least-sixteen-bytes"
HOST = "http://studio.test"
OWN = {"origin": HOST}


def studio_over(dragoman: Dragoman, **door: Any) -> Studio:
    """The studio of an open home, whose key is KEY."""
    desk = Desk(*dragoman.studio, ShopDrafts(dragoman.settings.home, dragoman.shop))
    keys = Keyring(dragoman.keys._sessions, KEY)
    return Studio(desk, Filling(desk), Door(keys, "a-secret-of-the-home", **door), dragoman.journal)


@asynccontextmanager
async def client_of(studio: Studio, peer: str = "203.0.113.9") -> AsyncIterator[AsyncClient]:
    """A client that did not sign in."""
    api = FastAPI()
    add_copy_studio(api, studio)
    transport = ASGITransport(api, client=(peer, 50000))
    async with AsyncClient(transport=transport, base_url=HOST, timeout=60) as client:
        yield client


async def sign_in(client: AsyncClient, key: str = KEY, name: str = "Jana") -> Response:
    return await client.post("/studio/sign-in", data={"key": key, "name": name}, headers=OWN)


@asynccontextmanager
async def marketer(studio: Studio) -> AsyncIterator[AsyncClient]:
    """A client that signed in as Jana."""
    async with client_of(studio) as client:
        assert (await sign_in(client)).status_code == 303
        yield client


async def written(studio: Studio, skus: str, channels: list[str], locales: list[str]) -> str:
    """A batch that is written whole."""
    batch_id = await studio.desk.take_in(skus, "Jana")
    assert await studio.desk.batches.begin(batch_id, channels, locales, "templates")
    await studio.filling._fill(batch_id)
    return batch_id


async def cell_of(studio: Studio, batch_id: str, locale: str, field: str, channel: str = "ebay") -> Cell:
    """The first cell of a field."""
    cells = await studio.desk.cells.all(batch_id, channel)
    return next(cell for cell in cells if (cell.locale, cell.field) == (locale, field))
