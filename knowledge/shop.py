"""The one port a merchant's systems implement: reading, and writing that cannot happen twice or on an old state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from knowledge.commerce import Customer, Order, Product

Kind = Literal["order", "customer", "product"]
Versions = Mapping[tuple[Kind, str], int]
"""Versions by kind and id. A noun that is not there has version 0."""


class ShopUnavailable(Exception):
    """The shop's system did not answer. Raised in place of its client's own errors. After a write it is not known
    whether it happened.
    """


class StateChanged(Exception):
    """What a change was decided on is no longer so; nothing was written. Look again and decide anew."""


class OperationBarred(Exception):
    """It was settled before that the operation is never written; nothing was written, nor ever will be."""


@dataclass(frozen=True)
class Snapshot:
    """An order, whose it is, the products it is about and the customer's other orders, as they were at one moment."""

    order: Order | None = None
    customer: Customer | None = None
    products: tuple[Product, ...] = ()
    history: tuple[Order, ...] = ()
    versions: Versions = field(default_factory=dict)

    @property
    def order_version(self) -> int:
        """The order's version; 0 where there is none."""
        return sum(version for (kind, _), version in self.versions.items() if kind == "order")


@dataclass(frozen=True)
class Change:
    """What an action writes: nouns as they are afterwards (None: untouched) and stock moved by SKU. It happens whole,
    once for its operation id, and only while every version seen still holds.
    """

    operation_id: str
    order: Order | None = None
    customer: Customer | None = None
    stock: Mapping[str, int] = field(default_factory=dict)
    seen: Versions = field(default_factory=dict)


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

    async def look(self, order_id: str, customer_id: str, skus: Collection[str]) -> Snapshot:
        """The state an action is judged against: the order under exactly this number with its customer, else the
        customer; the products of the order's items and of these SKUs.
        """
        ...

    async def change(self, change: Change) -> None:
        """Write a change. One that was written before is not written again. Raises StateChanged and OperationBarred
        (nothing written) and ShopUnavailable (it may or may not have been written).
        """
        ...

    async def settle(self, operation_id: str) -> bool:
        """Whether a change of that operation was written. Where it was not, it never will be, however late it comes.
        Raises ShopUnavailable.
        """
        ...


@runtime_checkable
class FindsCustomers(Protocol):
    """A shop that finds customers by their e-mail addresses, too."""

    async def customer_by_email(self, email: str) -> Customer | None:
        """A customer by e-mail address, in whatever case."""
        ...
