"""What a message names: prices, features, order numbers, e-mail, postcode, country, colours, sizes."""

import pytest

from assistant.embedded.slots import Slots, lexicon, read_slots
from knowledge.locales import served_locales

PRICES = [
    ("en", "a lamp under €1,299.50 please", 1299.5, "EUR"),
    ("en", "no more than 45 pounds", 45, "GBP"),
    ("en", "under 100 USD", 100, "USD"),
    ("de", "eine Lampe unter 1.299,50 €", 1299.5, "EUR"),
    ("de", "Futterautomat unter 80 Euro", 80, "EUR"),
    ("fr", "moins de 80 euros", 80, "EUR"),
    ("fr", "moins de 1 299,50 €", 1299.5, "EUR"),
    ("es", "un comedero por menos de 80 euros", 80, "EUR"),
    ("pt-BR", "um comedouro por menos de R$ 350,00", 350, "BRL"),
    ("pt-BR", "até 2 mil reais", 2000, "BRL"),
    ("ja", "5,000円以下の給餌器", 5000, "JPY"),
    ("ja", "1万円以下の加湿器", 10000, "JPY"),
    ("zh-CN", "500元以下的喂食器", 500, "CNY"),
    ("zh-CN", "不超过200块", 200, "CNY"),
    ("ar", "أقل من 300 ريال", 300, "SAR"),
    ("ar", "أقل من ٣٠٠ ريال", 300, "SAR"),
    ("id", "di bawah Rp300.000", 300_000, "IDR"),
    ("id", "maksimal Rp 1,5 jt", 1_500_000, "IDR"),
]

WITHOUT_WIFI = [
    ("en", "a feeder that works without wifi"),
    ("de", "Futterautomat ohne WLAN"),
    ("fr", "un distributeur sans wifi"),
    ("es", "un comedero sin wifi"),
    ("pt-BR", "um comedouro sem wifi"),
    ("ja", "Wi-Fiなしの給餌器"),
    ("zh-CN", "不需要wifi的喂食器"),
    ("ar", "جهاز بدون واي فاي"),
    ("id", "tempat makan tanpa wifi"),
]


@pytest.mark.parametrize(("language", "text", "most", "currency"), PRICES)
def test_a_price_limit_is_read_as_the_language_writes_it(language: str, text: str, most: float, currency: str) -> None:
    slots = read_slots(text, language)
    assert (slots.max_price, slots.min_price, slots.currency) == (most, None, currency)


def test_every_served_language_has_a_price_example() -> None:
    assert {language for language, *_ in PRICES} == set(served_locales())


def test_every_served_language_has_its_own_lexicon() -> None:
    assert [lexicon(language).language for language in served_locales()] == list(served_locales())


@pytest.mark.parametrize("text", ["di bawah 300rb", "di bawah 300 ribu"])
def test_a_thousand_in_indonesian_is_a_multiplier(text: str) -> None:
    assert read_slots(text, "id").max_price == 300_000


def test_a_least_price_is_not_a_most_price() -> None:
    slots = read_slots("something for at least 30 dollars", "en")
    assert (slots.min_price, slots.max_price, slots.currency) == (30, None, "USD")


def test_an_amount_without_a_limiting_word_limits_nothing() -> None:
    slots = read_slots("I paid $50 for it", "en")
    assert (slots.max_price, slots.min_price) == (None, None)


@pytest.mark.parametrize(("language", "text"), WITHOUT_WIFI)
def test_a_feature_behind_a_without_is_asked_against(language: str, text: str) -> None:
    slots = read_slots(text, language)
    assert "wifi" in slots.lacking
    assert "wifi" not in slots.having


def test_a_feature_that_is_not_negated_is_asked_for() -> None:
    slots = read_slots("is it waterproof and with wifi?", "en")
    assert set(slots.having) >= {"wifi", "waterproof"}
    assert slots.lacking == ()


def test_a_negation_does_not_reach_across_a_comma() -> None:
    slots = read_slots("without bluetooth, wifi is fine", "en")
    assert (slots.lacking, slots.having) == (("bluetooth",), ("wifi",))


