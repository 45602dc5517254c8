"""The terms of returns, as data: how long, at whose cost, and what stays out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from knowledge.commerce import Order, Product
from knowledge.markets import market_groups

T = TypeVar("T")


class Exclusion(BaseModel):
    """Goods that cannot be returned, or only under a condition that a person checks when they arrive."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    categories: list[str] = []
    families: list[str] = []
    when: str = "always"
    passage: str = ""

    def covers(self, product: Product) -> bool:
        """Whether a product falls under it."""
        return product.category in self.categories or product.family in self.families


class Returns(BaseModel):
    """How long goods may be sent back, counted in days from delivery, and what is kept of the price.

    `days_by_market` and `days_by_category` go before `days`, the category first; `statutory_days` is what the law
    gives. `postage` is deducted in the market's currency. `restocking_percent` of the price is kept.
    """

    model_config = ConfigDict(extra="forbid")

    days: int = Field(ge=0)
    days_by_market: dict[str, int] = {}
    days_by_category: dict[str, int] = {}
    passage: str = ""
    statutory_days: dict[str, int] = {}
    statutory_passage: str = ""
    postage: dict[str, Decimal] = {}
    postage_passage: str = ""
    postage_free_days: dict[str, int] = {}
    restocking_percent: Decimal = Field(Decimal(0), ge=0, le=100)
    restocking_by_category: dict[str, Decimal] = {}
    channels_elsewhere: list[str] = []
    channels_passage: str = ""
    exclusions: list[Exclusion] = []

    def days_for(self, market: str, product: Product | None = None) -> int:
        """How long a product may go back from a market."""
        if product is not None and product.category in self.days_by_category:
            return self.days_by_category[product.category]
        return of_market(self.days_by_market, market, self.days)

    def statutory_days_for(self, market: str) -> int | None:
        """How long the law lets a shopper of a market withdraw, or None where the terms name no such right."""
        return of_market(self.statutory_days, market, None)

    def postage_for(self, market: str, days: int | None = None) -> Decimal | None:
        """Return postage deducted in a market's currency, `days` after delivery where that matters; 0 where free,
        None where the terms state none.
        """
        free = of_market(self.postage_free_days, market, None)
        if free is not None and days is not None and days <= free:
            return Decimal(0)
        return of_market(self.postage, market, None)

    def restocking_for(self, product: Product | None) -> Decimal:
        """Percent of a product's price that is kept."""
        category = product.category if product else ""
        return self.restocking_by_category.get(category, self.restocking_percent)


def of_market(stated: Mapping[str, T], market: str, otherwise: T) -> T:
    """What is stated for a market, else for a group it belongs to."""
    return next((stated[name] for name in market_groups(market) if name in stated), otherwise)


def delivered_on(order: Order) -> date | None:
    """The day an order was delivered: as the shop says, else by the last parcel's delivery scan."""
    scans = [event.at for parcel in order.tracking for event in parcel.events if event.code == "delivered"]
    delivered = order.delivered_at or max(scans, default=None)
    return delivered.date() if delivered else None


def last_return_day(order: Order, terms: Returns, product: Product | None = None) -> date | None:
    """The last day on which a return may be asked for, or None before delivery."""
    delivered = delivered_on(order)
    return delivered + timedelta(days=terms.days_for(order.market, product)) if delivered else None


def exclusion_of(product: Product | None, terms: Returns) -> Exclusion | None:
    """The exclusion a product falls under, if any."""
    if product is None:
        return None
    return next((exclusion for exclusion in terms.exclusions if exclusion.covers(product)), None)
