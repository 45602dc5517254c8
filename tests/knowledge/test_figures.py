"""Reading what a text promises in figures, in nine languages."""

from decimal import Decimal

import pytest

from knowledge.figures import Figure, figures, plain
from knowledge.locales import served_locales
from knowledge.measures import matters_in, measured_languages, patterns_of
from knowledge.reading import read_folder


def said(text: str, locale: str) -> set[str]:
    """Figures as people write them, the ends of ranges marked."""
    return {f"{figure}{' ' + figure.bound if figure.bound else ''}" for figure in figures(text, locale)}


FOURTEEN = {
    "en": ["14 days", "fourteen days", "14-day period", "two weeks", "a fortnight", "fourteen (14) days"],
    "de": ["14 Tage", "vierzehn Tagen", "14-tägige Frist", "zwei Wochen", "14 Kalendertage"],
    "fr": ["14 jours", "quatorze jours", "deux semaines", "14 jours calendaires"],
    "es": ["14 días", "catorce días", "dos semanas", "14 días naturales"],
    "pt-BR": ["14 dias", "quatorze dias", "catorze dias", "duas semanas", "14 dias corridos"],
    "id": ["14 hari", "empat belas hari", "dua minggu", "14 hari kalender"],
    "ja": ["14日以内", "１４日間", "十四日以内", "2週間", "二週間"],
    "zh-CN": ["14 天", "１４天", "十四天", "两周", "两个星期", "14日内"],
    "ar": ["14 يومًا", "١٤ يومًا", "أربعة عشر يومًا", "أسبوعين", "أسبوعان"],
}


@pytest.mark.parametrize(("locale", "text"), [(locale, text) for locale, texts in FOURTEEN.items() for text in texts])
def test_two_weeks_are_fourteen_days_in_every_language(locale: str, text: str) -> None:
    assert said(text, locale) == {"14 days"}


MANY = {
    "en": ("thirty days", "sixty days", "ninety days", "twelve months", "five business days"),
    "de": ("dreißig Tage", "sechzig Tage", "neunzig Tage", "zwölf Monate", "fünf Werktage"),
    "fr": ("trente jours", "soixante jours", "quatre-vingt-dix jours", "douze mois", "cinq jours ouvrés"),
    "es": ("treinta días", "sesenta días", "noventa días", "doce meses", "cinco días hábiles"),
    "pt-BR": ("trinta dias", "sessenta dias", "noventa dias", "doze meses", "cinco dias úteis"),
    "id": ("tiga puluh hari", "enam puluh hari", "sembilan puluh hari", "dua belas bulan", "lima hari kerja"),
    "ja": ("三十日間", "六十日間", "九十日間", "十二か月", "五営業日"),
    "zh-CN": ("三十天", "六十天", "九十天", "十二个月", "五个工作日"),
    "ar": ("ثلاثين يومًا", "ستون يومًا", "تسعين يومًا", "اثني عشر شهرًا", "خمسة أيام عمل"),
}


@pytest.mark.parametrize("locale", sorted(MANY))
def test_number_words_are_read_in_every_language(locale: str) -> None:
    wanted = [{"30 days"}, {"60 days"}, {"90 days"}, {"12 months"}, {"5 business days"}]
    assert [said(text, locale) for text in MANY[locale]] == wanted


@pytest.mark.parametrize("locale", sorted(served_locales()))
def test_every_language_reads_every_number_word_it_lists(locale: str) -> None:
    listed = {value for _, value in patterns_of(locale)._numbers}
    needed = {*range(3, 13), 14, 30, 60, 90}
    assert needed - listed == set()


