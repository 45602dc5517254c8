"""What a short message continues: what the last answer was about, a policy, a product or an order."""

from __future__ import annotations

from itertools import count

import pytest

from assistant import events
from assistant.embedded.passages import NO_SURE_ANSWER
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, cited, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(language: str, market: str) -> Session:
    return Session(id=f"followup-{next(NAMES)}", language=language, market=market)


@pytest.mark.parametrize(("language", "market", "texts", "told"), [
    ("en", "GB", ("how long does it take to get stuff to manchester??", "and how much is that"), "GBP 5.90"),
    ("de", "DE", ("was kostet express", "und ab wann ist er kostenlos"), "60 €"),
    ("ja", "JP", ("送料はいくらですか？", "それは何日かかりますか？"), "5～8"),
    ("id", "ID", ("berapa ongkir ke Jakarta?", "terus berapa lama itu?"), "7–12"),
])  # fmt: skip
async def test_what_is_pointed_at_after_a_policy_is_that(
    shop: Dragoman, language: str, market: str, texts: tuple[str, ...], told: str
) -> None:
    said = await talk(shop, session(language, market), *texts)
    assert any(document.startswith("shipping") for document in cited(said))
    assert told in answer(said)


@pytest.mark.parametrize(("language", "texts"), [
    ("en", ("i want to talk to a real person", "how long will that take")),
    ("de", ("ich möchte mit einem Menschen sprechen", "wie lange dauert das?")),
    ("fr", ("je veux parler à quelqu'un", "ça va prendre combien de temps ?")),
    ("es", ("quiero hablar con una persona", "¿cuánto tarda eso?")),
    ("pt-BR", ("quero falar com um atendente", "quanto tempo isso demora?")),
])  # fmt: skip
async def test_how_long_it_takes_after_a_person_was_asked_for_is_when_people_answer(
    shop: Dragoman, language: str, texts: tuple[str, ...]
) -> None:
    assert "help@amberquay.example" in answer(await talk(shop, session(language, "DE"), *texts))


@pytest.mark.parametrize(("language", "texts", "name"), [
    ("de", ("gibts ne garantie auf die powerbank wie lang", "und wie schwer ist die mit 20.000 mAh"), "Packlark"),
    ("fr", ("avez-vous une veste de pluie ?", "et en bleu vous avez du L?", "et en ocre en M ?"), "Drizzlewick"),
    ("en", ("do you have a hair dryer?", "and does it have a warranty"), "Zephrell"),
    ("en", ("Is the hoodie machine washable?", "And what does shipping cost?", "is it warm?"), "Harbourling"),
])  # fmt: skip
async def test_what_follows_an_answer_about_a_product_is_about_that(
    shop: Dragoman, language: str, texts: tuple[str, ...], name: str
) -> None:
    said = answer(await talk(shop, session(language, "DE"), *texts))
    assert name in said.removeprefix(f"{Words(language).say(NO_SURE_ANSWER)}\n\n").split("\n", maxsplit=1)[0]


@pytest.mark.parametrize(("language", "texts"), [
    ("en", ("do you have a hair dryer?", "how much is shipping?")),
    ("de", ("habt ihr eine Lampe mit Akku?", "Was kostet der Versand?")),
    ("es", ("¿tenéis un secador de pelo?", "¿cuánto cuesta el envío?")),
    ("en", ("Is the hoodie machine washable?", "And what does shipping cost?")),
])  # fmt: skip
async def test_a_question_about_policy_is_one_whatever_product_was_shown(
    shop: Dragoman, language: str, texts: tuple[str, ...]
) -> None:
    said = await talk(shop, session(language, "DE"), *texts)
    assert any(document.startswith("shipping") for document in cited(said))


@pytest.mark.parametrize(("language", "texts", "told"), [
    ("en", ("do you have a hair dryer", "cost?"), "149"),
    ("de", ("habt ihr einen Haartrockner?", "was kostet der"), "149"),
    ("fr", ("avez-vous un sèche-cheveux ?", "c'est combien ?"), "149"),
    ("es", ("¿tenéis un secador de pelo?", "¿cuánto cuesta?"), "149"),
    ("pt-BR", ("vocês têm secador de cabelo?", "quanto custa?"), "149"),
    ("id", ("ada pengering rambut?", "berapa harganya?"), "149"),
    ("ja", ("ドライヤーはありますか？", "いくらですか？"), "149"),
    ("zh-CN", ("有吹风机吗？", "多少钱？"), "149"),
    ("ar", ("هل لديكم مجفف شعر؟", "كم السعر؟"), "149"),
    ("en", ("do you have a hair dryer", "warranty?"), "24 months"),
])  # fmt: skip
async def test_a_price_asked_for_without_a_name_is_that_of_the_product_shown(
    shop: Dragoman, language: str, texts: tuple[str, ...], told: str
) -> None:
    said = answer(await talk(shop, session(language, "DE"), *texts))
    assert "Zephrell" in said.split("\n", maxsplit=1)[0]
    assert told in said


async def test_words_that_name_nothing_are_not_asked_of_the_product_shown(shop: Dragoman) -> None:
    said = answer(await talk(shop, session("en", "GB"), "i need a dog harness", "quantum flux capacitors"))
    assert not said.startswith("Trailtether")


async def test_a_country_is_not_thanked_for(shop: Dragoman) -> None:
    said = answer(await talk(shop, session("de", "DE"), "was kostet express", "und nach frankreich"))
    assert "France" in said or "Frankreich" in said


