"""What became of an action, for whoever asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from knowledge.commerce import Customer, Order
from knowledge.service.rules import Rule
from tools.actions.ledger import Entry

Result = Literal["done", "denied", "needs_confirmation", "needs_approval", "invalid", "unknown"]


@dataclass(frozen=True)
class Outcome:
    """What became of an action. `rule` names what decided, `check` the kind of thing it looks at, `passage` and `text`
    where the shop states it; `token` confirms the quote when it is sent back.
    """

    status: Result
    operation_id: str = ""
    rule: str = ""
    check: str = ""
    passage: str = ""
    text: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    quote: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    order: Order | None = None
    customer: Customer | None = None

    @classmethod
    def denied(cls, operation_id: str, rule: Rule, figures: dict[str, Any]) -> Outcome:
        """A refusal by a rule."""
        return cls("denied", operation_id, rule.rule, rule.check, rule.passage, rule.text, figures)

    def explained(self, rules: Iterable[Rule]) -> Outcome:
        """A refusal from the ledger, which keeps no more than its rule's name, with what that rule looks at. Its
        figures were those of that moment.
        """
        rule = next((rule for rule in rules if self.status == "denied" and rule.rule == self.rule), None)
        return replace(self, check=rule.check, text=rule.text) if rule else self


def outcome_of(entry: Entry) -> Outcome:
    """What is told of an entry."""
    status: Any = {"started": "unknown", "cancelled": "denied", "expired": "denied"}.get(entry.status, entry.status)
    rule = {"cancelled": "CANCELLED", "expired": "EXPIRED"}.get(entry.status, "" if status == "done" else entry.rule)
    return Outcome(status, entry.operation_id, rule, passage=entry.passage, quote=entry.quote)
