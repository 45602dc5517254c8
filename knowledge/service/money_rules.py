"""Rules about payment methods and amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from knowledge.service.case import Case
from knowledge.service.payments import original_methods, paid, payable, rounded
from knowledge.service.rules import Rule


class MethodKnown(Rule):
    """The payment method named is on the account of the order's customer."""

    check: Literal["method_known"]

    def holds(self, case: Case) -> bool:
        """The customer's own; none named is none to check."""
        method = case.request.payment_method_id
        return not method or bool(case.customer and method in case.customer.payment_methods)

    def explain(self) -> str:
        """In English."""
        return "the payment method must be the customer's own"


class MethodDifferent(Rule):
    """The payment method named is not the one that pays the order already."""

    check: Literal["method_different"]

    def holds(self, case: Case) -> bool:
        """Another one."""
        return case.order is None or case.request.payment_method_id not in [
            *original_methods(case.order),
            due_method(case),
        ]

    def explain(self) -> str:
        """In English."""
        return "the payment method must differ from the original one"


class SinglePayment(Rule):
    """The order was paid once: a payment that was changed is not changed again."""

    check: Literal["single_payment"]

    def holds(self, case: Case) -> bool:
        """At most one payment."""
        history = case.order.payment_history if case.order else []
        paid_times = [entry for entry in history if entry.get("transaction_type") == "payment"]
        return len(paid_times) <= 1

    def explain(self) -> str:
        """In English."""
        return "the order must have been paid once only"


class GiftCardCovers(Rule):
    """A gift card named has the balance for what it is to pay: the order's total, or a price difference. A gift card
    whose balance the shop does not state covers nothing.
    """

    check: Literal["gift_card_covers"]
    what: Literal["total", "difference"]

    def holds(self, case: Case) -> bool:
        """Enough balance, or another kind of method."""
        method, wanted = case.method_id, self._wanted(case)
        if case.source_of(method) != "gift_card" or wanted <= 0:
            return True
        balance = case.balance_of(method)
        return balance is not None and balance >= wanted

    def _wanted(self, case: Case) -> Decimal:
        if self.what == "difference":
            return case.difference
        return paid(case.order) + due(case) if case.order else Decimal(0)

    def figures(self, case: Case) -> dict[str, Any]:
        """What it would have to pay."""
        return {"amount": self._wanted(case), "currency": case.currency}

    def explain(self) -> str:
        """In English."""
        return f"a gift card must have the balance for the {self.what}"


class RefundDestination(Rule):
    """Money goes back to a method that paid, or to one of the kinds named."""

    check: Literal["refund_destination"]
    sources: tuple[str, ...] = ()

    def holds(self, case: Case) -> bool:
        """One of them; none named: the original."""
        method = case.request.payment_method_id
        if not method or case.order is None:
            return True
        return method in original_methods(case.order) or case.source_of(method) in self.sources

    def figures(self, case: Case) -> dict[str, Any]:
        """The kinds that may have it too."""
        return {"sources": list(self.sources)}

    def explain(self) -> str:
        """In English."""
        return " or ".join(["money must go to the original payment method", *(f"a {kind}" for kind in self.sources)])


class Paid(Rule):
    """The order is paid, and not paid back."""

    check: Literal["paid"]

    def holds(self, case: Case) -> bool:
        """Money of the customer's is held."""
        return case.order is None or payable(case.order) > 0

    def explain(self) -> str:
        """In English."""
        return "the order must be paid and not paid back"


class AmountDigits(Rule):
    """An amount named has no more digits than the currency: no half yen is paid."""

    check: Literal["amount_digits"]

    def holds(self, case: Case) -> bool:
        """Payable to the last digit; none named is none to check."""
        wanted = getattr(case.request.arguments, "amount", None)
        return wanted is None or wanted == rounded(wanted, case.currency)

    def explain(self) -> str:
        """In English."""
        return "an amount must have no more digits than the order's currency"


class Refundable(Rule):
    """There is money to pay back, and no more is asked for than what was paid, less what was paid back or promised."""

    check: Literal["refundable"]

    def holds(self, case: Case) -> bool:
        """Within what is left."""
        left = payable(case.order) if case.order else Decimal(0)
        wanted = Decimal(getattr(case.request.arguments, "amount", None) or left)
        return 0 < wanted <= left

    def figures(self, case: Case) -> dict[str, Any]:
        """What is left."""
        return {"amount": payable(case.order) if case.order else Decimal(0), "currency": case.currency}

    def explain(self) -> str:
        """In English."""
        return "no more may be paid back than was paid and not yet paid back or promised"


def due(case: Case) -> Decimal:
    """What the order is still to be paid."""
    entry = case.order.attributes.get("payment_due") if case.order else None
    return Decimal(str((entry or {}).get("amount") or 0))


def due_method(case: Case) -> str:
    """The method the order is still to be paid by, or ''."""
    entry = case.order.attributes.get("payment_due") if case.order else None
    return str((entry or {}).get("payment_method_id") or "")
