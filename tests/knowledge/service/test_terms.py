"""What the shop lets a customer do, read from data."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.commerce import Order, Product
from knowledge.service.policy import Effect, ServicePolicy
from knowledge.service.terms import Returns, delivered_on, exclusion_of, last_return_day

POLICY = Returns.model_validate(
    {
        "days": 30,
        "postage": {"EU": "0", "BR": "49.00", "PT": "2.50"},
        "exclusions": [
            {"rule": "HYGIENE", "when": "opened", "categories": ["Razors"]},
            {"rule": "FAMILY", "families": ["care"]},
        ],
    }
)


def order(**fields: Any) -> Order:
    return Order.model_validate({"order_id": "#W1", "user_id": "u", "status": "delivered", **fields})


def parcel(*events: tuple[str, str]) -> dict[str, Any]:
    return {"tracking_id": "T", "events": [{"at": at, "code": code} for at, code in events]}


def test_a_part_the_shop_has_not_written_promises_nothing() -> None:
    assert ServicePolicy.of({}).returns is None
    assert ServicePolicy.of({"something_newer": {"x": 1}}).returns is None


def test_the_demo_policy_is_read() -> None:
    text = (files("knowledge.demo_shop") / "service_policy.toml").read_text("utf-8")
    returns = ServicePolicy.of(tomllib.loads(text)).returns
    assert returns is not None
    assert returns.days == 30
    assert returns.statutory_days["EU"] == 14
    assert returns.postage_for("JP") == Decimal("1200")


def test_a_rule_misspelt_is_refused_not_ignored() -> None:
    with pytest.raises(ValidationError, match="dayz"):
        ServicePolicy.model_validate({"returns": {"days": 30, "dayz": 3}})
    with pytest.raises(ValidationError, match="category"):
        ServicePolicy.model_validate({"returns": {"days": 30, "exclusions": [{"rule": "R", "category": "Razors"}]}})


@pytest.mark.parametrize(
    ("market", "postage"),
    [("DE", "0"), ("BR", "49.00"), ("PT", "2.50"), ("EU", "0"), ("US", None), ("", None)],
)
def test_postage_is_a_markets_own_else_its_groups_else_unstated(market: str, postage: str | None) -> None:
    assert POLICY.postage_for(market) == (None if postage is None else Decimal(postage))


def test_an_order_is_delivered_when_the_shop_says_so() -> None:
    said = order(delivered_at="2026-05-01T10:00:00", tracking=[parcel(("2026-05-03T10:00:00", "delivered"))])
    assert delivered_on(said) == date(2026, 5, 1)


def test_an_order_is_delivered_by_its_last_parcel() -> None:
    parcels = [
        parcel(("2026-05-01T10:00:00", "picked_up"), ("2026-05-03T10:00:00", "delivered")),
        parcel(("2026-05-06T09:00:00", "delivered")),
    ]
    assert delivered_on(order(tracking=parcels)) == date(2026, 5, 6)


def test_an_order_still_under_way_has_no_last_day() -> None:
    under_way = order(status="shipped", tracking=[parcel(("2026-05-01T10:00:00", "out_for_delivery"))])
    assert delivered_on(under_way) is None
    assert last_return_day(under_way, POLICY) is None


def test_the_last_day_counts_from_delivery() -> None:
    assert last_return_day(order(delivered_at="2026-02-10T23:00:00"), POLICY) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"category": "Razors"}, "HYGIENE"),
        ({"category": "Razors", "family": "care"}, "HYGIENE"),
        ({"category": "Soap", "family": "care"}, "FAMILY"),
        ({"category": "Lamps", "family": "home"}, None),
        ({}, None),
    ],
)
def test_a_product_falls_under_the_first_exclusion_that_names_it(fields: dict[str, str], rule: str | None) -> None:
    found = exclusion_of(Product.model_validate({"product_id": "P", "name": "N", **fields}), POLICY)
    assert (found.rule if found else None) == rule


def test_an_unknown_product_falls_under_none() -> None:
    assert exclusion_of(None, POLICY) is None


def test_a_policy_of_another_shape_promises_nothing() -> None:
    assert ServicePolicy.of({"returns": "thirty days"}).returns is None


@pytest.mark.parametrize(
    ("methods", "days"),
    [
        (["pix"], (0, 0)), (["credit_card"], (3, 5)), (["klarna"], None), ([], None), (["pix", "credit_card"], (0, 5)),
        (["klarna", "pix"], None),
    ],
)  # fmt: skip
def test_a_refund_takes_what_its_methods_take(methods: list[str], days: tuple[int, int] | None) -> None:
    effect = Effect(refund_days=(3, 5), refund_days_by_method={"pix": (0, 0), "klarna": ()})
    assert effect.days_by(methods) == days
