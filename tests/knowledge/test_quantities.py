"""Figures with units and codes, as listings write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge.quantities import read_codes, read_quantities


@pytest.mark.parametrize(("text", "language", "told"), [
    ("28,5 x 16 x 3,5 cm bei 690 g", "de", [("28.5", "cm"), ("16", "cm"), ("3.5", "cm"), ("690", "g")]),
    ("11.2 x 6.3 in, 1.5 lb, 3 panels", "en", [("11.2", "in"), ("6.3", "in"), ("1.5", "lb"), ("3", "")]),
    ("a 4 in 1 tool", "de", [("4", ""), ("1", "")]),
    ("set one to 10 meals, two carabiners", "en", [("10", ""), ("2", "")]),
    ("容量3.7リットル、2.4GHz、24か月", "ja", [("3.7", "l"), ("2.4", "GHz"), ("24", "month")]),
    ("بسعة ٣٫٧ لتر و 24 شهرًا", "ar", [("3.7", "l"), ("24", "month")]),
    ("1\u202f450\u202fg, 20\u00a0jours", "fr", [("1450", "g"), ("20", "day")]),
    ("wash at 86 degrees F (30 degrees C), 3%", "en", [("86", "F"), ("30", "C"), ("3", "percent")]),
])  # fmt: skip
def test_figures_are_read_with_their_units(text: str, language: str, told: list[tuple[str, str]]) -> None:
    found = read_quantities(text, language)
    assert [(str(q.values[0].normalize() if q.values[0] % 1 else int(q.values[0])), q.unit) for q in found] == told


def test_a_point_may_part_thousands_or_decimals() -> None:
    assert read_quantities("1.450 g", "de")[0].values == (Decimal("1.450"), Decimal(1450))


def test_codes_are_no_figures() -> None:
    text = "NV-28 with IP65-Panels, 600D, CU 000000, 28W, 15-digit, 28x16cm"
    assert [code for _, code in read_codes(text)] == ["NV-28", "IP65", "600D", "CU 000000"]
    assert [(str(q.values[0]), q.unit) for q in read_quantities(text)] == [
        ("28", "W"),
        ("15", ""),
        ("28", "cm"),
        ("16", "cm"),
    ]


def test_a_long_run_of_letters_takes_no_time() -> None:
    assert read_codes("a-" * 5000 + "b" * 5000) == []
