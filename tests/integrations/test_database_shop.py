"""The built-in shop: filled whole or not at all, found by what people type."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.database.engine import open_engine, prepare
from integrations.database.shop import BuiltInShop, ShopData
from integrations.settings import Settings
from integrations.shops.exports import Export
from knowledge.commerce import Customer, Order, Product
from knowledge.shop import FindsCustomers, Shop, ShopUnavailable

LAMP = Product.model_validate(
    {
        "product_id": "P1", "name": "Lamp", "shade_of_joy": "amber",
        "variants": [{"item_id": "LMP-1", "gtin": "0123456789012", "prices": {"EUR": "9.90"}}],
    }
)  # fmt: skip
MUG = Product(product_id="A0", name="Mug")
ANN = Customer(customer_id="ann", email="ann@example.org")
FACTS = {"name": "Corner Shop", "home_currency": "EUR"}


def order(number: str, placed: str | None = None, customer: str = "ann") -> Order:
    """An order of a customer, placed on a day."""
    return Order.model_validate({"order_id": number, "user_id": customer, "status": "shipped", "placed_at": placed})


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[BuiltInShop]:
    engine = open_engine(database_url)
    opened = await BuiltInShop.open(await prepare(engine))
    await opened.replace(ShopData([LAMP, MUG], [ANN], [order("#AB-12", "2026-03-01T10:00:00Z")], FACTS))
    yield opened
    await engine.dispose()


async def test_the_built_in_shop_is_a_shop(shop: BuiltInShop) -> None:
    assert isinstance(shop, Shop)
    assert (shop.name, shop.home_currency) == ("Corner Shop", "EUR")


async def test_a_shop_never_filled_has_no_facts(database_url: str) -> None:
    engine = open_engine(database_url)
    shop = await BuiltInShop.open(await prepare(engine))
    assert (shop.facts, shop.name, shop.home_currency) == ({}, "the shop", "USD")
    assert await shop.products() == []
    await engine.dispose()


async def test_products_keep_the_merchants_order_and_every_field(shop: BuiltInShop) -> None:
    assert await shop.products() == [LAMP, MUG]
    held = await shop.product("P1")
    assert held is not None
    assert held.attributes == {"shade_of_joy": "amber"}
    assert held.variants[0].prices == {"EUR": Decimal("9.90")}


@pytest.mark.parametrize("key", ["P1", "LMP-1", "lmp-1", "0123456789012"])
async def test_a_product_is_found_by_id_sku_and_gtin(shop: BuiltInShop, key: str) -> None:
    assert await shop.product(key) == LAMP


@pytest.mark.parametrize("key", ["", "LMP", "%", "LMP-1' OR '1'='1", "P1\0", "\0", "P1\ud800", "x" * 100_000])
async def test_what_names_no_product_finds_none(shop: BuiltInShop, key: str) -> None:
    assert await shop.product(key) is None


@pytest.mark.parametrize("number", ["#AB-12", "ab-12", " AB-12. ", "AB - 12", "##ab-12"])
async def test_an_order_is_found_as_people_type_its_number(shop: BuiltInShop, number: str) -> None:
    found = await shop.order(number)
    assert found is not None
    assert found.order_id == "#AB-12"


@pytest.mark.parametrize(
    "number", ["", "#", "AB-1", "AB-1%", "AB_12", "AB-12' OR '1'='1", "12", "AB-12\0", "\0", "AB-12\udfff"]
)
async def test_what_is_no_orders_number_finds_none(shop: BuiltInShop, number: str) -> None:
    assert await shop.order(number) is None


async def test_a_customers_orders_are_newest_first_and_undated_last(shop: BuiltInShop) -> None:
    orders = [order("1"), order("2", "2026-01-01T00:00:00Z"), order("3", "2026-02-01T00:00:00+05:00"), order("4"),
              order("9", "2026-05-01T00:00:00Z", "bob")]  # fmt: skip
    await shop.replace(ShopData(None, None, orders, FACTS))
    assert [entry.order_id for entry in await shop.orders_of("ann")] == ["3", "2", "4", "1"]
    assert await shop.orders_of("") == []


async def test_a_customer_is_found_by_e_mail_in_any_case(shop: BuiltInShop) -> None:
    assert isinstance(shop, FindsCustomers)
    await shop.replace(ShopData(None, [ANN.model_copy(update={"email": "Ann@Example.com"})], None, {}))
    found = await shop.customer_by_email("aNN@example.COM")
    assert found is not None
    assert found.customer_id == "ann"
    assert await shop.customer_by_email("bob@example.com") is None


async def test_none_leaves_a_part_as_it_is_and_an_empty_list_empties_it(shop: BuiltInShop) -> None:
    await shop.replace(ShopData(None, None, [], {"name": "New"}))
    assert await shop.products() == [LAMP, MUG]
    assert await shop.customer("ann") == ANN
    assert await shop.order("AB-12") is None
    assert shop.facts == {"name": "New"}


async def test_replacing_is_all_or_nothing(shop: BuiltInShop) -> None:
    twice = [order("7"), order("#7")]
    with pytest.raises(ShopUnavailable):
        await shop.replace(ShopData([MUG], [], twice, {"name": "Broken"}))
    assert await shop.products() == [LAMP, MUG]
    assert await shop.order("AB-12") is not None
    await shop.read_facts()
    assert shop.facts == FACTS


async def test_a_shop_replaced_twice_at_once_is_one_of_the_two(shop: BuiltInShop, database_url: str) -> None:
    engine = open_engine(database_url)
    other = await BuiltInShop.open(await prepare(engine))
    one = ShopData([LAMP], [ANN], [order(str(number)) for number in range(300)], {"name": "One"})
    two = ShopData([MUG], [ANN], [order(str(number), customer="bob") for number in range(300)], {"name": "Two"})
    await asyncio.gather(shop.replace(one), other.replace(two), shop.replace(one), other.replace(two))
    await shop.read_facts()
    assert [product.name for product in await shop.products()] == ["Lamp" if shop.name == "One" else "Mug"]
    assert len(await shop.orders_of("ann" if shop.name == "One" else "bob")) == 300
    await engine.dispose()


async def test_what_a_merchant_writes_is_kept_however_long_or_odd(shop: BuiltInShop) -> None:
    odd = Product.model_validate(
        {"product_id": "P" * 300, "name": "Nul \0 and 🪔", "note": "half \ud83e", "more": 1e300}
    )
    await shop.replace(ShopData([odd], [], [order("N" * 200, "0001-01-01T00:00:00Z")], FACTS))
    assert await shop.product("P" * 300) == odd
    assert await shop.order("N" * 200) is not None


@pytest.fixture
async def fresh(tmp_path: Path, database_url: str) -> AsyncIterator[Dragoman]:
    """A home that holds the demo's shop, not yet indexed."""
    async with open_dragoman(Settings(home=tmp_path / "home", database_url=database_url)) as opened:
        await opened.fill_with_demo()
        yield opened


