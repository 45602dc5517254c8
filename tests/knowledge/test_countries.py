"""Countries that a text names, in its own language and inflection."""

import pytest

from knowledge.countries import countries_in
from knowledge.locales import served_locales


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("Kosten für brasilianische Kunden", "de", ["BR"]),
        ("Versand aus den Niederlanden", "de", ["NL"]),
        ("Großbritannien und die Vereinigten Arabischen Emirate", "de", ["GB", "AE"]),
        ("Do Austrians pay duty?", "en", ["AT"]),
        ("customers in the EU", "en", ["EU"]),
        ("para clientes brasileños", "es", ["BR"]),
        ("livraison aux États-Unis", "fr", ["US"]),
        ("envio para endereços japoneses", "pt-BR", ["JP"]),
        ("pengiriman ke Jepang", "id", ["JP"]),
        ("日本への配送", "ja", ["JP"]),
        ("发往德国的包裹", "zh-CN", ["DE"]),
        ("الشحن إلى ألمانيا", "ar", ["DE"]),
        ("Do you ship to New Zealand?", "en", ["NZ"]),
        ("Versand nach Norwegen", "de", ["NO"]),
        ("الشحن للنرويج", "ar", ["NO"]),
        ("whats shipping to Malta cost", "en", ["MT"]),
        ("Versand nach Malta", "de", ["MT"]),
        ("envío a Chile", "es", ["CL"]),
        ("frete para Malta", "pt-BR", ["MT"]),
        ("shipping to Jersey", "en", ["JE"]),
        ("how much is shipping to Guam", "en", ["GU"]),
        ("to the Channel Islands", "en", ["JE"]),
        ("寄到澳门", "zh-CN", ["MO"]),
        ("هل توصلون إلى اليمن", "ar", ["YE"]),
    ],
)
def test_a_country_is_found_in_any_form_of_its_name(text: str, language: str, codes: list[str]) -> None:
    assert countries_in(text, language) == codes


def test_countries_come_in_the_order_they_are_named() -> None:
    assert countries_in("Versand in die Schweiz und nach Österreich", "de") == ["CH", "AT"]
    assert countries_in("from Germany to France", "en") == ["DE", "FR"]


def test_a_name_inside_a_longer_one_does_not_count() -> None:
    assert countries_in("インドネシアへの配送", "ja") == ["ID"]
    assert countries_in("northern ireland", "en") == ["GB"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Can you ship it to us?", "en"),
        ("malt paste, pasta de malta", "es"),
        ("タイプはどれですか", "ja"),
        ("turkey breast treats", "en"),
        ("a jersey dress", "en"),
        ("salsa de chile", "es"),
        ("zum Polieren, auch im Ausland", "de"),
        ("sueños de verano", "es"),
        ("cuba de inox", "pt-BR"),
        ("アルバムとハイチェア", "ja"),
        ("沿海地区", "zh-CN"),
        ("اليد اليمنى", "ar"),
        ("envíe a Mauricio Pérez", "pt-BR"),
    ],
)
def test_a_word_that_only_looks_like_a_country_names_none(text: str, language: str) -> None:
    assert countries_in(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("shipping to the Canary Islands", "en", "IC"), ("Versand auf die Kanaren", "de", "IC"),
        ("envío a Canarias", "es", "IC"), ("livraison à la Réunion", "fr", "RE"), ("envíos a Ceuta", "es", "EA"),
    ],
)  # fmt: skip
def test_a_territory_is_not_its_mainland(text: str, language: str, code: str) -> None:
    assert countries_in(text, language) == [code]


def test_a_language_we_do_not_serve_names_none() -> None:
    assert countries_in("Versand nach Japan", "nl") == []


@pytest.mark.parametrize("language", sorted(served_locales()))
def test_every_listed_name_is_found_as_the_country_it_names(language: str) -> None:
    wrong = [
        (name, code)
        for code, names in served_locales()[language].countries.items()
        for name in names
        if code not in countries_in(name.rstrip("$"), language)
    ]
    assert wrong == []
