"""Reading what an action is judged against, as it is at one moment."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from integrations.database.tables import CustomerRow, OrderRow, ProductKey, ProductRow
from knowledge.commerce import Customer, Order, Product, normal_order_id
from knowledge.shop import Snapshot, Versions

if TYPE_CHECKING:
    from integrations.database.engine import DatabaseSession


async def read_snapshot(session: DatabaseSession, order_id: str, customer_id: str, skus: Collection[str]) -> Snapshot:
    """The order under exactly this number with its customer, else the customer; products of its items and of SKUs."""
    row = await session.get(OrderRow, normal_order_id(order_id)) if order_id else None
    order = Order.model_validate(row.data) if row is not None else None
    if order is None or row is None or order.order_id != order_id:
        row = order = None
    owner = await session.get(CustomerRow, order.customer_id if order else customer_id)
    products = await _products(session, order, skus)
    versions: Versions = {
        **({("order", order.order_id): row.version} if order and row else {}),
        **({("customer", owner.customer_id): owner.version} if owner else {}),
        **{("product", product.product_id): product.version for product in products},
    }
    return Snapshot(
        order, Customer.model_validate(owner.data) if owner else None,
        tuple(Product.model_validate(product.data) for product in products),
        await _history(session, order.customer_id if order else customer_id), versions,
    )  # fmt: skip


async def _products(session: DatabaseSession, order: Order | None, skus: Collection[str]) -> list[ProductRow]:
    items = order.items if order else []
    keys = {sku.upper() for sku in [*skus, *(item.sku for item in items)]}
    named = await session.scalars(select(ProductKey.product_id).where(ProductKey.key.in_(keys)))
    ids = {*named, *(item.product_id for item in items)}
    return list(await session.scalars(select(ProductRow).where(ProductRow.product_id.in_(ids))))


async def _history(session: DatabaseSession, customer_id: str) -> tuple[Order, ...]:
    if not customer_id:
        return ()
    rows = await session.scalars(select(OrderRow).where(OrderRow.customer_id == customer_id))
    return tuple(Order.model_validate(row.data) for row in rows)