async def test_the_demo_gives_way_whole_to_a_merchants_export(fresh: Dragoman) -> None:
    await fresh.adopt_shop(Export(products=[LAMP], facts=dict(FACTS)))
    assert await fresh.shop.products() == [LAMP]
    assert await fresh.shop.order("AQ-10083") is None
    assert await fresh.shop.customer("lena_brandt_2041") is None
    assert "is_demo" not in fresh.shop.facts
    assert "about" not in fresh.shop.facts
    assert fresh.library.documents == ""


async def test_a_merchants_parts_stay_unless_the_export_brings_them(fresh: Dragoman) -> None:
    await fresh.adopt_shop(Export(products=[LAMP], customers=[ANN], orders=[order("1")], facts=dict(FACTS)))
    await fresh.adopt_shop(Export(products=[MUG], facts={}))
    assert await fresh.shop.products() == [MUG]
    assert await fresh.shop.customer("ann") == ANN
    assert await fresh.shop.order("1") is not None
    assert fresh.shop.name == "Corner Shop"


async def test_adopting_documents_keeps_a_merchants_shop(fresh: Dragoman, tmp_path: Path) -> None:
    await fresh.adopt_shop(Export(products=[LAMP], customers=[], orders=[], facts=dict(FACTS)))
    await fresh.adopt_documents(str(tmp_path), "Renamed")
    assert await fresh.shop.products() == [LAMP]
    assert (fresh.shop.name, fresh.shop.home_currency, fresh.library.documents) == ("Renamed", "EUR", str(tmp_path))


async def test_adopting_documents_sends_the_demo_away(fresh: Dragoman, tmp_path: Path) -> None:
    await fresh.adopt_documents(str(tmp_path))
    assert await fresh.shop.products() == []
    assert await fresh.shop.order("AQ-10083") is None
    assert fresh.library.documents == str(tmp_path)
