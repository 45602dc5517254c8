"""A country that the policies do not name is given no other country's price, and is told so."""

import pytest

from assistant.embedded.handing_over import OFFER
from assistant.embedded.rows import table_rows
from assistant.embedded.slots import read_slots
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, cited, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICES = [
    "| Delivery country | Price |", "| --- | --- |", "| Portugal, Spain | EUR 3.90 |",
    "| All other EU countries | EUR 6.90 |", "| United Kingdom | GBP 5.90 |",
]  # fmt: skip
WORLD = [*PRICES, "| All other countries | EUR 20 |"]


@pytest.mark.parametrize(
    ("table", "country", "price"),
    [
        (PRICES, "ES", "3.90"), (PRICES, "GR", "6.90"), (PRICES, "GB", "5.90"), (PRICES, "MX", ""), (PRICES, "IC", ""),
        (WORLD, "MX", "EUR 20"), (WORLD, "GR", "6.90"), (WORLD, "IC", "EUR 20"),
    ],
)  # fmt: skip
async def test_a_row_for_others_of_a_group_is_for_its_members(table: list[str], country: str, price: str) -> None:
    rows = table_rows(table, country)
    assert len(rows) == bool(price)
    assert all(price in row for row in rows)


async def test_a_table_that_is_not_by_countries_is_shown_whole() -> None:
    assert len(table_rows(["| Way | When |", "| --- | --- |", "| Chat | always |", "| E-mail | Monday |"], "MX")) == 2


@pytest.mark.parametrize(
    ("language", "market", "text", "country"),
    [
        ("en", "US", "how much is express to Mexico", "MX"), ("de", "DE", "was kostet express in die schweiz", "CH"),
        ("fr", "FR", "combien coûte la livraison express en Suisse", "CH"),
        ("fr", "FR", "combien coûte la livraison standard à La Réunion", "RE"),
        ("es", "ES", "¿cuánto cuesta el envío exprés a México?", "MX"),
        ("pt-BR", "BR", "quanto custa o frete expresso para o México", "MX"),
    ],
)  # fmt: skip
async def test_what_is_not_stated_is_said_with_what_is_told_of_countries(
    shop: Dragoman, language: str, market: str, text: str, country: str
) -> None:
    said = await talk(shop, Session(id=f"other-{language}-{country}", language=language, market=market), text)
    words = Words(language)
    assert words.say("Nothing is stated here for {country}.", country=words.country(country)) in answer(said)
    assert not any(price in answer(said) for price in ("14.90", "14,90", "6.90", "6,90"))
    assert "help@amberquay.example" in answer(said)
    assert "shipping-overview" in cited(said)


async def test_a_follow_up_is_to_what_the_shopper_asked(shop: Dragoman) -> None:
    speaker = Session(id="other-follow", language="es", market="ES")
    said = await talk(shop, speaker, "¿cuánto cuesta el envío exprés a México?", "¿y a Italia?")
    assert "11,90" in answer(said)


async def test_a_named_country_overrules_the_sessions(shop: Dragoman) -> None:
    said = await talk(shop, Session(id="other-norway", language="en", market="GB"), "cost of delivery to Norway")
    assert "5.90" not in answer(said)


@pytest.mark.parametrize(
    ("language", "text", "shop_matter"),
    [
        ("de", "Was kostet Express nach Mexiko?", True), ("en", "return postage from China?", True),
        ("de", "Wie ist das Wetter in Italien?", False), ("es", "¿Cuál es la capital de Noruega?", False),
        ("en", "book me a flight to Japan", False),
    ],
)  # fmt: skip
async def test_what_is_off_topic_does_not_turn_on_the_country(
    shop: Dragoman, language: str, text: str, shop_matter: bool
) -> None:
    said = await talk(shop, Session(id=f"abroad-{language}-{text[:9]}", language=language, market=""), text)
    assert bool(cited(said)) == shop_matter


@pytest.mark.parametrize(
    ("language", "market", "text", "country"),
    [
        ("en", "GB", "do you deliver to Singapore", "SG"), ("de", "DE", "Liefern Sie in die Schweiz?", "CH"),
        ("de", "AT", "Liefern Sie nach Liechtenstein?", "LI"), ("es", "ES", "¿Hacen envíos a Canarias?", "IC"),
        ("fr", "FR", "Livrez-vous en Guadeloupe ?", "GP"), ("zh-CN", "CN", "可以寄到台湾吗？", "TW"),
        ("zh-CN", "CN", "寄到香港要多少钱？", "HK"), ("ja", "JP", "台湾に配送できますか？", "TW"),
        ("pt-BR", "BR", "quanto custa o frete para a Argentina?", "AR"),
        ("id", "ID", "berapa ongkir ke Malaysia?", "MY"),
        ("ar", "SA", "هل توصلون إلى قطر؟", "QA"),
        ("en", "US", "Do you ship to Mexico and how long does it take?", "MX"),
    ],
)  # fmt: skip
async def test_of_a_country_that_no_policy_names_only_that_is_told_and_a_person_offered(
    shop: Dragoman, language: str, market: str, text: str, country: str
) -> None:
    said = await talk(shop, Session(id=f"none-{language}-{country}", language=language, market=market), text)
    words = Words(language)
    assert answer(said).startswith(words.say("Nothing is stated here for {country}.", country=words.country(country)))
    assert cited(said) == {"shipping-overview"}
    assert answer(said).endswith(words.say(OFFER))


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "do you deliver to Greece?", "EU countries"), ("de", "Liefern Sie nach Russland?", "Russland"),
        ("de", "Liefern Sie nach Japan und wie lange dauert das?", "5–8"),
        ("en", "Does the warranty hold in Norway?", "warranty"),
    ],
)  # fmt: skip
async def test_what_is_stated_for_a_country_or_for_all_is_told(
    shop: Dragoman, language: str, text: str, told: str
) -> None:
    said = await talk(shop, Session(id=f"told-{text[:14]}", language=language, market=""), text)
    assert told in answer(said)
    assert Words(language).say(OFFER) not in answer(said)


