"""Which product a question means after some were shown: what it asks about, it asks of one of them."""

from __future__ import annotations

from itertools import count

import pytest

from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


async def said(shop: Dragoman, language: str, *texts: str) -> str:
    return answer(await talk(shop, Session(id=f"pointing-{next(NAMES)}", language=language, market="DE"), *texts))


@pytest.mark.parametrize(("language", "texts"), [
    ("en", ("do you have a bedside lamp?", "the white one with US plug?")),
    ("de", ("habt ihr die Duskling Leuchte?", "gibts die mit US-Stecker?")),
    ("fr", ("avez-vous une lampe connectée ?", "avec une prise US ?")),
    ("es", ("lámpara inteligente", "¿la tienen con enchufe US?")),
    ("pt-BR", ("vocês têm luminária?", "tem com plugue US?")),
    ("ja", ("スマートランプはありますか", "USプラグのはありますか")),
    ("id", ("ada lampu pintar?", "ada yang steker US?")),
])  # fmt: skip
async def test_a_kind_of_plug_is_asked_of_the_product_shown(
    shop: Dragoman, language: str, texts: tuple[str, ...]
) -> None:
    told = await said(shop, language, *texts)
    assert "Duskling" in told.splitlines()[0]
    assert "• white, US: " in told


@pytest.mark.parametrize(("language", "texts"), [
    ("en", ("do you have headphones", "how long does the battery last")),
    ("de", ("habt ihr Kopfhörer?", "wie lange hält der Akku?")),
    ("ar", ("هل لديكم سماعة رأس؟", "البطارية كم ساعة")),
])  # fmt: skip
async def test_what_only_one_of_those_shown_has_is_asked_of_that(
    shop: Dragoman, language: str, texts: tuple[str, ...]
) -> None:
    told = await said(shop, language, *texts)
    assert "Pebblesong" in told.splitlines()[0]
    assert "14" in told


@pytest.mark.parametrize(("language", "texts", "name"), [
    ("en", ("do you have a lamp", "how much is the power bank"), "Packlark"),
    ("ar", ("هل لديكم مصباح؟", "كم سعر البطارية المتنقلة؟"), "Packlark"),
])  # fmt: skip
async def test_another_kind_named_is_that(shop: Dragoman, language: str, texts: tuple[str, ...], name: str) -> None:
    assert name in (await said(shop, language, *texts)).splitlines()[0]


@pytest.mark.parametrize(("texts", "line"), [
    (("show me the Duskling lamp", "do you have it in charcoal?"), "• charcoal, EU: "),
    (("do you have a smart plug", "the 4-pack?"), "• EU, 4-pack: "),
])  # fmt: skip
async def test_the_shop_s_own_word_for_a_version_is_understood(
    shop: Dragoman, texts: tuple[str, ...], line: str
) -> None:
    assert line in await said(shop, "en", *texts)


@pytest.mark.parametrize(("language", "texts", "line"), [
    ("en", ("compare the Duskling and the Nightfern lamp", "and which is lighter?"), "• Weight: 620 g / 410 g"),
    ("de", ("Vergleiche Duskling und Nightfern", "welche ist leichter?"), "• Gewicht: 620 g / 410 g"),
    ("es", ("compara Duskling y Nightfern", "¿cuál pesa menos?"), "• Peso: 620 g / 410 g"),
])  # fmt: skip
async def test_of_what_is_compared_only_what_is_asked_about_is_told(
    shop: Dragoman, language: str, texts: tuple[str, ...], line: str
) -> None:
    assert (await said(shop, language, *texts)).splitlines()[3:] == [line]


@pytest.mark.parametrize(("language", "texts", "name"), [
    ("en", ("which power bank do you have?", "which is lighter?"), "Packlark"),
    ("pt-BR", ("tem caixa de som bluetooth?", "qual pesa menos?"), "Pebblesong"),
    ("fr", ("vous avez une veste de pluie ?", "elle taille grand ?"), "Drizzlewick"),
    ("ar", ("هل عندكم مجفف شعر؟", "كم واط؟"), "Zephrell"),
])  # fmt: skip
async def test_the_one_product_shown_is_asked_about(
    shop: Dragoman, language: str, texts: tuple[str, ...], name: str
) -> None:
    assert name in (await said(shop, language, *texts)).splitlines()[0]


@pytest.mark.parametrize(("language", "texts", "meant", "other"), [
    ("en", ("compare Tidbit and Peekabowl", "which one works without wifi"), "Tidbit", "Peekabowl"),
    ("de", ("zeig mir Lautsprecher", "welcher ist wasserdicht?"), "Pebblesong", "Tonewell"),
    ("fr", ("je cherche une enceinte bluetooth", "laquelle est la moins chère ?"), "Pebblesong", "Tonewell"),
    ("es", ("busco un altavoz", "¿cuál funciona sin wifi?"), "Pebblesong", "Tonewell"),
    ("pt-BR", ("quero uma caixa de som bluetooth", "qual é à prova d'água?"), "Pebblesong", "Tonewell"),
    ("ja", ("スピーカーを探しています", "一番安いのはどれ"), "Pebblesong", "Tonewell"),
    ("zh-CN", ("有什么音箱", "哪个防水"), "Pebblesong", "Tonewell"),
    ("ar", ("ابغى سماعة", "أيهم ضد الماء"), "Pebblesong", "Tonewell"),
    ("id", ("ada speaker apa saja", "yang mana tahan air"), "Pebblesong", "Tonewell"),
])  # fmt: skip
async def test_which_of_those_shown_is_told_by_what_they_state(
    shop: Dragoman, language: str, texts: tuple[str, ...], meant: str, other: str
) -> None:
    told = await said(shop, language, *texts)
    assert meant in told
    assert other not in told


async def test_the_one_that_is_chosen_may_be_asked_of_again(shop: Dragoman) -> None:
    texts = ("compare Tidbit and Peekabowl", "which one works without wifi", "which is the cheapest?")
    told = await said(shop, "en", *texts)
    assert "Tidbit" in told
    assert "Peekabowl" not in told


@pytest.mark.parametrize(("language", "texts"), [
    ("en", ("do you have speakers", "anything cheaper?")), ("fr", ("je cherche une enceinte", "moins cher ?")),
    ("es", ("busco un altavoz", "¿hay algo más barato?")), ("ja", ("スピーカーを探しています", "もっと安いのは?")),
    ("pt-BR", ("quero uma caixa de som", "tem mais barato?")), ("zh-CN", ("有什么音箱", "有便宜点的吗")),
    ("de", ("zeig mir Lautsprecher", "gibt es was günstigeres?")), ("ar", ("ابغى سماعة", "فيه ارخص؟")),
])  # fmt: skip
async def test_what_costs_less_is_searched_for_as_before(shop: Dragoman, language: str, texts: tuple[str, ...]) -> None:
    told = await said(shop, language, *texts)
    assert 0 < told.find("Pebblesong") < told.find("Tonewell")


async def test_a_thing_named_beside_cheaper_is_searched_for_itself(shop: Dragoman) -> None:
    assert "Pebblesong" not in await said(shop, "en", "do you have speakers", "cheapest socks?")


async def test_what_is_needed_for_that_is_asked_of_the_product_shown(shop: Dragoman) -> None:
    told = await said(shop, "de", "hat der Thermostat Bluetooth?", "brauch ich dafür WLAN")
    assert told.startswith("Hearthdial")
    assert "WLAN: nein" in told
