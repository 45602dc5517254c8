"""Every suggestion chip leads where it says, in each of the nine languages."""

from __future__ import annotations

import pytest
from httpx import AsyncClient

from assistant.disclosure import suggestions
from tests.integrations.front_door import Shop, ask, begin, custom

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOCALES = ("en-GB", "de-DE", "fr-FR", "es-ES", "pt-BR", "ja-JP", "zh-CN", "ar-SA", "id-ID")


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_first_chips_lead_where_they_say(shop: Shop, locale: str) -> None:
    async with shop.visit() as client:
        told = (await client.post("/v1/sessions", json={"locale": locale})).json()
        delivery, order, product = told["suggestions"]
        assert [delivery, order, product] == suggestions(told["language"])
        assert await documents(client, locale, delivery) == "shipping"
        [asked] = custom(await ask(client, await begin(client, locale=locale), order), "identify")
        assert "order_id" in asked["missing"]
        [shown] = custom(await ask(client, await begin(client, locale=locale), product), "cards")
        assert shown["cards"]


async def documents(client: AsyncClient, locale: str, chip: str) -> str:
    """The document an answer rests on first."""
    [told] = custom(await ask(client, await begin(client, locale=locale), chip), "citations")
    return str(told["citations"][0]["document"])
