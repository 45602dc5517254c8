"""When a person must say yes, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from knowledge.commerce import Order
from knowledge.service.case import Asker, Case
from knowledge.service.payments import amount_of
from knowledge.service.policy import ServicePolicy
from tools.actions.books import Quote


@dataclass(frozen=True)
class Approval:
    """Why a person must say yes: the limit that was passed, or signals that raise a review."""

    rule: str
    passage: str
    signals: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {"rule": self.rule, "passage": self.passage, "signals": self.signals}


def needed(policy: ServicePolicy, case: Case, quote: Quote) -> Approval | None:
    """Why a person must say yes to a quote, or None where nobody must."""
    limit = policy.limit_of(quote.action, case.asker.level)
    signals = tuple(signal.rule for signal in policy.raised(case))
    amount = weighed(quote, case.order, limit.per if limit else "request")
    if limit and not limit.covers(amount, quote.currency):
        return Approval(limit.rule, limit.passage, signals)
    return Approval(REVIEW, policy.approval.passage, signals) if signals else None


REVIEW = "REVIEW"
"""The rule of an action that is looked at because of signals; which ones, only the staff sees."""


def weighed(quote: Quote, order: Order | None, per: str) -> Decimal:
    """The amount limits are held against: what the customer gets, with what the same gesture gave before."""
    given = quote.total
    if per == "order" and order is not None:
        kind = "goodwill" if quote.action == "give_goodwill" else None
        earlier = [entry for entry in order.payment_history if entry.get("transaction_type") == "refund"]
        given += sum((amount_of(entry) for entry in earlier if entry.get("kind") == kind), Decimal(0))
    return given


def may_approve(policy: ServicePolicy, approver: Asker, action: str, amount: Decimal, currency: str) -> bool:
    """Whether somebody of the staff may say yes: what they could do themselves."""
    limit = policy.limit_of(action, approver.level)
    return approver.staff and (limit is None or limit.covers(amount, currency))