async def test_beside_what_holds_everywhere_it_is_said_that_a_country_is_not_named(shop: Dragoman) -> None:
    said = await talk(shop, Session(id="return-ch", language="en", market="GB"), "can I return from Switzerland?")
    assert "Nothing is stated here for Switzerland." in answer(said)
    assert "returns" in cited(said)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "return policy for Germany"), ("de", "Rückgaberecht in Frankreich"),
        ("fr", "politique de retour pour l'Allemagne"), ("es", "política de devoluciones para Italia"),
        ("pt-BR", "política de devolução em Portugal"), ("ja", "ドイツの返品ポリシー"), ("zh-CN", "德国的退货政策"),
        ("ar", "سياسة الإرجاع في ألمانيا"), ("id", "kebijakan retur untuk Jerman"),
    ],
)  # fmt: skip
async def test_a_countrys_name_does_not_hide_what_is_asked_of_it(shop: Dragoman, language: str, text: str) -> None:
    said = await talk(shop, Session(id=f"matter-{language}", language=language, market=""), text)
    assert cited(said) & {"eu-withdrawal", "returns"}
    assert not cited(said) & {"shipping-eu", "customs-eu-parcel-duty-ioss", "shipping-overview"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what time is it in Japan"), ("de", "Wie spät ist es in Japan?"), ("fr", "quelle heure est-il au Japon"),
        ("es", "¿qué hora es en Japón?"), ("pt-BR", "que horas são no Japão?"), ("ja", "日本は今何時ですか"),
        ("zh-CN", "日本现在几点"), ("id", "jam berapa sekarang di Jepang"),
    ],
)  # fmt: skip
async def test_the_time_of_day_elsewhere_is_no_matter_of_the_shops(shop: Dragoman, language: str, text: str) -> None:
    said = await talk(shop, Session(id=f"time-{language}", language=language, market=""), text)
    assert not cited(said)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "how much is shipping to France and how long does it take?"),
        ("de", "Was kostet der Versand nach Frankreich und wie lange dauert er?"),
        ("fr", "combien coûte la livraison en Italie et combien de temps faut-il ?"),
    ],
)
async def test_what_goes_on_asking_of_a_country_is_no_question_of_its_own(
    shop: Dragoman, language: str, text: str
) -> None:
    said = await talk(shop, Session(id=f"both-{language}", language=language, market=""), text)
    assert any(price in answer(said) for price in ("EUR 4.90", "4,90 €"))
    assert cited(said) <= {"shipping-eu", "shipping-overview", "customs-eu-parcel-duty-ioss"}


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "Do you ship to Canada or Mexico?", {"CA": False, "MX": False}),
        ("es", "¿Hacen envíos a Andorra y Gibraltar?", {"AD": False, "GI": False}),
        ("ja", "香港と台湾には発送していますか？", {"HK": False, "TW": False}),
        ("en", "how much is shipping to Germany and to Norway?", {"DE": True, "NO": False}),
    ],
)
async def test_each_country_that_is_asked_about_is_told_of(
    shop: Dragoman, language: str, text: str, told: dict[str, bool]
) -> None:
    said = answer(await talk(shop, Session(id=f"each-{text[:22]}", language=language, market=""), text))
    words = Words(language)
    for country, stated in told.items():
        silence = words.say("Nothing is stated here for {country}.", country=words.country(country))
        assert (silence in said) != stated


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("en", "I moved from Germany to Norway, do you deliver there?", "NO"),
        ("de", "Versand aus China nach Norwegen", "NO"), ("fr", "livraison depuis la Chine en Norvège", "NO"),
        ("es", "envío desde China a Noruega", "NO"), ("pt-BR", "frete da China para a Noruega", "NO"),
        ("ja", "ポルトガルから台湾への送料", "TW"), ("zh-CN", "从中国寄到挪威", "NO"),
        ("ar", "الشحن من الصين إلى النرويج", "NO"), ("id", "kirim dari China ke Norwegia", "NO"),
        ("en", "a parcel from China", "CN"),
    ],
)  # fmt: skip
async def test_where_something_comes_from_is_not_where_it_goes(language: str, text: str, country: str) -> None:
    assert read_slots(text, language).country == country
