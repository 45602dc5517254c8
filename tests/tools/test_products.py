"""Finding, showing and comparing products by what the shop attests."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.bootstrap import Dragoman
from knowledge.commerce import Product, Variant
from tools.context import Session
from tools.product_search import Wish, meets
from tools.products import (
    contrast_products,
    currency_for,
    describe_product,
    detail_product,
    find_products,
    resolve_product,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

GERMAN = Session("de", language="de", market="DE")
ENGLISH = Session("en", market="DE")


def lamp(**facts: bool) -> Product:
    """A product with these yes/no facts, sold black in M for 20 euros and white in L for 30."""
    black = Variant(sku="1", options={"color": "jet black", "size": "M"}, prices={"EUR": Decimal(20)})
    white = Variant(sku="2", options={"color": "white", "size": "L"}, prices={"EUR": Decimal(30)})
    return Product(product_id="p", name="Lamp", facts=dict(facts), variants=[black, white])


def ids(told: dict[str, object]) -> list[str]:
    products = told.get("products", [])
    assert isinstance(products, list)
    return [product["product_id"] for product in products]


async def test_what_no_fact_says_is_neither_had_nor_lacked() -> None:
    assert not meets(lamp(), Wish(having=("wifi",)), "EUR", "EUR")
    assert not meets(lamp(), Wish(lacking=("wifi",)), "EUR", "EUR")


async def test_a_fact_is_had_when_true_and_lacked_when_false() -> None:
    assert meets(lamp(wifi=True), Wish(having=("wifi",)), "EUR", "EUR")
    assert not meets(lamp(wifi=False), Wish(having=("wifi",)), "EUR", "EUR")
    assert meets(lamp(wifi=False), Wish(lacking=("wifi",)), "EUR", "EUR")
    assert not meets(lamp(wifi=True), Wish(lacking=("wifi",)), "EUR", "EUR")


async def test_text_that_reads_like_yes_is_no_yes() -> None:
    product = Product(product_id="p", name="Lamp", facts={"wifi": "true"}, variants=lamp().variants)
    assert not meets(product, Wish(having=("wifi",)), "EUR", "EUR")


@pytest.mark.parametrize(
    ("least", "most", "met"),
    [(None, 20, True), (None, 19, False), (20, 20, True), (30, None, True), (31, None, False), (21, 29, False)],
)
async def test_one_variant_must_lie_within_both_limits(least: int | None, most: int | None, met: bool) -> None:
    wish = Wish(max_price=None if most is None else Decimal(most), min_price=None if least is None else Decimal(least))
    assert meets(lamp(), wish, "EUR", "EUR") is met


async def test_a_price_in_another_currency_meets_no_limit() -> None:
    assert not meets(lamp(), Wish(max_price=Decimal(1000), currency="USD"), "EUR", "EUR")


async def test_the_limit_and_the_options_must_hold_for_the_same_variant() -> None:
    assert meets(lamp(), Wish(max_price=Decimal(20), options=("black", "M")), "EUR", "EUR")
    assert not meets(lamp(), Wish(max_price=Decimal(20), options=("white",)), "EUR", "EUR")
    assert not meets(lamp(), Wish(options=("black", "L")), "EUR", "EUR")


async def test_a_size_is_not_found_inside_a_word() -> None:
    assert not meets(lamp(), Wish(options=("S",)), "EUR", "EUR")
    assert not meets(lamp(), Wish(options=("jet b",)), "EUR", "EUR")


async def test_a_product_without_a_price_meets_no_limit_but_any_wish_without_one() -> None:
    bare = Product(product_id="p", name="Lamp", variants=[Variant(sku="1")])
    assert not meets(bare, Wish(max_price=Decimal(10)), "EUR", "EUR")
    assert meets(bare, Wish(), "EUR", "EUR")


async def test_a_wish_for_a_currency_alone_asks_for_nothing() -> None:
    assert Wish(currency="USD").is_empty()
    assert not Wish(currency="USD", having=("wifi",)).is_empty()


async def test_only_products_below_the_limit_are_found(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(ENGLISH), "speaker", Wish(max_price=Decimal(60)))
    assert (told["status"], told["closest"]) == ("ok", False)
    assert ids(told) == ["AQ-H-008"]
    assert all(Decimal(product["price"]) <= 60 for product in told["products"])


async def test_only_products_above_the_least_price_are_found(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(ENGLISH), "speaker", Wish(min_price=Decimal(60)))
    assert ids(told) == ["AQ-H-007"]


async def test_where_nothing_meets_the_limit_the_nearest_is_told_as_such(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(ENGLISH), "speaker", Wish(max_price=Decimal(1)))
    assert (told["status"], told["closest"]) == ("none", True)
    assert set(ids(told)[:2]) == {"AQ-H-007", "AQ-H-008"}


async def test_cheap_things_of_another_kind_do_not_meet_a_wish_for_one_kind(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(GERMAN), "warme Socken", Wish(max_price=Decimal(10)))
    assert told["closest"]
    assert [product["product_id"] for product in told["products"]] == ["AQ-F-008"]


async def test_beside_one_of_the_kind_asked_for_stands_what_is_nearly_as_like(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(ENGLISH), "a laptop bag", Wish(max_price=Decimal(150)))
    assert [product["product_id"] for product in told["products"]][:2] == ["AQ-F-011", "AQ-F-012"]
    assert not told["closest"]
    assert told["of_kind"] == ["AQ-F-011"]


async def test_where_no_fact_answers_the_wish_the_nearest_is_told_as_such(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(ENGLISH), "bluetooth speaker", Wish(having=("self_cleaning",)))
    assert (told["status"], told["closest"]) == ("none", True)
    assert ids(told)[0] == "AQ-H-008"


async def test_a_lamp_without_wifi_is_one_whose_facts_say_so(shop: Dragoman) -> None:
    context = await shop.context(ENGLISH)
    _, without = await find_products(context, "lamp", Wish(lacking=("wifi",)))
    _, having = await find_products(context, "lamp", Wish(having=("wifi",)))
    assert (ids(without), ids(having)) == (["AQ-H-003"], ["AQ-H-001"])
    assert without["products"][0]["facts"]["wifi"] is False


async def test_no_more_than_four_products_are_shown(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(ENGLISH), "something for my cat", Wish())
    assert 1 < len(ids(told)) <= 4
    assert len(set(ids(told))) == len(ids(told))


async def test_the_price_shown_is_that_of_the_variants_that_fit(shop: Dragoman) -> None:
    _, told = await find_products(await shop.context(ENGLISH), "Tonewell", Wish(min_price=Decimal(200)))
    assert (told["products"][0]["price"], told["products"][0]["price_to"]) == ("289.00", None)
    _, told = await find_products(await shop.context(ENGLISH), "Tonewell", Wish())
    assert (told["products"][0]["price"], told["products"][0]["price_to"]) == ("149.00", "289.00")


@pytest.mark.parametrize(
    ("market", "price", "currency"),
    [
        ("DE", "79.00", "EUR"), ("US", "86.00", "USD"), ("JP", "12900", "JPY"), ("ID", "1390000", "IDR"),
        ("SA", "329.00", "SAR"), ("CN", "619", "CNY"), ("PL", "79.00", "EUR"), ("CH", "79.00", "EUR"),
        ("", "79.00", "EUR"),
    ],
)  # fmt: skip
async def test_a_price_is_in_the_markets_currency_or_where_none_is_stated_in_the_shops(
    shop: Dragoman, market: str, price: str, currency: str
) -> None:
    _, told = await detail_product(await shop.context(Session("m", market=market)), "Harbourling Hoodie", "price")
    product = told["products"][0]
    assert (product["price"], product["currency"]) == (price, currency)


async def test_the_currency_asked_for_goes_before_the_markets(shop: Dragoman) -> None:
    context = await shop.context(GERMAN)
    assert currency_for(context) == "EUR"
    assert currency_for(context, "usd") == "USD"
    _, told = await find_products(context, "Harbourling hoodie", Wish(currency="USD", max_price=Decimal(86)))
    assert (told["status"], told["products"][0]["price"]) == ("ok", "86.00")


async def test_a_product_is_described_in_the_shoppers_language(shop: Dragoman) -> None:
    product = await shop.shop.product("AQ-H-003")
    assert product is not None
    german = describe_product(await shop.context(GERMAN), product, "EUR")
    assert german["name"] == "Nightfern Nachttischlampe ohne Funk"
    assert german["summary"] == product.summaries["de"]


@pytest.mark.parametrize(
    "text", ["AQ-H-001", " AQ-H-001 ", "AQH001-WHT-EU", "aqh001-wht-eu", "5601234101010", "Duskling"]
)
async def test_a_product_is_known_by_id_sku_gtin_and_name(shop: Dragoman, text: str) -> None:
    product = await resolve_product(await shop.context(ENGLISH), text)
    assert product is not None
    assert product.product_id == "AQ-H-001"


async def test_a_name_nobody_bears_is_no_product(shop: Dragoman) -> None:
    _, told = await detail_product(await shop.context(ENGLISH), "Quibblewort", "Is it washable?")
    assert told == {"status": "none", "query": "Quibblewort"}


async def test_the_passages_shown_with_a_product_are_its_own(shop: Dragoman) -> None:
    _, told = await detail_product(await shop.context(ENGLISH), "Duskling", "Does it work without Wi-Fi?")
    assert {passage["product_id"] for passage in told["passages"]} == {"AQ-H-001"}
    assert any("touch ring" in passage["text"] for passage in told["passages"])


@pytest.mark.parametrize(
    "texts", [["AQ-H-007", "AQ-H-008"], ["Tonewell", "Pebblesong"], ["Tonewell or Pebblesong?"]]
)  # fmt: skip
async def test_products_are_compared_by_what_differs(shop: Dragoman, texts: list[str]) -> None:
    _, told = await contrast_products(await shop.context(ENGLISH), texts)
    assert set(ids(told)) == {"AQ-H-007", "AQ-H-008"}
    first = [product["facts"] for product in told["products"]]
    assert told["differing"]["weight_g"] == [facts["weight_g"] for facts in first]
    assert told["differing"]["wifi"] == [facts.get("wifi") for facts in first]
    assert all(len({str(value) for value in row}) > 1 for row in told["differing"].values())
    shared = set(first[0]) & set(first[1]) - set(told["differing"])
    assert all(first[0][name] == first[1][name] for name in shared)


async def test_a_fact_only_one_product_states_is_unknown_of_the_other(shop: Dragoman) -> None:
    _, told = await contrast_products(await shop.context(ENGLISH), ["AQ-H-007", "AQ-H-008"])
    assert told["differing"]["plug_types"][1] is None


async def test_one_product_alone_is_not_compared(shop: Dragoman) -> None:
    _, told = await contrast_products(await shop.context(ENGLISH), ["Tonewell"])
    assert (told["status"], told["missing"], ids(told)) == ("missing", ["product"], ["AQ-H-007"])


async def test_the_same_product_named_twice_is_one(shop: Dragoman) -> None:
    _, told = await contrast_products(await shop.context(ENGLISH), ["AQ-H-007", "AQH007-OAT-EU1"])
    assert told["status"] == "missing"
