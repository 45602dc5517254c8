"""One small shop by hand: what its tests reckon with stands here in plain figures."""

from __future__ import annotations

from typing import Any

from integrations.database.shop import ShopData
from knowledge.commerce import Customer, Order, Product
from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import WRITES

OFFERED = ServicePolicy.model_validate({"actions": {name: {} for name in WRITES}})
"""A policy that offers everything and adds no rule to those of the house."""

ADDRESS = {"address1": "Weg 1", "city": "Bonn", "country": "DE", "zip": "53111"}


def lamp(**stock: int | None) -> Product:
    """A lamp in red for 40, blue for 50 and green for 30; JPY 4000, 5000 and 3000."""
    prices = {"red": 40, "blue": 50, "green": 30}
    return Product.model_validate({"product_id": "lamp", "name": "Lamp", "variants": [
        {"item_id": name, "stock": stock.get(name, 10), "available": stock.get(name, 10) != 0,
         "prices": {"EUR": f"{price}.00", "JPY": price * 100}} for name, price in prices.items()
    ]})  # fmt: skip


def anna(number: int = 1) -> Customer:
    """A customer with a card and a gift card that holds 25."""
    return Customer(customer_id=f"anna{number}", market="DE", payment_methods={
        "card": {"source": "credit_card"}, "gift": {"source": "gift_card", "balance": "25.00"},
    })  # fmt: skip


def order(number: int = 1, **more: Any) -> Order:
    """Two red lamps and a blue one for 130.00, paid by card."""
    items = [{"name": "Lamp", "product_id": "lamp", "item_id": sku, "price": price, "quantity": count}
             for sku, price, count in (("red", "40.00", 2), ("blue", "50.00", 1))]  # fmt: skip
    paid = [{"transaction_type": "payment", "amount": "130.00", "payment_method_id": "card"}]
    data = {"order_id": f"#{number}", "customer_id": "anna1", "status": "pending", "currency": "EUR", "market": "DE",
            "items": items, "payment_history": paid}  # fmt: skip
    return Order.model_validate({**data, **more})


def shop(*orders: Order, product: Product | None = None) -> ShopData:
    """The shop with these orders; with none, with one."""
    return ShopData([product or lamp()], [anna(1), anna(2)], orders or (order(),), {"home_currency": "EUR"})


ARRIVED = {"status": "delivered", "tracking": [
    {"tracking_id": "T", "events": [{"at": "2026-06-10T08:00:00Z", "code": "delivered"}]}
]}  # fmt: skip
