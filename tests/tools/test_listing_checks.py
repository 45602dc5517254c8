"""The gold listings pass; each mutation of them is found in the right field by the right rule; benign edits are not."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.facts import Facts
from knowledge.facts.reading import facts_of_record
from knowledge.findings import Finding
from knowledge.listings import Listing, listing_of
from knowledge.marketplaces import marketplace
from tests.tools.listing_disguises import disguises
from tests.tools.listing_mutations import Mutation, benign, mutations
from tools.attesting.attested import Ground
from tools.attesting.brands import Brands
from tools.listings.check import Checker

DAY = date(2026, 11, 30)
GOLD = yaml.safe_load((Path(__file__).parents[1] / "data" / "gold_listings.yaml").read_text("utf-8"))
PRODUCTS = {product["id"]: product for product in GOLD["products"]}


@cache
def checker(name: str, locale: str, on: date = DAY) -> Checker:
    return Checker(marketplace(name), locale, on)


def facts_for(record: dict[str, Any]) -> Facts:
    return _facts(json.dumps(record))


@cache
def _facts(record: str) -> Facts:
    return facts_of_record(json.loads(record), "gold", DAY)


def found_in(listing: dict[str, Any], facts: Facts) -> list[Finding]:
    judge = checker(listing["marketplace"], listing["locale"])
    return [f for f in judge.check(listing_of(listing, judge.market), facts) if f.severity != "info"]


def language(listing: dict[str, Any]) -> str:
    return str(listing["locale"].split("-")[0])


@pytest.mark.parametrize(
    "listing", GOLD["listings"], ids=lambda one: f"{one['product']}-{one['marketplace']}-{one['locale']}"
)
def test_the_gold_listings_pass_their_own_channels(listing: dict[str, Any]) -> None:
    assert found_in(listing, facts_for(PRODUCTS[listing["product"]])) == []


def all_mutations() -> list[Mutation]:
    return [m for one in GOLD["listings"] for m in mutations(one, PRODUCTS[one["product"]], language(one))]


def test_every_mutation_is_caught_in_its_field_by_its_rule() -> None:
    missed, counted = [], Counter[str]()
    for mutation in all_mutations():
        counted[mutation.kind] += 1
        found = found_in(mutation.listing, facts_for(mutation.facts))
        if not any(f.field == mutation.field and f.rule in mutation.rules for f in found):
            missed.append(
                (
                    mutation.kind,
                    mutation.listing["locale"],
                    mutation.field,
                    mutation.what,
                    [(f.field, f.rule) for f in found],
                )
            )
    assert missed == []
    assert set(counted) == {"length", "bytes", "character", "repeat", "number", "unit", "certificate", "brand"}
    assert counted.total() >= 500, counted


def missed_disguises(every: int) -> tuple[list[tuple[str, ...]], Counter[str]]:
    """Which of every so many disguised faults no rule finds in its field, and how many of each kind were tried."""
    missed, counted = [], Counter[str]()
    made = [m for one in GOLD["listings"] for m in disguises(one, PRODUCTS[one["product"]], language(one))]
    for mutation in made[::every]:
        counted[mutation.kind] += 1
        found = found_in(mutation.listing, facts_for(mutation.facts))
        if not any(f.field == mutation.field and f.rule.startswith(mutation.rules) for f in found):
            missed.append((mutation.kind, mutation.listing["locale"], mutation.field, mutation.what))
    return missed, counted


def test_faults_in_disguise_are_caught() -> None:
    missed, counted = missed_disguises(every=7)
    assert len(missed) <= counted.total() * 0.02, missed
    assert len(counted) >= 14, counted


def test_a_capital_at_the_beginning_of_a_sentence_names_nobody() -> None:
    brands = Brands(Ground(facts_for(PRODUCTS["tshirt"])), (), "pt-BR")
    assert brands.unknown("Rasqueável na máquina. Rasqueável sempre") == []
    assert brands.unknown("Camiseta de algodão, marca Quiltero e mais") == [(27, 35)]


@pytest.mark.parametrize("first", ["Kettle", "Stainless", "Cordless"])
def test_a_title_in_another_language_than_the_sheet_may_begin_with_a_word(first: str) -> None:
    sheet = {"sku": "KT-1", "brand": "Bollwerk", "name": "Wasserkocher Brise", "capacity_ml": 1700}
    facts = facts_of_record(sheet, "sheet", date(2026, 11, 30), language="de")
    judge = Checker(marketplace("ebay"), "en-GB", date(2026, 11, 30))
    ordinary = judge.check(Listing({"title": f"{first} steel jug 1.7 L"}), facts)
    assert {f.severity for f in ordinary if f.rule == "facts.other_brand"} == {"warn"}
    named = judge.check(Listing({"title": "Zyntrel steel jug 1.7 L"}), facts)
    assert {f.severity for f in named if f.rule == "facts.other_brand"} == {"block"}


@pytest.mark.prove
def test_all_faults_in_disguise_are_caught() -> None:
    missed, counted = missed_disguises(every=1)
    assert len(missed) <= counted.total() * 0.02, missed


def test_benign_edits_are_not_flagged() -> None:
    flagged, count = [], 0
    for one in GOLD["listings"]:
        before = {(f.rule, f.field) for f in found_in(one, facts_for(PRODUCTS[one["product"]]))}
        for edit in benign(one, PRODUCTS[one["product"]], language(one)):
            count += 1
            after = {(f.rule, f.field) for f in found_in(edit.listing, facts_for(edit.facts))}
            flagged += [(edit.what, edit.field, new) for new in after - before]
    assert flagged == []
    assert count >= 60
