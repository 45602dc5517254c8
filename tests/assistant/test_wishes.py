"""Wishes that name no kind of thing: gifts, anything under a price, the cheapest."""

from __future__ import annotations

import re
from itertools import count

import pytest

from assistant.embedded.product_words import OPEN
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()
NOTHING = "I found nothing like that in the shop."


async def said(shop: Dragoman, language: str, market: str, *texts: str) -> str:
    return answer(await talk(shop, Session(id=f"wish-{next(NAMES)}", language=language, market=market), *texts))


@pytest.mark.parametrize(("language", "market", "text"), [
    ("en", "GB", "cheapest gift under £10"), ("de", "DE", "billigstes Geschenk unter 10 Euro"),
    ("fr", "FR", "le cadeau le moins cher à moins de 10 euros"),
    ("es", "ES", "el regalo más barato por menos de 10 euros"),
    ("pt-BR", "BR", "presente mais barato até 50 reais"), ("ja", "JP", "1000円以下の一番安いプレゼント"),
    ("zh-CN", "CN", "50元以下最便宜的礼物"), ("ar", "SA", "أرخص هدية بأقل من 50 ريال"),
    ("id", "ID", "hadiah termurah di bawah 100 ribu"), ("en", "GB", "what's your cheapest product?"),
])  # fmt: skip
async def test_the_cheapest_of_the_shop_comes_first(shop: Dragoman, language: str, market: str, text: str) -> None:
    first, second = (await said(shop, language, market, text)).split("\n• ")[1:3]
    assert "Ferrow" in first
    assert "Beeswick" in second


async def test_what_the_shop_has_under_a_price_is_found(shop: Dragoman) -> None:
    told = await said(shop, "en", "GB", "something under £10")
    prices = [float(price) for price in re.findall(r"– (?:from )?£(\d+\.\d\d)", told)]
    assert len(prices) == 4
    assert max(prices) <= 10
    assert "Nothing matches" not in await said(shop, "en", "GB", "gift for a dog owner under 20 pounds")


async def test_where_nothing_is_so_cheap_the_nearest_are_told_as_such(shop: Dragoman) -> None:
    told = await said(shop, "en", "GB", "gifts under £1")
    assert told.startswith("Nothing matches all of that. These come nearest:\n• Ferrow")


async def test_the_cheapest_of_a_kind_comes_first(shop: Dragoman) -> None:
    assert (await said(shop, "en", "GB", "cheapest lamp")).splitlines()[1].startswith("• Nightfern")


@pytest.mark.parametrize(("language", "text"), [
    ("en", "a present for my mother"), ("de", "ein Geschenk für meine Mutter"), ("fr", "un cadeau pour ma mère"),
    ("pt-BR", "um presente para minha mãe"), ("ja", "母へのプレゼント"), ("zh-CN", "送妈妈的礼物"), ("ar", "هدية لأمي"),
    ("id", "kado untuk ibu saya"),
])  # fmt: skip
async def test_a_gift_of_no_kind_is_asked_about(shop: Dragoman, language: str, text: str) -> None:
    assert (await said(shop, language, "DE", text)).endswith(Words(language).say(OPEN))


async def test_what_the_shop_does_not_sell_is_still_not_found(shop: Dragoman) -> None:
    assert await said(shop, "en", "GB", "do you sell trampolines") == NOTHING


@pytest.mark.parametrize(("language", "market", "text", "told"), [
    ("ar", "SA", "عندكم شي للقطط ارخص من 100 ريال", "Larchling"),
    ("fr", "FR", "c'est quoi le truc le moins cher que vous avez pour un chien", "Nibbleknot"),
    ("en", "GB", "cheapest gift for a cat owner", "Larchling"),
    ("en", "GB", "something for a cat under £5", "Larchling"),
])  # fmt: skip
async def test_a_hint_of_whom_it_is_for_counts_beside_the_price(
    shop: Dragoman, language: str, market: str, text: str, told: str
) -> None:
    speaker = Session(id=f"hint-{language}-{len(text)}", language=language, market=market)
    said = answer(await talk(shop, speaker, text))
    assert told in said
    assert "Ferrow" not in said


async def test_two_that_are_called_by_what_they_have_are_compared_in_all(shop: Dragoman) -> None:
    speaker = Session(id="called-by", language="es", market="ES")
    said = answer(await talk(shop, speaker, "q diferencia hay entre el altavoz wifi y el bluetooth"))
    assert "Peso" in said
