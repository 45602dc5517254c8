"""Rules of the house hold beside a shop's own: a rule takes one's place only where it asks the same."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.service.policy import ServicePolicy

FIRST = {"check": "first_return", "actions": ["return_items"]}


def names(action: str, *rules: dict[str, Any]) -> list[str]:
    policy = ServicePolicy.model_validate({"rules": [{"rule": "OURS", **rule} for rule in rules]})
    return [rule.rule for rule in policy.rules_of(action)]


def test_a_rule_that_asks_the_same_gives_its_name() -> None:
    assert "ALREADY_RETURNED" not in names("return_items", {**FIRST, "per": "item", "text": "Once only."})
    assert "OURS" in names("return_items", {**FIRST, "per": "item"})


@pytest.mark.parametrize("less", [{"per": "item", "kinds": ["exchange"]}, {"per": "item", "markets": ["DE"]}, {}])
def test_a_rule_that_asks_something_else_stands_before_the_one_of_the_house(less: dict[str, Any]) -> None:
    asked = names("return_items", {**FIRST, **less})
    assert asked.index("OURS") + 1 == asked.index("ALREADY_RETURNED")


def test_no_policy_lets_a_return_be_paid_twice() -> None:
    paid_twice = {"check": "return_open", "actions": ["settle_return"], "allowed": ["requested", "refunded"]}
    assert "RETURN_OPEN" in names("settle_return", paid_twice)


@pytest.mark.parametrize("action", ["cancel_order", "change_order_items", "return_items", "refund_order"])
def test_what_is_cancelled_stays_cancelled_whatever_the_policy(action: str) -> None:
    assert "ALREADY_CANCELLED" in names(action)


def test_rules_found_before_are_not_those_of_a_policy_that_was_changed() -> None:
    policy = ServicePolicy.model_validate({"rules": [{"rule": "OURS", **FIRST}]})
    policy.rules_of("return_items").clear()
    assert "OURS" in [rule.rule for rule in policy.rules_of("return_items")]
    changed = policy.model_copy(update={"rules": ()})
    assert "OURS" not in [rule.rule for rule in changed.rules_of("return_items")]
    assert "OURS" in [rule.rule for rule in policy.rules_of("return_items")]
