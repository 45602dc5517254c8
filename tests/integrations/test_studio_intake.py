"""What is asked for is looked at before anything is written: what is found, missing, twice; sources that disagree."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest

from integrations.database.studio_batches import Entry
from integrations.listings.facts_files import facts_of_told
from integrations.listings.tables import FileUnreadable
from integrations.studio.fixes import fixed, left_out, phrases, shortened
from integrations.studio.intake import MOST_LINES, Asked, entries_of, pasted, settled, uploaded
from knowledge.facts import Facts
from knowledge.facts.reading import FactsUnreadable, facts_of_record

DAY = date(2026, 11, 30)
SHOP = facts_of_record(
    {"product_id": "TR-1", "sku": "TR-1-42", "name": "Ridge Runner", "weight_g": 310, "sole": "Vibram"}, "shop", DAY
)
KNOWN: dict[str, Facts] = {"TR-1": SHOP}


def entries(*asked: Asked) -> list[Entry]:
    return entries_of(asked, KNOWN, "sheet.csv", DAY)


def value(entry: Entry, name: str) -> object:
    return facts_of_told(entry.facts).value(name)


def test_lines_are_found_by_product_or_sku_missing_or_duplicate() -> None:
    told = entries_of(pasted("TR-1\n\n TR-1-42 ; blue\nTR-9, red\n"), KNOWN, "", DAY)
    assert [(entry.sku, entry.state) for entry in told] == [
        ("TR-1", "ready"), ("TR-9", "unknown"), ("TR-1-42", "duplicate")
    ]  # fmt: skip


def test_ten_thousand_lines_are_read_within_a_second() -> None:
    began = time.process_time()
    told = entries_of(pasted("\n".join(f"TR-{n}" for n in range(MOST_LINES))), KNOWN, "", DAY)
    assert len(told) == MOST_LINES
    assert time.process_time() - began < 1
    with pytest.raises(FileUnreadable, match="too many"):
        pasted("\n".join(f"TR-{n}" for n in range(MOST_LINES + 1)))
    with pytest.raises(FileUnreadable, match="no SKU"):
        pasted(" \n\n")


def test_a_sheets_facts_stand_beside_the_shops() -> None:
    [entry] = entries(Asked("TR-1", {"sku": "TR-1", "weight_kg": 0.31, "drop_mm": 6, "sole": "vibram "}))
    assert entry.state == "ready"
    sources = {fact.name: fact.source for fact in facts_of_told(entry.facts).attested}
    assert sources["weight_g"] == sources["sole"] == "shop + sheet.csv"
    assert (sources["drop_mm"], sources["name"]) == ("sheet.csv", "shop")


def test_sources_that_disagree_wait_for_a_person() -> None:
    [entry] = entries(Asked("TR-1", {"sku": "TR-1", "sole": "Contagrip", "weight_g": 320}))
    assert entry.state == "conflict"
    assert {one["name"] for one in entry.conflicts} == {"sole", "weight_g"}
    half = settled(entry, "sole", 0)
    assert (half.state, value(half, "sole")) == ("conflict", "Vibram")
    whole = settled(half, "weight_g", 1)
    assert (whole.state, value(whole, "weight_g"), whole.conflicts) == ("ready", 320, ())
    with pytest.raises(IndexError):
        settled(entry, "sole", 7)


def test_a_second_row_of_a_product_is_a_duplicate_whose_facts_count() -> None:
    told = entries(Asked("N-1", {"sku": "N-1", "name": "Lamp"}), Asked("N-1", {"sku": "N-1", "name": "Torch"}))
    assert [entry.state for entry in told] == ["conflict", "duplicate"]
    assert {one["source"] for one in told[0].conflicts[0]["values"]} == {"sheet.csv", "sheet.csv, 2"}


def test_a_product_that_only_the_sheet_knows_is_ready_with_its_facts() -> None:
    told = entries(Asked("N-1", {"sku": "N-1", "name": "Lamp", "power_w": 5}), Asked("N-2", {"sku": "N-2"}))
    assert [(entry.sku, entry.state) for entry in told] == [("N-1", "ready"), ("N-2", "unknown")]
    assert value(told[0], "power_w") == 5


@pytest.mark.parametrize(("name", "content", "skus"), [
    ("a.csv", "SKU;Name\nA-1;Lamp\nA-2;Torch\n", ["A-1", "A-2"]),
    ("a.json", json.dumps({"products": {"A-1": {"name": "Lamp"}}}), ["A-1"]),
    ("a.json", json.dumps(["A-1", "A-2"]), ["A-1", "A-2"]),
    ("a.jsonl", '{"product_id": "A-1", "name": "Lamp"}\n', ["A-1"]),
])  # fmt: skip
def test_sheets_of_many_kinds_are_read(tmp_path: Path, name: str, content: str, skus: list[str]) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert [one.sku for one in uploaded(tmp_path / name)] == skus


@pytest.mark.parametrize(("name", "content"), [
    ("a.csv", "Name\nLamp\n"), ("a.csv", ""), ("a.json", "{"), ("a.json", "[[1]]"), ("a.xlsx", "none"),
    ("a.json", "[]"),
])  # fmt: skip
def test_what_names_no_product_is_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises((FileUnreadable, FactsUnreadable)):
        uploaded(tmp_path / name)


@pytest.mark.parametrize(("name", "content", "says"), [
    ("a.csv", b"", "a.csv cannot be read as csv"), ("a.xlsx", b"none", "a.xlsx is no XLSX workbook"),
    ("a.xls", b"\xd0\xcf\x11\xe0", "a.xls is not UTF-8 text: what is read is CSV, TSV, XLSX"),
    ("a.png", b"\x89PNG", "what is read is"), ("a.json", b"\xff\xfe", "a.json is not UTF-8 text: save it as UTF-8"),
])  # fmt: skip
def test_a_sheet_that_cannot_be_read_is_told_by_its_name_and_not_by_where_it_lies(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileUnreadable) as refused:
        uploaded(tmp_path / name)
    assert says in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_a_cell_that_is_no_measure_attests_none() -> None:
    [entry] = entries(Asked("N-1", {"sku": "N-1", "name": "Lamp", "weight_g": "-5", "power_w": "abc"}))
    assert value(entry, "weight_g") is value(entry, "power_w") is None
    assert value(entry, "weight_g (no measure)") == -5


def test_a_phrase_ends_at_its_mark_never_inside_a_number() -> None:
    text = "Lampe, 3,7 l, 1.450 g; ohne WLAN. Gut"
    assert [text[a:b].strip() for a, b in phrases(text)] == ["Lampe,", "3,7 l,", "1.450 g;", "ohne WLAN.", "Gut"]
    assert [text[a:b] for text in ["容量2.2L、5W。軽い"] for a, b in phrases(text)] == ["容量2.2L、", "5W。", "軽い"]


def test_saying_less_keeps_whole_phrases() -> None:
    text = "Ridge Runner, Gore-Tex, 6 mm drop"
    assert shortened(text, 24, None) == "Ridge Runner, Gore-Tex"
    assert shortened(text, 5, None) == ""
    assert left_out(text, 14, 18) == "Ridge Runner, 6 mm drop"
    assert left_out("Very good. It floats. Light.", 11, 20) == "Very good. Light."
    assert left_out("All of it", 0, 3) == ""


def test_a_fix_is_the_rules_own_rewrite_or_saying_less_never_an_invention() -> None:
    base = {"rule": "eu.claim", "severity": "block", "span": [6, 11], "text": "green", "rewrite": ""}
    assert fixed({**base, "rewrite": "Lamp"}, "Lamp, green") == "Lamp"
    assert fixed(base, "Lamp, green") == "Lamp"
    assert fixed({**base, "severity": "info"}, "Lamp, green") == ""
    assert fixed({**base, "rule": "limit.max_characters", "span": [0, 11]}, "Lamp, green", 6, None) == "Lamp"
    assert fixed({**base, "rule": "limit.max_bytes"}, "灯、绿", 4, "bytes") == "灯"
    assert fixed({**base, "rule": "limit.required", "span": [0, 0]}, "") == ""


def test_a_sheet_headed_in_german_is_read_as_facts_import_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "artikel.csv"
    path.write_text(
        "Artikelnummer;Bezeichnung;Beschreibung;Gewicht (kg)\n"
        "WR-1;Wanderrucksack Grathorn;Ein Rucksack mit Regenhülle für lange Touren in den Bergen.;1,15\n",
        "utf-8",
    )
    [entry] = entries(*uploaded(path))
    facts = facts_of_told(entry.facts)
    assert (entry.sku, entry.state, facts.value("weight_g")) == ("WR-1", "ready", 1150)
    held = [facts.text_in(name, language) is not None for name in ("name", "summary") for language in ("de", "en")]
    assert held == [True, False, True, False]


def test_a_sheet_without_a_products_column_is_told_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Farbe;Preis\nrot;9\n", "utf-8")
    with pytest.raises(FileUnreadable, match="it has Farbe, Preis"):
        uploaded(path)
