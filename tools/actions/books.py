"""The books of one action: what it moves, drawn up on copies, so that nothing happens before all of it is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from knowledge.commerce import Customer, Order, OrderItem, Product
from knowledge.service.case import Case
from knowledge.service.payments import goods_value, rounded, share
from knowledge.service.policy import Effect
from knowledge.service.terms import delivered_on
from knowledge.shop import Versions


@dataclass(frozen=True)
class QuoteLine:
    """One line of a quote. `kind` is item, new_item, return, exchange, discount, tax, shipping, fee, postage,
    adjustment, refund, goodwill; `amount` is the customer's: above 0 they get it, below 0 they pay it.
    """

    kind: str
    label: str
    amount: Decimal
    item_id: str = ""


@dataclass(frozen=True)
class QuoteMethod:
    """What moves by one payment method: above 0 the customer gets it, below 0 they pay it. `source` is the kind of
    method (credit_card, ...) and `last_four` the digits people know it by, where the shop states them.
    """

    payment_method_id: str
    amount: Decimal
    source: str = ""
    last_four: str = ""


@dataclass(frozen=True)
class Quote:
    """What an action does to the money, line by line. `total` is the sum of the lines: above 0 the customer gets it,
    below 0 they pay it. `methods` says by which; `when` is now or on_arrival (of the goods); `days` the business days
    a refund takes.
    """

    action: str
    order_id: str
    currency: str
    lines: tuple[QuoteLine, ...] = ()
    methods: tuple[QuoteMethod, ...] = ()
    when: str = "now"
    days: tuple[int, int] | None = None

    @property
    def total(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    def told(self) -> dict[str, Any]:
        """As plain data; amounts are decimals in text."""
        return {
            "action": self.action, "order_id": self.order_id, "currency": self.currency, "total": str(self.total),
            "lines": [{"kind": line.kind, "label": line.label, "item_id": line.item_id, "amount": str(line.amount)}
                      for line in self.lines],
            "methods": [{**asdict(method), "amount": str(method.amount)} for method in self.methods],
            "when": self.when, "business_days": list(self.days) if self.days else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What an action would leave behind: nouns after it (None: untouched), stock moved by SKU, and its quote."""

    quote: Quote
    order: Order | None
    customer: Customer | None
    stock: Counter[str]

    def stands_on(self, versions: Versions, case: Case) -> Versions:
        """The versions it holds for: its order and customer, and products it takes from stock or prices."""
        skus = {*self.stock, *case.request.new_item_ids}
        products = {case.variants[sku][0].product_id for sku in skus if sku in case.variants}
        return {key: version for key, version in versions.items() if key[0] != "product" or key[1] in products}


