"""Which products a text names, in whatever language it is written."""

from __future__ import annotations

import pytest

from integrations.shops.demo import read_demo_products
from knowledge.commerce import Product, Variant
from tools.product_names import choose_named, dearest, names_in, same_option, says_kind, words_of

PRODUCTS = read_demo_products()


def chosen(text: str, language: str = "en", most: int = 1) -> list[str]:
    """Ids of the products a text names."""
    return [product.product_id for product in choose_named(text, PRODUCTS, language, most)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Does the Tumblenook need an app?", "en"),
        ("Braucht die Tumblenook Katzentoilette eine App?", "de"),
        ("La Tumblenook fonctionne-t-elle sans application ?", "fr"),
        ("¿La Tumblenook necesita aplicación?", "es"),
        ("A Tumblenook precisa de aplicativo?", "pt-BR"),
        ("Tumblenookにアプリは必要ですか？", "ja"),
        ("Tumblenook自动猫砂盆需要应用吗？", "zh-CN"),
        ("هل يحتاج Tumblenook إلى تطبيق؟", "ar"),
        ("Apakah Tumblenook butuh aplikasi?", "id"),
        ("tumblenook???", "en"),
        ("TUMBLENOOK", "de"),
    ],
)
def test_a_line_is_named_by_its_first_word_in_any_language(text: str, language: str) -> None:
    assert chosen(text, language) == ["AQ-P-005"]


@pytest.mark.parametrize(
    ("text", "language", "product"),
    [
        ("カーテン越しのスマートランプについて", "ja", "AQ-H-001"),
        ("这款智能台灯可以调光吗", "zh-CN", "AQ-H-001"),
        ("Nachttischlampe", "de", "AQ-H-003"),
        ("Kapuzenpullover", "de", "AQ-F-002"),
    ],
)
def test_a_name_in_the_shoppers_own_language_counts(text: str, language: str, product: str) -> None:
    assert chosen(text, language) == [product]


def test_a_word_run_together_with_another_script_is_a_word() -> None:
    assert words_of("Tumblenook自动 für Größe 42") == {"tumblenook", "自动", "für", "grösse", "42"}


@pytest.mark.parametrize("text", ["", "   ", "Where is my order?", "the and of", "dusk", "tumble nook"])
def test_a_text_without_a_name_names_nobody(text: str) -> None:
    assert chosen(text) == []


@pytest.mark.parametrize("code", ["AQ-P-005", "aq-p-005", "is AQP005-WHT-EU in stock?"])
def test_a_code_names_fully(code: str) -> None:
    skus = {variant.sku for product in PRODUCTS if product.product_id == "AQ-P-005" for variant in product.variants}
    text = code.replace("AQP005-WHT-EU", min(skus))
    assert names_in(text, PRODUCTS, "en")["AQ-P-005"] == 1.0


def test_a_short_code_is_not_found_inside_words() -> None:
    product = Product(product_id="cat", name="Feeder", variants=[Variant(sku="cat")])
    assert names_in("my category", [product], "en") == {}


def test_a_word_many_products_share_names_none_of_them() -> None:
    products = [Product(product_id=str(i), name=f"{word} Lamp") for i, word in enumerate(("Alda", "Bero", "Cima"))]
    assert names_in("a lamp", products, "en") == {}
    assert list(names_in("the bero lamp", products, "en")) == ["1"]


def test_the_device_is_meant_before_its_accessory_unless_that_is_named() -> None:
    assert chosen("murmuro") == ["AQ-C-001"]
    assert chosen("murmuro brush heads") == ["AQ-C-002"]


def test_two_products_are_two_when_each_has_a_word_of_its_own() -> None:
    assert set(chosen("Tonewell or Pebblesong?", most=4)) == {"AQ-H-007", "AQ-H-008"}
    assert chosen("Tonewell or Pebblesong?", most=1) == chosen("Tonewell or Pebblesong?", most=4)[:1]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt-BR", "ja", "zh-CN", "ar", "id"])
def test_every_product_is_found_by_its_whole_name(language: str) -> None:
    wrong = [p.product_id for p in PRODUCTS if p.product_id not in names_in(p.name_in(language), PRODUCTS, language)]
    assert wrong == []


def test_every_product_is_the_first_its_english_name_means() -> None:
    assert [p.product_id for p in PRODUCTS if chosen(p.name) != [p.product_id]] == []


def test_a_product_without_prices_is_the_cheapest() -> None:
    assert dearest(Product(product_id="1", name="Lamp", variants=[Variant(sku="1")])) == 0.0
    assert dearest(PRODUCTS[0]) > 0


@pytest.mark.parametrize(
    ("text", "language", "product", "said"),
    [
        ("does the toothbrush come with a charger?", "en", "AQ-C-001", True),
        ("Ist die Zahnbürste wasserdicht?", "de", "AQ-C-001", True),
        ("Le sac à dos est-il imperméable ?", "fr", "AQ-F-012", True),
        ("電動歯ブラシは防水ですか？", "ja", "AQ-C-001", True),
        ("does the drone have a camera", "en", "AQ-P-002", False),
        ("¿La tableta tiene Bluetooth?", "es", "AQ-H-008", False),
        ("Passt die Hülle auf mein Handy?", "de", "AQ-H-006", False),
        ("手机壳适合iPhone 15吗？", "zh-CN", "AQ-H-006", False),
        ("how long does the headset run?", "en", "AQ-C-002", False),
        ("are these heads soft?", "en", "AQ-C-002", True),
        ("posso levar o power bank no avião?", "pt-BR", "AQ-H-004", True),
        ("¿cuánto pesa el powerbank?", "es", "AQ-H-004", True),
        ("¿dónde está el banco?", "es", "AQ-H-004", False),
        ("speaker bluetooth nya tahan air ga kak", "id", "AQ-H-008", True),
        ("power bank nya berat ga", "id", "AQ-H-004", True),
    ],
)
def test_a_name_says_what_kind_of_thing_it_is(text: str, language: str, product: str, said: bool) -> None:
    own = next(known for known in PRODUCTS if known.product_id == product)
    assert says_kind(own, text, language) is said


@pytest.mark.parametrize(
    ("text", "kinds"),
    [("パーカーの緑はありますか", {"AQ-F-002"}), ("スピーカーはありますか", {"AQ-H-007", "AQ-H-008"})],
)
def test_a_kind_in_kana_is_not_said_by_the_ending_it_shares(text: str, kinds: set[str]) -> None:
    assert {product.product_id for product in PRODUCTS if says_kind(product, text, "ja")} == kinds


@pytest.mark.parametrize(
    ("wanted", "held", "same"),
    [
        ("green", "pine green", True), ("L", "L", True), ("L", "XL", False), ("41", "EU 41", True),
        ("38", "36-39", True), ("40", "36-39", False), ("S", "stone S", False), ("red", "tired", False),
    ],
)  # fmt: skip
def test_a_colour_or_size_is_the_same_in_other_words(wanted: str, held: str, same: bool) -> None:
    assert same_option(wanted, held) is same
