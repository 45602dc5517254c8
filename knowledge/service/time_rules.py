"""Rules about time: return windows, what stays out of returns, lost parcels, subscriptions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from knowledge.commerce import Order
from knowledge.service.case import Case
from knowledge.service.rules import Rule
from knowledge.service.terms import delivered_on, exclusion_of, last_return_day, of_market


class ReturnWindow(Rule):
    """A return is asked for in time, by the terms of returns: per market, and per category of each item."""

    check: Literal["return_window"]

    def holds(self, case: Case) -> bool:
        """In time for every item named; an order without a delivery day is not in any window."""
        return bool(days := self._last_days(case)) and case.now.date() <= min(days)

    def _last_days(self, case: Case) -> list[date]:
        if case.order is None or case.terms is None:
            return []
        items = case.chosen or case.order.items
        found = [last_return_day(case.order, case.terms, case.product_of(item)) for item in items]
        return [day for day in found if day]

    def figures(self, case: Case) -> dict[str, Any]:
        """The last day."""
        days = self._last_days(case)
        return {"last_day": min(days) if days else None}

    def explain(self) -> str:
        """In English."""
        return "a return must be asked for within the window of the terms"


class StatutoryWindow(Rule):
    """A withdrawal is declared within the days the law of the market gives, before or after delivery."""

    check: Literal["statutory_window"]

    def holds(self, case: Case) -> bool:
        """A right, and not over."""
        return self._days(case) is not None and ((last := self._last_day(case)) is None or case.now.date() <= last)

    def _days(self, case: Case) -> int | None:
        return case.terms.statutory_days_for(case.market) if case.terms else None

    def _last_day(self, case: Case) -> date | None:
        days, delivered = self._days(case), delivered_on(case.order) if case.order else None
        return delivered + timedelta(days=days) if delivered and days is not None else None

    def figures(self, case: Case) -> dict[str, Any]:
        """The last day, where there is one."""
        return {"last_day": self._last_day(case), "days": self._days(case)}

    def explain(self) -> str:
        """In English."""
        return "a withdrawal must be declared within the market's statutory days"


class Excluded(Rule):
    """No item named is of the goods the terms exclude, whatever their state."""

    check: Literal["excluded"]
    when: tuple[str, ...] = ("always",)

    def holds(self, case: Case) -> bool:
        """None excluded."""
        return not self._excluded(case)

    def _excluded(self, case: Case) -> list[str]:
        if case.terms is None:
            return []
        named = case.chosen or (case.order.items if case.order else [])
        found = [(item, exclusion_of(case.product_of(item), case.terms)) for item in named]
        return [item.name for item, exclusion in found if exclusion and exclusion.when in self.when]

    def figures(self, case: Case) -> dict[str, Any]:
        """What is excluded."""
        return {"items": self._excluded(case)}

    def explain(self) -> str:
        """In English."""
        return f"goods the terms exclude ({', '.join(self.when)}) must not be among the items"


class ParcelLost(Rule):
    """The parcel is lost: the shop or the carrier says so, or nobody scanned it for so many business days."""

    check: Literal["parcel_lost"]
    business_days: int
    business_days_by_market: dict[str, int] = {}
    reasons: tuple[str, ...] = ()
    """Only requests for one of these reasons are held to it; none named: all."""

    def applies(self, case: Case) -> bool:
        """As any rule, and for the reasons named."""
        return super().applies(case) and (not self.reasons or case.request.reason in self.reasons)

    def holds(self, case: Case) -> bool:
        """Said to be lost, or silent for too long and not delivered."""
        if case.order is None or (delivered_on(case.order) and case.order.status != "lost"):
            return False
        scans = [event for parcel in case.order.tracking for event in parcel.events]
        if case.order.status == "lost" or any(event.code == "lost" for event in scans):
            return True
        last = max((event.at for event in scans), default=None)
        return last is not None and business_days(last.date(), case.now.date()) > self._days(case)

    def _days(self, case: Case) -> int:
        return of_market(self.business_days_by_market, case.market, self.business_days)

    def figures(self, case: Case) -> dict[str, Any]:
        """How long it must be silent."""
        return {"days": self._days(case)}

    def explain(self) -> str:
        """In English."""
        markets = "".join(f", {days} in {name}" for name, days in self.business_days_by_market.items())
        return f"the parcel must be lost, or without a scan for {self.business_days} business days{markets}"


class NotCancelled(Rule):
    """The order was not cancelled: its goods and its money went back already."""

    check: Literal["not_cancelled"]

    def holds(self, case: Case) -> bool:
        """Not ended."""
        return case.order is None or not (case.order.cancel_reason or case.order.status == "cancelled")

    def explain(self) -> str:
        """In English."""
        return "the order must not have been cancelled already"


class NotResent(Rule):
    """The parcel was not sent again already: nobody gets goods twice, or goods and money."""

    check: Literal["not_resent"]

    def holds(self, case: Case) -> bool:
        """Sent once."""
        return not (case.order and case.order.attributes.get("resent"))

    def explain(self) -> str:
        """In English."""
        return "the goods must not have been sent again already"


class HasSubscription(Rule):
    """The order is a subscription that runs."""

    check: Literal["subscription"]

    def holds(self, case: Case) -> bool:
        """There is one, and it was not ended."""
        held = case.order.subscription if case.order else None
        return bool(held) and (held or {}).get("status") not in ("cancelled", "ended")

    def explain(self) -> str:
        """In English."""
        return "the order must hold a running subscription"


class BeforeDispatch(Rule):
    """So many days remain before the next dispatch of the subscription."""

    check: Literal["before_dispatch"]
    days: int

    def holds(self, case: Case) -> bool:
        """Early enough; a subscription with no dispatch planned is always early enough."""
        planned = next_dispatch(case.order)
        return planned is None or (planned - case.now.date()).days >= self.days

    def figures(self, case: Case) -> dict[str, Any]:
        """The next dispatch."""
        return {"next_dispatch": next_dispatch(case.order)}

    def explain(self) -> str:
        """In English."""
        return f"at least {self.days} days must remain before the next dispatch"


class PauseLength(Rule):
    """A pause ends in time, and in the future."""

    check: Literal["pause_length"]
    most_days: int

    def holds(self, case: Case) -> bool:
        """After today, not too long."""
        until = getattr(case.request.arguments, "until", None)
        return until is not None and 0 < (until - case.now.date()).days <= self.most_days

    def figures(self, case: Case) -> dict[str, Any]:
        """How long it may last."""
        return {"days": self.most_days}

    def explain(self) -> str:
        """In English."""
        return f"a pause must end within {self.most_days} days"


def next_dispatch(order: Order | None) -> date | None:
    """The day of the next dispatch of an order's subscription, or None where none is planned."""
    planned = (order.subscription or {}).get("next_dispatch") if order else None
    return date.fromisoformat(str(planned)[:10]) if planned else None


def business_days(since: date, until: date) -> int:
    """Weekdays after one day up to and with another."""
    days = max((until - since).days, 0)
    return sum((since + timedelta(days=count)).weekday() < 5 for count in range(1, days + 1))
