"""Random policies: any part of the actions, any rules with any figures, any limits, signals and terms of returns."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import WRITES

STATES = ("pending", "processed", "delivered", "held", "sent back")
ON_ORDERS = sorted({*WRITES} - {"change_default_address"})


def policies(currency: str) -> st.SearchStrategy[ServicePolicy]:
    """A policy for a shop of one currency."""
    return st.builds(
        lambda actions, rules, limits, signals, returns: ServicePolicy.model_validate(
            {"actions": actions, "rules": _named(rules), "limits": limits, "signals": _named(signals),
             "returns": returns}
        ),
        _actions(), st.lists(_rules(), max_size=5), st.lists(_limits(currency), max_size=3),
        st.lists(_signals(), max_size=1), st.one_of(st.none(), _returns()),
    )  # fmt: skip


def _named(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**rule, "rule": f"RULE_{number}"} for number, rule in enumerate(rules)]


def _actions() -> st.SearchStrategy[dict[str, Any]]:
    effect = st.fixed_dictionaries({"becomes": st.sampled_from(["", "", "held", "sent back"])})
    offered = st.fixed_dictionaries(dict.fromkeys(WRITES, effect))
    left_out = st.sets(st.sampled_from(sorted(WRITES)), max_size=2)
    return st.builds(lambda all_, out: {name: e for name, e in all_.items() if name not in out}, offered, left_out)


def _rules() -> st.SearchStrategy[dict[str, Any]]:
    actions = st.lists(st.sampled_from(ON_ORDERS), min_size=1, max_size=3, unique=True)
    states = st.lists(st.sampled_from(STATES), min_size=1, max_size=3, unique=True)
    kinds = st.lists(st.sampled_from(["return", "exchange", "withdrawal"]), min_size=1, unique=True)
    markets = st.sampled_from([[], [], ["DE"], ["EU"]])
    any_rule = st.one_of(
        st.fixed_dictionaries({"check": st.just("not_status"), "forbidden": states}),
        st.fixed_dictionaries({"check": st.just("status"), "allowed": states}),
        st.fixed_dictionaries({"check": st.just("first_return"), "kinds": kinds,
                               "per": st.sampled_from(["order", "item"])}),
        st.fixed_dictionaries({"check": st.sampled_from(["single_payment", "method_different", "return_window",
                                                         "same_product", "variant_different", "paid"])}),
        st.fixed_dictionaries({"check": st.just("refund_destination"), "sources": st.just(["gift_card"])}),
        st.fixed_dictionaries({"check": st.just("parcel_lost"), "business_days": st.integers(0, 40)}),
        st.fixed_dictionaries({"check": st.just("return_open"), "allowed": st.just(["requested", "refunded"])}),
    )  # fmt: skip
    return st.builds(lambda rule, on, where: {**rule, "actions": on, "markets": where}, any_rule, actions, markets)


def _limits(currency: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({
        "level": st.sampled_from(["shopper", "agent", "lead"]),
        "actions": st.lists(st.sampled_from(["*", *ON_ORDERS]), min_size=1, max_size=2),
        "up_to": st.one_of(st.none(), st.builds(lambda most: {currency: most}, st.integers(0, 300))),
        "per": st.sampled_from(["request", "order"]),
    })  # fmt: skip


def _signals() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from([
        {"check": "velocity", "orders": 2, "days": 30},
        {"check": "serial_returner", "returns": 1, "days": 30},
        {"check": "claim_without_scan"},
    ])  # fmt: skip


def _returns() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({
        "days": st.sampled_from([0, 30]), "postage": st.sampled_from([{}, {"DE": "4.95", "JP": "880"}]),
        "restocking_percent": st.sampled_from(["0", "12.5"]), "restocking_by_category": st.just({"worn": "33"}),
        "statutory_days": st.sampled_from([{}, {"EU": 14, "JP": 8}]),
    })  # fmt: skip
