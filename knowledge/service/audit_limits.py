"""Limits, confirmations and signals that do not do what they are there for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from knowledge.markets import CURRENCIES
from knowledge.service.audit_terms import more_digits
from knowledge.service.findings import Finding, meant, nearest
from knowledge.service.policy import Limit, ServicePolicy
from knowledge.service.rules import ANY

SHOPPER = "shopper"

RANKS = (SHOPPER, "agent", "lead", "head")
"""Levels from the one that may least to the one that may most; other ranks stand beside them, in no order."""

PAYING = ("refund_order", "give_goodwill")
"""Actions by which staff pay an amount they choose."""

FEWEST_MINUTES, MOST_MINUTES = 2, 1440


def upside_down(policy: ServicePolicy) -> Iterator[Finding]:
    """Levels that may move less than one below them."""
    named = [level for level in RANKS if any(limit.level == level for limit in policy.limits)]
    for action, low, high in ((action, *pair) for action in _limited(policy) for pair in combinations(named, 2)):
        below, above = policy.limit_of(action, low), policy.limit_of(action, high)
        if below and above and (more := _more(below, above)):
            said = f"{high} may move less than {low}, who may move {more}."
            yield Finding("error", action, above.rule, said, f"Give {high} at least the limit of {low}.")


def _more(below: Limit, above: Limit) -> str:
    """What the lower level may move and the higher may not, or ''."""
    if above.up_to is None:
        return ""
    if below.up_to is None:
        return "any amount"
    more = [(currency, amount) for currency, amount in below.up_to.items() if amount > above.up_to.get(currency, 0)]
    return ", ".join(f"{currency} {amount}" for currency, amount in more)


def _limited(policy: ServicePolicy) -> list[str]:
    return [action for action in policy.actions if policy.limit_of(action, SHOPPER) is not None]


def unlimited(policy: ServicePolicy) -> Iterator[Finding]:
    """Actions by which anyone of the staff may pay any amount."""
    for action in PAYING:
        if action in policy.actions and policy.limit_of(action, "agent") is None:
            said = "No limit: anyone of the staff may pay any amount."
            yield Finding(
                "warning", action, "", said, f'Add [[limits]] with level = "agent" and actions = ["{action}"].'
            )


def out_of_reach(policy: ServicePolicy) -> Iterator[Finding]:
    """Amounts that nobody can approve."""
    for action in _limited(policy):
        staff = [limit for limit in _limits_of(policy, action) if limit.level != SHOPPER]
        if any(limit.up_to is None for limit in staff):
            continue
        most = _most(staff)
        if most:
            said = f"Nobody can approve more than {', '.join(f'{name} {most[name]}' for name in sorted(most))}."
        else:
            said = "It can need approval, and nobody of the staff can give it."
        todo = "Give one level of the staff a limit without up_to."
        yield Finding("warning" if most else "error", action, "", said, todo)


def _limits_of(policy: ServicePolicy, action: str) -> list[Limit]:
    return [limit for limit in policy.limits if action in limit.actions or ANY in limit.actions]


def _most(limits: list[Limit]) -> dict[str, Decimal]:
    """The greatest amount anybody may move, by currency."""
    most: dict[str, Decimal] = {}
    for limit in limits:
        for currency, amount in (limit.up_to or {}).items():
            most[currency] = max(most.get(currency, Decimal(0)), amount)
    return {currency: amount for currency, amount in most.items() if amount > 0}


def second_limit(policy: ServicePolicy) -> Iterator[Finding]:
    """Limits that are never asked, because one before them is for the same level."""
    for one, other in combinations(policy.limits, 2):
        shared = {*one.actions} & {*other.actions} or ({*other.actions} if ANY in one.actions else set())
        if one.level == other.level and shared:
            said = f"{one.level} has two limits for {', '.join(sorted(shared))}; only the first counts."
            yield Finding("warning", "", other.rule, said, "Take one out, or put the particular one first.")


def amounts(policy: ServicePolicy) -> Iterator[Finding]:
    """Currencies and amounts that no order can be in."""
    known = {"EUR", *CURRENCIES.values()}
    for limit in policy.limits:
        for currency, amount in (limit.up_to or {}).items():
            if currency not in known:
                said = f"The limit of {limit.level} is in {currency!r}, the currency of no market."
                yield Finding("warning", "", limit.rule, said, meant(currency, known))
            elif more_digits(amount, currency):
                said = f"The limit of {limit.level} is {currency} {amount}, more digits than {currency} has."
                yield Finding("warning", "", limit.rule, said, "Round it.")


def levels(policy: ServicePolicy) -> Iterator[Finding]:
    """Levels that look like a known one and are not."""
    named = [(limit.level, limit.rule) for limit in policy.limits]
    named += [(level, rule.rule) for rule in (*policy.rules, *policy.signals) for level in rule.levels]
    for level, rule in named:
        if level not in RANKS and (near := nearest(level, RANKS)):
            said = f"{level!r} is no level the policy knows an order of."
            yield Finding("warning", "", rule, said, f"Did you mean {near!r}?")


def confirmation(policy: ServicePolicy) -> Iterator[Finding]:
    """Quotes that can hardly be confirmed, or for too long."""
    minutes, rule = policy.confirmation.minutes, policy.confirmation.required
    if minutes < FEWEST_MINUTES:
        said = f"A quote can be confirmed for {minutes} minute: hardly long enough to read it."
        yield Finding("warning", "", rule, said, "Give 30 minutes.")
    if minutes > MOST_MINUTES:
        said = f"A quote can be confirmed for {minutes} minutes, more than a day: prices and stock move on."
        yield Finding("warning", "", rule, said, f"Give at most {MOST_MINUTES} minutes.")
