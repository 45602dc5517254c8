"""Facts leave a text and come back: as they were in its own locale, as another locale writes them in that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.localizing import Term, Terms
from tools.localization.checks import check_rendering
from tools.localization.protecting import protect
from tools.localization.rates import Rates, RatesWrong, read_rates
from tools.localization.reading import read_facts, read_number

TERMS = Terms((Term("Aurora Quill", keep=True),))
RATES = Rates("USD", date(2026, 11, 20), "ECB", {"EUR": Decimal("0.92"), "JPY": Decimal("150.5")})
NB = "\u00a0"


def restored(text: str, locale: str, source: str = "en-US", rates: Rates | None = None) -> str:
    held = protect(text, source, TERMS, rates=rates)
    return held.restore(held.text, locale)[0]


@pytest.mark.parametrize(
    ("text", "locale", "told"),
    [
        ("Weighs 1.5 lb", "de-DE", f"Weighs 680{NB}g"),
        ("9.6 x 6.3 in", "de-DE", f"24,4 x 16{NB}cm"),
        ("2 to 12 in long", "fr-FR", "5,08 to 30,5\u202fcm long"),
        ("350°F", "de-DE", f"177{NB}°C"),
        ("at -5°F", "de-DE", f"at -21{NB}°C"),
        ("16.9 fl oz", "de-DE", f"500{NB}ml"),
        ("a 15.6-inch laptop", "en-GB", f"a 15.6{NB}in (39.6{NB}cm) laptop"),
        ("opens at 9 am, closes 5:30 p.m.", "de-DE", "opens at 09:00, closes 17:30"),
        ("at 12:15 AM", "ja-JP", "at 0:15"),
        ("215 sq ft or 20 sq in", "fr-FR", "20\u202fm² or 129\u202fcm²"),
        ("women's sneakers, US 6-10", "de-DE", "women's sneakers, US 6 (≈ EU 37)-10 (≈ EU 41)"),
        ("a sneaker in US women's size 8", "ja-JP", "a sneaker in US women's size 8 (≈ JP 24.5 cm)"),
        ("28 W, 5000mAh", "de-DE", f"28{NB}W, 5.000{NB}mAh"),
        ("1,450.75 points in 2026", "de-DE", "1.450,75 points in 2026"),
        ("1234 points", "es-ES", "1234 points"),
        ("20% off", "de-DE", f"20{NB}% off"),
        ("until November 22, 2026", "ja-JP", "until 2026年11月22日"),
        ("until 11/22/2026", "de-DE", "until 22.11.2026"),
        ("$1,234.50", "de-DE", f"1.234,50{NB}$"),
        ("$5", "de-DE", f"5{NB}$"),
        ('Say "hi"', "de-DE", "Say „hi“"),
        ("Say “hi”", "fr-FR", "Say «\u202fhi\u202f»"),
        ("Model NV-28 by Aurora Quill", "ar-SA", "Model \u2068NV-28\u2069 by \u2068Aurora Quill\u2069"),
        ("3 in stock, 2 in 1, 1/2 cup, 10:30, v1.2.3", "de-DE", "3 in stock, 2 in 1, 1/2 cup, 10:30, v1.2.3"),
        ("<b class='x'>5</b> %{n} https://x.example/5?a=1", "de-DE", "<b class='x'>5</b> %{n} https://x.example/5?a=1"),
        ("Women's shoes, US 7.5", "de-DE", "Women's shoes, US 7.5 (≈ EU 38)"),
        ("Women's dress, UK 8", "ja-JP", "Women's dress, UK 8 (≈ JP 9)"),
        ("A dress, UK 8", "ja-JP", "A dress, UK 8"),
    ],
)  # fmt: skip
def test_a_fact_is_written_as_the_locale_writes_it(text: str, locale: str, told: str) -> None:
    assert restored(text, locale) == told


def test_metric_becomes_customary_with_the_given_figure_beside_it() -> None:
    text = "Wiegt 1,45 kg, 24 cm hoch, 200 °C, 500 ml, ab 1.234,50 € am 22. November 2026"
    assert restored(text, "en-US", "de-DE") == (
        f"Wiegt 3.2{NB}lb (1.45{NB}kg), 9.45{NB}in (24{NB}cm) hoch, 392°F (200°C), "
        f"16.9{NB}fl oz (500{NB}mL), ab €1,234.50 am November 22, 2026"
    )


def test_times_and_areas_go_the_other_way_too() -> None:
    assert restored("geöffnet bis 15:30 Uhr", "en-US", "de-DE") == "geöffnet bis 3:30\u202fPM"
    assert restored("avant 15 h 30", "en-US", "fr-FR") == "avant 3:30\u202fPM"
    assert restored("20 m²", "en-US", "de-DE") == f"215{NB}sq ft (20{NB}m²)"
    assert restored("Format 16:9, Version 3.30", "en-US", "de-DE") == "Format 16:9, Version 3.30"


def test_money_is_converted_only_at_a_stated_rate_and_every_change_is_told() -> None:
    held = protect("It costs $5.00 and weighs 8 oz", "en-US", rates=RATES)
    text, changes = held.restore(held.text, "de-DE")
    assert text == f"It costs 4,60{NB}€ and weighs 227{NB}g"
    assert [(one.before, one.rule) for one in changes] == [("$5.00", "money: rate"), ("8 oz", "unit: oz to g")]
    assert changes[0].source == "1 USD = 0.92 EUR, ECB, 2026-11-20"
    assert "28.34952" in changes[1].source
    assert restored("It costs $5.00", "pl-PL", rates=RATES) == f"It costs 5,00{NB}USD"
    assert restored("It costs $5.00", "ja-JP", rates=RATES) == "It costs ￥753"


def test_a_number_a_word_has_to_agree_with_is_shown_to_the_model() -> None:
    held = protect("3 panels of 28 W", "en-US")
    assert held.text == "⟦1=3⟧ panels of ⟦2⟧"
    assert held.restore("⟦ 1 = 3 ⟧ Paneele mit ⟦2⟧", "de-DE")[0] == f"3 Paneele mit 28{NB}W"
    assert held.bare.split() == ["panels", "of"]


@pytest.mark.parametrize(
    ("translated", "told"),
    [
        ("⟦1=3⟧ Paneele", ["28 W is missing."]),
        ("⟦1⟧ Paneele mit ⟦2⟧ und ⟦2⟧", ["⟦2⟧ stands", "⟦2⟧ stands"]),
        ("⟦1⟧ Paneele mit ⟦2⟧ ⟦7⟧", ["⟦7⟧ stands"]),
        ("⟦1⟧ Paneele mit ⟦2⟧ ⟦", ["A mark is torn."]),
        ("⟦2⟧: ⟦1=3⟧ Paneele", []),
    ],
)  # fmt: skip
def test_lost_doubled_and_torn_marks_are_told(translated: str, told: list[str]) -> None:
    found = protect("3 panels of 28 W", "en-US").findings(translated)
    assert len(found) == len(told)
    assert all(finding.why.startswith(start) for finding, start in zip(found, told, strict=True))


PIECES = st.one_of(
    st.sampled_from(
        ["$5", "€1,200.50", "9.6 x 6.3 in", "1.5 lb", "350°F", "16.9 fl oz", "28 W", "20%", "NV-28", "2026-11-22",
         "%{count}", "November 22, 2026", "<b>", "</b>", "{{x}}", "https://x.example/a?b=1", "Aurora Quill", "IP65",
         "12,345", "-3°C", "⟦1⟧", '"quoted"', "&amp;", "0123", "1.2.3", "US 7.5", "Women's shoes", "3 in stock"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=8).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_in_its_own_locale_a_text_comes_back_as_it_was(text: str) -> None:
    held = protect(text, "en-US", TERMS)
    assert held.restore(held.text, "en-US") == (text, ())
    assert held.findings(held.text) == []


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["de-DE", "fr-FR", "ja-JP", "ar-SA", "pl-PL", "zh-TW", "en-GB"]))
def test_in_another_locale_no_mark_is_left_and_each_change_stands_in_the_text(text: str, locale: str) -> None:
    held = protect(text, "en-US", TERMS)
    told, changes = held.restore(held.text, locale)
    assert told.count("⟦") == text.count("⟦")
    assert all(change.after in told for change in changes)
    assert all(change.before in text and change.before != change.after for change in changes)


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(min_value="0.5", max_value=900, places=1),
    st.sampled_from(["in", "ft", "lb", "oz", "fl oz", "cm", "kg", "ml"]),
    st.sampled_from(["de-DE", "fr-FR", "en-US", "ja-JP", "es-ES"]),
)  # fmt: skip
def test_a_converted_measure_is_the_same_in_both_directions(value: Decimal, unit: str, locale: str) -> None:
    """Read from the restored text, by the check, it is the source's measure; another value is not."""
    source = f"It is {value} {unit}, really"
    held = protect(source, "en-US")
    told, changes = held.restore(held.text, locale)
    units = {"l10n.unit", "l10n.number"}
    assert not units & {finding.rule for finding in check_rendering(source, told, locale, changes=changes)}
    (fact,) = [fact for fact in read_facts(source, "en-US") if fact.kind == "measures"]
    assert fact.measures[0].value == value


