"""A shop's service policy: which actions it offers, by which rules, within which limits. Written as data."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from knowledge.service.all_rules import ORDER, AnyRule
from knowledge.service.case import Case
from knowledge.service.requests import ActionName
from knowledge.service.rules import ANY, Rule
from knowledge.service.signals import Signal
from knowledge.service.terms import Returns

log = logging.getLogger(__name__)


class Effect(BaseModel):
    """What an action leaves behind. `becomes` is the order's state afterwards, '' where it stays; `refund_days` how
    many business days a refund takes to arrive, but for gift cards, which have it at once; `refund_days_by_method`
    the same for kinds of payment methods that differ, () where no time can be told.
    """

    model_config = ConfigDict(extra="forbid")

    becomes: str = ""
    refund_days: tuple[int, int] | None = None
    refund_days_by_method: dict[str, tuple[int, int] | tuple[()]] = {}
    passage: str = ""

    def days_by(self, methods: Iterable[str]) -> tuple[int, int] | None:
        """The business days a refund by some kinds of methods takes; None where of one of them no time is known."""
        days = [self.refund_days_by_method.get(method, self.refund_days) for method in methods]
        known = [(span[0], span[1]) for span in days if span]
        whole = bool(known) and len(known) == len(days)
        return (min(first for first, _ in known), max(last for _, last in known)) if whole else None


class Confirmation(BaseModel):
    """What the customer must say before anything happens, and how long a quote can be confirmed."""

    model_config = ConfigDict(extra="forbid")

    required: str = "CONFIRMATION_REQUIRED"
    mismatch: str = "CONFIRMATION_MISMATCH"
    minutes: int = Field(30, gt=0)
    passage: str = ""
    text: str = ""


class Limit(BaseModel):
    """How much somebody of a level (shopper, or a rank of the staff) may move by an action without another person.
    `up_to` by currency; with none, any amount. `per` order adds up what the same action moved before.
    """

    model_config = ConfigDict(extra="forbid")

    level: str
    actions: tuple[str, ...]
    up_to: dict[str, Decimal] | None = None
    per: str = Field("request", pattern="^(request|order)$")
    rule: str = "APPROVAL_LIMIT"
    passage: str = ""

    def covers(self, amount: Decimal, currency: str) -> bool:
        """Whether an amount is within it; one in a currency it does not name is not."""
        if self.up_to is None:
            return True
        return amount <= 0 or (currency in self.up_to and amount <= self.up_to[currency])


class Approval(BaseModel):
    """How long an action waits for a person, and what the shopper is told where the rule is a review."""

    model_config = ConfigDict(extra="forbid")

    hours: int = Field(72, gt=0)
    passage: str = ""


class ServicePolicy(BaseModel):
    """A shop's service policy. What it does not offer is not done; a part the shop has not written promises nothing."""

    model_config = ConfigDict(extra="ignore")

    returns: Returns | None = None
    actions: dict[ActionName, Effect] = {}
    rules: tuple[AnyRule, ...] = ()
    signals: tuple[Signal, ...] = ()
    limits: tuple[Limit, ...] = ()
    confirmation: Confirmation = Confirmation()
    approval: Approval = Approval()
    _bound: dict[str, tuple[tuple[AnyRule, ...], list[Rule]]] = PrivateAttr(default_factory=dict)
    """By action its rules, found once, and the policy's rules they were found among."""

    @classmethod
    def of(cls, data: dict[str, Any]) -> ServicePolicy:
        """The policy as imported; one of another shape promises nothing."""
        try:
            return cls.model_validate(data)
        except ValidationError:
            log.warning("the service policy cannot be read; nothing is promised")
            return cls()

    def rules_of(self, action: str) -> list[Rule]:
        """The rules of an action, in the order they are asked: the shop's, and those of the house that always hold,
        under the shop's names where it has its own that ask the same. One that asks less takes no rule's place.
        """
        among, bound = self._bound.get(action, (None, []))
        if among is not self.rules:
            bound = self._binding(action)
            self._bound[action] = self.rules, bound
        return list(bound)

    def _binding(self, action: str) -> list[Rule]:
        own = [rule for rule in self.rules if rule.binds(action)]
        named = [rule.meaning for rule in own]
        house = [rule for rule in house_rules() if rule.binds(action) and rule.meaning not in named]
        return sorted([*own, *house], key=lambda rule: ORDER[type(rule)])

    def breach(self, case: Case) -> Rule | None:
        """The first rule a case does not meet, or None where it is allowed."""
        return next(
            (rule for rule in self.rules_of(case.request.name) if rule.applies(case) and not rule.holds(case)), None
        )

    def raised(self, case: Case) -> list[Rule]:
        """The signals a case raises."""
        return [signal for signal in self.signals if signal.applies(case) and not signal.holds(case)]

    def limit_of(self, action: str, level: str) -> Limit | None:
        """The limit of a level for an action; None where nobody's is limited. A level that is not named may move
        nothing.
        """
        limits = [limit for limit in self.limits if action in limit.actions or ANY in limit.actions]
        own = [limit for limit in limits if limit.level == level]
        return own[0] if own else Limit(level=level, actions=(action,), up_to={}) if limits else None


@cache
def house_rules() -> tuple[Rule, ...]:
    """Rules that hold in every shop: who may ask, and that goods and money add up."""
    text = (files("knowledge.service") / "house.toml").read_text("utf-8")
    return ServicePolicy.model_validate(tomllib.loads(text)).rules
