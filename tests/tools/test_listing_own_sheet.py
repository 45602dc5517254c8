"""Listings of a shop that wrote its sheet in German: what is withheld leaves no trace, what is not said is told."""

from __future__ import annotations

from datetime import date

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


def test_texts_that_the_language_lacks_are_told() -> None:
    assert {f.field: f.why for f in written(SOCKS, "fr-FR").advice if f.rule == "facts.untranslated"} == {
        "name": "name has no words in fr: it stands as it is.",
        "summary": "summary has no words in fr: it is left out.",
    }
    assert not [f for f in written(SOCKS, "de-DE").advice if f.rule == "facts.untranslated"]
