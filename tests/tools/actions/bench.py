"""The real clerk over the real shop and ledger, and a look at everything they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from integrations.database.actions import ActionLedger
from integrations.database.engine import Sessions
from integrations.database.shop import BuiltInShop, ShopData
from integrations.database.tables import ActionRow, CustomerRow, OperationRow, OrderRow, ProductRow
from knowledge.commerce import Customer, Order, Product
from knowledge.service.case import Asker
from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import Request
from tests.tools.actions.random_shops import NOW
from tools.actions.clerk import Clerk, Errand
from tools.actions.consent import Consent, read
from tools.actions.outcome import Outcome

SECRET = "s" * 32
STAFF = Asker(role="operator", rank="lead")


@dataclass(frozen=True)
class State:
    """Everything a shop holds, and what ever happened to it."""

    orders: dict[str, Order]
    customers: dict[str, Customer]
    products: dict[str, Product]
    versions: dict[tuple[str, str], int]
    written: frozenset[str]
    ledger: dict[str, str]

    @property
    def shop(self) -> tuple[Any, ...]:
        """What a denied action must leave as it was."""
        return self.orders, self.customers, self.products, self.versions, self.written

    @property
    def stock(self) -> dict[str, int]:
        """Pieces of each variant whose stock is counted."""
        variants = [variant for product in self.products.values() for variant in product.variants]
        return {variant.sku: variant.stock for variant in variants if variant.stock is not None}


@dataclass
class Bench:
    """A shop with its ledger, filled anew as often as wanted."""

    sessions: Sessions
    shop: BuiltInShop

    @classmethod
    async def open(cls, sessions: Sessions, data: ShopData | None = None) -> Bench:
        """A bench over a database; filled, where it is said with what."""
        bench = cls(sessions, await BuiltInShop.open(sessions))
        if data is not None:
            await bench.fill(data)
        return bench

    async def fill(self, data: ShopData) -> None:
        """Hold exactly this, and know of nothing that happened before."""
        async with self.sessions.begin() as database:
            await database.execute(delete(OperationRow))
            await database.execute(delete(ActionRow))
        await self.shop.replace(data)

    async def state(self) -> State:
        """All there is."""
        async with self.sessions() as database:
            orders = {row.order_key: row for row in await database.scalars(select(OrderRow))}
            customers = {row.customer_id: row for row in await database.scalars(select(CustomerRow))}
            products = {row.product_id: row for row in await database.scalars(select(ProductRow))}
            operations = list(await database.scalars(select(OperationRow)))
            actions = list(await database.scalars(select(ActionRow)))
        kinds = {"order": orders, "customer": customers, "product": products}
        read_orders = [Order.model_validate(row.data) for row in orders.values()]
        return State(
            {order.order_id: order for order in read_orders},
            {key: Customer.model_validate(row.data) for key, row in customers.items()},
            {key: Product.model_validate(row.data) for key, row in products.items()},
            {(kind, key): row.version for kind, rows in kinds.items() for key, row in rows.items()},
            frozenset(row.operation_id for row in operations if row.written),
            {row.operation_id: row.status for row in actions},
        )  # fmt: skip

    def clerk(self, policy: ServicePolicy, now: datetime = NOW) -> Clerk:
        """A clerk of the shop."""
        return Clerk(self.shop, ActionLedger(self.sessions), policy, SECRET, lambda: now)


def asked(name: str, asker: str | Asker, operation_id: str = "", **arguments: Any) -> Errand:
    """An errand nobody said yes to yet; `asker` a customer's id, or who it is."""
    who = asker if isinstance(asker, Asker) else Asker(asker)
    return Errand(who, Request.of(name, arguments), who.customer_id or "staff", operation_id=operation_id)


def agreed(name: str, asker: str | Asker, operation_id: str = "", **arguments: Any) -> Errand:
    """An errand with a yes to it, whatever it comes to."""
    errand = asked(name, asker, operation_id, **arguments)
    return Errand(
        errand.asker, errand.request, errand.who, consent=Consent.to(errand.request), operation_id=operation_id
    )


async def confirmed(clerk: Clerk, errand: Errand) -> Errand:
    """The errand with the signed yes to what it is quoted at."""
    quoted: Outcome = await clerk.act(errand)
    assert quoted.status == "needs_confirmation", quoted
    consent = read(SECRET, quoted.token, errand.who, clerk.now())
    return Errand(errand.asker, errand.request, errand.who, consent=consent)
