"""The one port a merchant's systems implement."""

from typing import Protocol, runtime_checkable

from knowledge.commerce import Customer, Order, Product


class ShopUnavailable(Exception):
    """The shop's system did not answer. Raised in place of its client's own errors."""


@runtime_checkable
class Shop(Protocol):
    """A merchant's systems. Absent is None; a fault is ShopUnavailable."""

    @property
    def name(self) -> str:
        """The shop's name, for people."""
        ...

    @property
    def home_currency(self) -> str:
        """ISO currency of prices that name none."""
        ...

    async def products(self) -> list[Product]:
        """Every product, in a stable order."""
        ...

    async def product(self, key: str) -> Product | None:
        """A product by its id or by the SKU or GTIN of a variant."""
        ...

    async def order(self, order_id: str) -> Order | None:
        """An order by its number, as people type it (see `normal_order_id`)."""
        ...

    async def customer(self, customer_id: str) -> Customer | None:
        """A customer by id."""
        ...

    async def orders_of(self, customer_id: str) -> list[Order]:
        """A customer's orders, newest first."""
        ...
