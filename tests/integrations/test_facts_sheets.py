"""Sheets of facts as people save them: any character set, any language."""

from csv import DictReader
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from integrations.listings.facts_files import doubts, facts_of_told, read_entries, read_facts, told_facts, united
from integrations.listings.feeds import shopify_csv
from integrations.listings.tables import FileUnreadable, read_data, uncomputed
from knowledge.facts import Facts
from knowledge.listings import Draft
from knowledge.marketplaces import marketplace
from knowledge.phrasing import Phrasing
from tests.command_line import command

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


@pytest.mark.parametrize(
    "sheet",
    [
        "sku,name,weight_g,ingredients,warnings\nF-1,Cream,120,Aqua,Not for eyes\nF-1,,125,,\n",
        "Art.-Nr.;Bezeichnung;Gewicht;ingredients;Warnhinweise\nF-1;Cream;120 g;Aqua;Not for eyes\nF-1;;125 g;;\n",
    ],
)
def test_two_rows_of_a_product_are_one_and_what_they_contradict_is_told(tmp_path: Path, sheet: str) -> None:
    (tmp_path / "facts.csv").write_text(sheet, "utf-8")
    entries = read_entries(tmp_path / "facts.csv", DAY)
    [facts] = united(entries)
    assert (facts.value("weight_g"), facts.value("ingredients"), facts.value("name")) == (125, "Aqua", "Cream")
    [told] = doubts(entries)
    assert "F-1#weight_g: 120" in told
    assert "125" in told


def test_a_figure_that_is_none_and_a_cell_without_its_value_are_named(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    for row in (["sku", "brand", "weight_g", "volume_ml"], ["A", '=CONCAT("a", "b")', "abc", "30,5"]):
        book.active.append(row)
    book.save(tmp_path / "facts.xlsx")
    [told] = doubts(read_entries(tmp_path / "facts.xlsx", DAY))
    assert told.startswith("A#weight_g: 'abc' is no figure")
    assert uncomputed(tmp_path / "facts.xlsx") == ["Sheet!B2"]


def test_a_product_of_a_sheet_keeps_its_sku_in_the_shops_file(tmp_path: Path) -> None:
    facts = read(tmp_path, "sku,name\nK-1,Mug\n", "utf-8")
    draft = Draft("K-1", "shopify", "en-US", DAY, {"title": "Mug", "handle": "mug"})
    [row] = DictReader(StringIO(shopify_csv([(draft, facts, marketplace("shopify"))]).decode("utf-8-sig")))
    assert row["Variant SKU"] == "K-1"


def test_a_broken_line_is_named_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text('{"sku": "A"}\n\n{"sku": }\n', "utf-8")
    with pytest.raises(FileUnreadable, match="line 3, column 9"):
        read_data(tmp_path / "items.jsonl")


def test_what_is_imported_is_counted_and_a_cell_that_is_no_measure_is_named(home: Path, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("sku,name,weight_g\nN-1,Lamp,-5\n", "utf-8")
    done = command(home, "facts", "import", str(tmp_path / "facts.csv"))
    assert "Imported 3 facts of 1 product. Next" in done.stdout
    assert "N-1#weight_g: -5 is no figure" in done.stderr