@dataclass
class Books:
    """Draws up a plan. Money moved is entered in the order's history and, for a gift card, in its balance."""

    case: Case
    effect: Effect
    operation_id: str
    order: Order = field(init=False)
    customer: Customer | None = field(init=False)
    stock: Counter[str] = field(default_factory=Counter)
    lines: list[QuoteLine] = field(default_factory=list)
    methods: list[tuple[str, Decimal]] = field(default_factory=list)
    when: str = "now"

    def __post_init__(self) -> None:
        """Work on copies: the case stays as it was judged."""
        held = self.case.order
        self.order = held.model_copy(deep=True) if held else Order(order_id="", customer_id="", status="")
        self.customer = self.case.customer.model_copy(deep=True) if self.case.customer else None

    @property
    def now(self) -> datetime:
        """The moment of the action."""
        return self.case.now

    @property
    def currency(self) -> str:
        """The order's currency."""
        return self.case.currency

    def line(self, kind: str, label: str, amount: Decimal, item_id: str = "") -> None:
        """Add a line to the quote, unless it moves nothing."""
        if amount or kind in ("item", "new_item"):
            self.lines.append(QuoteLine(kind, label, rounded(amount, self.currency), item_id))

    def value_items(self, items: list[OrderItem]) -> Decimal:
        """Lines for what was paid for items: listed price, less their share of the order's discount, plus their share
        of a tax that came on top. Returns the sum.
        """
        before, whole = len(self.lines), goods_value(self.order.items)
        for item in items:
            self.line(
                "item",
                labelled(item.name, item.options, item.quantity),
                (item.price or Decimal(0)) * item.quantity,
                item.sku,
            )
        part = goods_value(items)
        for kind, sign in (("discount", -1), ("tax", 1)):
            amount = Decimal(str(self.order.attributes.get(kind) or 0))
            self.line(kind, kind, sign * share(amount, part, whole, self.currency))
        return sum((line.amount for line in self.lines[before:]), Decimal(0))

    def settle_at(self, total: Decimal) -> None:
        """Make the lines sum up to what is really moved; what differs is a line of its own."""
        self.line("adjustment", "adjustment", total - sum((line.amount for line in self.lines), Decimal(0)))

    def refund(self, method: str, amount: Decimal, **more: Any) -> None:
        """Pay an amount back now."""
        self._enter("refund", method, amount, more)

    def pay(self, method: str, amount: Decimal) -> None:
        """Take an amount now."""
        self._enter("payment", method, amount, {})

    def _enter(self, kind: str, method: str, amount: Decimal, more: dict[str, Any]) -> None:
        sign = 1 if kind == "refund" else -1
        self.methods.append((method, sign * amount))
        entry = {"transaction_type": kind, "amount": amount, "payment_method_id": method, **more}
        dated = any("at" in held for held in self.order.payment_history) or not self.order.payment_history
        entry |= {"at": self.now.isoformat()} if dated else {}
        self.order.payment_history = [*self.order.payment_history, entry]
        held = self.customer.payment_methods.get(method, {}) if self.customer else {}
        if held.get("source") == "gift_card" and held.get("balance") is not None:
            held["balance"] = Decimal(str(held["balance"])) + sign * amount

    @property
    def days(self) -> tuple[int, int] | None:
        """The business days that what is paid back takes; a gift card has it at once, unless goods must come first."""
        paid_back = [self.case.source_of(method) for method, amount in self.methods if amount > 0]
        if self.when == "on_arrival":
            return self.effect.days_by(paid_back) if paid_back else self.effect.refund_days
        return self.effect.days_by(source for source in paid_back if source != "gift_card")

    @property
    def left(self) -> bool:
        """Whether the goods were sent."""
        return bool(self.order.tracking_ids or delivered_on(self.order))

    def put_back(self, items: list[OrderItem]) -> None:
        """Goods that did not leave go back to stock."""
        for item in items if not self.left else ():
            self.stock[item.sku] += item.quantity

    def plan(self) -> Plan:
        """What the action would leave behind."""
        quote = Quote(
            self.case.request.name, self.order.order_id, self.currency, tuple(self.lines),
            tuple(self._method(name, amount) for name, amount in self.methods), self.when, self.days,
        )  # fmt: skip
        order = self.order if self.case.order is not None and self.order != self.case.order else None
        customer = self.customer if self.customer != self.case.customer else None
        return Plan(quote, order, customer, Counter({sku: count for sku, count in self.stock.items() if count}))

    def _method(self, name: str, amount: Decimal) -> QuoteMethod:
        held = self.customer.payment_methods.get(name, {}) if self.customer else {}
        return QuoteMethod(name, amount, self.case.source_of(name), str(held.get("last_four") or ""))

    def product(self, sku: str) -> Product:
        """The product of a variant at hand."""
        return self.case.variants[sku][0]


def labelled(name: str, options: Mapping[str, str], quantity: int = 1) -> str:
    """Goods as a line of a quote names them: which variant, and how many pieces where it is not one."""
    chosen = ", ".join(options.values())
    return (f"{quantity} × " if quantity != 1 else "") + name + (f" ({chosen})" if chosen else "")
