"""Rules about a listing's data: who answers for it in the Union, California's warning; values in other languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.facts.reading import facts_of_record
from knowledge.facts.values import said
from knowledge.listings import listing_of
from knowledge.marketplaces import marketplace
from tools.listings.check import Checker

DAY = date(2026, 11, 30)
MAKER = "Norvane Ltd., 5 Quay St, support@norvane.example"
IN_EU = "Muster EU-REP GmbH, Musterstr. 1, 20095 Hamburg"


def rules_of(listing: dict[str, Any], locale: str, facts: dict[str, Any] | None = None) -> set[tuple[str, str]]:
    market = marketplace("amazon")
    held = facts_of_record({"product_id": "S1", "name": "Shelf", "brand": "Norvo", **(facts or {})}, "test", DAY)
    found = Checker(market, locale, DAY).check(listing_of({"title": "Norvo Shelf", **listing}, market), held)
    return {(f.rule, f.severity) for f in found}


@pytest.mark.parametrize(
    ("held", "severity"),
    [
        ({"manufacturer": MAKER, "responsible_person": IN_EU, "warnings": "keine"}, ""),
        ({"manufacturer": MAKER, "responsible_person": "entfällt: Hersteller in der EU"}, ""),
        ({"manufacturer": MAKER}, "block"),
        ({"manufacturer": "Norvane Ltd.", "responsible_person": IN_EU}, "block"),
        ({"responsible_person": IN_EU}, "block"),
        (None, "info"),
    ],
)
def test_safety_fields_that_are_filled_are_filled_whole(held: dict[str, str] | None, severity: str) -> None:
    found = {
        s for rule, s in rules_of({"gpsr_fields": held} if held else {}, "de-DE") if rule == "eu.gpsr.info_missing"
    }
    assert found == ({severity} if severity else set())


def test_safety_fields_are_the_unions_affair() -> None:
    assert "eu.gpsr.info_missing" not in {rule for rule, _ in rules_of({"gpsr_fields": {"manufacturer": "N"}}, "en-US")}


def test_a_chemical_on_californias_list_wants_its_warning() -> None:
    assert ("us.ca.prop65", "warn") in rules_of({}, "en-US", {"prop65": "lead"})
    warned = {"description": "WARNING: Cancer, www.P65Warnings.ca.gov."}
    assert ("us.ca.prop65", "warn") not in rules_of(warned, "en-US", {"prop65": "lead"})
    assert ("us.ca.prop65", "warn") not in rules_of({}, "de-DE", {"prop65": "lead"})
    assert ("us.ca.prop65", "warn") not in rules_of({}, "en-US")


@pytest.mark.parametrize(
    ("kind", "text", "language", "told"),
    [
        (
            "material",
            "100 % organic cotton, single jersey 180 g/m²",
            "de",
            "100 % Bio-Baumwolle, Single-Jersey 180 g/m²",
        ),
        ("material", "ABS, stainless steel 304 bowl", "fr", "ABS, gamelle en acier inoxydable 304"),
        ("material", "62 % merino wool, 5 % elastane", "ja", "62%メリノウール、5%エラスタン"),
        ("material", "98 % cotton, 2 % unobtainium", "de", ""),
        ("material", "Polycarbonate and ABS housing", "de", ""),
        ("care", "Machine wash at 30 °C, line dry", "es", "lavar a máquina a 30 °C, secar tendido"),
        ("care", "Machine wash at 30 °C, sing to it", "es", ""),
        ("color", "Navy", "pt-BR", "azul-marinho"),
        ("color", "moss", "de", "Moosgrün"),
        ("color", "unobtainium", "de", ""),
        ("in_the_box", "USB-C cable 1.5 m", "de", "USB-C-Kabel 1,5 m"),
        ("in_the_box", "2 carabiners", "fr", "2 × mousquetons"),
        ("in_the_box", "2 carabiners", "ja", "カラビナ×2"),
        ("in_the_box", "Flux capacitor", "de", ""),
        ("material", "Cotton", "sv", ""),
    ],
)
def test_a_value_is_said_in_another_language_whole_or_not_at_all(
    kind: str, text: str, language: str, told: str
) -> None:
    assert said(kind, text, language) == told


def test_every_value_has_words_in_every_language() -> None:
    import tomllib
    from importlib.resources import files

    table = tomllib.loads((files("knowledge.facts") / "values.toml").read_text("utf-8"))
    short = [(kind, word) for kind, held in table.items() if isinstance(held, dict)
             for word, told in held.items() if len(told) != len(table["languages"]) or not all(told)]  # fmt: skip
    assert short == []