@pytest.mark.parametrize(
    "number",
    ["AQ-10023", "#W2611340", "W2611340", "302-6016563-1321264", "14-57979-48944", "576981981892324581"],
)
def test_an_order_number_is_read_in_the_shape_of_each_channel(number: str) -> None:
    assert read_slots(f"Where is {number}?", "en").order_ids == (number,)


def test_an_order_number_is_neither_a_price_nor_a_postcode() -> None:
    slots = read_slots("order AQ-10023 cost under what?", "en")
    assert (slots.order_ids, slots.postcode, slots.max_price) == (("AQ-10023",), "", None)


def test_an_order_number_named_twice_is_one_order() -> None:
    assert read_slots("AQ-10023! I said AQ-10023", "en").order_ids == ("AQ-10023",)


def test_two_order_numbers_keep_their_order() -> None:
    assert read_slots("AQ-10098 and AQ-10023", "en").order_ids == ("AQ-10098", "AQ-10023")


@pytest.mark.parametrize("email", ["jonas_wiechert@example.com", "a.b+c@mail.example.org", "x-y@sub.example.net"])
def test_an_email_address_is_read_whole(email: str) -> None:
    assert read_slots(f"It is {email}.", "en").email == email


def test_digits_of_an_email_address_are_no_order_number() -> None:
    slots = read_slots("ab-12345@example.com", "en")
    assert (slots.email, slots.order_ids, slots.postcode) == ("ab-12345@example.com", (), "")


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("de", "AQ-10023, PLZ 20357", "20357"),
        ("en", "postcode SW1A 1AA", "SW1A 1AA"),
        ("en", "postcode 1012 AB", "1012 AB"),
        ("pt-BR", "CEP 01310-100", "01310-100"),
        ("ja", "〒150-0001", "150-0001"),
    ],
)
def test_a_postcode_is_read_in_the_shape_of_its_country(language: str, text: str, code: str) -> None:
    assert read_slots(text, language).postcode == code


@pytest.mark.parametrize(
    ("language", "text"), [("en", "ship to Brazil?"), ("de", "Versand nach Brasilien"), ("ja", "ブラジルへの送料")]
)
def test_a_country_is_read_by_its_name_in_the_language(language: str, text: str) -> None:
    assert read_slots(text, language).country == "BR"


def test_an_english_country_name_counts_in_another_language_when_capitalised() -> None:
    assert read_slots("Versand nach Brazil", "de").country == "BR"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "a t-shirt in navy"), ("de", "eine marineblaue Jacke"), ("fr", "une veste bleu marine")],
)
def test_navy_is_navy_and_not_blue(language: str, text: str) -> None:
    assert read_slots(text, language).options == ("navy",)


def test_a_blue_shirt_is_blue() -> None:
    assert read_slots("a blue shirt", "en").options == ("blue",)


@pytest.mark.parametrize(
    ("language", "text", "size"),
    [
        ("en", "shoes size 42", "42"),
        ("de", "jacke in größe 42", "42"),
        ("fr", "taille 38", "38"),
        ("en", "in XL", "XL"),
    ],
)
def test_a_size_is_an_option_and_no_price(language: str, text: str, size: str) -> None:
    slots = read_slots(text, language)
    assert (slots.options, slots.max_price, slots.min_price) == ((size,), None, None)


def test_a_price_is_no_size() -> None:
    slots = read_slots("shoes under 42 euros", "en")
    assert (slots.max_price, slots.options) == (42, ())


@pytest.mark.parametrize("text", ["I'm looking for it", "it's l'heure"])
def test_a_letter_behind_an_apostrophe_is_no_size(text: str) -> None:
    assert read_slots(text, "en").options == ()


@pytest.mark.parametrize("language", list(served_locales()))
def test_a_message_that_names_nothing_has_empty_slots(language: str) -> None:
    assert read_slots("…", language) == Slots()


@pytest.mark.parametrize(
    ("language", "text", "options"),
    [
        ("ja", "緑のLサイズはありますか", ("green", "L")),
        ("zh-CN", "有M码的吗", ("M",)),
        ("en", "a 12 L bag of litter", ()),
        ("fr", "et en bleu vous avez du L?", ("blue", "L")),
    ],
)
def test_a_letter_is_a_size_beside_any_script_and_none_behind_a_number(
    language: str, text: str, options: tuple[str, ...]
) -> None:
    assert read_slots(text, language).options == options
