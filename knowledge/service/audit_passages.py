"""Whether the passages a policy cites are there, and state the figures that its rules carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from knowledge.figures import Figure, figures
from knowledge.markets import currency_of
from knowledge.service.findings import Finding
from knowledge.service.policy import ServicePolicy

Find = Callable[[str], tuple[str, str] | None]
"""Text and locale of the passage cited as 'document#number', in English where it can be; None where there is none."""

CITE = re.compile(r"[^#\s][^#]*#\d+")

DAY_FIELDS = {"days": "day", "most_days": "day", "business_days": "business day"}
"""Fields of rules that carry a duration, and its unit; the same by market in `..._by_market`."""

BEYOND = 10**15
"""No text states a figure of that size."""

MONTH = (28, 31)
"""Days a month may have: 183 days are 6 months."""


@dataclass(frozen=True)
class Cited:
    """A place of a policy that cites a passage, and the figures the passage should state."""

    passage: str
    rule: str = ""
    action: str = ""
    figures: tuple[Figure, ...] = ()


def cited_in(policy: ServicePolicy) -> list[Cited]:
    """All that a policy cites."""
    found = [*_of_terms(policy), *_of_rules(policy)]
    found += [Cited(effect.passage, action=action) for action, effect in policy.actions.items()]
    found += [Cited(policy.confirmation.passage, policy.confirmation.required), Cited(policy.approval.passage)]
    for limit in policy.limits:
        sums = tuple(_money(amount, currency) for currency, amount in (limit.up_to or {}).items())
        found.append(Cited(limit.passage, limit.rule, ", ".join(limit.actions), sums))
    return [one for one in found if one.passage]


def _of_terms(policy: ServicePolicy) -> Iterator[Cited]:
    terms, action = policy.returns, "return_items"
    if terms is None:
        return
    days = {terms.days, *terms.days_by_market.values(), *terms.days_by_category.values()}
    yield Cited(terms.passage, action=action, figures=_days(days))
    yield Cited(terms.statutory_passage, action="withdraw", figures=_days({*terms.statutory_days.values()}))
    postage = [_money(amount, "EUR" if name == "EU" else currency_of(name)) for name, amount in terms.postage.items()]
    free = _days({*terms.postage_free_days.values()})
    yield Cited(terms.postage_passage, action=action, figures=(*postage, *free))
    yield Cited(terms.channels_passage, action=action)
    yield from (Cited(exclusion.passage, exclusion.rule, action) for exclusion in terms.exclusions)


def _of_rules(policy: ServicePolicy) -> Iterator[Cited]:
    for rule in (*policy.rules, *policy.signals):
        carried: tuple[Figure, ...] = ()
        for name, unit in DAY_FIELDS.items():
            by_market: dict[str, Any] = getattr(rule, f"{name}_by_market", {})
            counts = {*by_market.values(), getattr(rule, name, 0)}
            carried += _days(counts, unit)
        yield Cited(rule.passage, rule.rule, ", ".join(rule.actions), carried)


def _days(counts: set[int], unit: str = "day") -> tuple[Figure, ...]:
    scale, base = (24, "hour") if unit == "day" else (1, unit)
    return tuple(Figure("duration", Decimal(scale * count), base) for count in sorted(counts))


def _money(amount: Decimal, currency: str) -> Figure:
    return Figure("money", amount, currency)


def malformed(policy: ServicePolicy) -> Iterator[Finding]:
    """Passages not cited as 'document#number'."""
    for cited in cited_in(policy):
        if not CITE.fullmatch(cited.passage):
            todo = "Write the document's id, # and the passage's number, counted from 0: 'returns#0'."
            yield _finding("error", cited, f"{cited.passage!r} names no passage.", todo)


def compare(policy: ServicePolicy, find: Find) -> Iterator[Finding]:
    """Passages that are not there, and passages that say something else than the rule that cites them."""
    for cited in cited_in(policy):
        if CITE.fullmatch(cited.passage):
            yield from _compare(cited, find(cited.passage))


def _compare(cited: Cited, passage: tuple[str, str] | None) -> Iterator[Finding]:
    if passage is None:
        said = f"There is no passage {cited.passage} in the shop's documents, or it does not hold today."
        yield _finding("error", cited, said, "Cite another, or index it: dragoman knowledge sync.")
        return
    said_there = figures(*passage)
    for figure in cited.figures:
        if 0 < figure.value < BEYOND and figure.unit and not any(_same(figure, other) for other in said_there):
            yield _missing(cited, figure, [other for other in said_there if _family(other) == _family(figure)])


def _missing(cited: Cited, figure: Figure, others: list[Figure]) -> Finding:
    if others:
        stated = ", ".join(dict.fromkeys(str(other) for other in sorted(others)))
        said = f"{cited.passage} says {stated}, the rule says {figure}."
        return _finding("error", cited, said, "Correct the one that is wrong: the rule or the document.")
    said = f"{cited.passage} does not say {figure}, as the rule does."
    return _finding("note", cited, said, "Cite the passage that states it, or say it there.")


def _same(one: Figure, other: Figure) -> bool:
    """Whether two figures are one, be they the end of a range, or days where the other counts months."""
    if one.unit == other.unit:
        return one.value == other.value
    if (one.unit, other.unit) == ("hour", "month"):
        return MONTH[0] * other.value <= one.value / 24 <= MONTH[1] * other.value
    return False


def _family(figure: Figure) -> str:
    return "hour" if figure.unit == "month" else figure.unit


def _finding(severity: str, cited: Cited, message: str, suggestion: str) -> Finding:
    return Finding(severity, cited.action.replace("*", ""), cited.rule, message, suggestion)
