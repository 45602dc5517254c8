"""Every suggestion chip leads where it says, in each of the nine languages."""

from __future__ import annotations

import pytest

from assistant.disclosure import suggestions
from tests.integrations.front_door import Shop, ask, begin, custom

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOCALES = ("en-GB", "de-DE", "fr-FR", "es-ES", "pt-BR", "ja-JP", "zh-CN", "ar-SA", "id-ID")


FEEDER = "AQ-P-001"
"""The feeder for dry food that needs no network."""


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_first_chips_lead_where_they_say(shop: Shop, locale: str) -> None:
    async with shop.visit() as client:
        told = (await client.post("/v1/sessions", json={"locale": locale})).json()
        delivery, order, product = told["suggestions"]
        assert [delivery, order, product] == suggestions(told["language"])
        answer = await ask(client, await begin(client, locale=locale), delivery)
        cited = [entry["document"] for told in custom(answer, "citations") for entry in told["citations"]]
        assert any(document.startswith("shipping-") for document in cited), cited
        assert custom(answer, "identify") == []
        answer = await ask(client, await begin(client, locale=locale), order)
        [asked] = custom(answer, "identify")
        assert "order_id" in asked["missing"]
        assert custom(answer, "citations") == []
        [shown] = custom(await ask(client, await begin(client, locale=locale), product), "cards")
        assert shown["cards"][0]["product_id"] == FEEDER
