"""Terms of returns and rights of the law that a policy cannot keep together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from knowledge.markets import CURRENCIES, EU, currency_of
from knowledge.service.audit_rules import right_market, wrong_market
from knowledge.service.findings import Finding
from knowledge.service.payments import digits
from knowledge.service.policy import ServicePolicy
from knowledge.service.terms import Returns


def shorter_than_law(policy: ServicePolicy) -> Iterator[Finding]:
    """Return windows shorter than the days the law gives."""
    terms = policy.returns
    if terms is None or (not terms.days and "return_items" not in policy.actions):
        return
    for market in sorted({*terms.statutory_days, *terms.days_by_market}):
        law = terms.statutory_days_for(market)
        if law is not None and (own := terms.days_for(market)) < law:
            yield _short(f"returns from {market} have {own} days", law)
    most = max(terms.statutory_days.values(), default=0)
    for category, own in terms.days_by_category.items():
        if own < most:
            yield _short(f"returns of {category} have {own} days", most)


def _short(said: str, law: int) -> Finding:
    message = f"The policy says that {said}; the law gives {law}, and the law goes before."
    return Finding("error", "return_items", "", message, f"Give at least {law} days.")


def right_of_law(policy: ServicePolicy) -> Iterator[Finding]:
    """The right to withdraw: stated, offered and asked for, or none of them."""
    stated = bool(policy.returns and policy.returns.statutory_days)
    if stated and policy.actions and "withdraw" not in policy.actions:
        said = "The terms name statutory days, and no one can withdraw."
        yield Finding("error", "withdraw", "", said, "Offer it with [actions.withdraw] and a rule statutory_window.")
    if "withdraw" not in policy.actions:
        return
    if not any(rule.check == "statutory_window" for rule in policy.rules_of("withdraw")):
        said = "Withdrawing is offered without end: no rule asks for the statutory days."
        yield Finding("error", "withdraw", "", said, 'Add a rule with check = "statutory_window".')
    elif not stated:
        said = "Withdrawing is offered and the terms name no statutory days: it is never allowed."
        yield Finding("error", "withdraw", "", said, "Add [returns.statutory_days] with the days of each market.")


def missing_terms(policy: ServicePolicy) -> Iterator[Finding]:
    """Rules that ask for terms of returns where there are none."""
    for rule in policy.rules:
        if rule.check == "return_window" and policy.returns is None:
            said = "It asks for the window of the terms, and the policy has no terms: it is never allowed."
            yield Finding("error", "", rule.rule, said, "Add [returns] with days.")


def excluded_goods(policy: ServicePolicy) -> Iterator[Finding]:
    """Goods that stay out of returns and yet have days, or that no rule keeps out."""
    exclusions = policy.returns.exclusions if policy.returns else []
    asked = {when for rule in policy.rules if rule.check == "excluded" for when in getattr(rule, "when", ())}
    for exclusion in exclusions:
        if exclusion.when != "always":
            continue
        for category in sorted(
            {*exclusion.categories} & {*(policy.returns.days_by_category if policy.returns else ())}
        ):
            said = f"{category} can never be returned, and days_by_category gives it days."
            yield Finding("error", "return_items", exclusion.rule, said, "Take it out of one of the two.")
        if "return_items" in policy.actions and "always" not in asked:
            said = "Goods can never be returned, and no rule asks whether an item is one of them."
            yield Finding("warning", "return_items", exclusion.rule, said, 'Add a rule with check = "excluded".')


def postage(policy: ServicePolicy) -> Iterator[Finding]:
    """Return postage that cannot be paid in the market's money."""
    for market, amount in (policy.returns.postage if policy.returns else {}).items():
        currency = "EUR" if market == "EU" else currency_of(market)
        if more_digits(amount, currency):
            said = f"Return postage of {market} is {amount}; {currency} has {digits(currency)} digits after the point."
            yield Finding("error", "return_items", "", said, "Round it.")
    if terms := policy.returns:
        yield from _of_union(terms)


def _of_union(terms: Returns) -> Iterator[Finding]:
    """One amount for the EU is another amount in each of its currencies."""
    others = sorted(country for country in EU & {*CURRENCIES} if country not in terms.postage)
    if terms.postage.get("EU") and others:
        yield Finding(
            "note", "return_items", "",
            f"Return postage of the EU is {terms.postage['EU']} of any currency an order is in, as PLN in Poland.",
            f"If you sell in other currencies than EUR, give these an amount of their own: {', '.join(others)}.",
        )  # fmt: skip


def more_digits(amount: Decimal, currency: str) -> bool:
    """Whether an amount has more digits after the point than its currency."""
    return bool(currency) and -int(amount.normalize().as_tuple().exponent) > digits(currency)


def markets_of_terms(policy: ServicePolicy) -> Iterator[Finding]:
    """Markets in the terms written as no order's market is."""
    terms = policy.returns
    if terms:
        named = {*terms.days_by_market, *terms.statutory_days, *terms.postage, *terms.postage_free_days}
        yield from (wrong_market(name, "") for name in sorted(named) if not right_market(name))
