"""Signals that something should be looked at by a person. A signal is a reason to look, never a refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from knowledge.markets import market_of
from knowledge.service.case import Case
from knowledge.service.rules import Rule
from knowledge.service.terms import delivered_on


class Velocity(Rule):
    """Many orders in a short time."""

    check: Literal["velocity"]
    orders: int = Field(gt=0)
    days: int = Field(gt=0)

    def holds(self, case: Case) -> bool:
        """Fewer than that."""
        since = case.now - timedelta(days=self.days)
        return sum(bool(order.placed_at and order.placed_at >= since) for order in case.history) < self.orders

    def explain(self) -> str:
        """In English."""
        return f"{self.orders} or more orders within {self.days} days"


class SerialReturner(Rule):
    """Returns out of the ordinary, across orders."""

    check: Literal["serial_returner"]
    returns: int = Field(gt=0)
    days: int = Field(gt=0)

    def holds(self, case: Case) -> bool:
        """Fewer than that."""
        since = case.now - timedelta(days=self.days)
        asked = [entry.requested_at for order in case.history for entry in order.returns]
        return sum(bool(at and at >= since) for at in asked) < self.returns

    def explain(self) -> str:
        """In English."""
        return f"{self.returns} or more returns within {self.days} days"


class AddressMismatch(Rule):
    """Goods are to go to another country than the one of the customer's account."""

    check: Literal["address_mismatch"]

    def holds(self, case: Case) -> bool:
        """The same country, or none to compare."""
        asked = getattr(case.request.arguments, "country", "") or (case.order.address.country if case.order else "")
        known = case.customer.address.country if case.customer else ""
        return not (asked and known) or market_of(asked) == market_of(known)

    def explain(self) -> str:
        """In English."""
        return "the address is in another country than the customer's own"


class ClaimAgainstScan(Rule):
    """A parcel is said not to have come, and the carrier's scan says that it did."""

    check: Literal["claim_against_scan"]
    reasons: tuple[str, ...] = ()

    def holds(self, case: Case) -> bool:
        """No such claim, or no such scan."""
        claimed = not self.reasons or case.request.reason in self.reasons
        return not (claimed and case.order and delivered_on(case.order))

    def explain(self) -> str:
        """In English."""
        return "a parcel scanned as delivered is said not to have arrived"


class ClaimWithoutScan(Rule):
    """Money is asked for goods said to be on their way back, and no carrier has scanned them."""

    check: Literal["claim_without_scan"]

    def holds(self, case: Case) -> bool:
        """The return it is about was received or is on its way."""
        wanted = getattr(case.request.arguments, "return_id", "")
        named = [entry for entry in (case.order.returns if case.order else []) if entry.return_id == wanted]
        return all(entry.status in ("in_transit", "received") for entry in named)

    def explain(self) -> str:
        """In English."""
        return "a return is to be paid out that no carrier has scanned"


Signal = Annotated[
    Velocity | SerialReturner | AddressMismatch | ClaimAgainstScan | ClaimWithoutScan, Field(discriminator="check")
]
