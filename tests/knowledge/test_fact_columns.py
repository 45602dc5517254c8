"""Columns as people head them, and days as countries write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.facts.categories import find_category
from knowledge.facts.days import read_day
from knowledge.facts.headings import read_column
from knowledge.facts.reading import FactsUnreadable, facts_of_record

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("heading", "cell", "fact", "value"),
    [
        ("Item No.", "X-1", "product_id", "X-1"),
        ("  Marke* ", "Morvane", "brand", "Morvane"),
        ("Gewicht (kg)", "1,25", "weight_g", 1250),
        ("Gewicht (kg)", "1.250", "weight_g", 1250),
        ("Poids [g]", "1 250", "weight_g", 1250),
        ("Weight", "1.25 kg", "weight_g", 1250),
        ("Weight", "1.25", "Weight", "1.25"),
        ("WEIGHT (LBS)", "2.5", "weight_g", 1134),
        ("Maße (mm)", "300 x 240 x 560", "dimensions_mm", [300, 240, 560]),
        ("dimensions_mm", "30 x 24 cm", "dimensions_mm", [300, 240]),
        ("dimensions_mm", "[1, 2, 3]", "dimensions_mm", "[1, 2, 3]"),
        ("Gewicht (g)", "1.150", "weight_g", 1150),
        ("Maße in cm", "12 x 12 x 24", "dimensions_mm", [120, 120, 240]),
        ("Capacity, ml", "1.500", "capacity_ml", 1500),
        ("Garantie (Jahre)", "2", "warranty_months", 24),
        ("weight_g", "1 150", "weight_g", 1150),
        ("Poids (g)", "1\u202f150,5", "weight_g", 1150.5),
        ("dimensions_mm", "300 240 560", "dimensions_mm", [300, 240, 560]),
        ("Maße (mm)", "1 200 x 800", "dimensions_mm", [1200, 800]),
        ("capacity_l", "1.7", "capacity_ml", 1700),
        ("capacity_L", 1.7, "capacity_ml", 1700),
        ("volume_l", "0,5", "capacity_ml", 500),
        ("Cable length", "1.5 m", "cable_length_cm", 150),
        ("Herkunftsland", "DE", "origin", "DE"),
        ("weight_kg", 1.9, "weight_kg", 1.9),
        ("size_cm", [31.5, 17, 30], "size_cm", [31.5, 17, 30]),
        ("Colour name", "moss", "Colour name", "moss"),
        ("Power (dB)", "30", "Power (dB)", "30"),
        ("weight_g", "-5", "weight_g (no measure)", "-5"),
        ("weight_g", -5, "weight_g (no measure)", -5),
        ("Gewicht (kg)", "−1,5", "weight_g (no measure)", "−1,5"),
        ("weight_g", "1E+09", "weight_g (no measure)", "1E+09"),
        ("power_w", "abc", "power_w (no measure)", "abc"),
        ("Leistung (W)", "n/a", "Leistung (W)", "n/a"),
        ("power_w", "–", "power_w (no measure)", "–"),
        ("power_w", "5-8 W", "power_w", "5-8 W"),
        ("power_w", "", "power_w", ""),
    ],
)
def test_a_column_is_the_fact_it_is_headed(heading: str, cell: Any, fact: str, value: Any) -> None:
    assert read_column(heading, cell) == (fact, value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-06-30", date(2025, 6, 30)),
        ("30.06.2025", date(2025, 6, 30)),
        ("06/30/2025", date(2025, 6, 30)),
        ("3/4/2027", date(2027, 3, 4)),
        ("30. Juni 2025", date(2025, 6, 30)),
        ("30 de junio de 2025", date(2025, 6, 30)),
        ("June 30, 2025", date(2025, 6, 30)),
        ("juin 2025", date(2025, 6, 30)),
        ("2025年6月30日", date(2025, 6, 30)),
        ("06/2025", date(2025, 6, 30)),
        ("2025", date(2025, 12, 31)),
        ("TR-118", None),
        ("2025-02-30", None),
    ],
)
def test_a_day_is_read_as_countries_write_it(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_a_certificate_with_a_day_nobody_can_read_is_refused_by_name() -> None:
    record = {"product_id": "X", "certificates": [{"name": "GOTS", "valid_until": "soon"}]}
    with pytest.raises(FactsUnreadable, match=r"GOTS.*valid_until"):
        facts_of_record(record, "facts.csv", DAY)
    record["certificates"] = [{"name": "GOTS", "valid_until": "31.12.2026"}]
    assert facts_of_record(record, "facts.csv", DAY).certificates[0].valid_until == date(2026, 12, 31)


def test_each_fact_names_the_entry_of_the_file_it_is_from() -> None:
    facts = facts_of_record({"Item No.": "X-1", "Gewicht (kg)": "1,25"}, "sheet.csv, entry 3", DAY)
    held = facts.get("weight_g")
    assert held is not None
    assert (facts.product_id, held.value, held.source) == ("X-1", 1250, "sheet.csv, entry 3")


@pytest.mark.parametrize(
    ("name", "google"),
    [
        ("Automatic pet feeders", "Animals & Pet Supplies > Pet Supplies"),
        ("T-shirts", "Apparel & Accessories > Clothing > Shirts & Tops"),
        ("Shampoo", "Health & Beauty > Personal Care > Hair Care > Shampoo & Conditioner"),
    ],
)
def test_googles_category_is_the_nearest_that_holds_it(name: str, google: str) -> None:
    found = find_category(name)
    assert found is not None
    assert found.google == google
