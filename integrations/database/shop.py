"""The built-in shop: products, customers and orders in SQL."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from integrations.database.engine import briefly, reading, transact, write_alone
from integrations.database.shop_reads import read_snapshot
from integrations.database.shop_writes import dump, settle, write
from integrations.database.tables import CustomerRow, OrderRow, ProductKey, ProductRow, ShopFact
from knowledge.commerce import Customer, Order, Product, normal_order_id
from knowledge.shop import Change, ShopUnavailable, Snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from integrations.database.engine import DatabaseSession, Sessions


_products, _keyed = ProductRow.__table__, ProductKey.__table__
_orders, _customers = OrderRow.__table__, CustomerRow.__table__
_PRODUCT = select(_products.c.data).where(_products.c.product_id == bindparam("key"))
_KEYED = (
    select(_products.c.data)
    .join_from(_keyed, _products, _keyed.c.product_id == _products.c.product_id)
    .where(_keyed.c.key == bindparam("key"))
)
_ORDER = select(_orders.c.data).where(_orders.c.order_key == bindparam("key"))
_ORDERS_OF = select(_orders.c.data).where(_orders.c.customer_id == bindparam("key"))
_CUSTOMER = select(_customers.c.data).where(_customers.c.customer_id == bindparam("key"))

_EMAIL = select(_customers.c.data).where(func.lower(_customers.c.data["email"].as_string()) == bindparam("key"))


@dataclass(frozen=True)
class ShopData:
    """What a shop is filled with; None leaves that part as it is. `facts`: its name, currency, policy."""

    products: Sequence[Product] | None
    customers: Sequence[Customer] | None
    orders: Sequence[Order] | None
    facts: dict[str, Any]


class BuiltInShop:
    """The Shop port over our own tables."""

    def __init__(self, sessions: Sessions, facts: dict[str, Any]) -> None:
        self._sessions, self._brief = sessions, briefly(reading(sessions))
        self.facts = facts

    @classmethod
    async def open(cls, sessions: Sessions) -> BuiltInShop:
        """The shop as it is in the database; `facts` is empty where nothing was ever imported."""
        shop = cls(sessions, {})
        await shop.read_facts()
        return shop

    async def read_facts(self) -> None:
        """Learn again what is true of the shop as a whole."""
        async with self._reading() as session:
            rows = await session.scalars(select(ShopFact))
            self.facts = {row.key: row.value["value"] for row in rows}

    @property
    def name(self) -> str:
        """The shop's name."""
        return str(self.facts.get("name") or "the shop")

    @property
    def home_currency(self) -> str:
        """Currency of prices that name none."""
        return str(self.facts.get("home_currency") or "USD")

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[DatabaseSession]:
        try:
            async with self._sessions() as session:
                yield session
        except SQLAlchemyError as error:
            raise ShopUnavailable("the shop's database did not answer") from error

    async def products(self) -> list[Product]:
        """Every product, in the merchant's order."""
        async with self._reading() as session:
            rows = await session.scalars(select(ProductRow).order_by(ProductRow.position))
            return [Product.model_validate(row.data) for row in rows]

    async def product(self, key: str) -> Product | None:
        """A product by id, SKU or GTIN."""
        held = await self._found(_PRODUCT, key) or await self._found(_KEYED, key.upper())
        return Product.model_validate(held[0]) if held else None

    async def order(self, order_id: str) -> Order | None:
        """An order by its number as people type it."""
        held = await self._found(_ORDER, normal_order_id(order_id))
        return Order.model_validate(held[0]) if held and held[0] else None

    async def customer(self, customer_id: str) -> Customer | None:
        """A customer by id."""
        held = await self._found(_CUSTOMER, customer_id)
        return Customer.model_validate(held[0]) if held and held[0] else None

    async def customer_by_email(self, email: str) -> Customer | None:
        """A customer by e-mail address, in whatever case."""
        held = await self._found(_EMAIL, email.lower())
        return Customer.model_validate(held[0]) if held and held[0] else None

    async def _found(self, wanted: Select[Any], key: str) -> list[Any]:
        """What is found under a key. Raises ShopUnavailable."""
        try:
            asked = {"key": key}
            return list(await transact(self._brief, lambda connection: connection.scalars(wanted, asked).all()))
        except SQLAlchemyError as error:
            raise ShopUnavailable("the shop's database did not answer") from error

    async def orders_of(self, customer_id: str) -> list[Order]:
        """A customer's orders, newest first; those without a date last, by number."""
        found = [Order.model_validate(held) for held in await self._found(_ORDERS_OF, customer_id)]
        undated = datetime.min.replace(tzinfo=UTC)
        return sorted(found, key=lambda order: (order.placed_at or undated, order.order_id), reverse=True)

    async def look(self, order_id: str, customer_id: str, skus: Collection[str]) -> Snapshot:
        """An order under exactly this number, its customer and its products, with their versions."""
        async with self._reading() as session:
            return await read_snapshot(session, order_id, customer_id, skus)

    async def change(self, change: Change) -> None:
        """Write a change, once, on the state it was decided on."""
        try:
            await write(self._sessions, change)
        except (SQLAlchemyError, OSError) as error:
            raise ShopUnavailable("the shop's database could not be written") from error

    async def settle(self, operation_id: str) -> bool:
        """Whether a change was written; where not, it never will be."""
        try:
            return await settle(self._sessions, operation_id)
        except (SQLAlchemyError, OSError) as error:
            raise ShopUnavailable("the shop's database did not answer") from error

    async def replace(self, data: ShopData) -> None:
        """Make the shop hold exactly this, in one transaction: all of it, or nothing of it."""
        try:
            async with self._sessions.begin() as session:
                await write_alone(await session.connection())
                for table, rows in _rows(data).items():
                    await session.execute(delete(table))
                    if rows:
                        await session.execute(insert(table), rows)
        except SQLAlchemyError as error:
            raise ShopUnavailable("the shop's database could not be written") from error
        await self.read_facts()


def _rows(data: ShopData) -> dict[Any, list[dict[str, Any]]]:
    """Rows of the tables that are to be replaced, by table."""
    rows: dict[Any, list[dict[str, Any]]] = {
        ShopFact: [{"key": key, "value": {"value": value}} for key, value in data.facts.items()]
    }
    if data.products is not None:
        rows |= _product_rows(data.products)
    if data.customers is not None:
        rows[CustomerRow] = [{"customer_id": c.customer_id, "data": dump(c)} for c in data.customers]
    if data.orders is not None:
        rows[OrderRow] = [
            {"order_key": normal_order_id(order.order_id), "customer_id": order.customer_id,
             "placed_at": order.placed_at, "version": 1, "data": dump(order)}
            for order in data.orders
        ]  # fmt: skip
    return rows


def _product_rows(products: Sequence[Product]) -> dict[Any, list[dict[str, Any]]]:
    keys = {key.upper(): product.product_id for product in products for key in _keys(product)}
    return {
        ProductRow: [
            {"product_id": product.product_id, "position": position, "data": dump(product)}
            for position, product in enumerate(products)
        ],
        ProductKey: [{"key": key, "product_id": product_id} for key, product_id in keys.items()],
    }


def _keys(product: Product) -> list[str]:
    return [key for variant in product.variants for key in (variant.sku, variant.gtin) if key]
