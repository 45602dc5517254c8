"""A policy that can hold has no findings; each way in which one cannot is told, with what to do."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from knowledge.service.audit import check_policy
from knowledge.service.explanation import explain_policy
from knowledge.service.findings import Finding
from knowledge.service.policy import ServicePolicy

RETAIL = Path(__file__).parents[2] / "data" / "retail" / "service_policy.toml"

SOUND = """
[returns]
days = 30
passage = "returns#0"
statutory_passage = "law#0"
postage_passage = "returns#1"
statutory_days = {EU = 14}
postage = {EU = "0", JP = "1200"}
[[returns.exclusions]]
rule = "MADE_TO_MEASURE"
categories = ["Curtains"]
[actions.cancel_order]
becomes = "cancelled"
refund_days = [3, 5]
[actions.return_items]
[actions.withdraw]
[actions.give_goodwill]
[actions.resend_parcel]
[actions.pause_subscription]
[[rules]]
rule = "CANCEL_ONLY_PENDING"
check = "status"
actions = ["cancel_order"]
allowed = ["pending"]
text = "Only pending orders."
[[rules]]
rule = "REASON"
check = "reason"
actions = ["cancel_order"]
allowed = ["too late", "not needed"]
markets = ["DE", "EU"]
[[rules]]
rule = "RETURN_WINDOW"
check = "return_window"
actions = ["return_items"]
passage = "returns#0"
[[rules]]
rule = "EXCLUDED"
check = "excluded"
actions = ["return_items"]
[[rules]]
rule = "LAW"
check = "statutory_window"
actions = ["withdraw"]
[[rules]]
rule = "LOST"
check = "parcel_lost"
actions = ["resend_parcel"]
business_days = 20
business_days_by_market = {EU = 10}
passage = "lost#0"
[[rules]]
rule = "PAUSE"
check = "pause_length"
actions = ["pause_subscription"]
most_days = 183
passage = "pause#0"
[[limits]]
level = "agent"
actions = ["give_goodwill"]
up_to = {EUR = 20}
passage = "goodwill#0"
[[limits]]
level = "lead"
actions = ["give_goodwill"]
up_to = {EUR = "100.00"}
[[limits]]
level = "head"
actions = ["give_goodwill"]
[[signals]]
rule = "MANY_ORDERS"
check = "velocity"
orders = 5
days = 1
actions = ["cancel_order"]
"""

PASSAGES = {
    "returns#0": "You can return an order within 30 days of delivery.",
    "returns#1": "Return postage is JPY 1,200 in Japan and free in the EU.",
    "law#0": "In the EU you can withdraw within two weeks.",
    "lost#0": "A parcel is lost after 10 business days in the EU, 20 business days elsewhere.",
    "pause#0": "You can pause for up to 6 months.",
    "goodwill#0": "Agents may give up to EUR 20.",
}


def find(cite: str) -> tuple[str, str] | None:
    return (PASSAGES[cite], "en") if cite in PASSAGES else None


def sound(*changes: tuple[str, str], more: str = "") -> dict[str, Any]:
    """The sound policy with some of its text replaced, and entries added."""
    text = SOUND
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return tomllib.loads(text + more)


def rule(check: str, actions: list[str], name: str = "NEW", **fields: Any) -> dict[str, Any]:
    return {"rule": name, "check": check, "actions": actions, **fields}


def with_rule(*rules: dict[str, Any]) -> dict[str, Any]:
    data = sound()
    return {**data, "rules": [*data["rules"], *rules]}


def the(findings: list[Finding], severity: str, *parts: str) -> Finding:
    """The only finding there is, of this severity and saying these parts."""
    assert [finding.severity for finding in findings] == [severity], findings
    whole = f"{findings[0].rule} {findings[0].action} {findings[0].message} {findings[0].suggestion}"
    assert [part for part in parts if part not in whole] == []
    return findings[0]


def test_a_sound_policy_has_no_findings() -> None:
    assert check_policy(sound(), find) == []


def test_the_policies_we_ship_have_no_errors_and_no_warnings() -> None:
    demo = tomllib.loads((files("knowledge.demo_shop") / "service_policy.toml").read_text("utf-8"))
    for data in (demo, tomllib.loads(RETAIL.read_text("utf-8")), {}):
        assert [finding for finding in check_policy(data) if finding.severity != "note"] == []


WRONG_SHAPES = [
    (sound(more="[[rulez]]\nrule='X'"), "no part 'rulez'", "'rules'"),
    (sound(("[actions.cancel_order]", "[actions.cancel_oder]")), "no action 'cancel_oder'", "'cancel_order'"),
    (sound(('"parcel_lost"', '"parcel_lots"')), "LOST", "no check 'parcel_lots'", "'parcel_lost'"),
    (sound(("check = \"parcel_lost\"\n", "")), "has no check", "parcel_lost"),
    (sound(('"parcel_lost"', '"velocity"')), "It belongs under [[signals]]"),
    (sound(("most_days", "most_day")), "no field 'most_day'", "'most_days'"),
    (sound(("business_days = 20\n", "")), "lacks the field 'business_days'"),
    (sound(("days = 30", "dayz = 5\ndays = 30")), "returns has no field 'dayz'", "'days'"),
    (sound(('rule = "MADE_TO_MEASURE"', 'rule = "MADE_TO_MEASURE"\nwhenn = "opened"')), "whenn", "'when'"),
    (sound(('level = "agent"', 'level = "agent"\nupto = 3')), "limits, entry 1", "'up_to'"),
    (sound(("refund_days", "refund_day")), "actions.cancel_order", "'refund_days'"),
    (sound(("days = 30", 'days = "many"')), "returns, days", "integer"),
    (sound(more="[confirmation]\nminutes = 0"), "confirmation, minutes", "greater than 0"),
    ({"rules": {"rule": "X"}}, "rules is no list", "[[rules]]"),
    ({"actions": ["cancel_order"]}, "actions is no table", "[actions.cancel_order]"),
    ({"returns": 30}, "returns"),
    ({"rules": [7]}, "rules, entry 1"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG_SHAPES, ids=lambda case: case[1])
def test_what_cannot_be_read_is_named_with_what_was_meant(case: tuple[Any, ...]) -> None:
    data, *parts = case
    told = check_policy(data)
    assert told[0].severity == "error"
    whole = " ".join(f"{one.rule} {one.message} {one.suggestion}" for one in told if one.severity == "error")
    assert [part for part in parts if part not in whole] == []


CONTRADICTIONS = [
    ("error", with_rule(rule("reason", ["cancel_ordr"], allowed=["x"])), "cancel_ordr", "'cancel_order'"),
    ("warning", with_rule(rule("paid", ["exchange_items"])), "exchange_items", "does not offer"),
    ("warning", sound(('days = 1\nactions = ["cancel_order"]', 'days = 1\nactions = ["skip_delivery"]')),
     "MANY_ORDERS", "skip_delivery"),
    ("warning", {"actions": {"cancel_order": {}}}, "No rule says in which state"),
    ("error", with_rule(rule("status", ["cancel_order"], allowed=["processed"])), "nothing is ever allowed"),
    ("error", with_rule(rule("reason", ["cancel_order"], allowed=["damaged"], markets=["FR"])), "REASON", "NEW"),
    ("error", with_rule(rule("not_status", ["cancel_order"], forbidden=["pending"])), "pending", "nothing is ever"),
    ("warning", with_rule(rule("status", ["return_items"], "A", allowed=["delivered", "shipped"]),
                          rule("not_status", ["return_items"], "B", forbidden=["shipped"])), "which B forbids"),
    ("warning", sound(('becomes = "cancelled"', 'becomes = "canceled"')), "'canceled'", "'cancelled'"),
    ("error", with_rule(rule("reason", ["return_items"], allowed=["x"])), "'reason', which return_items does not have"),
    ("warning", with_rule(rule("excluded", ["return_items"])), "what EXCLUDED says already"),
    ("warning", with_rule(rule("status", ["cancel_order"], "CANCEL_ONLY_PENDING", allowed=["pending", "new"],
                               text="Other words.")), "'Only pending orders.'", "'Other words.'"),
    ("error", with_rule(rule("paid", ["cancel_order"], markets=["UK"])), "'UK'", "'GB'"),
    ("error", with_rule(rule("paid", ["cancel_order"], markets=["Narnia"])), "'Narnia'", "ISO 3166"),
    ("error", sound(("statutory_days = {EU = 14}", "statutory_days = {EU = 14, USA = 3}")), "'USA'", "'US'"),
    ("error", sound(("days = 30", "days = 10")), "EU have 10 days", "the law gives 14"),
    ("error", sound(("days = 30", "days = 30\ndays_by_market = {DE = 7}")), "DE have 7 days"),
    ("error", sound(("days = 30", "days = 30\ndays_by_category = {Lamps = 7}")), "Lamps have 7 days"),
    ("error", sound(("days = 30", "days = 30\ndays_by_category = {Curtains = 40}")), "MADE_TO_MEASURE", "Curtains"),
    ("warning", sound(('rule = "EXCLUDED"\ncheck = "excluded"', 'rule = "NAMED"\ncheck = "items_named"')),
     "no rule asks whether"),
    ("error", sound(("[actions.withdraw]\n", ""), ('actions = ["withdraw"]', 'actions = ["return_items"]')),
     "no one can withdraw"),
    ("error", sound(('rule = "LAW"\ncheck = "statutory_window"', 'rule = "LAW"\ncheck = "paid"')), "without end"),
    ("error", sound(("statutory_days = {EU = 14}\n", "")), "no statutory days"),
    ("error", {"actions": {"return_items": {}}, "rules": [rule("return_window", ["return_items"])]}, "no terms"),
    ("error", sound(('JP = "1200"', 'JP = "1200.50"')), "JPY has 0 digits"),
    ("note", sound(('EU = "0"', 'EU = "6.00"')), "PLN in Poland", "DK, HU, PL"),
    ("error", sound(('"100.00"', '"10.00"')), "lead may move less than agent", "EUR 20"),
    ("error", sound(("up_to = {EUR = 20}\n", "")), "any amount", "give_goodwill"),
    ("warning", sound(('level = "head"', 'level = "head"\nup_to = {EUR = 500}')), "more than EUR 500"),
    ("warning", sound(('level = "head"', 'level = "lead"')), "two limits"),
    ("warning", sound(('"100.00"}', '"100.00", ERU = 3}')), "'ERU'", "'EUR'"),
    ("warning", sound(("EUR = 20}", "EUR = 20.005}")), "more digits"),
    ("error", sound(("EUR = 20}", "EUR = 1e40}")), "lead may move less than agent"),
    ("warning", {"actions": {"refund_order": {}}}, "anyone of the staff may pay any amount"),
    ("error", {"actions": {"change_default_address": {}},
               "limits": [{"level": "shopper", "actions": ["*"], "up_to": {"EUR": 5}}]}, "nobody of the staff"),
    ("warning", sound(('orders = 5', 'orders = 5\nlevels = ["agnet"]')), "'agnet'", "'agent'"),
    ("warning", sound(more="[confirmation]\nminutes = 1"), "1 minute"),
    ("warning", sound(more="[confirmation]\nminutes = 1441"), "more than a day"),
    ("error", sound(('"lost#0"', '"lost"')), "LOST", "'lost' names no passage"),
]  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=lambda case: case[2])
def test_each_contradiction_is_found_and_said(case: tuple[Any, ...]) -> None:
    severity, data, *parts = case
    told = check_policy(data)
    same = {(finding.severity, finding.message) for finding in told if finding.severity == severity}
    assert told[0].severity == severity
    assert len(same) == 1, same
    whole = " ".join(f"{one.rule} {one.action} {one.message} {one.suggestion}" for one in told)
    assert [part for part in parts if part not in whole] == []


def test_rules_for_other_orders_or_askers_do_not_contradict() -> None:
    apart = rule("status", ["cancel_order"], allowed=["processed"])
    data = sound(('allowed = ["pending"]', 'allowed = ["pending"]\nmarkets = ["EU"]\nlevels = ["shopper"]'))
    for scope in ({"markets": ["US"]}, {"levels": ["lead"]}):
        assert check_policy({**data, "rules": [*data["rules"], {**apart, **scope}]}) == []
    held = check_policy({**data, "rules": [*data["rules"], {**apart, "markets": ["FR"]}]})
    the(held, "error", "processed")


def test_what_stood_in_an_unreadable_rule_is_not_said_to_be_missing() -> None:
    told = check_policy(sound(('check = "status"', 'check = "stat"')))
    the(told, "error", "no check 'stat'")


def test_a_passage_that_is_not_there_is_told() -> None:
    told = check_policy(sound(('"lost#0"', '"lost#9"')), find)
    the(told, "error", "LOST", "no passage lost#9")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("days = 30", "days = 28"), "returns#0 says 30 days, the rule says 28 days."),
        (("EU = 14}", "EU = 21}"), "law#0 says 14 days, the rule says 21 days."),
        (('"1200"', '"1500"'), "returns#1 says JPY 1,200, the rule says JPY 1,500."),
        (("{EU = 10}", "{EU = 15}"), "lost#0 says 10 business days, 20 business days, the rule says 15 business days."),
        (("183", "90"), "pause#0 says 6 months, the rule says 90 days."),
        (("EUR = 20}", "EUR = 25}"), "goodwill#0 says EUR 20, the rule says EUR 25."),
    ],
)  # fmt: skip
def test_a_passage_that_says_another_figure_is_told(change: tuple[str, str], said: str) -> None:
    assert the(check_policy(sound(change), find), "error").message == said


def test_a_passage_that_says_no_such_figure_is_a_note() -> None:
    the(check_policy(sound(('JP = "1200"', 'JP = "1200", US = "5.00"')), find), "note", "does not say USD 5")


def test_an_explanation_tells_rules_in_the_order_they_are_asked() -> None:
    told = explain_policy(ServicePolicy.model_validate(sound()))
    cancel = next(action for action in told.offered if action.action == "cancel_order")
    last = ["CANCEL_ONLY_PENDING", "ALREADY_CANCELLED", "REASON", "ALREADY_RETURNED"]
    assert [rule.rule for rule in cancel.rules][-4:] == last
    assert (cancel.rules[0].says, cancel.rules[0].stated) == ("the asker must be identified", "holds in every shop")
    assert cancel.rules[-4].stated == '"Only pending orders."'
    assert (cancel.rules[-2].scope, cancel.rules[-2].stated) == ("orders from DE, EU", "stated nowhere")
    assert (cancel.becomes, cancel.refund_days) == ("cancelled", (3, 5))
    assert [signal.says for signal in cancel.signals] == ["5 or more orders within 1 days"]
    goodwill = next(action for action in told.offered if action.action == "give_goodwill")
    assert goodwill.limits == ["agent: up to EUR 20", "lead: up to EUR 100.00", "head: any amount"]
    assert "exchange_items" in told.not_offered
    assert "30 minutes" in told.confirmation
    assert "72 hours" in told.approval
    assert {"returns: 30 days from delivery", "by law, EU: 14 days", "return postage, EU: free"} <= {*told.terms}
    assert "never returned: Curtains  [MADE_TO_MEASURE]" in told.terms


def test_a_lost_parcel_is_explained_with_the_days_of_each_market() -> None:
    told = explain_policy(ServicePolicy.model_validate(sound()))
    said = {rule.says for action in told.offered for rule in action.rules}
    assert "the parcel must be lost, or without a scan for 20 business days, 10 in EU" in said
