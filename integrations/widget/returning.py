"""What of an order may go back, item by item, for a form with boxes to tick. Nothing is asked for yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.widget.order_view import picture_of, variant_name
from knowledge.commerce import OrderItem, Product
from knowledge.markets import currency_of
from knowledge.service.case import Asker, left_of
from knowledge.service.requests import Request
from knowledge.service.terms import last_return_day
from tools.actions.clerk import Errand
from tools.actions.speech import Speech
from tools.orders import describe_methods, seen_order
from tools.possible import why_no_return

if TYPE_CHECKING:
    from knowledge.commerce import Order
    from knowledge.shop import Snapshot
    from tools.context import ToolContext

REASONS = ("no longer needed", "damaged item", "wrong item")
"""Why goods go back, as far as the shop tells them apart."""


async def return_choices(context: ToolContext, order_id: str) -> dict[str, Any] | None:
    """What may go back or be exchanged of an order, and where its money may go; None where the session may not see
    the order, or there is none.
    """
    order = await seen_order(context, order_id) if order_id.strip() else None
    if order is None:
        return None
    skus = [item.sku for item in order.items]
    request = Request.of("return_items", {"order_id": order.order_id, "item_ids": skus, "payment_method_id": "-"})
    session = context.session
    seen = await context.clerk.look(Errand(Asker(session.customer_id, session.order_ids), request, ""))
    methods = describe_methods(order, seen.customer, session)
    speech = Speech(session.language, session.locale)
    way = next((method["id"] for method in methods if method["used"]), "-")
    last = last_return_day(order, context.policy.returns) if context.policy.returns else None
    return {
        "order_id": order.order_id, "currency": order.currency or currency_of(order.market),
        "items": [_item(context, seen, item, way) for item in order.items],
        "reasons": [{"code": reason, "words": speech.text(f"reasons.{reason}") or reason} for reason in REASONS],
        "methods": [
            {"payment_method_id": method["id"], "words": speech.method(method["kind"], method["id"])}
            for method in methods if _may_take(context, seen, method["id"], way)
        ],
        "until": last.isoformat() if last else None,
    }  # fmt: skip


def _item(context: ToolContext, seen: Snapshot, item: OrderItem, way: str) -> dict[str, Any]:
    product = next((p for p in seen.products if any(v.sku == item.sku for v in p.variants)), None)
    why_not = why_no_return(context, seen, item.sku, way)
    left = left_of(seen.order, seen.order.returns)[item.sku] if seen.order else 0
    return {
        "item_id": item.sku, "product_id": item.product_id,
        "name": product.name_in(context.session.language) if product else item.name,
        "variant": variant_name(item.options), "quantity": max(left, 0), "image": picture_of(item.product_id),
        "price": None if item.price is None else str(item.price), "returnable": not why_not, "why_not": why_not,
        "exchanges": _others(seen.order, item, product) if product and seen.order and not why_not else [],
    }  # fmt: skip


def _others(order: Order, item: OrderItem, product: Product) -> list[dict[str, Any]]:
    """The other variants of a product that have a price in the order's currency."""
    priced = [(variant, variant.price_in(order.currency, order.currency)) for variant in product.variants]
    return [
        {"item_id": variant.sku, "name": variant_name(variant.options), "price": str(price[0]),
         "available": variant.available and variant.stock != 0}
        for variant, price in priced if variant.sku != item.sku and price and price[1] == order.currency
    ]  # fmt: skip


def _may_take(context: ToolContext, seen: Snapshot, method: str, way: str) -> bool:
    """Whether money may go to a method: nothing that stands against it is not against the original one too."""
    if seen.order is None or not seen.order.items:
        return False
    sku = seen.order.items[0].sku
    return method == way or why_no_return(context, seen, sku, method) == why_no_return(context, seen, sku, way)