@pytest.mark.parametrize(
    ("written", "locale", "value"),
    [("1,450", "en-US", "1450"), ("1,450", "de-DE", "1.450"), ("1.450", "de-DE", "1450"),
     ("1 234,5", "fr-FR", "1234.5"),
     ("1'234.5", "en-US", "1234.5"), ("٢٤٫٤", "ar-SA", "24.4"), ("1.2.3", "en-US", None), ("1,45", "en-US", None)],
)  # fmt: skip
def test_a_number_is_read_as_its_locale_writes_it(written: str, locale: str, value: str | None) -> None:
    assert read_number(written, locale) == (Decimal(value) if value else None)


def test_rates_are_read_from_a_dated_file(tmp_path: Path) -> None:
    path = tmp_path / "rates.toml"
    path.write_text('base = "USD"\nas_of = 2026-11-20\nsource = "ECB"\n[rates]\nEUR = 0.92\n')
    rates = read_rates(path)
    assert rates.convert(Decimal(10), "USD", "EUR") == Decimal("9.20")
    assert rates.convert(Decimal("9.2"), "EUR", "USD") == 10
    assert rates.convert(Decimal(1), "USD", "CHF") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "needs base"), ("base = ", "cannot be read"),
     ('base = "USD"\nas_of = 2026-11-20\nsource = "x"', "needs a table"),
     ('base = "USD"\nas_of = 2026-11-20\nsource = "x"\n[rates]\nEUR = -1', "EUR is -1"),
     ('base = "USD"\nas_of = "today"\nsource = "x"\n[rates]\nEUR = 1', "needs base")],
)  # fmt: skip
def test_rates_that_cannot_be_used_are_said(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(text)
    with pytest.raises(RatesWrong, match=told):
        read_rates(path)
    with pytest.raises(RatesWrong, match="cannot be read"):
        read_rates(tmp_path / "none.toml")
