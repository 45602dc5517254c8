"""Each check catches its error and leaves a right translation alone."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from knowledge.localizing import Change, Term, Terms
from tools.localization.checks import check_rendering
from tools.localization.checks.market import check_market

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "localization" / "renderings.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def rules(source: str, target: str, locale: str = "de-DE", **more: Any) -> list[str]:
    return sorted({finding.rule for finding in check_rendering(source, target, locale, **more)})


def test_right_translations_in_eighteen_languages_have_no_finding() -> None:
    assert [(row, found) for row in ROWS if (found := rules(row["source"], row["target"], row["lang"]))] == []


def test_a_translation_in_any_other_language_is_found() -> None:
    """Each text as a translation into each of the other languages."""
    missed, tried = [], 0
    for row in ROWS:
        for locale in sorted({other["lang"] for other in ROWS} - {row["lang"]}):
            tried += 1
            if not rules(row["source"], row["target"], locale):
                missed.append((row["target"], row["lang"], locale))
    assert tried == 180 * 17
    assert len(missed) <= tried * 0.01, missed


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Order %{number}", "Bestellung"),
        ("Order %{number}", "Bestellung %{nummer}"),
        ("Order %{number}", "Bestellung % {number}"),
        ("Order %{number}", "Bestellung %{number} %{number}"),
        ("{{count}} orders", "{ {count}} Bestellungen"),
        ("{{count}} orders", "{{anzahl}} Bestellungen"),
        ("{name} is here", "{ name} ist da"),
        ("%s of %d pieces", "%s Stück"),
        ("%(name)s wrote", "%(nam)s schrieb"),
        ("Hello ${user}", "Hallo {user}"),
        ("{n, plural, one {# piece} other {# pieces}}", "{m, plural, one {# Stück} other {# Stück}}"),
        ("{n, plural, one {# piece} other {# pieces}}", "{n, plural, one {# Stück} other {# Stück}"),
        ("{sex, select, male {his} other {their}} order", "{sex, select, other {ihre}} Bestellung"),
    ],
)  # fmt: skip
def test_a_placeholder_that_was_harmed_is_found(source: str, target: str) -> None:
    assert "l10n.placeholder" in rules(source, target)


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("{{ count }} orders", "{{count}} Bestellungen", "de"),
        ("%s gave %s", "%2$s bekam von %1$s", "de"),
        ("100 % cotton, 5% of it dyed", "100 % Baumwolle, 5 % davon gefärbt", "de"),
        ("{n, plural, one {#} other {# things}}", "{n, plural, one {# штука} few {# штуки} other {# штук}}", "ru"),
        ("%{percentage}% done", "%%{percentage} tamamlandı", "tr"),
        ("Hello <b>%{name}</b>", "<b>%{name}</b>、こんにちは", "ja"),
    ],
)  # fmt: skip
def test_a_placeholder_may_move_and_bend(source: str, target: str, locale: str) -> None:
    assert rules(source, target, locale) == []


def test_tags_come_back_and_are_closed() -> None:
    assert rules("See <a href='x'>this</a>", "Siehe <a href='x'>hier") == ["l10n.tag"]
    assert rules("See <0>this</0>", "Siehe </0>hier<0>") == ["l10n.tag"]
    assert rules("first<br>second", "erstens<br/>zweitens") == []


@pytest.mark.parametrize(
    ("source", "target", "locale", "wrong"),
    [
        ("Last 7 days", "Letzte 9 Tage", "de", True),
        ("Last 7 days", "آخر ٧ أيام", "ar", False),
        ("Over 20 million sold", "2000万以上を販売", "ja", False),
        ("1,250.50 points", "1.250,50 Punkte", "de", False),
        ("two pieces", "2 Stück", "de", False),
        ("1 error was found", "Ein Fehler wurde gefunden", "de", False),
        ("5-digit code", "6-stelliger Code", "de", True),
        ("12 in wide", "30,5 cm breit", "de", False),
        ("12 in wide", "35 cm breit", "de", True),
        ("Weighs 1.5 lb", "Pèse 680 g", "fr", False),
        ("350°F is hot", "177 °C sind heiß", "de", False),
        ("from the 1980s", "aus den 80er Jahren", "de", False),
        ("Portions of 5 g, 6 meals per day", "1回分は5 g、1日6食", "ja", False),
        ("Open until 3:30 PM", "Geöffnet bis 15:30 Uhr", "de", False),
        ("Open until 3:30 PM", "Geöffnet bis 16:30 Uhr", "de", True),
        ("Covers 215 sq ft", "Couvre 215 pieds carrés", "fr", False),
        ("Covers 215 sq ft", "Deckt 20 m² ab", "de", False),
    ],
)  # fmt: skip
def test_figures_are_those_of_the_source(source: str, target: str, locale: str, wrong: bool) -> None:
    assert bool({"l10n.number", "l10n.unit"} & set(rules(source, target, locale))) is wrong


def test_a_sum_changes_its_currency_only_by_code() -> None:
    assert "l10n.money" in rules("It costs $5", "Es kostet 5 €")
    assert rules("It costs $5", "Es kostet 5 $") == []
    change = Change("$5", "4,60 €", "money: rate", "ECB, 2026-11-20")
    assert rules("It costs $5", "Es kostet 4,60 €", changes=(change,)) == []
    assert "l10n.money" in rules("It costs $5", "Es kostet viel", changes=(change,))


def test_a_source_that_came_back_is_found_unless_it_is_kept() -> None:
    assert rules("Choose a size", "Choose a size") == ["l10n.untranslated"]
    assert rules("%{count} order", "%{count} order", "sv") == ["l10n.untranslated"]
    assert rules("Status", "Status") == []
    assert rules("Choose a colour", "Choose a colour", "en-GB") == []
    assert rules("Aurora Quill", "Aurora Quill", terms=Terms((Term("Aurora Quill", keep=True),))) == []


@pytest.mark.parametrize(
    ("source", "target", "locale", "from_", "wrong"),
    [
        ("Holds 3.7 L of kibble, 12 in tall.", "Holds 3,7 l of kibble, 30,5 cm tall.", "de-DE", "en-US", True),
        ("Die Lampe, 28,5 cm, ab 15:30 Uhr.", "Die Lampe, 11.2 in, ab 3:30 PM.", "en-US", "de-DE", True),
        ("Sie ist 28,5 cm breit und leicht.", "Sie ist 11.2 in breit und leicht.", "en-US", "de-DE", True),
        ("Set it at the lid, it is 12 in tall.", "Set it at the lid, es ist 30,5 cm hoch.", "de-DE", "en-US", True),
        ("Needs Spree Community Edition Plus", "Braucht Spree Community Edition Plus", "de-DE", "en-US", False),
        ("USB-C cable, 5 V, 2 A", "USB-C-Kabel, 5 V, 2 A", "de-DE", "en-US", False),
        ("Holds 3.7 L of kibble", "Fasst 3,7 l Trockenfutter", "de-DE", "en-US", False),
    ],
)  # fmt: skip
def test_what_is_still_the_source_is_found_though_its_figures_changed(
    source: str, target: str, locale: str, from_: str, wrong: bool
) -> None:
    found = check_rendering(source, target, locale, source_locale=from_)
    assert ("l10n.untranslated" in [one.rule for one in found]) is wrong


def test_figures_and_units_alone_are_of_no_language() -> None:
    assert rules("12 x 30 in", "30.5 x 76.2 cm", "ja-JP") == []
    assert rules("Choose a size", "Wähle eine Größe", "ja-JP") == ["l10n.language"]


def test_terms_limits_and_direction() -> None:
    terms = Terms(
        (Term("cart", {"de": "Warenkorb"}, avoid={"de": ("Einkaufswagen",)}), Term("Aurora Quill", keep=True))
    )
    assert rules("Add Aurora Quill to cart", "Aurora Quill in den Warenkorb", terms=terms) == []
    assert rules("Your cart is empty", "Der Inhalt des Warenkorbs fehlt", terms=terms) == []
    assert rules("Add Aurora Quill to cart", "In den Warenkorb", terms=terms) == ["l10n.term"]
    assert rules("Your cart is empty", "Ihr Einkaufswagen ist leer", terms=terms) == ["l10n.term"]
    assert rules("Your cart is empty", "Ihr Warenkorb ist leer", limit=10) == ["l10n.length"]
    assert rules("Model NV-28 is here", "הדגם \u202eNV-28\u202c כאן", "he") == ["l10n.direction"]
    assert rules("Model NV-28 is here", "הדגם \u2068NV-28 כאן", "he") == ["l10n.direction"]
    assert rules("Model NV-28 is here", "הדגם \u2068NV-28\u2069 כאן", "he") == []


@pytest.mark.parametrize(
    ("text", "locale", "wrong"),
    [
        ("Pay with Klarna", "ja-JP", True), ("Mit Klarna zahlen", "de-DE", False), ("Mit Klarna", "de-AT", False),
        ("Pague com Pix", "pt-BR", False), ("Mit Pix zahlen", "de-DE", True), ("代引きもできます", "ja-JP", False),
        ("swish and quiet", "nl-NL", False), ("Betaal met Swish", "nl-NL", True), ("支付宝付款", "zh-TW", True),
    ],
)  # fmt: skip
def test_a_way_to_pay_is_held_against_the_market(text: str, locale: str, wrong: bool) -> None:
    found = check_market(text, locale)
    assert bool(found) is wrong
    assert {finding.severity for finding in found} <= {"warn"}


def test_no_text_is_too_odd_to_check() -> None:
    random.seed(4)
    odd = "%{}<>/{%}$s🙂é ⟦1⟧\u2068ل語0,.٣ \n\t\"'&;[]()#@"
    for _ in range(300):
        check_rendering("".join(random.choices(odd, k=20)), "".join(random.choices(odd, k=20)), "ar-SA")


@pytest.mark.parametrize(
    ("target", "locale", "told"),
    [
        ("{n, plural, one {# штука} other {# штук}}", "ru-RU", ["few, many"]),
        ("{n, plural, one {# kus} other {# kusů}}", "cs-CZ", ["few"]),
        ("{n, plural, one {قطعة} other {# قطعة}}", "ar-SA", ["few, many"]),
        ("{n, plural, one {# sztuka} few {# sztuki} many {# sztuk} other {# sztuki}}", "pl-PL", []),
        ("{n, plural, one {# pièce} other {# pièces}}", "fr-FR", []),
        ("{n, plural, other {#個}}", "ja-JP", []),
    ],
)
def test_a_plural_has_the_forms_of_its_language(target: str, locale: str, told: list[str]) -> None:
    found = check_rendering("{n, plural, one {# piece} other {# pieces}}", target, locale)
    lacking = [one.why for one in found if "plural" in one.why]
    assert lacking == [f"The plural of n lacks {forms}." for forms in told]


@pytest.mark.parametrize(("source", "count"), [("Add to cart", 1), ("{count}", 1), ("", 0), (" — ", 0)])
def test_an_empty_target_is_not_translated(source: str, count: int) -> None:
    assert [one.rule for one in check_rendering(source, " ", "de-DE")] == ["l10n.untranslated"] * count
