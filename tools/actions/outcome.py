"""What became of an action, for whoever asked."""

from __future__ import annotations

from dataclasses import dataclass, field
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


def outcome_of(entry: Entry) -> Outcome:
    """What is told of an entry."""
    status: Any = {"started": "unknown", "cancelled": "denied", "expired": "denied"}.get(entry.status, entry.status)
    rule = {"cancelled": "CANCELLED", "expired": "EXPIRED"}.get(entry.status, "" if status == "done" else entry.rule)
    return Outcome(status, entry.operation_id, rule, passage=entry.passage, quote=entry.quote)