@pytest.mark.parametrize(("language", "texts"), [
    ("en", ("AQ-10026 thiagom80@example.com where is it?", "hmm what happens to the shipping cost")),
    ("de", ("Wo ist AQ-10026? thiagom80@example.com", "und was kostet der Versand?")),
    ("fr", ("Où est AQ-10026 ? thiagom80@example.com", "et les frais de port ?")),
    ("pt-BR", ("meu pedido AQ-10026 thiagom80@example.com", "e o frete, quanto custa?")),
])  # fmt: skip
async def test_a_policy_asked_about_after_an_order_is_that_of_its_country(
    shop: Dragoman, language: str, texts: tuple[str, ...]
) -> None:
    said = answer(await talk(shop, session(language, "GB"), *texts))
    assert "BRL" in said or "R$" in said
    assert not any(sign in said for sign in ("GBP", "£"))


@pytest.mark.parametrize(("language", "market", "text"), [
    ("es", "GB", "¿cuánto tarda el envío?"), ("fr", "GB", "la livraison prend combien de temps ?"),
    ("de", "GB", "Wie lange dauert die Lieferung?"), ("pt-BR", "US", "quanto tempo demora a entrega?"),
    ("zh-CN", "US", "配送需要多久"), ("ja", "GB", "配送は何日かかりますか"), ("ar", "US", "كم يستغرق التوصيل؟"),
    ("id", "US", "berapa lama pengiriman?"),
])  # fmt: skip
async def test_what_is_written_in_another_language_alone_comes_before_what_is_less_to_the_point(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    first = await first_source(shop, language, market, text)
    assert first.document == {"GB": "shipping-uk", "US": "shipping-us"}[market]
    assert first.locale == "en"


@pytest.mark.parametrize(("language", "market", "document", "texts"), [
    ("de", "DE", "shipping-eu", ("Wie lange dauert der Versand?", "Was kostet der Versand?")),
    ("fr", "FR", "shipping-eu", ("combien de temps prend la livraison ?", "quels sont les frais de port ?")),
    ("es", "ES", "shipping-eu", ("¿cuánto tarda el envío?", "¿cuánto cuesta el envío?")),
    ("pt-BR", "BR", "shipping-brazil", ("quanto tempo demora a entrega?", "quanto custa o frete?")),
    ("id", "ID", "shipping-indonesia", ("berapa lama pengiriman?", "ongkir berapa ya?")),
    ("ja", "JP", "shipping-japan", ("何日で届きますか？", "送料はいくらですか？")),
    ("zh-CN", "CN", "shipping-china", ("多久能到货？", "运费多少？")),
    ("ar", "AE", "shipping-gulf", ("كم يستغرق التوصيل؟", "كم سعر التوصيل؟")),
])  # fmt: skip
async def test_what_delivery_takes_and_costs_is_told_in_the_language_of_the_country(
    shop: Dragoman, language: str, market: str, document: str, texts: tuple[str, ...]
) -> None:
    for text in texts:
        first = await first_source(shop, language, market, text)
        assert (first.document, first.locale) == (document, language), text


async def first_source(shop: Dragoman, language: str, market: str, text: str) -> events.Citation:
    """What the answer to a question cites first."""
    said = await talk(shop, session(language, market), text)
    return next(event.entries[0] for event in said if isinstance(event, events.Citations))


@pytest.mark.parametrize(("language", "market", "texts", "told"), [
    ("en", "GB", ("how long is delivery", "how heavy is the hair dryer", "and to France"), "3–5"),
    ("es", "ES", ("¿cuánto tarda el envío?", "¿cuánto pesa el secador?", "¿y a Alemania?"), "3–5"),
    ("ja", "JP", ("配送は何日かかりますか", "ドライヤーの重さは?", "フランスなら?"), "3–5"),
    ("de", "DE", ("was kostet der Haartrockner", "wie lange dauert die Lieferung", "macht der viel Lärm"), "74 dB"),
])  # fmt: skip
async def test_a_rule_and_a_product_asked_about_in_turn_are_kept_apart(
    shop: Dragoman, language: str, market: str, texts: tuple[str, ...], told: str
) -> None:
    assert told in answer(await talk(shop, session(language, market), *texts))


@pytest.mark.parametrize(("language", "market", "texts", "told", "untold"), [
    ("es", "ES", ("cuanto tarda el envio a canarias", "y a mallorca"), "UE", "Canarias"),
    ("fr", "FR", ("bjr vous livrez en corse et en combien de temps",), "3–5", "Waypost"),
    ("fr", "FR", ("bjr vous livrez en corse ?", "et en guadeloupe ?"), "Guadeloupe", "Porto"),
    ("en", "GB", ("how much is shipping to Germany", "and to Japan"), "JPY", "EUR"),
])  # fmt: skip
async def test_another_place_takes_the_place_of_the_one_before(
    shop: Dragoman, language: str, market: str, texts: tuple[str, ...], told: str, untold: str
) -> None:
    said = answer(await talk(shop, session(language, market), *texts))
    assert told in said
    assert untold not in said


@pytest.mark.parametrize(("language", "text"), [("en", "zip is 92104"), ("de", "plz ist 92104"), ("es", "cp 92104")])
async def test_a_postcode_after_an_order_was_shown_is_of_that_order(shop: Dragoman, language: str, text: str) -> None:
    speaker = Session(id=f"postcode-{language}", language=language, market="US")
    said = await talk(shop, speaker, "order AQ-10077 where is it. aisha.freeman@example.net", text)
    assert "AQ-10077" in answer(said)
