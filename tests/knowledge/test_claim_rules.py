"""The rules on claims as data: carried over whole, each with examples it is held to."""

from __future__ import annotations

import tomllib
from datetime import date
from itertools import takewhile
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from knowledge.claims.places import PlaceUnknown, places_meant, scopes_of
from knowledge.claims.rules import Example, Rule, RuleWrong, claim_rules, claim_sources, read_rule
from knowledge.claims.tongues import tongue_of
from tools.claims import check_claims
from tools.claims.check import find_claims
from tools.claims.evidence import Given
from tools.claims.matching import Reader

RULES = claim_rules()
EXAMPLES = [
    pytest.param(rule, kind, example, id=f"{rule.id} {kind} {place}")
    for rule in RULES.values()
    for kind in ("caught", "passes")
    for place, example in enumerate(getattr(rule, kind))
]


@pytest.mark.parametrize(("rule", "kind", "example"), EXAMPLES)
def test_a_rule_catches_and_lets_pass_its_own_examples(rule: Rule, kind: str, example: Example) -> None:
    found = check_claims(
        example.text, example.where or rule.place, example.locale, category=example.category,
        evidence=example.evidence, brands=example.brands,
    )  # fmt: skip
    assert (rule.id in {finding.rule for finding in found}) == (kind == "caught")


def test_every_rule_with_phrases_has_examples_of_both_kinds() -> None:
    assert [rule.id for rule in RULES.values() if rule.phrases and not (rule.caught and rule.passes)] == []


def test_every_advice_passes_the_rule_it_is_given_for() -> None:
    failing = [
        rule.id for rule in RULES.values()
        if rule.id in {found.rule for found in check_claims(rule.advice, rule.place, "en-IE", category="home")}
    ]  # fmt: skip
    assert failing == []


@pytest.mark.shared
def test_all_rules_and_phrases_of_the_facts_are_carried_over(shared_data: Path) -> None:
    facts = yaml.safe_load((shared_data.parent / "facts" / "claims.yaml").read_text("utf-8"))
    lost = [
        (fact["id"], language, phrase)
        for fact in facts["rules"] for language, phrases in fact["triggers"].items() for phrase in phrases
        if phrase not in RULES[fact["id"]].phrases[language]
    ]  # fmt: skip
    assert lost == []
    assert sum(len(phrases) for fact in facts["rules"] for phrases in fact["triggers"].values()) == 1248
    kept = {fact["id"]: (RULES[fact["id"]].severity, RULES[fact["id"]].as_of.isoformat()) for fact in facts["rules"]}
    assert kept == {fact["id"]: (fact["severity"], fact["as_of"]) for fact in facts["rules"]}
    assert set(facts["sources"]) <= set(claim_sources())


def test_a_place_brings_what_holds_there() -> None:
    assert places_meant("DE") == {"DE", "EU"}
    assert places_meant("gb") == {"UK"}
    assert places_meant("US+amazon") == places_meant("us, Amazon") == {"US", "amazon"}
    assert places_meant("EU") == {"EU"}


@pytest.mark.parametrize("name", ["", "SA", "Mars", "EU,XX"])
def test_a_place_without_rules_is_refused_and_those_there_are_told(name: str) -> None:
    with pytest.raises(PlaceUnknown, match="There are: EU, AT"):
        places_meant(name)


def test_a_category_tells_the_kinds_of_goods_and_an_unknown_one_may_be_any() -> None:
    assert scopes_of("Home Textiles") == {"textile", "treated_article"}
    assert scopes_of("Food, Beverages & Tobacco > Beverages") == {"food"}
    assert scopes_of("spaceships") is None


def test_a_rule_holds_between_its_days() -> None:
    rule = RULES["eu.ecgt.generic_env"].model_copy(update={"ends": date(2030, 1, 1)})
    assert not rule.holds_on(date(2026, 9, 26))
    assert rule.holds_on(date(2026, 9, 27))
    assert rule.holds_on(date(2030, 1, 1))
    assert not rule.holds_on(date(2030, 1, 2))


def test_the_entry_in_the_guide_is_a_rule_and_catches_what_it_says() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "marketer.md").read_text("utf-8")
    block = guide.partition('    ["at.example"]\n')[1:]
    lines = takewhile(lambda line: not line or line.startswith("    "), "".join(block).splitlines())
    [(rule_id, entry)] = tomllib.loads(dedent("\n".join(lines))).items()
    rule = read_rule("guide", rule_id, entry)
    given = Given("", None, (), date(2026, 11, 30))
    reader = Reader([rule], tongue_of("de-AT"))
    assert [bool(find_claims(one.text, reader, given)) for one in (*rule.caught, *rule.passes)] == [True, False]


ENTRY = {
    "where": ["EU"], "category": "x", "says": "x", "severity": "warn", "advice": "x", "sources": ["ucpd"],
    "as_of": date(2026, 11, 22), "confidence": "low",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"severity": "bad"}, "severity"),
        ({"frases": {}}, "frases"),
        ({"sources": ["nowhere"]}, "no source is called nowhere"),
        ({"where": ["Mars"]}, "Mars"),
        ({"unless": [{"says": "x", "near": ["@nothing"]}]}, "no list is called @nothing"),
        ({"unless": [{"says": "x", "pattern": "("}]}, "pattern"),
        ({"phrases": {"en": ["cures @nothing"]}}, "no list is called @nothing"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_by_name(change: dict[str, object], told: str) -> None:
    assert read_rule("x.toml", "eu.new", ENTRY).id == "eu.new"
    with pytest.raises(RuleWrong, match=r"x\.toml: eu\.new: .*") as refused:
        read_rule("x.toml", "eu.new", {**ENTRY, **change})
    assert told in str(refused.value)
