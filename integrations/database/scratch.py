"""A copy of the shop in memory, to try actions on: the same path as on the shop itself, and nothing of it is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from integrations.database.engine import Sessions
from integrations.database.shop_writes import move_stock
from integrations.database.tables import CustomerRow, OrderRow, ProductRow
from knowledge.commerce import Customer, Order, Product, normal_order_id
from knowledge.shop import Change, Kind, OperationBarred, Snapshot, StateChanged
from tools.actions.ledger import Entry, Status

Key = tuple[Kind, str]


class Scratch:
    """A shop in memory that can be set back to what it was copied from. Implements the port `Shop`; it has a ledger of
    its own.
    """

    def __init__(self, home_currency: str, nouns: Mapping[Key, Any]) -> None:
        self.name, self.home_currency = "scratch", home_currency
        self.ledger = ScratchLedger()
        self._nouns = nouns
        self._changed: dict[Key, tuple[int, Any]] = {}
        self._written: dict[str, bool] = {}
        self._numbers = {normal_order_id(key): key for kind, key in nouns if kind == "order"}
        self._of: dict[str, list[str]] = defaultdict(list)
        self._keys: dict[str, str] = {}
        for (kind, key), noun in nouns.items():
            if kind == "order":
                self._of[noun.customer_id].append(key)
            if kind == "product":
                self._keys |= {code.upper(): key for v in noun.variants for code in (v.sku, v.gtin) if code}

    @classmethod
    async def of(cls, source: Sessions, home_currency: str) -> Scratch:
        """A copy of a shop's tables."""
        nouns: dict[Key, Any] = {}
        async with source() as reading:
            orders = [Order.model_validate(data) for data in await reading.scalars(select(OrderRow.data))]
            customers = [Customer.model_validate(data) for data in await reading.scalars(select(CustomerRow.data))]
            products = [Product.model_validate(data) for data in await reading.scalars(select(ProductRow.data))]
        nouns |= {("order", order.order_id): order for order in orders}
        nouns |= {("customer", customer.customer_id): customer for customer in customers}
        nouns |= {("product", product.product_id): product for product in products}
        return cls(home_currency, nouns)

    def restore(self) -> None:
        """Make everything what it was copied from."""
        self._changed.clear()
        self._written.clear()
        self.ledger.clear()

    def _now(self, kind: Kind, key: str) -> tuple[int, Any]:
        return self._changed.get((kind, key)) or (1, self._nouns.get((kind, key)))

    async def products(self) -> list[Product]:
        """Every product."""
        return [self._now(kind, key)[1] for kind, key in self._nouns if kind == "product"]

    async def product(self, key: str) -> Product | None:
        """A product by id, SKU or GTIN."""
        found: Product | None = self._now("product", self._keys.get(key.upper(), key))[1]
        return found

    async def order(self, order_id: str) -> Order | None:
        """An order by its number as people type it."""
        found: Order | None = self._now("order", self._numbers.get(normal_order_id(order_id), ""))[1]
        return found

    async def customer(self, customer_id: str) -> Customer | None:
        """A customer by id."""
        found: Customer | None = self._now("customer", customer_id)[1]
        return found

    async def orders_of(self, customer_id: str) -> list[Order]:
        """A customer's orders."""
        return [self._now("order", key)[1] for key in self._of.get(customer_id, [])]

    async def look(self, order_id: str, customer_id: str, skus: Collection[str]) -> Snapshot:
        """An order under exactly this number, its customer and its products, with their versions."""
        order: Order | None = self._now("order", order_id)[1]
        owner = order.customer_id if order else customer_id
        items = order.items if order else []
        wanted = {self._keys.get(sku.upper(), "") for sku in [*skus, *(item.sku for item in items)]}
        ids = {*wanted, *(item.product_id for item in items)}
        keys: list[Key] = [("order", order_id), ("customer", owner), *(("product", key) for key in sorted(ids))]
        seen = {key: self._now(*key) for key in keys if self._now(*key)[1] is not None}
        products = tuple(noun for (kind, _), (_, noun) in seen.items() if kind == "product")
        versions = {key: version for key, (version, _) in seen.items()}
        return Snapshot(order, await self.customer(owner), products, tuple(await self.orders_of(owner)), versions)

    async def change(self, change: Change) -> None:
        """Write a change, once, on the state it was decided on."""
        if change.operation_id in self._written:
            if not self._written[change.operation_id]:
                raise OperationBarred(change.operation_id)
            return
        if any(self._now(*key)[0] != version for key, version in change.seen.items()):
            raise StateChanged("the state has changed")
        fresh: dict[Key, Any] = {("product", p.product_id): p for p in self._stocked(change.stock)}
        fresh |= {("order", change.order.order_id): change.order} if change.order else {}
        fresh |= {("customer", change.customer.customer_id): change.customer} if change.customer else {}
        self._changed |= {key: (self._now(*key)[0] + 1, noun) for key, noun in fresh.items()}
        self._written[change.operation_id] = True

    def _stocked(self, stock: Mapping[str, int]) -> list[Product]:
        owners = {self._keys[sku.upper()] for sku in stock if sku.upper() in self._keys}
        return [move_stock(self._now("product", key)[1].model_copy(deep=True), stock) for key in sorted(owners)]

    async def settle(self, operation_id: str) -> bool:
        """Whether a change was written; where not, it never will be."""
        return self._written.setdefault(operation_id, False)


class ScratchLedger:
    """A ledger in memory. Implements the port `Ledger` of the tools."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    async def open(self, entry: Entry) -> Entry | None:
        """Keep a new entry; the one that is there comes back where its operation is known."""
        known = self._entries.setdefault(entry.operation_id, entry)
        return None if known is entry else known

    async def move(self, entry: Entry, since: Status) -> bool:
        """Keep an entry in its new state, if it is still in the one it left."""
        held = self._entries.get(entry.operation_id)
        if held is None or held.status != since:
            return False
        self._entries[entry.operation_id] = entry
        return True

    async def find(self, operation_id: str) -> Entry | None:
        """An entry by its operation."""
        return self._entries.get(operation_id)

    async def entries(
        self, status: str = "", limit: int = 100, session_id: str = "", customer_id: str = ""
    ) -> list[Entry]:
        """The newest entries."""
        newest = [entry for entry in reversed(self._entries.values()) if entry.status == (status or entry.status)]
        owners = {("session_id", session_id), ("customer_id", customer_id)} - {("session_id", ""), ("customer_id", "")}
        ours = [entry for entry in newest if not owners or any(getattr(entry, name) == of for name, of in owners)]
        return ours[:limit]

    async def note_told(self, entry: Entry) -> None:
        """Whoever asked knows now that the entry is in this state."""
        self._entries[entry.operation_id] = replace(self._entries[entry.operation_id], told=entry.status)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
