"""What may go back, until when and at whose cost, and how far the money is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from integrations.bootstrap import Dragoman
from knowledge.commerce import Order, Parcel, ParcelEvent, Product
from knowledge.service.policy import ServicePolicy
from knowledge.service.terms import Exclusion, Returns, delivered_on, exclusion_of
from tools.context import Session
from tools.results import Told
from tools.returns import follow_refund, judge_order, weigh_return

pytestmark = pytest.mark.asyncio(loop_scope="module")

STAFF = Session("staff", role="operator")
POLICY = Returns(days=30, postage={"EU": "0", "DE": "1.50", "BR": "49.00"}, channels_elsewhere=["ebay"])
DAY = date(2026, 3, 10)


def delivered(on: date = DAY, **more: object) -> Order:
    """An order delivered on a day."""
    at = datetime.combine(on, time(12), UTC)
    return Order.model_validate(
        {"order_id": "1", "user_id": "c", "status": "delivered", "delivered_at": at, "market": "DE", **more}
    )


@pytest.mark.parametrize(
    ("after", "rule"), [(0, "WITHIN_WINDOW"), (29, "WITHIN_WINDOW"), (30, "WITHIN_WINDOW"), (31, "WINDOW_CLOSED")]
)
async def test_the_last_day_counts_and_the_next_does_not(after: int, rule: str) -> None:
    found, figures = judge_order(delivered(), POLICY, DAY + timedelta(days=after))
    assert found == rule
    assert figures["last_day"] == DAY + timedelta(days=30)


async def test_days_count_from_the_last_parcels_delivery_where_the_shop_names_no_day() -> None:
    def scan(day: int) -> Parcel:
        event = ParcelEvent(at=datetime(2026, 3, day, tzinfo=UTC), code="delivered")
        return Parcel(tracking_id=str(day), events=[event])

    order = delivered(delivered_at=None, tracking=[scan(1), scan(5)])
    assert delivered_on(order) == date(2026, 3, 5)


@pytest.mark.parametrize("status", ["pending", "processed", "shipped"])
async def test_what_has_not_arrived_has_no_last_day(status: str) -> None:
    rule, figures = judge_order(delivered(status=status, delivered_at=None), POLICY, DAY)
    assert rule == "NOT_DELIVERED"
    assert figures["days"] == 30
    assert "last_day" not in figures


async def test_a_delivery_without_a_date_is_told_as_such() -> None:
    assert judge_order(delivered(delivered_at=None), POLICY, DAY)[0] == "DELIVERED_UNDATED"


async def test_without_a_policy_nothing_is_promised() -> None:
    assert judge_order(delivered(), None, DAY) == ("NO_POLICY", {})
    assert ServicePolicy.of({}).returns is None


async def test_a_marketplace_order_goes_back_there_even_within_the_days() -> None:
    assert judge_order(delivered(channel="ebay"), POLICY, DAY)[0] == "MARKETPLACE"
    assert judge_order(delivered(channel="own"), POLICY, DAY)[0] == "WITHIN_WINDOW"


async def test_postage_is_the_markets_own_before_its_groups() -> None:
    assert POLICY.postage_for("DE") == Decimal("1.50")
    assert POLICY.postage_for("FR") == Decimal(0)
    assert POLICY.postage_for("BR") == Decimal("49.00")
    assert POLICY.postage_for("CH") is None
    assert POLICY.postage_for("") is None


async def test_goods_are_excluded_by_category_or_family_and_unknown_goods_by_neither() -> None:
    exclusions = [Exclusion(rule="A", categories=["Soap"]), Exclusion(rule="B", families=["pet"])]
    policy = Returns(days=30, exclusions=exclusions)
    found = {
        "Soap": exclusion_of(Product(product_id="1", name="x", category="Soap"), policy),
        "pet": exclusion_of(Product(product_id="1", name="x", family="pet"), policy),
        "none": exclusion_of(Product(product_id="1", name="x"), policy),
        "unknown": exclusion_of(None, policy),
    }
    assert {key: entry and entry.rule for key, entry in found.items()} == {
        "Soap": "A", "pet": "B", "none": None, "unknown": None
    }  # fmt: skip


async def weigh(shop: Dragoman, order_id: str, session: Session = STAFF, days_after: int | None = None) -> Told:
    """The verdict on an order, now or some days after it was delivered."""
    context = await shop.context(session)
    if days_after is not None:
        order = await shop.shop.order(order_id)
        assert order is not None
        day = delivered_on(order)
        assert day is not None
        context.now = datetime.combine(day + timedelta(days=days_after), time(12), UTC)
    return await weigh_return(context, order_id)


async def test_a_fresh_delivery_can_go_back_until_its_last_day(shop: Dragoman) -> None:
    assert (await weigh(shop, "AQ-10073", days_after=30))[1]["rule"] == "WITHIN_WINDOW"
    assert (await weigh(shop, "AQ-10073", days_after=31))[1]["rule"] == "WINDOW_CLOSED"


async def test_the_demo_has_orders_on_either_side_of_the_last_day(shop: Dragoman) -> None:
    assert (await weigh(shop, "AQ-10073"))[1]["rule"] == "WITHIN_WINDOW"
    assert (await weigh(shop, "AQ-10001"))[1]["rule"] == "WINDOW_CLOSED"


@pytest.mark.parametrize(
    ("order_id", "rule"),
    [
        ("AQ-10083", "NOT_DELIVERED"), ("AQ-10088", "CANCELLED"), ("AQ-10044", "ALREADY_ASKED"),
        ("AQ-10052", "ALREADY_ASKED"), ("14-92447-00655", "MARKETPLACE"), ("302-1706352-6332844", "MARKETPLACE"),
        ("576926879782921982", "MARKETPLACE"), ("AQ-10008", "WINDOW_CLOSED"),
    ],
)  # fmt: skip
async def test_the_rule_that_decides_is_told(shop: Dragoman, order_id: str, rule: str) -> None:
    assert (await weigh(shop, order_id))[1]["rule"] == rule


async def test_the_verdict_brings_the_passage_it_rests_on(shop: Dragoman) -> None:
    _, own = await weigh(shop, "AQ-10073", Session("s", role="operator", language="de"))
    assert own["cite"] == "returns#0"
    assert [(passage["cite"], passage["locale"]) for passage in own["passages"]] == [("returns#0", "de")]
    _, elsewhere = await weigh(shop, "14-92447-00655")
    assert "marketplace-orders#0" in {passage["cite"] for passage in elsewhere["passages"]}


async def test_goods_with_a_hygiene_seal_go_back_unopened_only(shop: Dragoman) -> None:
    _, told = await weigh(shop, "AQ-10046", days_after=1)
    assert told["rule"] == "WITHIN_WINDOW"
    assert [(item["rule"], item["when"], item["cite"]) for item in told["items"]] == [
        ("HYGIENE_SEAL", "opened", "returns#3")
    ]
    assert "returns#3" in {passage["cite"] for passage in told["passages"]}


async def test_an_exclusion_is_of_its_item_not_of_the_order(shop: Dragoman) -> None:
    _, told = await weigh(shop, "AQ-10069")
    assert [item["rule"] for item in told["items"]] == ["HYGIENE_SEAL", ""]


async def test_items_are_named_in_the_shoppers_language(shop: Dragoman) -> None:
    _, told = await weigh(shop, "AQ-10073", Session("s", role="operator", language="de"))
    assert told["items"][0]["name"] == "Tonewell WLAN-Lautsprecher"


@pytest.mark.parametrize(
    ("order_id", "postage", "currency"),
    [
        ("AQ-10046", "0", "EUR"), ("AQ-10073", "0", "GBP"), ("AQ-10045", "0", "USD"), ("AQ-10031", "49.00", "BRL"),
        ("AQ-10021", "1200", "JPY"), ("AQ-10049", "20", "CNY"), ("AQ-10068", "35", "SAR"), ("AQ-10053", "35", "AED"),
        ("AQ-10030", "90000", "IDR"),
    ],
)  # fmt: skip
async def test_return_postage_is_the_countrys(shop: Dragoman, order_id: str, postage: str, currency: str) -> None:
    _, told = await weigh(shop, order_id)
    assert (told["postage"], told["currency"]) == (postage, currency)


@pytest.mark.parametrize("session", [Session("s"), Session("s", customer_id="lena_brandt_2041")])
@pytest.mark.parametrize("ask", [weigh_return, follow_refund])
async def test_a_foreign_order_and_no_order_are_refused_alike(shop: Dragoman, session: Session, ask: object) -> None:
    assert callable(ask)
    foreign, told = await ask(await shop.context(session), "AQ-10044")
    unknown, _ = await ask(await shop.context(session), "AQ-99044")
    assert foreign.replace("10044", "99044") == unknown
    assert told["rule"] == "IDENTITY_REQUIRED"


async def test_a_refund_is_told_with_its_amount_and_day(shop: Dragoman) -> None:
    _, told = await follow_refund(await shop.context(STAFF), "AQ-10006")
    order = await shop.shop.order("AQ-10006")
    assert order is not None
    assert (told["status"], told["currency"]) == ("ok", "USD")
    assert [refund["amount"] for refund in told["refunds"]] == ["128.00"]
    assert told["refunds"][0]["at"][:10] == str(order.returns[0].refunded_at)[:10]


async def test_a_cancelled_order_has_its_refund(shop: Dragoman) -> None:
    _, told = await follow_refund(await shop.context(STAFF), "AQ-10088")
    assert [refund["amount"] for refund in told["refunds"]] == ["45.80"]


async def test_a_return_on_its_way_is_told_before_any_money(shop: Dragoman) -> None:
    _, told = await follow_refund(await shop.context(STAFF), "AQ-10044")
    assert (told["status"], told["refunds"]) == ("ok", [])
    assert [entry["status"] for entry in told["returns"]] == ["in_transit"]


async def test_an_order_without_return_or_refund_has_none(shop: Dragoman) -> None:
    _, told = await follow_refund(await shop.context(STAFF), "AQ-10083")
    assert (told["status"], told["refunds"], told["returns"]) == ("none", [], [])
