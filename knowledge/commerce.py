"""The nouns of trade every other package speaks: products, orders, parcels, customers, money."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Amount = Annotated[Decimal, BeforeValidator(lambda value: Decimal(str(value)) if isinstance(value, float) else value)]
"""An exact decimal. A float from JSON is read by its shortest text, so 50.88 stays 50.88."""

Moment = Annotated[datetime, AfterValidator(lambda at: at if at.tzinfo else at.replace(tzinfo=UTC))]
"""A point in time; one written without a zone is read as UTC."""

Fact = str | bool | int | float | list[Any]


class Noun(BaseModel):
    """A noun of trade. Fields it does not know are kept: a merchant's own attributes are never dropped."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    @property
    def attributes(self) -> dict[str, Any]:
        """The merchant's fields this version has no name for."""
        return dict(self.model_extra or {})


class Certificate(Noun):
    """A document that bears a claim; valid from and until are inclusive days."""

    name: str
    number: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


class Question(Noun):
    """A question the merchant has answered about one product."""

    q: str
    a: str


class Variant(Noun):
    """One thing that can be put in a parcel. `prices` by ISO currency; `price` where a shop has only one.
    `lowest_30_days`: the lowest price of the last thirty days by currency, where the shop states it of a reduced one.
    """

    sku: str = Field(alias="item_id")
    options: dict[str, str] = {}
    available: bool = True
    stock: int | None = None
    price: Amount | None = None
    prices: dict[str, Amount] = {}
    lowest_30_days: dict[str, Amount] = {}
    gtin: str = ""

    def price_in(self, currency: str, home_currency: str) -> tuple[Decimal, str] | None:
        """The price in a currency the shop states; else in its home currency; None where no price is stated.

        Never converted: an exchange rate is not a fact the shop holds.
        """
        stated = {home_currency: self.price, **self.prices} if self.price is not None else self.prices
        for wanted in (currency, home_currency, *stated):
            price = stated.get(wanted)
            if price is not None:
                return price, wanted
        return None


class Product(Noun):
    """What is sold, with its attested facts. `names` and `summaries` hold other locales' texts."""

    product_id: str
    name: str
    family: str = ""
    category: str = ""
    summary: str = ""
    keywords: list[str] = []
    names: dict[str, str] = {}
    summaries: dict[str, str] = {}
    facts: dict[str, Fact] = {}
    certificates: list[Certificate] = []
    warnings: list[str] = []
    in_the_box: list[str] = []
    not_to_say: list[str] = []
    faq: list[Question] = []
    launched: date | None = None
    image_hint: str = ""
    variants: list[Variant] = []

    def name_in(self, locale: str) -> str:
        """The product's name in a locale, else as the shop writes it."""
        return self.names.get(locale) or self.name

    def summary_in(self, locale: str) -> str:
        """The summary in a locale, else as the shop writes it."""
        return self.summaries.get(locale) or self.summary


class Address(Noun):
    """Where a parcel goes. `country` as the shop writes it (ISO code or name)."""

    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    zip: str = ""


class Customer(Noun):
    """A person who buys."""

    customer_id: str = Field(alias="user_id")
    email: str = ""
    name: dict[str, str] | str = ""
    address: Address = Address()
    payment_methods: dict[str, dict[str, Any]] = {}
    orders: list[str] = []
    locale: str = ""
    market: str = ""


class OrderItem(Noun):
    """A line of an order; `price` is for one piece."""

    name: str
    product_id: str = ""
    sku: str = Field("", alias="item_id")
    price: Amount | None = None
    quantity: int = 1
    options: dict[str, str] = {}


class ParcelEvent(Noun):
    """One scan of a parcel. `code` is one of the words of `PARCEL_CODES`, or a carrier's own."""

    at: Moment
    code: str
    place: str = ""
    note: str = ""


class Parcel(Noun):
    """A parcel on its way, its events oldest first."""

    tracking_id: str
    carrier: str = ""
    events: list[ParcelEvent] = []
    estimated_from: date | None = None
    estimated_until: date | None = None


class Return(Noun):
    """Goods on their way back. `kind` is return, exchange or withdrawal; `refund_amount` is what was promised for
    them, then paid; `new_items` are the goods sent in exchange, at the price agreed, `price_difference` what they cost
    more. `operation_id` names the action.
    """

    return_id: str
    status: str
    kind: str = "return"
    item_ids: list[str] = []
    requested_at: Moment | None = None
    received_at: Moment | None = None
    refunded_at: Moment | None = None
    refund_amount: Amount | None = None
    refund_method: str = ""
    new_item_ids: list[str] = []
    new_items: list[OrderItem] = []
    price_difference: Amount | None = None
    operation_id: str = ""


class Order(Noun):
    """What a customer bought. `market` is the ISO country it ships to, `placed_at` UTC."""

    order_id: str
    customer_id: str = Field(alias="user_id")
    status: str
    items: list[OrderItem] = []
    address: Address = Address()
    market: str = ""
    channel: str = ""
    currency: str = ""
    placed_at: Moment | None = None
    delivered_at: Moment | None = None
    fulfillments: list[dict[str, Any]] = []
    payment_history: list[dict[str, Any]] = []
    tracking: list[Parcel] = []
    returns: list[Return] = []
    subscription: dict[str, Any] | None = None
    cancel_reason: str = ""

    @property
    def tracking_ids(self) -> list[str]:
        """Numbers of all parcels, whether the shop has their events or only their numbers."""
        named = [parcel.tracking_id for parcel in self.tracking]
        plain = [number for entry in self.fulfillments for number in entry.get("tracking_id", [])]
        return list(dict.fromkeys([*named, *plain]))


PARCEL_CODES = (
    "label_created", "picked_up", "at_origin_hub", "export_cleared", "departed_origin", "arrived_destination",
    "import_customs", "customs_hold", "customs_cleared", "at_local_depot", "out_for_delivery", "delivery_attempted",
    "at_pickup_point", "delivered", "lost", "returning_to_sender", "returned_to_sender",
)  # fmt: skip
"""What a parcel event may say; each has a translation in the message catalogues."""


@lru_cache(512)  # each rule about an order compares it
def normal_order_id(order_id: str) -> str:
    """An order number as people type it, reduced to what identifies it: case, '#' and spaces do not count."""
    plain = unicodedata.normalize("NFKC", order_id).upper()
    visible = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")
    return visible.strip(".,;:!?()[]\"'#")
