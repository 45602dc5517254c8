"""An open demo home behind its HTTP API, and clients of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.settings import Settings
from integrations.widget.house import House
from integrations.widget.server import create_app
from tools.context import Session

SECRET = "a-secret-of-at-least-thirty-two-bytes"
LENA = "lena_brandt_2041"
Frame = dict[str, Any]


@dataclass
class Shop:
    """An open home; `house` is what the API sees of it."""

    dragoman: Dragoman
    house: House

    @asynccontextmanager
    async def visit(self, **settings: Any) -> AsyncIterator[AsyncClient]:
        """A client of an app of its own, under other settings."""
        held = self.house.settings.model_copy(update=settings)
        house = House(**{**vars(self.house), "settings": held})
        transport = ASGITransport(await create_app(house), client=("203.0.113.9", 50000))
        async with AsyncClient(transport=transport, base_url="http://shop.test", timeout=60) as client:
            yield client


@asynccontextmanager
async def open_shop(home: Path) -> AsyncIterator[Shop]:
    """The home, open, with a secret for identity tokens."""
    settings = Settings(home=home, identity_secret=SecretStr(SECRET))
    async with open_dragoman(settings) as opened:
        yield Shop(opened, House(
            await opened.assistant(), opened.sessions, opened.turns, opened.shop, opened.library.retriever, settings,
            opened.context,
        ))  # fmt: skip


def identity(customer_id: str, **claims: Any) -> str:
    """A token as the storefront signs it."""
    held = {"sub": customer_id, "aud": "dragoman", "exp": datetime.now(UTC) + timedelta(minutes=5)}
    return jwt.encode({**held, **claims}, SECRET, algorithm="HS256")


async def session_of(dragoman: Dragoman, headers: dict[str, str]) -> Session:
    """The conversation that a token's headers speak for."""
    found = await dragoman.sessions.tokens.find(headers["authorization"].removeprefix("Bearer "))
    assert found is not None
    return found.session


async def begin(client: AsyncClient, **body: Any) -> dict[str, str]:
    """Headers that speak for a new session."""
    reply = await client.post("/v1/sessions", json=body)
    assert reply.status_code == 201, reply.text
    return {"authorization": f"Bearer {reply.json()['token']}"}


async def ask(client: AsyncClient, headers: dict[str, str], message: str, **more: Any) -> list[Frame]:
    """A whole answer."""
    reply = await client.post("/v1/chat", headers=headers, json={"message": message, **more})
    assert reply.status_code == 200, reply.text
    lines = reply.text.replace("\r\n", "\n").splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def said(frames: list[Frame]) -> str:
    """The answer's text."""
    return "".join(frame["delta"] for frame in frames if frame["type"] == "TEXT_MESSAGE_CONTENT")


def custom(frames: list[Frame], name: str) -> list[Any]:
    """The payloads of a name."""
    return [frame["value"] for frame in frames if frame["type"] == "CUSTOM" and frame["name"] == name]
