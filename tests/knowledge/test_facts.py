"""Facts: an id and a source each, whatever they were read from; what is over or unreadable is told."""

from __future__ import annotations

from datetime import date

import pytest

from integrations.shops.demo import read_demo_products
from knowledge.facts.categories import find_category, kind_of
from knowledge.facts.reading import FactsUnreadable, facts_of_product, facts_of_record, facts_of_records, merged
from knowledge.marketplaces import marketplace
from tools.listings.wanting import wanting

DAY = date(2026, 11, 30)


def test_every_fact_of_the_demo_has_an_id_of_its_own_and_a_source() -> None:
    for product in read_demo_products():
        facts = facts_of_product(product, DAY, "Amberquay")
        ids = list(facts.ids())
        assert len(ids) == len(set(ids))
        assert all(fact.source == "shop" and fact.as_of == DAY for fact in facts.attested)
        assert facts.value("brand") == "Amberquay"
        assert facts.certificates == tuple(product.certificates)


def test_a_row_and_an_object_say_the_same() -> None:
    row = {"SKU": "S-1", "Marke": "Norvo", "Gewicht (g)": "450", "wifi": "no", "in_the_box": "lamp | cable",
           "certificates": "GOTS licence CU 123456, valid until 2027-01-31"}  # fmt: skip
    facts = facts_of_record(row, "facts.csv, entry 1", DAY)
    assert (facts.value("brand"), facts.value("weight_g"), facts.value("wifi")) == ("Norvo", 450, False)
    assert facts.value("in_the_box") == ["lamp", "cable"]
    assert facts.certificates[0].valid_until == date(2027, 1, 31)
    assert facts.get("brand").source == "facts.csv, entry 1"  # type: ignore[union-attr]
    nested = facts_of_record({"id": "S-1", "facts": {"brand": "Norvo", "weight_g": 450, "own_name": "x"}}, "f", DAY)
    assert nested.value("weight_g") == 450
    assert nested.value("own_name") == "x"


@pytest.mark.parametrize("cell", ["energiesparend|leise", "energiesparend; leise", '["energiesparend", "leise"]'])
def test_a_cell_of_what_not_to_say_is_a_list(cell: str) -> None:
    facts = facts_of_record({"sku": "S-1", "name": "Kocher", "not_to_say": cell}, "facts.csv, entry 1", DAY)
    assert facts.not_to_say == ("energiesparend", "leise")


@pytest.mark.parametrize(("written", "read"), [
    ("Portugal", "PT"), ("China", "CN"), ("Made in Italy", "IT"), ("Hergestellt in Österreich", "AT"), ("USA", "US"),
    ("Fabriqué au Portugal", "PT"), ("Hecho en España", "ES"), ("中国製", "CN"), ("صنع في الصين", "CN"),
    ("Buatan Indonesia", "ID"), ("PT", "PT"), ("Portugal or China", "Portugal or China"),
])  # fmt: skip
def test_a_country_of_origin_is_read_by_its_name_and_one_that_is_none_is_told(written: str, read: str) -> None:
    facts = facts_of_record({"sku": "S-1", "name": "Jacket", "Made in": written}, "facts.csv, entry 1", DAY)
    assert facts.value("origin") == read
    told = {entry["fact"]: entry["why"] for entry in wanting(facts, None, "en-US", DAY)["missing"]}
    assert ("'Portugal or China' is no country" in told.get("origin", "")) is (read == "Portugal or China")


def test_newer_facts_stand_over_older_ones_and_keep_their_source() -> None:
    older = facts_of_record({"id": "S-1", "weight_g": 1, "material": "wool"}, "shop", DAY)
    newer = facts_of_record({"id": "S-1", "weight_g": 2}, "file", DAY)
    both = merged(older, newer)
    assert (both.value("weight_g"), both.value("material")) == (2, "wool")
    assert [fact.source for fact in both.attested if fact.name == "weight_g"] == ["file"]


@pytest.mark.parametrize(("record", "why"), [
    ([{"weight_g": 2}, {"brand": "x"}], "product_id"),
    ([{"id": "a", "certificates": [{"name": "GOTS", "valid_until": "soon"}]}], "GOTS.*valid_until"),
    ([1, 2], "list of objects"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(record: object, why: str) -> None:
    with pytest.raises(FactsUnreadable, match=why):
        facts_of_records(record, "f.json", DAY)


def test_a_category_is_found_by_id_path_or_name() -> None:
    assert find_category("aa-1-13-8") == find_category("T-shirts")
    assert find_category("Sporting Goods > Outdoor Recreation") is not None
    assert find_category("no such thing at all") is None
    assert kind_of("Soap") == "cosmetics"
    assert kind_of("", "unisex T-shirt") == "apparel"


def test_what_is_missing_depends_on_market_and_channel() -> None:
    facts = facts_of_record(
        {
            "id": "S-1",
            "brand": "Norvo",
            "category": "Socks",
            "certificates": [{"name": "GOTS", "valid_until": "2026-12-24"}],
        },
        "f",
        DAY,
    )
    missing = {entry["fact"] for entry in wanting(facts, None, "en-US", DAY)["missing"]}
    assert "material" in missing
    assert "responsible_person" not in missing
    german = wanting(facts, marketplace("amazon"), "de-DE", DAY)
    assert {"responsible_person", "manufacturer", "name"} <= {entry["fact"] for entry in german["missing"]}
    assert german["certificates"][0]["state"] == "it ends on 2026-12-24"
    assert german["category"].endswith("Clothing > Socks")
