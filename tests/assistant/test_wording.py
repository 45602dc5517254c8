"""Every message in every language, with the same placeholders; money, dates, units and direction."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from assistant.disclosure import disclosure, greeting, suggestions
from assistant.embedded.wording import FACTS, Words
from assistant.steps import STEPS, step_words
from knowledge.locales import served_locales

CODE = Path(__file__).parents[2] / "assistant"
KEYWORDS = {"say": None, "marked": None}
TRANSLATED = [language for language in served_locales() if language != "en"]


@cache
def messages() -> frozenset[str]:
    """Every message the code words."""

    def found() -> Iterator[str]:
        for path in CODE.rglob("*.py"):
            for _, message, _, _ in extract("python", BytesIO(path.read_bytes()), keywords=KEYWORDS):
                yield str(message)

    return frozenset(filter(None, found()))


@cache
def catalogue(language: str) -> Catalog:
    path = CODE / "embedded" / "messages" / f"{language}.po"
    return read_po(BytesIO(path.read_bytes()), locale=language.replace("-", "_"))


def slots(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def test_messages_are_found_in_the_code() -> None:
    assert {"In stock.", "Welcome to {shop}! What can I do for you?", *STEPS.values()} <= messages()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_every_message_of_the_code(language: str) -> None:
    held = {entry.id for entry in catalogue(language) if entry.id and entry.string and not entry.fuzzy}
    assert messages() - held == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_nothing_the_code_does_not_say(language: str) -> None:
    assert {entry.id for entry in catalogue(language) if entry.id} - messages() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    differing = [entry.id for entry in catalogue(language) if entry.id and slots(entry.id) != slots(entry.string)]
    assert differing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_progress_is_told_in_the_shoppers_language(language: str) -> None:
    assert [name for name in STEPS if step_words(name, language) == STEPS[name]] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_first_words_are_in_the_shoppers_language(language: str) -> None:
    assert disclosure(language) != disclosure("en")
    assert greeting("Amberquay", language) != greeting("Amberquay", "en")
    assert "Amberquay" in greeting("Amberquay", language)
    assert not set(suggestions(language)) & set(suggestions("en"))


def test_a_tool_without_words_of_its_own_still_says_something() -> None:
    assert step_words("unheard_of", "en") == "Working on it"


def test_a_language_that_is_not_served_is_worded_in_english() -> None:
    assert Words("xx").say("In stock.") == "In stock."


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 month", "24 months"), ("de", "1 Monat", "24 Monate"), ("fr", "1 mois", "24 mois"),
        ("es", "1 mes", "24 meses"), ("pt-BR", "1 mês", "24 meses"), ("ja", "1 か月", "24 か月"),
        ("zh-CN", "1个月", "24个月"), ("id", "1 bulan", "24 bulan"), ("ar", "شهر", "24 شهرًا"),
    ],
)  # fmt: skip
def test_a_unit_follows_the_plural_of_the_language(language: str, one: str, many: str) -> None:
    words = Words(language)
    measured = [words.value("warranty_months", count).replace("\xa0", " ") for count in (1, 24)]
    assert measured == [one, many]


def test_arabic_has_a_dual() -> None:
    assert Words("ar").value("warranty_months", 2) == "شهران"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "€1,234.50"), ("de", "1.234,50\xa0€"), ("fr", "1\u202f234,50\xa0€"), ("pt-BR", "€\xa01.234,50")],
)
def test_money_is_written_as_the_language_does(language: str, written: str) -> None:
    assert Words(language).money("1234.50", "EUR") == written


def test_an_amount_that_is_no_number_is_left_as_it_is() -> None:
    assert Words("en").money("on request", "EUR") == "on request EUR"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "November 3, 2026"), ("de", "3. November 2026"), ("ja", "2026年11月3日"), ("fr", "3 novembre 2026")],
)
def test_a_day_is_written_as_the_language_does(language: str, written: str) -> None:
    assert Words(language).day("2026-11-03T22:05:00+00:00") == written


def test_a_moment_says_that_it_is_utc() -> None:
    assert Words("de").moment("2026-11-03T22:05:00+00:00") == "3. November 2026, 22:05 UTC"


def test_facts_are_labelled_measured_and_answered_in_the_language() -> None:
    words = Words("de")
    assert words.fact("weight_g", 1450) == "Gewicht: 1.450 g"
    assert words.fact("wifi", False) == "WLAN: nein"
    assert words.value("dimensions_mm", [190, 190, 315]) == "190 × 190 × 315 mm"
    assert words.value("origin", "PT") == "Portugal"


def test_a_fact_the_catalogues_do_not_know_keeps_the_merchants_name() -> None:
    assert "shimmer" not in FACTS
    assert Words("de").fact("shimmer", "matt") == "Shimmer: matt"


def test_only_arabic_runs_from_right_to_left() -> None:
    assert {language for language, locale in served_locales().items() if locale.direction == "rtl"} == {"ar"}
