"""Listings of a shop that wrote its sheet in German: what is withheld leaves no trace, what is not said is told."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.facts.reading import facts_of_record
from knowledge.listings import Draft
from knowledge.marketplaces import marketplace
from tools.listings.write import write_listing

DAY = date(2026, 11, 30)
SOCKS = {
    "product_id": "SO-4", "name": "Merinosocken Steigfest", "brand": "Felswind", "weight_g": 85, "origin": "PT",
    "summary": "Wandersocken aus Merinowolle. Antibakteriell, verhindert Fußpilz und heilt Blasen.",
}  # fmt: skip
SPRAY = {
    "product_id": "SP-14", "name": "Zeckenfrei Spray", "brand": "Felswind", "weight_g": 120, "origin": "DE",
    "dimensions_mm": [40, 40, 160], "summary": "Zeckenspray, schützt vor Borreliose und ist völlig natürlich.",
}  # fmt: skip


def written(record: dict[str, object], locale: str) -> Draft:
    return write_listing(facts_of_record(record, "sheet", DAY, language="de"), marketplace("amazon"), locale, DAY)


def test_words_of_a_sentence_that_is_withheld_are_no_search_terms() -> None:
    draft = written(SOCKS, "de-DE")
    assert draft.fields["search_terms"] == "wandersocken merinowolle"
    assert "Wandersocken aus Merinowolle." in str(draft.fields["description"])


def test_a_claim_on_illness_stands_in_no_field() -> None:
    assert "borreliose" not in str(written(SPRAY, "de-DE").fields).lower()


def test_a_weight_alone_is_headed_as_one_and_a_size_as_a_size() -> None:
    assert "Gewicht: 85 g" in written(SOCKS, "de-DE").fields["bullets"]
    assert "الوزن: 85 غرامًا" in written(SOCKS, "ar-SA").fields["bullets"]
    assert "Poids : 85\u202fg" in written(SOCKS, "fr-FR").fields["bullets"]
    assert any("4 x 4 x 16 cm" in str(bullet) for bullet in written(SPRAY, "de-DE").fields["bullets"])


SMALL_PARTS = "Not suitable for children under 36 months: small parts, choking hazard."
JACKET = {
    "product_id": "NM-3", "brand": "Nordkind", "name": "Fjord Rain Jacket", "weight_g": 310, "warnings": [SMALL_PARTS],
    "manufacturer": "Nordkind AB, Storgatan 1, Stockholm, hi@nordkind.example", "summary": "A jacket with a hood.",
    "responsible_person": "Nordkind AB, Storgatan 1, Stockholm, hi@nordkind.example", "origin": "PT",
}  # fmt: skip


@pytest.mark.parametrize(("channel", "locale", "rule"), [
    ("ebay", "en-GB", "facts.left_out"), ("shopify", "en-US", "facts.left_out"), ("amazon", "en-GB", ""),
    ("etsy", "fr-FR", "facts.untranslated"), ("amazon", "de-DE", "facts.untranslated"),
    ("amazon", "ja-JP", "facts.untranslated"),
])  # fmt: skip
def test_warnings_stand_in_the_language_or_are_told_to_be_lacking(channel: str, locale: str, rule: str) -> None:
    draft = write_listing(facts_of_record(JACKET, "sheet", DAY), marketplace(channel), locale, DAY)
    told = [(f.rule, f.severity, f.evidence) for f in draft.findings if f.field == "warnings"]
    assert told == ([(rule, "warn", ("NM-3#warnings",))] if rule else [])
    assert ("choking hazard" in str(draft.fields)) is (not rule)


@pytest.mark.parametrize(("names", "locale", "title"), [
    ({"de": "Regenjacke", "en": "Rain Jacket", "fr": "Veste de pluie"}, "ja-JP", "Nordkind Rain Jacket"),
    ({"de": "Regenjacke", "fr": "Veste de pluie"}, "es-ES", "Nordkind Regenjacke"),
    ({"de": "Regenjacke", "en": "Rain Jacket"}, "de-DE", "Nordkind Regenjacke"),
])  # fmt: skip
def test_a_product_named_in_other_languages_keeps_a_name_and_it_is_told(
    names: dict[str, str], locale: str, title: str
) -> None:
    facts = facts_of_record({"sku": "JK-7", "brand": "Nordkind", "names": names, "weight_g": 310}, "sheet", DAY)
    draft = write_listing(facts, marketplace("amazon"), locale, DAY)
    assert str(draft.fields["title"]).startswith(title)
    assert ("name" in [f.field for f in draft.advice if f.rule == "facts.untranslated"]) is (locale[:2] not in names)


def test_a_product_without_a_name_has_no_title_and_that_blocks() -> None:
    facts = facts_of_record({"sku": "JK-7", "brand": "Nordkind", "weight_g": 310}, "sheet", DAY)
    draft = write_listing(facts, marketplace("amazon"), "de-DE", DAY)
    assert draft.is_blocked
    assert ("limit.required", "title") in {(f.rule, f.field) for f in draft.findings}
    assert "The facts hold no name." in {entry.why for entry in draft.missing if entry.field == "title"}


def test_texts_that_the_language_lacks_are_told() -> None:
    assert {f.field: f.why for f in written(SOCKS, "fr-FR").advice if f.rule == "facts.untranslated"} == {
        "name": "name has no words in fr: it stands as it is.",
        "summary": "summary has no words in fr: it is left out.",
    }
    assert not [f for f in written(SOCKS, "de-DE").advice if f.rule == "facts.untranslated"]
