"""The demo shop is of one piece, and as old as it says on the day it is read."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from integrations.shops.demo import FAMILIES, read_demo_products, read_demo_shop
from knowledge.commerce import PARCEL_CODES, Customer, Order, Product, normal_order_id
from knowledge.locales import served_locales
from knowledge.markets import currency_of
from knowledge.reading import read_folder
from knowledge.service.policy import ServicePolicy
from knowledge.service.terms import delivered_on, last_return_day

TODAY = date(2027, 3, 1)
EXPORT = read_demo_shop(TODAY)
PRODUCTS: list[Product] = EXPORT.products or []
ORDERS: list[Order] = EXPORT.orders or []
CUSTOMERS: dict[str, Customer] = {customer.customer_id: customer for customer in EXPORT.customers or []}
SKUS = {variant.sku: product for product in PRODUCTS for variant in product.variants}


def test_the_shop_is_large_enough_to_be_tried_out() -> None:
    assert len(PRODUCTS) >= 60
    assert len(ORDERS) == 200
    assert len(CUSTOMERS) >= 100
    assert set(Counter(product.family for product in PRODUCTS)) == set(FAMILIES)
    assert EXPORT.facts["is_demo"] is True


def test_numbers_ids_and_skus_are_used_once() -> None:
    for keys in (
        [product.product_id for product in PRODUCTS],
        [variant.sku for product in PRODUCTS for variant in product.variants],
        [variant.gtin for product in PRODUCTS for variant in product.variants if variant.gtin],
        [normal_order_id(order.order_id) for order in ORDERS],
        [customer.email for customer in CUSTOMERS.values()],
        [number for order in ORDERS for number in order.tracking_ids],
    ):
        assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_every_item_ordered_is_a_variant_of_its_product() -> None:
    wrong = [
        (order.order_id, item.sku)
        for order in ORDERS
        for item in order.items
        if item.sku not in SKUS or SKUS[item.sku].product_id != item.product_id
    ]
    assert wrong == []
    assert [order.order_id for order in ORDERS if not order.items] == []


def test_every_item_is_named_and_optioned_as_its_product() -> None:
    for order in ORDERS:
        for item in order.items:
            variant = next(variant for variant in SKUS[item.sku].variants if variant.sku == item.sku)
            assert item.name == SKUS[item.sku].name
            assert item.options == variant.options


def test_orders_and_customers_know_each_other() -> None:
    assert {order.customer_id for order in ORDERS} <= set(CUSTOMERS)
    for customer in CUSTOMERS.values():
        own = {order.order_id for order in ORDERS if order.customer_id == customer.customer_id}
        assert set(customer.orders) == own


def test_every_order_is_paid_in_its_markets_currency() -> None:
    assert [order.order_id for order in ORDERS if order.currency != currency_of(order.market)] == []


def test_every_parcel_has_known_scans_in_order_none_of_them_to_come() -> None:
    at_midnight = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), UTC)
    for order in ORDERS:
        for parcel in order.tracking:
            times = [event.at for event in parcel.events]
            assert times == sorted(times)
            assert {event.code for event in parcel.events} <= set(PARCEL_CODES)
            assert all(at < at_midnight for at in times)


def test_every_date_of_an_order_follows_the_one_before() -> None:
    for order in ORDERS:
        assert order.placed_at is not None
        assert order.placed_at.date() <= TODAY
        delivered = delivered_on(order)
        if delivered:
            assert order.placed_at.date() <= delivered <= TODAY
        for entry in order.returns:
            steps = [at for at in (entry.requested_at, entry.received_at, entry.refunded_at) if at]
            assert steps == sorted(steps)
            assert delivered is None or not steps or delivered <= steps[0].date()


def test_what_is_delivered_says_when_and_what_is_not_does_not() -> None:
    for order in ORDERS:
        if order.status == "delivered":
            assert delivered_on(order) is not None, order.order_id
        if order.status in ("pending", "processed", "cancelled", "lost", "shipped"):
            assert delivered_on(order) is None, order.order_id


def test_money_given_back_is_never_more_than_was_paid() -> None:
    for order in ORDERS:
        paid = sum(float(p["amount"]) for p in order.payment_history if p["transaction_type"] == "payment")
        refunded = sum(float(p["amount"]) for p in order.payment_history if p["transaction_type"] == "refund")
        assert refunded <= paid, order.order_id


def test_a_refunded_return_has_its_refund() -> None:
    refunded = [order for order in ORDERS if any(entry.status == "refunded" for entry in order.returns)]
    assert refunded
    for order in refunded:
        assert [p for p in order.payment_history if p["transaction_type"] == "refund"] != [], order.order_id


def test_every_product_is_named_and_summed_up_in_every_language() -> None:
    others = set(served_locales()) - {"en"}
    for product in PRODUCTS:
        assert set(product.names) == others, product.product_id
        assert set(product.summaries) == others, product.product_id


def test_every_variant_has_a_price_and_is_in_stock_when_there_is_some() -> None:
    for product in PRODUCTS:
        assert product.variants, product.product_id
        for variant in product.variants:
            assert variant.price_in("EUR", "EUR") is not None, variant.sku
            assert variant.available is (variant.stock is None or variant.stock > 0), variant.sku


def named_passages() -> list[str]:
    """Every passage the service policy names."""
    returns = ServicePolicy.of(EXPORT.facts["service_policy"]).returns
    assert returns is not None
    plain = [returns.passage, returns.postage_passage, returns.channels_passage]
    return [*plain, *(exclusion.passage for exclusion in returns.exclusions)]


def test_every_passage_the_policy_names_exists_in_english() -> None:
    passages, problems = read_folder(Path(str(files("knowledge.demo_shop") / "policies")))
    held = {f"{passage.document}#{passage.number}" for passage in passages if passage.locale == "en"}
    assert problems == []
    assert [cite for cite in named_passages() if cite not in held] == []


def test_every_category_the_policy_excludes_is_sold() -> None:
    returns = ServicePolicy.of(EXPORT.facts["service_policy"]).returns
    assert returns is not None
    sold = {product.category for product in PRODUCTS}
    assert {category for exclusion in returns.exclusions for category in exclusion.categories} <= sold


def test_there_are_orders_on_either_side_of_the_last_day_to_return() -> None:
    returns = ServicePolicy.of(EXPORT.facts["service_policy"]).returns
    assert returns is not None
    last = [day for order in ORDERS if (day := last_return_day(order, returns))]
    assert min(last) < TODAY <= max(last)


def test_every_served_marketplace_has_orders() -> None:
    returns = ServicePolicy.of(EXPORT.facts["service_policy"]).returns
    assert returns is not None
    assert set(returns.channels_elsewhere) < {order.channel for order in ORDERS}


@pytest.mark.parametrize("days", [1, 40, 365, -30])
def test_every_date_moves_with_today(days: int) -> None:
    def dates(order: Order) -> list[Any]:
        scans = [event.at for parcel in order.tracking for event in parcel.events]
        hopes = [day for parcel in order.tracking for day in (parcel.estimated_from, parcel.estimated_until)]
        asked = [at for entry in order.returns for at in (entry.requested_at, entry.refunded_at)]
        return [order.placed_at, order.delivered_at, *scans, *hopes, *asked]

    moved = read_demo_shop(TODAY + timedelta(days=days)).orders or []
    for before, after in zip(ORDERS, moved, strict=True):
        expected = [at and at + timedelta(days=days) for at in dates(before)]
        assert dates(after) == expected, before.order_id
        assert [p.get("at", "")[11:] for p in after.payment_history] == [
            p.get("at", "")[11:] for p in before.payment_history
        ]


def test_nothing_but_dates_moves() -> None:
    moved = read_demo_shop(TODAY + timedelta(days=9))
    assert [order.items for order in moved.orders or []] == [order.items for order in ORDERS]
    assert [order.order_id for order in moved.orders or []] == [order.order_id for order in ORDERS]
    assert moved.customers == EXPORT.customers
    assert moved.products == PRODUCTS


def test_the_catalogue_is_that_of_its_files() -> None:
    folder = files("knowledge.demo_shop") / "products"
    written = [tomllib.loads((folder / f"{family}.toml").read_text("utf-8"))["product"] for family in FAMILIES]
    assert [p.product_id for p in read_demo_products()] == [r["product_id"] for records in written for r in records]
