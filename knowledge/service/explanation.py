"""A service policy in plain English: what is offered, by which rules, within which limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.service.policy import Effect, Limit, ServicePolicy, house_rules
from knowledge.service.requests import READS, WRITES
from knowledge.service.rules import ANY, Rule
from knowledge.service.terms import Exclusion, Returns


@dataclass(frozen=True)
class RuleTold:
    """A rule in English. `scope` says for which orders and askers, '' for all; `stated` where shoppers can read it."""

    rule: str
    check: str
    says: str
    scope: str
    stated: str


@dataclass(frozen=True)
class ActionTold:
    """An action in English: its rules in the order they are asked, then what becomes of it."""

    action: str
    about: str
    rules: list[RuleTold]
    limits: list[str]
    signals: list[RuleTold]
    becomes: str
    refund_days: tuple[int, int] | None
    refund_days_by_method: Mapping[str, tuple[int, int] | tuple[()]]


@dataclass(frozen=True)
class Explanation:
    """A whole policy in English."""

    terms: list[str]
    offered: list[ActionTold]
    not_offered: list[str]
    confirmation: str
    approval: str


def explain_policy(policy: ServicePolicy) -> Explanation:
    """What a policy says. What only reads needs no offer and is told first."""
    names = [*READS, *(name for name in WRITES if name in policy.actions)]
    minutes, hours = policy.confirmation.minutes, policy.approval.hours
    return Explanation(
        list(_terms(policy.returns)) if policy.returns else [],
        [_action(policy, name) for name in names],
        [name for name in WRITES if name not in policy.actions],
        f"nothing happens before a yes to exactly what was quoted, given within {_many(minutes, 'minute')}",
        f"what needs a person waits for {_many(hours, 'hour')}",
    )


def _action(policy: ServicePolicy, name: str) -> ActionTold:
    effects: dict[str, Effect] = dict(policy.actions.items())
    effect, writes = effects.get(name, Effect()), name in WRITES
    return ActionTold(
        name,
        ({**READS, **WRITES}[name].__doc__ or "").partition(". ")[0].strip(),
        [_rule(rule) for rule in policy.rules_of(name)],
        [_limit(limit) for limit in policy.limits if writes and {name, ANY} & {*limit.actions}],
        [_rule(signal) for signal in policy.signals if writes and signal.binds(name)],
        effect.becomes,
        effect.refund_days,
        effect.refund_days_by_method,
    )


def _rule(rule: Rule) -> RuleTold:
    return RuleTold(rule.rule, rule.check, rule.explain(), _scope(rule), _stated(rule))


def _scope(rule: Rule) -> str:
    parts = {"orders from": rule.markets, "orders bought on": rule.channels, "asked by": rule.levels}
    return "; ".join(f"{words} {', '.join(names)}" for words, names in parts.items() if names and ANY not in names)


def _stated(rule: Rule) -> str:
    if any(rule is own for own in house_rules()):
        return "holds in every shop"
    return rule.passage or (f'"{rule.text}"' if rule.text else "stated nowhere")


def _limit(limit: Limit) -> str:
    if limit.up_to is None:
        return f"{limit.level}: any amount"
    sums = " or ".join(f"{currency} {amount}" for currency, amount in limit.up_to.items() if amount) or "nothing"
    return f"{limit.level}: up to {sums} an order" if limit.per == "order" else f"{limit.level}: up to {sums}"


def _terms(terms: Returns) -> Iterator[str]:
    """The terms of returns, line by line."""
    yield f"returns: {_many(terms.days, 'day')} from delivery"
    days = {"returns": {**terms.days_by_market, **terms.days_by_category}, "by law": terms.statutory_days}
    for what, stated in {**days, "return postage free in the first": terms.postage_free_days}.items():
        yield from (f"{what}, {name}: {_many(count, 'day')}" for name, count in stated.items())
    yield from (f"return postage, {name}: {amount or 'free'}" for name, amount in terms.postage.items())
    kept = {"any goods": terms.restocking_percent, **terms.restocking_by_category}
    yield from (f"kept of the price, {name}: {percent} %" for name, percent in kept.items() if percent)
    yield from (f"returned on its own order page: an order from {name}" for name in terms.channels_elsewhere)
    yield from (_exclusion(exclusion) for exclusion in terms.exclusions)


def _exclusion(exclusion: Exclusion) -> str:
    when = "never returned" if exclusion.when == "always" else f"not returned once {exclusion.when}"
    return f"{when}: {', '.join([*exclusion.categories, *exclusion.families])}  [{exclusion.rule}]"


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
