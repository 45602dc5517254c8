"""A country that the policies do not name is given no other country's price, and is told so."""

import pytest

from assistant.embedded.rows import table_rows
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
