"""The marketer's verbs over HTTP: closed without a key, and the same findings as anywhere."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from integrations.database.engine import open_engine, prepare
from integrations.database.keys import Keyring
from integrations.settings import Settings
from integrations.studio.api import add_studio

KEY = "a-key-of-at-least-sixteen-bytes"
COPY = {"text": "Klimaneutrale Socken", "jurisdiction": "DE", "locale": "de-DE", "on": "2026-11-30"}


async def asked(body: Any, authorization: str | bytes = f"Bearer {KEY}", key: str = KEY) -> Response:
    api = FastAPI(telemetry={"logs": False, "operation_spans": False, "auto_configure": False})
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/keys.sqlite3")
        add_studio(api, Keyring(await prepare(engine), key))
        try:
            return await _post(api, body, authorization)
        finally:
            await engine.dispose()


async def _post(api: FastAPI, body: Any, authorization: str | bytes) -> Response:
    async with AsyncClient(transport=ASGITransport(api), base_url="http://shop.test") as client:
        headers = {"authorization": authorization} if authorization else {}
        return await client.post("/v1/claims/check", json=body, headers=headers)


async def test_a_text_is_checked() -> None:
    reply = await asked(COPY)
    assert reply.status_code == 200
    told = reply.json()
    assert told["ok"] is False
    assert {finding["rule"] for finding in told["findings"]} == {"eu.ecgt.offset_neutral", "de.klimaneutral"}
    assert {tuple(finding["span"]) for finding in told["findings"]} == {(0, 13)}


async def test_evidence_may_be_an_object() -> None:
    body = {**COPY, "text": "Socken aus Bio-Baumwolle", "category": "apparel"}
    valid, ended = ({"text": "GOTS CU-1", "valid_until": day} for day in ("2027-01-01", "2026-01-01"))
    assert (await asked({**body, "evidence": [valid]})).json()["ok"] is True
    [finding] = (await asked({**body, "evidence": [ended]})).json()["findings"]
    assert "ended on 2026-01-01" in finding["why"]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY}x", b"Bearer \xe9"]
)
async def test_nobody_enters_without_the_key(authorization: str | bytes) -> None:
    reply = await asked(COPY, authorization)
    assert reply.status_code == 401
    assert "DRAGOMAN_API_KEY" in reply.json()["detail"]["message"]


@pytest.mark.parametrize("authorization", ["", "Bearer ", f"Bearer {KEY}"])
async def test_without_a_key_set_the_routes_are_closed_and_say_what_to_set(authorization: str) -> None:
    reply = await asked(COPY, authorization, key="")
    assert reply.status_code == 401
    assert "set DRAGOMAN_API_KEY" in reply.json()["detail"]["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"jurisdiction": "Mars"},
        {"on": "soon"},
        {"text": "x" * 60_001},
        {"evidence": [7]},
        {"evidence": [{}]},
        {"extra": 1},
    ],
)
async def test_what_cannot_be_checked_is_refused(change: dict[str, Any]) -> None:
    assert (await asked({**COPY, **change})).status_code == 422


def test_a_short_key_is_refused(tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="DRAGOMAN_API_KEY is shorter than 16 bytes"):
        Settings(home=tmp_path, api_key="short")
    assert KEY in Settings(home=tmp_path, api_key=KEY).secrets
