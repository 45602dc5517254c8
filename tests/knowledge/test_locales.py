"""The locales we serve and the markets they sell to."""

import tomllib
from importlib.resources import files

import pytest
from babel import Locale as Cldr

from knowledge.locales import locales, match_language, nearest_locale, served_locales
from knowledge.locales.sizes import sizes
from knowledge.markets import EU, EURO, currency_of, market_groups, market_of
from knowledge.wordlists import outermost, word_pattern


def test_nine_languages_are_served() -> None:
    assert set(served_locales()) == {"ar", "de", "en", "es", "fr", "id", "ja", "pt-BR", "zh-CN"}


@pytest.mark.parametrize("language", sorted(served_locales()))
def test_a_locale_agrees_with_cldr_and_with_its_market(language: str) -> None:
    locale = served_locales()[language]
    cldr = Cldr.parse(locale.locale, sep="-")
    assert cldr.territory == locale.market
    assert locale.direction == {"left-to-right": "ltr", "right-to-left": "rtl"}[cldr.character_order]
    assert locale.currency == currency_of(locale.market)
    assert locale.source


def test_every_locale_names_the_same_countries() -> None:
    named = {language: set(locale.countries) for language, locale in served_locales().items()}
    assert [language for language, codes in named.items() if codes != named["en"]] == []


def test_every_locale_can_name_every_market_we_sell_to() -> None:
    markets = {locale.market for locale in served_locales().values()} | {"EU"}
    assert [lang for lang, locale in served_locales().items() if not markets <= set(locale.countries)] == []


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", "de"), ("de_AT", "de"), ("EN-gb", "en"), ("pt", "pt-BR"), ("pt-PT", "pt-BR"), ("zh-TW", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"), ("ar-EG", "ar"), ("pl", None), ("", None), ("*", None),
    ],
)  # fmt: skip
def test_a_tag_meets_the_nearest_language_served(tag: str, language: str | None) -> None:
    assert match_language(tag) == language


def test_every_member_that_pays_in_euro_is_in_the_eu() -> None:
    assert EURO < EU
    assert len(EU) == 27


@pytest.mark.parametrize(
    ("market", "currency"), [("DE", "EUR"), ("BG", "EUR"), ("PL", "PLN"), ("JP", "JPY"), ("ZZ", ""), ("", "")]
)
def test_a_market_has_one_currency_or_none_we_know(market: str, currency: str) -> None:
    assert currency_of(market) == currency


def test_a_member_of_the_eu_is_met_by_rules_for_the_eu() -> None:
    assert market_groups("DE") == ["DE", "EU"]
    assert market_groups("JP") == ["JP"]
    assert market_groups("") == []


@pytest.mark.parametrize(
    ("country", "market"), [("Germany", "DE"), (" usa ", "US"), ("jp", "JP"), ("Atlantis", ""), ("", ""), ("1A", "")]
)
def test_a_country_is_read_as_shops_write_it(country: str, market: str) -> None:
    assert market_of(country) == market


def test_an_entry_counts_from_the_start_of_a_word_and_with_a_dollar_to_its_end() -> None:
    pattern = word_pattern(["red$", "blu"], "en")
    assert pattern is not None
    assert [bool(pattern.search(text)) for text in ("red", "a red one", "reduced", "tired", "blue", "unblur")] == [
        True, True, False, False, True, False,
    ]  # fmt: skip


def test_an_entry_counts_anywhere_where_words_run_together() -> None:
    pattern = word_pattern(["送料"], "ja")
    assert pattern is not None
    assert pattern.search("返品送料は")
    assert word_pattern([], "ja") is None


def test_of_overlapping_matches_only_the_longest_stays() -> None:
    assert outermost({"blue": (5, 9), "navy": (0, 9), "red": (14, 17)}) == ["navy", "red"]


def test_every_locale_of_the_facts_is_known_with_its_sources() -> None:
    assert len(locales()) == 27
    assert {"de-DE", "en-GB", "es-MX", "he-IL", "hi-IN", "zh-TW"} <= set(locales())
    stated = [
        noun for one in locales().values()
        for noun in (one.conventions, one.expansion, one.payments, one.platforms, one.tax, one.imports, one.returns)
    ]  # fmt: skip
    sources = tomllib.loads((files("knowledge.locales") / "sources.toml").read_text("utf-8"))
    assert {name for noun in stated for name in noun.source} <= set(sources)
    assert all(entry["title"] and entry["date"] for entry in sources.values())
    assert all(noun.source for noun in stated)


@pytest.mark.parametrize("tag", sorted(locales()))
def test_the_conventions_of_a_locale_agree_with_cldr(tag: str) -> None:
    locale, cldr = locales()[tag], Cldr.parse(tag, sep="-")
    assert locale.conventions.decimal == cldr.number_symbols["latn"]["decimal"]
    assert locale.conventions.group == cldr.number_symbols["latn"]["group"]
    assert locale.direction == {"left-to-right": "ltr", "right-to-left": "rtl"}[cldr.character_order]
    assert locale.market == cldr.territory


@pytest.mark.parametrize(
    ("tag", "meant"),
    [("de_AT", "de-DE"), ("en", "en-US"), ("es-CL", "es-ES"), ("zh-HK", "zh-TW"), ("zh-Hant", "zh-TW"), ("pt", "pt-BR"),
     ("PT-pt", "pt-PT"), ("it", "it-IT"), ("sw", None)],
)  # fmt: skip
def test_a_tag_means_its_nearest_locale(tag: str, meant: str | None) -> None:
    found = nearest_locale(tag)
    assert (found.locale if found else None) == meant


def test_sizes_agree_with_the_formula_of_their_file() -> None:
    for row in sizes().shoes:
        assert abs(float(row["EU"]) - 1.5 * (float(row["foot_cm"]) + 1.5)) <= 1.0
        assert row["JP_cm"] == row["foot_cm"]
        assert float(row["KR_mm"]) == 10 * float(row["foot_cm"])
        assert float(row["US_women"]) == float(row["UK"]) + 2.5
    for row in sizes().women:
        steps = {"UK": 4, "DE_NL_SE": 32, "FR_ES": 34, "IT": 38, "JP": 5}
        assert {name: int(row[name]) - int(row["US"]) for name in steps} == steps
