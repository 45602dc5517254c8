"""What the shop lets a customer do, as data: so far, how long and what may be returned."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.commerce import Order, Product
from knowledge.markets import market_groups

log = logging.getLogger(__name__)


class Exclusion(BaseModel):
    """Goods that cannot be returned, or only under a condition that a person checks when they arrive."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    categories: list[str] = []
    families: list[str] = []
    when: str = "always"
    passage: str = ""


class Returns(BaseModel):
    """How long goods may be sent back, counted in days from delivery."""

    model_config = ConfigDict(extra="forbid")

    days: int
    passage: str = ""
    statutory_days: dict[str, int] = {}
    postage: dict[str, Decimal] = {}
    postage_passage: str = ""
    channels_elsewhere: list[str] = []
    channels_passage: str = ""
    exclusions: list[Exclusion] = []

    def postage_for(self, market: str) -> Decimal | None:
        """Return postage deducted in a market's currency; 0 where free, None where the policy states none."""
        for name in market_groups(market):
            if name in self.postage:
                return self.postage[name]
        return None


class ServicePolicy(BaseModel):
    """A shop's service policy. A part the shop has not written is None: then nothing is promised."""

    model_config = ConfigDict(extra="ignore")

    returns: Returns | None = None

    @classmethod
    def of(cls, data: dict[str, Any]) -> ServicePolicy:
        """The policy as imported; one of another shape promises nothing."""
        try:
            return cls.model_validate(data)
        except ValidationError:
            log.warning("the service policy cannot be read; nothing is promised")
            return cls()


def delivered_on(order: Order) -> date | None:
    """The day an order was delivered: as the shop says, else by the last parcel's delivery scan."""
    scans = [event.at for parcel in order.tracking for event in parcel.events if event.code == "delivered"]
    delivered = order.delivered_at or max(scans, default=None)
    return delivered.date() if delivered else None


def last_return_day(order: Order, policy: Returns) -> date | None:
    """The last day on which a return may be asked for, or None before delivery."""
    delivered = delivered_on(order)
    return delivered + timedelta(days=policy.days) if delivered else None


def exclusion_of(product: Product | None, policy: Returns) -> Exclusion | None:
    """The exclusion a product falls under, if any."""
    if product is None:
        return None
    for exclusion in policy.exclusions:
        if product.category in exclusion.categories or product.family in exclusion.families:
            return exclusion
    return None
