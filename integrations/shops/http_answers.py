"""What a shop behind HTTP answers; an answer of another shape, or to another question, is none."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from knowledge.commerce import Customer, Order, Product
from knowledge.shop import Kind, Snapshot


class Answer(BaseModel):
    """An answer. What it says beyond the protocol is not read; what it leaves out makes it unreadable."""

    model_config = ConfigDict(extra="ignore")


class AboutShop(Answer):
    """What is true of the shop as a whole."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    home_currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class Products(Answer):
    """Every product."""

    products: list[Product]


class OneProduct(Answer):
    """A product, or null."""

    product: Product | None


class OneOrder(Answer):
    """An order, or null."""

    order: Order | None


class OneCustomer(Answer):
    """A customer, or null."""

    customer: Customer | None


class Orders(Answer):
    """A customer's orders."""

    orders: list[Order]


class Version(Answer):
    """The version of a noun."""

    kind: Kind
    id: str
    version: Annotated[int, Field(ge=0, strict=True)]


class Looked(Answer):
    """The state an action is judged against."""

    order: Order | None
    customer: Customer | None
    products: list[Product]
    history: list[Order]
    versions: list[Version]

    def snapshot(self) -> Snapshot:
        """As the port has it."""
        versions = {(seen.kind, seen.id): seen.version for seen in self.versions}
        return Snapshot(self.order, self.customer, tuple(self.products), tuple(self.history), versions)

    def answers(self, order_id: str, customer_id: str) -> bool:
        """Whether it is about this order or customer, with the version of every noun that can be written."""
        order, customer = self.order, self.customer
        owner = order.customer_id if order else customer_id
        held: set[tuple[Kind, str]] = {("product", product.product_id) for product in self.products}
        held |= {("order", order.order_id)} if order else set()
        held |= {("customer", customer.customer_id)} if customer else set()
        about = (order is None or order.order_id == order_id) and (customer is None or customer.customer_id == owner)
        own = all(other.customer_id == owner for other in self.history)
        return about and own and held <= {(seen.kind, seen.id) for seen in self.versions}


class Changed(Answer):
    """What became of a change."""

    operation_id: str
    outcome: Literal["written", "changed", "barred"]


class Settled(Answer):
    """Whether an operation was written; where not, it never will be."""

    operation_id: str
    written: StrictBool
