"""Rules of a policy that cannot hold together, or are about nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from knowledge.markets import EU, market_of
from knowledge.service.findings import Finding, meant, nearest
from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import READS, WRITES
from knowledge.service.rules import ANY, NotStatus, Rule, Status

STATE_CHECKS = {
    "status", "not_status", "return_window", "statutory_window", "parcel_lost", "return_open", "subscription",
}  # fmt: skip
"""Checks that look at the state an order is in."""

STATELESS = {"change_default_address", "refund_order", "give_goodwill"}
"""Actions that are about an account, or about money alone, which rules of the house keep within what was paid."""

COMMON_STATES = {
    "pending", "processed", "shipped", "partially shipped", "delivered", "cancelled", "return requested", "returned",
    "exchange requested", "exchanged", "refunded", "lost",
}  # fmt: skip
"""States that need no rule to be known: shops have them, and answers have words for them."""

ARGUMENTS = {"reason": "reason", "pause_length": "until", "return_open": "return_id"}
"""Checks that look at an argument: never met where an action has none of that name."""


def unknown_actions(policy: ServicePolicy) -> Iterator[Finding]:
    """Rules, signals and limits of an action that is not offered, or that there is not."""
    known = {**WRITES, **READS}
    for entry in (*policy.rules, *policy.signals, *policy.limits):
        for action in entry.actions:
            if action not in {*known, ANY}:
                said = f"It names the action {action!r}; there is none."
                yield Finding("error", action, entry.rule, said, meant(action, known))
            elif action in WRITES and action not in policy.actions:
                said = f"It is about {action}, which the policy does not offer."
                yield Finding("warning", action, entry.rule, said, f"Offer it with [actions.{action}], or take it out.")


def stateless(policy: ServicePolicy) -> Iterator[Finding]:
    """Actions offered whatever state the order is in."""
    for action in policy.actions:
        if action in WRITES and action not in STATELESS and not _looks_at_state(policy, action):
            yield Finding(
                "warning", action, "", "No rule says in which state an order must be: any will do.",
                f'Add a rule with check = "status", allowed = [...] and actions = ["{action}"].',
            )  # fmt: skip


def _looks_at_state(policy: ServicePolicy, action: str) -> bool:
    return any(rule.check in STATE_CHECKS for rule in policy.rules_of(action))


def disjoint(policy: ServicePolicy) -> Iterator[Finding]:
    """Two rules of one check that allow nothing in common."""
    for actions, one, other in _pairs(policy):
        allowed, others = _allowed(one), _allowed(other)
        if one.check == other.check and allowed and others and not allowed & others:
            yield Finding(
                "error", actions, one.rule,
                f"It allows only {_listed(allowed)} and {other.rule} only {_listed(others)}: nothing is ever allowed.",
                "Make one rule of the two, or say for which markets, channels or levels each one is.",
            )  # fmt: skip


def forbidden(policy: ServicePolicy) -> Iterator[Finding]:
    """States that one rule allows and another forbids."""
    for actions, one, other in _pairs(policy):
        allow, forbid = (one, other) if isinstance(one, Status) else (other, one)
        if (
            isinstance(allow, Status)
            and isinstance(forbid, NotStatus)
            and (both := {*allow.allowed} & {*forbid.forbidden})
        ):
            whole = both == {*allow.allowed}
            yield Finding(
                "error" if whole else "warning", actions, allow.rule,
                f"It allows {_listed(both)}, which {forbid.rule} forbids{': nothing is ever allowed' * whole}.",
                "Take the state out of one of the two.",
            )  # fmt: skip


def unknown_states(policy: ServicePolicy) -> Iterator[Finding]:
    """States an action leaves an order in that nothing else knows."""
    known = COMMON_STATES | {state for rule in policy.rules for state in _allowed(rule) | _forbidden(rule)}
    for action, effect in policy.actions.items():
        if effect.becomes and effect.becomes not in known:
            near = nearest(effect.becomes, known)
            yield Finding(
                "warning", action, "", f"The order becomes {effect.becomes!r}, a state that no rule names.",
                f"Did you mean {near!r}?" if near else 'Name it in a rule with check = "status" or "not_status".',
            )  # fmt: skip


def _forbidden(rule: Rule) -> set[str]:
    return {*rule.forbidden} if isinstance(rule, NotStatus) else set()


def repeated(policy: ServicePolicy) -> Iterator[Finding]:
    """The same rule twice."""
    for actions, one, other in _pairs(policy):
        if _matter(one) == _matter(other):
            yield Finding(
                "warning", actions, other.rule, f"It says what {one.rule} says already.", "Take one of the two out."
            )


def _matter(rule: Rule) -> dict[str, object]:
    return rule.model_dump(exclude={"rule", "actions", "passage", "text"})


def two_texts(policy: ServicePolicy) -> Iterator[Finding]:
    """One name for rules with different texts: a refusal names the rule, and nobody knows which."""
    for one, other in combinations((*policy.rules, *policy.signals), 2):
        if one.rule == other.rule and one.text and other.text and one.text != other.text:
            said = f"Two rules have this name, with different texts: {one.text!r} and {other.text!r}."
            yield Finding("warning", "", one.rule, said, "Give each its own name, or both one text.")


def never_met(policy: ServicePolicy) -> Iterator[Finding]:
    """Rules that look at an argument the action does not have."""
    for rule in policy.rules:
        needed = ARGUMENTS.get(rule.check)
        for action in policy.actions if needed else ():
            if action in WRITES and rule.binds(action) and needed not in WRITES[action].model_fields:
                said = f"It looks at {needed!r}, which {action} does not have: it is never allowed."
                yield Finding("error", action, rule.rule, said, f"Take {action} out of its actions.")


def unknown_markets(policy: ServicePolicy) -> Iterator[Finding]:
    """Markets written as no order's market is."""
    for rule in (*policy.rules, *policy.signals):
        named = {*rule.markets, *getattr(rule, "business_days_by_market", {})}
        yield from (wrong_market(name, rule.rule) for name in sorted(named - {ANY}) if not right_market(name))


def right_market(name: str) -> bool:
    """Whether a market is written as orders have it: an ISO country, or EU."""
    return name == "EU" or market_of(name) == name


def wrong_market(name: str, rule: str) -> Finding:
    """A finding about a market's name."""
    code = market_of(name)
    todo = f"Write {code!r}." if code else "Write the two capital letters of ISO 3166, or EU."
    return Finding("error", "", rule, f"{name!r} is no market: it holds for no order.", todo)


def _pairs(policy: ServicePolicy) -> Iterator[tuple[str, Rule, Rule]]:
    """Rules two by two that may be asked of the same order, with the actions offered they have in common."""
    for one, other in combinations(policy.rules, 2):
        actions = [action for action in policy.actions if one.binds(action) and other.binds(action)]
        if actions and _together(one, other):
            yield ", ".join(actions), one, other


def _together(one: Rule, other: Rule) -> bool:
    scopes = [
        (_countries(one), _countries(other)),
        ({*one.channels}, {*other.channels}),
        ({*one.levels}, {*other.levels}),
    ]
    return all(not ours or not theirs or ours & theirs for ours, theirs in scopes)


def _countries(rule: Rule) -> set[str]:
    """The countries a rule is for; none: all."""
    return set() if ANY in rule.markets else {*rule.markets} | (EU if "EU" in rule.markets else set())


def _allowed(rule: Rule) -> set[str]:
    return set(getattr(rule, "allowed", ()))


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))
