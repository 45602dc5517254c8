"""Numbers, money, days, plurals and lists as locales write them, against ICU 78 as Node ships it: 57 locales."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tools.localization.formatting import formatted, measure, money, number, percent, series

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "localization" / "formatting.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def test_every_row_is_written_as_its_users_write_it() -> None:
    wrong = [(row, text) for row in ROWS if (text := formatted(row)) not in row["accepted"]]
    assert wrong == []
    assert len({row["locale"] for row in ROWS}) == 56


def test_babel_alone_would_not_do() -> None:
    """The reason for ICU: without minimum grouping, digits of the locale and this year's CLDR it fails here."""
    from babel.numbers import format_decimal

    rows = [row for row in ROWS if row["kind"] == "decimal"]
    assert [
        row
        for row in rows
        if format_decimal(row["value"], locale=row["locale"].replace("-", "_")) not in row["accepted"]
    ]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_day_is_that_of_the_zone_asked_for_wherever_it_runs(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    asked = {"kind": "date", "locale": "de-DE", "style": "long", "value": "2026-11-22T00:30:00Z", "timezone": "UTC"}
    assert formatted(asked) == "22. November 2026"
    assert formatted({**asked, "timezone": "America/Los_Angeles"}) == "21. November 2026"


def test_half_a_yen_is_rounded_as_shops_round() -> None:
    assert money(Decimal("0.5"), "JPY", "en-US") == "¥1"
    assert percent(Decimal("0.0005"), "en-US") == "0.1%"


def test_a_year_is_not_grouped_and_places_are_kept() -> None:
    assert number(2026, "de-DE", grouped=False) == "2026"
    assert number("1450.50", "de-DE", places=2) == "1.450,50"


def test_a_unit_stays_with_its_number() -> None:
    assert measure(Decimal("24.4"), "cm", "ru-RU", places=1) == "24,4\u00a0см"
    assert measure(Decimal(5000), "mAh", "de-DE", "mAh") == "5.000\u00a0mAh"


def test_and_is_joined_as_the_next_word_asks() -> None:
    assert series(["español", "inglés"], "es") == "español e inglés"
    assert series(["agua", "hielo"], "es") == "agua y hielo"
    assert series(["A", "B"], "he-IL") == "A ו-B"
    assert series(["חלב", "דבש"], "he-IL") == "חלב ודבש"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"kind": "rate", "locale": "de", "value": 1}, "is no kind"),
        ({"kind": "decimal", "value": 1}, "needs a kind, a locale and a value"),
        ({"kind": "decimal", "locale": "de", "value": "many"}, "is no number"),
        ({"kind": "decimal", "locale": "de", "value": "NaN"}, "can be written"),
        ({"kind": "decimal", "locale": "{{}}", "value": 1}, "is no locale"),
        ({"kind": "currency", "locale": "de", "value": 1, "currency": "€ "}, "is no currency"),
        ({"kind": "date", "locale": "de", "value": "soon"}, "Invalid isoformat"),
        ({"kind": "date", "locale": "de", "value": "2026-01-01T00:00:00Z", "timezone": "Mars"}, "is no time zone"),
        ({"kind": "list_and", "locale": "de", "value": "A"}, "needs texts"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said(row: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        formatted(row)
