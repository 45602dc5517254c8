"""A corner shop of one order, whose whole state can be told at a glance, and three ways to act on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.actions import ActionLedger
from integrations.database.engine import open_engine, prepare
from integrations.database.shop import BuiltInShop, ShopData
from integrations.database.tables import ActionRow, OperationRow
from knowledge.commerce import Customer, Order, Product
from knowledge.service.case import Asker
from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import Request
from knowledge.shop import Shop
from tools.actions.clerk import Clerk, Errand
from tools.actions.consent import Consent, read
from tools.actions.decisions import approve, retry
from tools.actions.ledger import Ledger
from tools.actions.outcome import Outcome
from tools.actions.reconciling import NOT_CARRIED_OUT

SECRET = "a secret of at least thirty-two bytes"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

LAMP = Product.model_validate(
    {"product_id": "P1", "name": "Lamp", "variants": [{"sku": "LMP-1", "price": "30", "stock": 5}]}
)
ANN = Customer.model_validate(
    {
        "customer_id": "ann",
        "payment_methods": {"card": {"source": "credit_card"}, "gift": {"source": "gift_card", "balance": "12"}},
    }
)
ORDER = Order.model_validate(
    {
        "order_id": "AB-12", "customer_id": "ann", "status": "pending", "currency": "EUR",
        "items": [{"name": "Lamp", "product_id": "P1", "sku": "LMP-1", "price": "30"}],
        "payment_history": [
            {"transaction_type": "payment", "amount": "20", "payment_method_id": "card"},
            {"transaction_type": "payment", "amount": "10", "payment_method_id": "gift"},
        ],
    }
)  # fmt: skip
STOCK = ShopData([LAMP], [ANN], [ORDER], {"name": "Corner Shop", "home_currency": "EUR"})

POLICY = ServicePolicy.model_validate(
    {
        "actions": {"cancel_order": {"becomes": "cancelled"}, "refund_order": {}, "give_goodwill": {}},
        "rules": [{"rule": "PENDING", "check": "status", "actions": ["cancel_order"], "allowed": ["pending"]}],
        "limits": [
            {"level": "agent", "actions": ["refund_order"], "up_to": {"EUR": "10"}},
            {"level": "agent", "actions": ["give_goodwill"], "up_to": {"EUR": "10"}, "per": "order"},
            {"level": "lead", "actions": ["refund_order", "give_goodwill"]},
        ],
    }
)
SHOPPER, AGENT, LEAD = Asker("ann"), Asker(role="operator", rank="agent"), Asker(role="operator", rank="lead")
CANCEL = Request.of("cancel_order", {"order_id": "AB-12", "reason": "no longer needed"})
REFUND = Request.of("refund_order", {"order_id": "AB-12", "reason": "broken", "amount": "25"})

State = tuple[str, list[tuple[str, str]], str, int | None]
UNTOUCHED: State = ("pending", [], "12", 5)
CANCELLED: State = ("cancelled", [("card", "20"), ("gift", "10")], "22", 6)
REFUNDED: State = ("pending", [("card", "20"), ("gift", "5")], "17", 5)
AFTER = {"direct": CANCELLED, "token": CANCELLED, "approval": REFUNDED}
WAYS = tuple(AFTER)
"""Confirmed beforehand, by the token of a quote, and by a person of the shop."""

OPERATION = "operation-1"


@dataclass
class Corner:
    """The shop, its ledger and a clerk; `minutes` is how far the clock is ahead of noon."""

    shop: Shop
    ledger: Ledger
    minutes: float = 0

    @property
    def clerk(self) -> Clerk:
        return Clerk(self.shop, self.ledger, POLICY, SECRET, lambda: NOON + timedelta(minutes=self.minutes))

    async def state(self) -> State:
        """The order's state, its refunds, the gift card's balance and the stock."""
        order, ann, lamp = (
            await self.shop.order("AB-12"), await self.shop.customer("ann"), await self.shop.product("P1"),
        )  # fmt: skip
        assert order
        assert ann
        assert lamp
        refunds = [entry for entry in order.payment_history if entry["transaction_type"] == "refund"]
        told = [(entry["payment_method_id"], f"{Decimal(str(entry['amount'])).normalize():f}") for entry in refunds]
        balance = Decimal(str(ann.payment_methods["gift"]["balance"])).normalize()
        return order.status, told, f"{balance:f}", lamp.variants[0].stock

    async def ask(self, way: str) -> str:
        """What goes before the last step; the token of the quote where there is one."""
        if way == "direct":
            return ""
        errand = Errand(SHOPPER, CANCEL, "ann", operation_id=OPERATION) if way == "token" else _refund()
        outcome = await self.clerk.act(errand)
        assert outcome.status == ("needs_confirmation" if way == "token" else "needs_approval")
        return outcome.token

    async def finish(self, way: str, token: str) -> Outcome:
        """The last step: the one that writes. It may be repeated."""
        if way == "approval":
            return await approve(self.clerk, OPERATION, LEAD, "lead")
        consent = read(SECRET, token, "ann", NOON) if way == "token" else Consent.to(CANCEL)
        return await self.clerk.act(Errand(SHOPPER, CANCEL, "ann", consent=consent, operation_id=OPERATION))

    async def agrees(self, way: str, operation_id: str = OPERATION) -> bool:
        """Whether ledger and shop tell the same, which was settled; True where the action was carried out."""
        entry = await self.ledger.find(operation_id)
        assert entry is not None
        assert entry.status == "done" or (entry.status, entry.rule) == ("denied", NOT_CARRIED_OUT)
        assert await self.state() == (AFTER[way] if entry.status == "done" else UNTOUCHED)
        assert await self.shop.settle(operation_id) == (entry.status == "done")
        return entry.status == "done"

    async def ends_well(self, way: str, token: str) -> None:
        """However it was left: looked into after the lease, ledger and shop agree, and the action is carried out in the
        end, once, however often it is repeated.
        """
        self.minutes += 2
        await self.clerk.reconcile()
        if await self.ledger.find(OPERATION) is None or not await self._settled():
            assert await self.state() == UNTOUCHED
            await self.finish(way, token)
        if not await self.agrees(way):
            await self._again(way)
        await self.finish(way, token)
        await retry(self.clerk, OPERATION, "lead")
        assert await self.clerk.reconcile() == []
        assert await self.state() == AFTER[way]

    async def _settled(self) -> bool:
        entry = await self.ledger.find(OPERATION)
        return entry is not None and entry.status in ("done", "denied")

    async def _again(self, way: str) -> None:
        outcome = await retry(self.clerk, OPERATION, "lead")
        if outcome.status == "needs_approval":
            outcome = await approve(self.clerk, outcome.operation_id, LEAD, "lead")
        assert outcome.status == "done"
        assert outcome.operation_id != OPERATION
        assert await self.agrees(way, outcome.operation_id)


def _refund() -> Errand:
    return Errand(AGENT, REFUND, "agent", consent=Consent.to(REFUND), operation_id=OPERATION)


@asynccontextmanager
async def open_corner(
    url: str, shop: Callable[[Any], Any] = lambda shop: shop, ledger: Callable[[Any], Any] = lambda ledger: ledger,
    tune: Callable[[AsyncEngine, str], None] = lambda _engine, _of: None, fill: bool = False,
) -> AsyncIterator[Corner]:  # fmt: skip
    """The corner shop in a database, with its shop, ledger and their engines changed as told."""
    engines = {name: open_engine(url) for name in ("shop", "ledger")}
    for name, engine in engines.items():
        tune(engine, name)
    try:
        sessions = await prepare(engines["shop"])
        built = BuiltInShop(sessions, {})
        if fill:
            await built.replace(STOCK)
            async with sessions.begin() as database:
                await database.execute(delete(OperationRow))
                await database.execute(delete(ActionRow))
        await built.read_facts()
        yield Corner(shop(built), ledger(ActionLedger(await prepare(engines["ledger"]))))
    finally:
        for engine in engines.values():
            await engine.dispose()
