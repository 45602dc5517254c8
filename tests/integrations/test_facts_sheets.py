"""Sheets of facts as people save them: any character set, any language."""

from datetime import date
from pathlib import Path

from integrations.listings.facts_files import facts_of_told, read_facts, told_facts
from knowledge.facts import Facts
from knowledge.phrasing import Phrasing

DAY = date(2026, 11, 30)
GERMAN = """Art.-Nr.;Bezeichnung;Gewicht;Material;Lieferumfang;Beschreibung;Pflege
K-1;Teekanne Molelos;1.250 g;schwarzer Ton;Kanne, Deckel;Eine Kanne, die auf der Töpferscheibe gedreht wurde.;feucht abwischen
"""  # noqa: E501


def read(tmp_path: Path, text: str, charset: str = "cp1252") -> Facts:
    (tmp_path / "facts.csv").write_bytes(text.encode(charset))
    [facts] = read_facts(tmp_path / "facts.csv", DAY)
    return facts_of_told(told_facts(facts))


def test_the_texts_of_a_german_sheet_stand_in_german_and_in_no_other_language(tmp_path: Path) -> None:
    facts = read(tmp_path, GERMAN)
    assert (facts.product_id, facts.value("weight_g")) == ("K-1", 1250)
    german, english = Phrasing(facts, "de", "de-DE"), Phrasing(facts, "en", "en-US")
    assert german.value("material") == "schwarzer Ton"
    assert [piece.text for piece in german.summary()] == ["Eine Kanne, die auf der Töpferscheibe gedreht wurde."]
    assert not list(english.summary())
    assert not any(english.value(name) for name in ("material", "care", "in_the_box"))
    assert english.value("weight_g") == "2.8 lb"


def test_german_things_in_the_box_keep_their_capitals(tmp_path: Path) -> None:
    facts = read(tmp_path, GERMAN.replace("Kanne, Deckel", "Kanne|Deckel"))
    assert Phrasing(facts, "de", "de-DE").value("in_the_box") == "Kanne, Deckel"


def test_an_english_sheet_is_said_in_german_where_there_are_words(tmp_path: Path) -> None:
    sheet = "sku,name,description,material\nK-1,Mug,A plain mug for tea and for coffee in the office.,cotton\n"
    facts = read(tmp_path, sheet, "utf-8")
    assert Phrasing(facts, "en", "en-GB").value("material") == "cotton"
    assert Phrasing(facts, "de", "de-DE").value("material") == "Baumwolle"
