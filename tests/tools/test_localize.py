"""What is localized without a model: what is known, what code can prove, and marks for the rest."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.localization.ours import our_phrases
from knowledge.facts.translated_names import translated_names
from knowledge.findings import Finding
from knowledge.localizing import Rendering, Segment, Term, Terms, Translation
from tools.localization.known import Store
from tools.localization.localize import Localizer, More
from tools.localization.memory import Memory
from tools.localization.mending import mend

KNOWN = [
    Translation("Add to cart", "In den Warenkorb", "de", "en", "ours"),
    Translation("Add to cart", "In den Einkaufswagen", "de-DE", "en-US", "person", at="2026-11-01"),
    Translation("Only {count} left", "Nur noch {count} da", "de", "en", "ours"),
    Translation("Holds 12 cups in 1,500.5 seconds", "Fasst 12 Tassen in 1.500,5 Sekunden", "de-DE", "en-US"),
    Translation("A grey hat", "Ein grauer Hut", "de-AT", "en-US"),
    Translation("Weight", "Gewicht", "de", "en", "ours"),
    Translation("Two of 3", "Zwei von drei", "de-DE", "en-US"),
]


async def rendered(    # parts: context and form of the segment
    text: str, locale: str = "de-DE", known: list[Translation] | None = None, *, terms: Terms = Terms(),
    more: More = lambda segment, text, locale: [], **parts: Any,
) -> Rendering:  # fmt: skip
    store = Store(locale, Memory(KNOWN if known is None else known, locale), Memory(translated_names(locale), locale),
                  terms)  # fmt: skip
    [one] = await Localizer(store, more=more).localize([Segment("1", text, **parts)])
    return one


@pytest.mark.parametrize(
    ("text", "wanted", "origin"),
    [
        ("Add to cart", "In den Einkaufswagen", "memory"),
        ("  Add  to cart\n", "  In den Einkaufswagen\n", "memory"),
        ("Hoodies", "Kapuzenpullis", "taxonomy"),
        ("Weight: 1,450.5 g", "Gewicht: 1.450,5\u00a0g", "template"),
        ("Only 3 left", "Nur noch 3 da", "template"),
        ("Holds 15 cups in 1,500.5 seconds", "Fasst 15 Tassen in 1.500,5 Sekunden", "fuzzy"),
        ("Holds 12 cups in 2,250.75 seconds", "Fasst 12 Tassen in 2.250,75 Sekunden", "fuzzy"),
        ("https://shop.example/a", "https://shop.example/a", "kept"),
        ("AQ-P-001", "AQ-P-001", "kept"),
        ("XL", "XL", "kept"),
    ],
)  # fmt: skip
async def test_what_is_known_is_used(text: str, wanted: str, origin: str) -> None:
    one = await rendered(text)
    assert (one.text.replace("\u00a0", " "), one.origin) == (wanted.replace("\u00a0", " "), origin)
    assert not one.is_blocked


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("A lamp for the desk", ""),
        ("Add to cart!", "In den Einkaufswagen"),  # like it, and not it
        ("Holds 1 cups in 1,500.5 seconds", "Fasst 12 Tassen in 1.500,5 Sekunden"),  # another plural form
        ("Two of 4", "Zwei von drei"),  # the figure does not stand in the known translation
        ("A grey hat", "Ein grauer Hut"),  # another country's
        ("Only Tuesday left", ""),  # what fills the gap is a word
    ],
)
async def test_what_is_not_proven_is_marked_and_at_most_suggested(text: str, suggestion: str) -> None:
    one = await rendered(text)
    assert (one.text, one.origin) == ("", "")
    assert [finding.rule for finding in one.findings] == ["l10n.missing"]
    assert one.suggestion == suggestion
    assert one.is_blocked


async def test_changed_figures_say_what_changed() -> None:
    [change] = (await rendered("Holds 15 cups in 1,500.5 seconds")).changes
    assert (change.before, change.after, change.rule) == ("15", "15", "memory.figure")


@pytest.mark.parametrize("figure", ["2", "5", "21"])
def test_a_figure_is_put_right_only_within_its_plural_form(figure: str) -> None:
    known = Translation("Save 3 files", "Сохранить 3 файла", "ru-RU", "en-US")
    done = mend(f"Save {figure} files", known, "ru-RU", "en-US")
    assert (done[0] if done else None) == ("Сохранить 2 файла" if figure == "2" else None)


@pytest.mark.parametrize(
    ("source", "target", "text", "told"),
    [
        ("Weighs 5 lb and is 12 in tall.", "Wiegt 2,27 kg und ist 30,5 cm hoch.", "Weighs 3 lb and is 10 in tall.",
         "Wiegt 1,36\u00a0kg und ist 25,4\u00a0cm hoch."),
        ("Only $49.99 until 12/24/2026", "Nur 49,99 $ bis 24.12.2026", "Only $9.50 until 1/2/2027",
         "Nur 9,50\u00a0$ bis 02.01.2027"),
        ("Opens at 9 AM", "Öffnet um 09:00", "Opens at 3:30 PM", "Öffnet um 15:30"),
        ("Weighs 5 lb", "Wiegt gut zwei Kilo", "Weighs 3 lb", None),
        ("5 lb, or 5 lb with lid", "2,27 kg, mit Deckel 2,27 kg", "3 lb, or 5 lb with lid", None),
        ("Weighs 5 lb", "Wiegt 2,27 kg", "Weighs 3 V", None),
    ],
)  # fmt: skip
def test_a_known_translation_takes_other_facts_as_code_writes_them(
    source: str, target: str, text: str, told: str | None
) -> None:
    done = mend(text, Translation(source, target, "de-DE", "en-US"), "de-DE", "en-US")
    assert (done[0] if done else None) == told


async def test_terms_are_used_and_kept_names_stand() -> None:
    terms = Terms((Term("feeder", {"de-DE": "Futterautomat"}), Term("Tidbit", keep=True)))
    assert (await rendered("Feeder", terms=terms)).text == "Futterautomat"
    assert (await rendered("Tidbit", terms=terms)).origin == "kept"
    path = await rendered("Hoodies > Feeder", terms=terms)
    assert (path.text, path.origin) == ("Kapuzenpullis > Futterautomat", "template")


async def test_countries_are_named_only_in_columns_of_countries() -> None:
    assert (await rendered("Turkey", context="country_of_origin")).text == "Türkei"
    assert (await rendered("Turkey", context="flavour")).origin == ""


async def test_materials_are_said_part_by_part_in_columns_of_materials() -> None:
    assert (await rendered("95% cotton, 5% elastane", context="material")).text.startswith("95")
    assert (await rendered("95% cotton, 5% elastane", context="title")).origin == ""


async def test_a_known_text_that_fails_a_check_is_not_used() -> None:
    def more(_segment: Segment, text: str, _locale: str) -> list[Finding]:
        return [Finding("claims.x", "block", (0, 1), text, "Not here.", "law", "")] if "Einkaufs" in text else []

    one = await rendered("Add to cart", more=more)
    assert (one.text, one.origin) == ("In den Warenkorb", "memory")
    one = await rendered("Add to cart", known=KNOWN[1:], more=more)
    assert (one.text, one.origin) == ("", "")
    assert "Not here." in one.findings[0].why


async def test_a_rendering_that_would_run_in_a_spreadsheet_is_held_back() -> None:
    bad = [
        Translation("The total", "=Gesamtsumme", "de-DE", "en-US"),
        Translation("20% off", "-20 %", "de-DE", "en-US"),
    ]
    one = await rendered("The total", known=bad)
    assert one.origin == ""
    assert "formula" in one.findings[0].why
    assert (await rendered("20% off", known=bad)).origin == "memory"


async def test_plural_forms_that_no_memory_knows_are_left_open() -> None:
    known = [Translation("items", "товары", "ru-RU", "en-US")]
    assert (await rendered("items", "ru-RU", known, form="other")).origin == "memory"
    assert (await rendered("items", "ru-RU", known, form="few")).origin == ""


async def test_one_countrys_portuguese_is_not_anothers() -> None:
    assert len(list(translated_names("pt-BR"))) > 1000
    assert list(translated_names("pt-PT")) == []
    assert list(translated_names("ko-KR")) == []


@pytest.mark.parametrize("language", ["ar", "de", "es", "fr", "id", "ja", "pt-BR", "zh-CN"])
def test_our_own_phrases_are_there_in_every_language_we_speak(language: str) -> None:
    held = {one.source: one.target for one in our_phrases(language)}
    assert len(held) > 200
    assert {"Add to cart", "Red", "Stainless steel", "Weight"} <= set(held)
    assert held["Red"] != "Red"
