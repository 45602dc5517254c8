"""`POST /v1/localizations`: the same nouns as the command's, behind the marketer's key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from integrations.studio.api import add_studio

KEY = "a-key-of-at-least-sixteen-bytes"


async def asked(home: Path, body: dict[str, Any], key: str = KEY) -> tuple[int, dict[str, Any]]:
    async with open_dragoman(Settings(home=home, api_key=KEY)) as dragoman:
        api = FastAPI(telemetry={"logs": False, "operation_spans": False, "auto_configure": False})
        add_studio(api, dragoman.keys, None, dragoman.bureau)
        async with AsyncClient(transport=ASGITransport(api), base_url="http://shop.test") as client:
            reply = await client.post("/v1/localizations", json=body, headers={"authorization": f"Bearer {key}"})
        return reply.status_code, reply.json()


async def test_segments_come_back_with_where_they_are_from(tmp_path: Path) -> None:
    segments = [{"id": "a", "text": "Add to cart"}, {"id": "b", "text": "A lamp of ours", "context": "title"}]
    status, told = await asked(tmp_path, {"locales": ["de_DE", "ja-JP"], "segments": segments})
    assert status == 200
    assert told["ok"] is False
    assert [(one["id"], one["locale"], one["text"], one["origin"]) for one in told["renderings"]] == [
        ("a", "de-DE", "In den Warenkorb", "memory"), ("b", "de-DE", "", ""),
        ("a", "ja-JP", "カートに入れる", "memory"), ("b", "ja-JP", "", ""),
    ]  # fmt: skip
    assert told["locales"]["de-DE"]["missing"] == 1


async def test_rows_come_back_with_a_value_a_text_and_locale(tmp_path: Path) -> None:
    rows = [{"sku": "A-1", "title": "Add to cart", "color": "Red", "price": 1.1}]
    _, told = await asked(tmp_path, {"locales": ["de-DE"], "rows": rows})
    assert told["ok"] is True
    assert told["rows"] == [{**rows[0], "title_de-DE": "In den Warenkorb", "color_de-DE": "Rot"}]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"locales": ["de-DE"]}, "segments or rows"),
        ({"locales": ["xx-YY"], "segments": [{"id": "a", "text": "b"}]}, "no locale"),
        ({"locales": ["de-DE"], "segments": [{"id": "a", "text": "b"}], "marketplace": "nowhere"}, "nowhere"),
        ({"locales": ["de-DE"], "segments": [{"id": "a", "text": "b"}], "jurisdiction": "Narnia"}, "Narnia"),
        (
            {"locales": ["de-DE", "fr-FR"], "rows": [{"title": f"Text {n}"} for n in range(1900)]},
            "more than",
        ),
        ({"locales": ["de-DE"], "rows": [{"title": "b"}], "columns": ["none"]}, "none"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_said(tmp_path: Path, body: dict[str, Any], says: str) -> None:
    status, told = await asked(tmp_path, body)
    assert status == 422
    assert says in str(told)


async def test_nobody_enters_without_the_key(tmp_path: Path) -> None:
    status, _ = await asked(tmp_path, {"locales": ["de-DE"], "segments": [{"id": "a", "text": "b"}]}, "wrong")
    assert status == 401
