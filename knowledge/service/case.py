"""A case: an action somebody asks for, and the state of the moment it is judged against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from knowledge.commerce import Customer, Order, OrderItem, Product, Return, Variant
from knowledge.service.requests import Request
from knowledge.service.terms import Returns

STAFF = "operator"


@dataclass(frozen=True)
class Asker:
    """Who asks, as code attested it: a signed-in customer, orders opened by proof, or the shop's staff with a rank."""

    customer_id: str = ""
    order_ids: frozenset[str] = frozenset()
    role: str = "shopper"
    rank: str = ""

    @property
    def staff(self) -> bool:
        """Whether the shop's own staff ask, for a customer."""
        return self.role == STAFF

    @property
    def level(self) -> str:
        """The name limits go by: a rank of the staff, else shopper."""
        return (self.rank or "agent") if self.staff else "shopper"


@dataclass(frozen=True)
class Case:
    """All that rules look at. `customer` is whose order it is, `history` their other orders; `market` decides which
    rules hold.
    """

    request: Request
    asker: Asker
    now: datetime
    order: Order | None = None
    customer: Customer | None = None
    products: Mapping[str, Product] = field(default_factory=dict)
    history: Sequence[Order] = ()
    terms: Returns | None = None
    home_currency: str = ""

    @property
    def market(self) -> str:
        """ISO country whose rules hold: the order's, else the customer's."""
        return (self.order.market if self.order else "") or (self.customer.market if self.customer else "")

    @property
    def currency(self) -> str:
        """ISO currency of the order; '' where the shop names none."""
        return (self.order.currency if self.order else "") or self.home_currency

    @cached_property
    def variants(self) -> dict[str, tuple[Product, Variant]]:
        """Variants at hand, by SKU."""
        return {v.sku: (product, v) for product in self.products.values() for v in product.variants}

    @cached_property
    def chosen(self) -> list[OrderItem]:
        """Pieces of the order the request names, one by one; a piece the order does not hold is left out."""
        held: dict[str, list[OrderItem]] = {}
        for item in self.order.items if self.order else []:
            held.setdefault(item.sku, []).extend([item.model_copy(update={"quantity": 1})] * item.quantity)
        return [held[sku].pop(0) for sku in self.request.item_ids if held.get(sku)]

    @property
    def at_hand(self) -> list[OrderItem]:
        """Pieces of the order, one by one, that were not sent back and are not on their way back."""
        if self.order is None:
            return []
        left = left_of(self.order, self.order.returns)
        pieces = [item.model_copy(update={"quantity": 1}) for item in self.order.items for _ in range(item.quantity)]
        kept = []
        for piece in reversed(pieces):
            if left[piece.sku] > 0:
                left[piece.sku] -= 1
                kept.append(piece)
        return kept[::-1]

    @property
    def missing_items(self) -> bool:
        """Whether the request names a piece, or more copies of one, than the order holds."""
        return len(self.chosen) < len(self.request.item_ids)

    @property
    def pairs(self) -> list[tuple[OrderItem, tuple[Product, Variant]]]:
        """Pieces with what is to take their place, where both are known."""
        found = zip(self.chosen, self.request.new_item_ids, strict=False)
        return [(item, self.variants[sku]) for item, sku in found if sku in self.variants]

    def product_of(self, item: OrderItem) -> Product | None:
        """The product of an item of the order, or None where the shop no longer sells it."""
        found = self.variants.get(item.sku)
        return self.products.get(item.product_id) or (found[0] if found else None)

    def price_of(self, variant: Variant) -> Decimal | None:
        """A variant's price in the order's currency, or None where none is stated in it."""
        stated = variant.price_in(self.currency, self.home_currency or self.currency)
        return stated[0] if stated and stated[1] == self.currency else None

    @property
    def difference(self) -> Decimal:
        """What the pieces that take the others' place cost more; below 0 where they cost less."""
        if self.settled:
            return self.settled.price_difference or Decimal(0)
        return sum(
            ((self.price_of(new) or Decimal(0)) - (old.price or Decimal(0)) for old, (_, new) in self.pairs), Decimal(0)
        )

    @property
    def wanted_stock(self) -> Counter[str]:
        """How many of each variant the request takes from stock."""
        if self.request.name == "resend_parcel" and self.order:
            return Counter({item.sku: item.quantity for item in self.order.items})
        return Counter(variant.sku for _, (_, variant) in self.pairs)

    @property
    def method_id(self) -> str:
        """The payment method it is about: the one named, else the one of the return it is about."""
        return self.request.payment_method_id or (self.settled.refund_method if self.settled else "")

    @property
    def settled(self) -> Return | None:
        """The return the request is about."""
        wanted = getattr(self.request.arguments, "return_id", "")
        return next((entry for entry in (self.order.returns if self.order else []) if entry.return_id == wanted), None)

    def source_of(self, method_id: str) -> str:
        """What kind of payment method an id of the customer's is (gift_card, credit_card, ...), or ''."""
        methods = self.customer.payment_methods if self.customer else {}
        return str(methods.get(method_id, {}).get("source", ""))

    def balance_of(self, method_id: str) -> Decimal | None:
        """The balance of a gift card of the customer's, or None where the shop states none."""
        held = (self.customer.payment_methods if self.customer else {}).get(method_id, {}).get("balance")
        return None if held is None else Decimal(str(held))


def left_of(order: Order, returns: Sequence[Return]) -> Counter[str]:
    """Pieces of an order by SKU, less those of returns; what was exchanged is the order's own again."""
    left: Counter[str] = Counter()
    for item in order.items:
        left[item.sku] += item.quantity
    back = [entry for entry in returns if entry.status not in ("rejected", "exchanged")]
    left.subtract(sku for entry in back for sku in entry.item_ids)
    return left
