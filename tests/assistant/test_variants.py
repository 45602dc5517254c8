"""What is told of one version of a product is that version's, or is said not to be known."""

from __future__ import annotations

from itertools import count

import pytest

from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(language: str, market: str = "DE") -> Session:
    return Session(id=f"variants-{next(NAMES)}", language=language, market=market)


async def said(shop: Dragoman, language: str, *texts: str) -> str:
    return answer(await talk(shop, session(language), *texts))


@pytest.mark.parametrize(("language", "text"), [
    ("en", "how much does the 20000 mAh power bank weigh"),
    ("de", "wie schwer ist die Powerbank mit 20.000 mAh?"),
    ("fr", "combien pèse la batterie externe de 20 000 mAh"),
    ("es", "¿cuánto pesa la batería externa de 20000 mAh?"),
    ("pt-BR", "quanto pesa o carregador portátil de 20.000 mAh?"),
    ("ja", "20000mAhのモバイルバッテリーの重さは？"),
    ("zh-CN", "20000毫安时的移动电源有多重？"),
    ("ar", "كم وزن البطارية المتنقلة 20000 mAh؟"),
    ("id", "berapa berat power bank 20000 mAh"),
])  # fmt: skip
async def test_the_weight_of_one_version_is_told_by_what_the_merchant_answered(
    shop: Dragoman, language: str, text: str
) -> None:
    told = await said(shop, language, text)
    assert "385 g" in told
    assert "• 20000 mAh, graphite: " in told
    assert "10.000 mAh [" not in told.replace(",", ".")


async def test_a_figure_of_the_product_is_not_told_of_another_version(shop: Dragoman) -> None:
    told = await said(shop, "en", "do you have a power bank?", "how long does it take to charge the 20000")
    assert "The shop states no such figure for this version alone." in told
    assert "2.5 hours" not in told
    told = await said(shop, "en", "how long does it take to charge the 10,000 mAh power bank")
    assert "2.5 hours" in told
    told = await said(shop, "en", "what material is the hoodie in L made of, how heavy is it")
    assert "Material: " in told
    assert "Weight" not in told


@pytest.mark.parametrize(("language", "text", "told"), [
    ("de", "gibts ne garantie auf die powerbank wie lang", "12 months for its battery"),
    ("en", "power bank - can i bring it on a plane", "under the usual limit of 100 Wh"),
    ("de", "ich suche eine Powerbank, die ins Flugzeug darf", "under the usual limit of 100 Wh"),
    ("en", "what does the red light on the toothbrush mean", "pressing harder"),
])  # fmt: skip
async def test_what_the_merchant_answered_is_told_beside_the_fact(
    shop: Dragoman, language: str, text: str, told: str
) -> None:
    assert told in await said(shop, language, text)


@pytest.mark.parametrize(("language", "texts", "no"), [
    ("en", ("do you have the t-shirt in black",), "The shop does not offer it like that."),
    ("de", ("gibts den Kapuzenpullover in grün in L",), "So bietet der Shop es leider nicht an."),
    ("fr", ("avez-vous une veste de pluie ?", "et en bleu vous avez du L?"), "ne le propose malheureusement pas"),
    ("pt-BR", ("tem a camiseta em preto?",), "Infelizmente, a loja não o oferece assim."),
    ("ja", ("パーカーの緑のLサイズはありますか？",), "その組み合わせのお取り扱いはございません"),
    ("zh-CN", ("T恤有黑色的吗？",), "很抱歉，本店没有您要的这种款式。"),
])  # fmt: skip
async def test_what_the_shop_has_not_in_that_colour_and_size_is_denied(
    shop: Dragoman, language: str, texts: tuple[str, ...], no: str
) -> None:
    told = await said(shop, language, *texts)
    assert no in told
    assert "SKU" not in told


@pytest.mark.parametrize(("texts", "told"), [
    (("do you have the t-shirt in black", "navy in L?"), "• navy, L: €25.00 – Out of stock at the moment."),
    (("how much is the hoodie in pine green in M?",), "• pine green, M: "),
    (("do you have the wool socks in size 38?",), "• oat, 36-39: "),
    (("how many litres does the 12 L litter have",), "• 12 L, 1-pack: "),
])  # fmt: skip
async def test_a_variant_is_named_by_what_it_is_like(shop: Dragoman, texts: tuple[str, ...], told: str) -> None:
    assert told in await said(shop, "en", *texts)


async def test_a_colour_in_the_name_of_a_product_asks_for_no_variant(shop: Dragoman) -> None:
    told = await said(shop, "en", "does the white noise machine need an app")
    assert "App needed: no" in told
    assert "does not offer" not in told


@pytest.mark.parametrize(("language", "text", "lead"), [
    ("en", "cheapest headphones under 30 dollars?", "What comes nearest to what you are looking for:"),
    ("de", "kinderschuhe", "Das kommt dem, was Sie suchen, am nächsten:"),
    ("ar", "هل عندكم مكبر صوت ضد الماء", "هذا أقرب ما وجدته إلى ما تبحث عنه:"),
    ("id", "ada kaos warna hitam?", "Yang paling mendekati yang Anda cari:"),
])  # fmt: skip
async def test_what_was_called_by_no_name_or_kind_is_told_as_what_comes_nearest(
    shop: Dragoman, language: str, text: str, lead: str
) -> None:
    assert (await said(shop, language, text)).startswith(lead)


@pytest.mark.parametrize(("language", "texts", "name"), [
    ("es", ("la hervidora cuantos litros caben?",), "Hervidor"),
    ("en", ("how bright is the 5 m led strip", "how heavy is the hoodie"), "Hoodie"),
    ("de", ("habt ihr die Sneaker", "gibt es die Wollsocken in Braun?"), "Wollsocken"),
])  # fmt: skip
async def test_the_kind_of_thing_that_is_said_comes_before_what_is_likest_and_what_was_shown(
    shop: Dragoman, language: str, texts: tuple[str, ...], name: str
) -> None:
    assert name in (await said(shop, language, *texts)).split("\n", maxsplit=1)[0]
