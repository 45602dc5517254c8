"""Random shops: currencies, discounts, taxes, shipping, several payments, gift cards, parcels, subscriptions."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from integrations.database.shop import ShopData
from knowledge.commerce import Customer, Order, Product

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}
METHODS = ("card", "paypal", "full", "low", "blank")
"""What every customer pays with; the last three are gift cards: much on it, little on it, nobody knows how much."""


def amounts(currency: str, most: int = 200) -> st.SearchStrategy[Decimal]:
    """Amounts in a currency's own digits, 0 left out."""
    return st.integers(1, most * 10 ** DIGITS[currency]).map(lambda units: Decimal(units).scaleb(-DIGITS[currency]))


@st.composite
def products(draw: st.DrawFn, currency: str, home: str) -> list[Product]:
    """Products whose variants are priced in the shop's currency or, one in a while, in another only."""
    found = []
    for number in range(draw(st.integers(1, 2))):
        variants = [
            {"item_id": f"P{number}-{letter}", "stock": draw(st.sampled_from([None, 0, 1, 2, 9, 9])),
             "prices": {draw(st.sampled_from([currency] * 5 + [home])): draw(amounts(currency))}}
            for letter in "ABC"[: draw(st.integers(2, 3))]
        ]  # fmt: skip
        category = draw(st.sampled_from(["", "sealed", "worn"]))
        found.append({"product_id": f"P{number}", "name": f"Product {number}", "category": category,
                      "variants": [{**v, "available": v["stock"] != 0} for v in variants]})  # fmt: skip
    return [Product.model_validate(product) for product in found]


@st.composite
def customers(draw: st.DrawFn, number: int, currency: str) -> Customer:
    """A customer with all kinds of payment methods."""
    cards = {"full": Decimal(1000), "low": draw(amounts(currency, 20))}
    methods: dict[str, dict[str, Any]] = {
        f"{name}{number}": {"source": "gift_card", "balance": balance} for name, balance in cards.items()
    }
    methods |= {f"blank{number}": {"source": "gift_card"}, f"card{number}": {"source": "credit_card"}}
    methods[f"paypal{number}"] = {"source": "paypal"}
    return Customer(
        customer_id=f"c{number}", payment_methods=methods, market=draw(st.sampled_from(["DE", "JP"]))
    )  # fmt: skip


@st.composite
def orders(draw: st.DrawFn, number: int, currency: str, sold: list[Product]) -> Order:
    """An order that adds up: what was paid, or is due, is its goods less discount, with tax and shipping."""
    variants = [(product, variant) for product in sold for variant in product.variants]
    items = [
        {"name": product.name, "product_id": product.product_id, "item_id": variant.sku,
         "price": draw(st.one_of(st.just(variant.prices.get(currency) or Decimal(7)), amounts(currency))),
         "quantity": draw(st.sampled_from([1, 1, 2, 3]))}
        for product, variant in draw(st.lists(st.sampled_from(variants), min_size=1, max_size=3))
    ]  # fmt: skip
    goods = sum((item["price"] * item["quantity"] for item in items), Decimal(0))
    discount = min(draw(st.one_of(st.just(Decimal(0)), amounts(currency))), goods)
    tax, cost = (draw(st.one_of(st.just(Decimal(0)), amounts(currency, 20))) for _ in range(2))
    owner = draw(st.sampled_from([1, 1, 2]))
    data = {"order_id": f"#{number}", "customer_id": f"c{owner}", "currency": currency, "items": items,
            "discount": discount, "tax": tax, "shipping": {"cost": cost}, "market": draw(st.sampled_from(["DE", "JP"])),
            "placed_at": "2026-06-01T00:00:00Z", **draw(_journeys()), **draw(_subscriptions())}  # fmt: skip
    return Order.model_validate(data | draw(_payments(goods - discount + tax + cost, owner, DIGITS[currency])))


@st.composite
def _payments(draw: st.DrawFn, total: Decimal, owner: int, digits: int) -> dict[str, Any]:
    """Paid at once, in two parts, with part of it paid back already, or not yet."""
    methods = draw(st.permutations([f"{name}{owner}" for name in METHODS]))
    first = (total * draw(st.integers(1, 99)) / 100).quantize(Decimal(1).scaleb(-digits))
    parts = draw(st.sampled_from([[total]] * 3 + [[first, total - first]] * 2 + [[]]))
    if not parts or not total:
        return {"payment_due": {"amount": total, "payment_method_id": methods[0]}}
    entries = [("payment", amount, method) for amount, method in zip(parts, methods, strict=False)]
    if draw(st.integers(0, 4)) == 0:
        entries.append(("refund", parts[0], methods[draw(st.integers(0, 1))]))
    names = ("transaction_type", "amount", "payment_method_id")
    return {"payment_history": [dict(zip(names, entry, strict=True)) for entry in entries]}


def _journeys() -> st.SearchStrategy[dict[str, Any]]:
    """Not sent yet; sent and silent since; delivered."""
    scan = {"at": "2026-05-01T00:00:00Z", "code": "picked_up"}
    arrival = {"at": "2026-06-10T00:00:00Z", "code": "delivered"}
    sent = [{"tracking_id": "T", "events": [scan]}]
    delivered = [{"tracking_id": "T", "events": [scan, arrival]}]
    return st.sampled_from(
        [
            {"status": "pending"},
            {"status": "processed", "tracking": sent},
            {"status": "delivered", "tracking": delivered},
        ]
    )


def _subscriptions() -> st.SearchStrategy[dict[str, Any]]:
    running = {"status": "active", "next_dispatch": "2026-07-01", "every_months": 1}
    return st.sampled_from([{}, {}, {"subscription": running}])


@st.composite
def shops(draw: st.DrawFn) -> ShopData:
    """A shop with two customers and up to three orders in one currency."""
    currency = draw(st.sampled_from(list(DIGITS)))
    home = draw(st.sampled_from([currency, "EUR"]))
    sold = draw(products(currency, home))
    people = [draw(customers(number, currency)) for number in (1, 2)]
    placed = [draw(orders(number, currency, sold)) for number in range(draw(st.integers(1, 3)))]
    return ShopData(sold, people, placed, {"name": "random", "home_currency": home})