RANGES = [
    ("en", "3-5 business days"), ("en", "3 to 5 working days"), ("de", "3–5 Arbeitstage"),
    ("de", "drei bis fünf Werktage"),
    ("fr", "3 à 5 jours ouvrés"), ("es", "de 3 a 5 días laborables"), ("pt-BR", "3 a 5 dias úteis"),
    ("id", "3 hingga 5 hari kerja"), ("ja", "3～5営業日"), ("zh-CN", "3至5个工作日"), ("ar", "من 3 إلى 5 أيام عمل"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text"), RANGES)
def test_both_ends_of_a_range_are_told_and_marked(locale: str, text: str) -> None:
    assert said(text, locale) == {"3 business days from", "5 business days to"}


MONEY = [
    ("en", "USD 1,500.50", "USD 1,500.50"), ("en", "a fee of $15", "USD 15"), ("de", "1.200 JPY", "JPY 1,200"),
    ("de", "39,00 BRL", "BRL 39"), ("fr", "75\u202f000 IDR", "IDR 75,000"), ("fr", "50 euros", "EUR 50"),
    ("es", "14,90 £", "GBP 14.90"), ("pt-BR", "R$ 39,00", "BRL 39"), ("pt-BR", "US$ 90", "USD 90"),
    ("id", "Rp90.000", "IDR 90,000"), ("ja", "3万円", "JPY 30,000"), ("ja", "1,500米ドル", "USD 1,500"),
    ("zh-CN", "5,000 元人民币", "CNY 5,000"), ("zh-CN", "900 日元", "JPY 900"), ("ar", "39.00 ريال برازيلي", "BRL 39"),
    ("ar", "١٬٠٠٠ ريال سعودي", "SAR 1,000"), ("nl", "EUR 50", "EUR 50"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text", "figure"), MONEY)
def test_money_is_an_amount_and_a_currency(locale: str, text: str, figure: str) -> None:
    assert said(text, locale) == {figure}


def test_a_decimal_sign_is_the_languages_own() -> None:
    assert figures("7,5 %", "de") == figures("7.5%", "en") == {Figure("percent", Decimal("7.5"), "%")}
    assert said("1.250 kg", "en") == {"1,250 g"}
    assert said("1.250 kg", "de") == {"1,250 kg"}


def test_business_days_are_no_days_and_a_month_is_not_thirty_days() -> None:
    units = [next(iter(figures(text, "en"))).unit for text in ("5 days", "5 business days", "1 month")]
    assert units == ["hour", "business day", "month"]
    assert figures("24 months", "en") == figures("2 years", "en")
    assert figures("48 hours", "en") == figures("two days", "en")


NOTHING = [
    ("en", "As of 22 November 2026"), ("en", "open 24 hours a day"), ("en", "HS6 code, Art. 49"), ("en", "08:00–18:00"),
    ("de", "Stand 22. November 2026"), ("de", "24 Stunden am Tag"), ("fr", "24 heures sur 24"),
    ("ja", "2026年11月22日現在"), ("ja", "これだけで十分です"), ("zh-CN", "截至2026年11月22日"),
    ("en", "thirty-two days"),
    ("ar", "22 نوفمبر 2026"), ("en", "the year 2026 years"), ("en", ""), ("en", "6 payments"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text"), NOTHING)
def test_dates_times_and_counts_promise_nothing(locale: str, text: str) -> None:
    assert said(text, locale) == set()


def test_a_column_gives_its_numbers_their_unit() -> None:
    table = "| Country | Business days | Price |\n| --- | --- | --- |\n| UK | 3–5 | GBP 4.90 |\n| Japan | 8 | JPY 900 |"
    wanted = {"3 business days from", "5 business days to", "8 business days", "GBP 4.90", "JPY 900"}
    assert said(table, "en") == wanted


def test_any_text_can_be_read() -> None:
    for text in ("\x00\ud800 3 days", "İ" * 9 + " 3 days", "|" * 50, "9" * 400 + " days", "1.2.3.4 days"):
        assert isinstance(figures(text, "en"), frozenset)
    assert len(plain("İİ 3")) == 4


def test_every_served_language_has_its_measures_and_the_same_matters() -> None:
    assert measured_languages() == set(served_locales())
    assert matters_in(plain("Ihre Rückerstattung"), "de") == matters_in("your refund", "en") == {"refund"}


def test_every_language_names_the_same_matters() -> None:
    from knowledge.measures import _matter_patterns

    named = {locale: set(_matter_patterns(locale)) for locale in served_locales()}
    assert [locale for locale, matters in named.items() if matters != named["en"]] == []


def test_the_demo_shop_states_the_same_figures_in_every_language() -> None:
    from integrations.shipped import packaged

    passages, _ = read_folder(packaged("knowledge.demo_shop", "policies"))
    stated = {
        (p.document, p.number, p.locale): {(f.unit, f.value) for f in figures(p.text, p.locale)} for p in passages
    }
    missing = {
        key: stated[key[0], key[1], "en"] - own for key, own in stated.items() if stated[key[0], key[1], "en"] - own
    }
    assert missing == {}
