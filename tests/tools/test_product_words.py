"""Products asked for in another language than their names, and colours that are part of a name."""

from __future__ import annotations

import pytest

from knowledge.commerce import Product, Variant
from tools.product_names import kinds_abroad
from tools.product_search import Wish, meets


def product(name: str, language: str = "", **more: object) -> Product:
    names = {language: name} if language else {}
    told = {"product_id": name, "name": name, "names": names, "variants": [Variant(item_id=name)], **more}
    return Product.model_validate(told)


SHOP = [
    product("Caneca Lisboa", "pt-BR"), product("Prato Raso Évora", "pt-BR"), product("Nachtfels Zelt 2 Personen", "de"),
    product("Merinosocken Steigfest", "de"), product("Teapot Kyoto"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "language", "found"),
    [
        ("Do you have mugs?", "en", {"Caneca Lisboa"}),
        ("dishes", "en", {"Prato Raso Évora"}),
        ("Have you got a tent?", "en", {"Nachtfels Zelt 2 Personen"}),
        ("socks", "en", {"Merinosocken Steigfest"}),
        ("Habt ihr Teller?", "de", {"Prato Raso Évora"}),
        ("Do you have bicycles?", "en", set()),
        ("a teapot", "en", set()),
    ],
)
def test_a_kind_is_found_by_what_its_word_means(asked: str, language: str, found: set[str]) -> None:
    assert kinds_abroad(asked, SHOP, language) == found


def test_a_colour_of_the_name_or_the_facts_is_one_of_the_product() -> None:
    wish = Wish(options=("green",))
    plain = Variant(item_id="v", options={"color": "white"})
    assert meets(product("Sencha green tea"), wish, "EUR", "EUR")
    assert meets(product("Schwarzer Tee Assam", "de"), Wish(options=("black",)), "EUR", "EUR")
    assert meets(product("Caneca Porto", "pt-BR", facts={"cor": "verde"}), wish, "EUR", "EUR")
    assert not meets(product("Assam black tea"), wish, "EUR", "EUR")
    assert not meets(product("Greenfield Mug"), wish, "EUR", "EUR")
    assert not meets(product("Green Candle", variants=[plain]), wish, "EUR", "EUR")
