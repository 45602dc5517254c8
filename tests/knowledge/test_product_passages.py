"""A product becomes passages by what can be asked of it."""

from datetime import date, timedelta
from typing import Any

import pytest

from integrations.shops.demo import read_demo_products
from knowledge.commerce import Product
from knowledge.documents import Passage
from knowledge.product_passages import fact_label, fact_text, product_passages, product_source
from knowledge.sections import PASSAGE_TOKENS, count_tokens

TODAY = date.today()  # noqa: DTZ011


def passages_of(**fields: Any) -> dict[str, list[Passage]]:
    """A product's passages by heading."""
    product = Product.model_validate({"product_id": "P-1", "name": "Lamp", **fields})
    found: dict[str, list[Passage]] = {}
    for passage in product_passages(product):
        found.setdefault(passage.heading[0], []).append(passage)
    return found


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("battery_life_h", 12, "battery life: 12 hours"),
        ("weight_g", 1450, "weight: 1450 g"),
        ("dimensions_mm", [190, 190, 315], "dimensions: 190 x 190 x 315 mm"),
        ("plug_types", ["C", "G"], "plug types: C, G"),
        ("wifi", False, "wifi: no"),
        ("vegan", True, "vegan: yes"),
        ("age_min_years", 3, "minimum age: 3 years"),
        ("wash_temp_c", 30, "wash temperature: 30 °C"),
        ("material", "Oak", "material: Oak"),
    ],
)
def test_a_fact_is_written_with_its_unit(name: str, value: Any, text: str) -> None:
    assert fact_text(name, value) == text


def test_a_fact_named_only_by_a_unit_is_no_unit() -> None:
    assert fact_label("m") == ("m", "")


def test_a_product_with_nothing_but_a_name_is_still_found_by_it() -> None:
    (passage,) = passages_of()["Overview"]
    assert (passage.text, passage.document, passage.kind, passage.product_id) == ("Lamp", "P-1", "product", "P-1")
    assert passage.url == "/products/P-1"


def test_overviews_in_all_locales_are_one_piece() -> None:
    found = passages_of(summary="A lamp.", names={"de": "Lampe", "ja": "ランプ"}, summaries={"de": "Eine Lampe."})
    overviews = {passage.locale: (passage.number, passage.title, passage.text) for passage in found["Overview"]}
    assert overviews == {
        "en": (0, "Lamp", "A lamp."),
        "de": (0, "Lampe", "Eine Lampe."),
        "ja": (0, "ランプ", "A lamp."),
    }


def test_facts_stand_in_groups_and_unknown_ones_together() -> None:
    found = passages_of(facts={"material": "Oak", "wifi": True, "care": "Wipe", "sparkle": "high"})
    assert {heading: passage.text for heading, (passage,) in found.items() if heading != "Overview"} == {
        "Material and size": "material: Oak", "Power and connection": "wifi: yes", "Use and care": "care: Wipe",
        "More facts": "sparkle: high",
    }  # fmt: skip


def test_a_merchants_own_attributes_are_facts_too_where_they_read_as_such() -> None:
    found = passages_of(country_of_design="Portugal", empty="", nested={"a": 1}, tags=["new", "warm"])
    assert found["More facts"][0].text == "country of design: Portugal\ntags: new, warm"


def test_each_question_the_merchant_answered_stands_alone() -> None:
    found = passages_of(faq=[{"q": "Is it loud?", "a": "No."}, {"q": "Is it warm?", "a": "Yes."}])
    assert (found["Is it loud?"][0].text, found["Is it warm?"][0].text) == ("No.", "Yes.")
    assert found["Is it loud?"][0].number != found["Is it warm?"][0].number


def test_a_certificate_says_until_when_it_holds_or_that_it_expired() -> None:
    names = {"CE": TODAY, "GOTS": TODAY - timedelta(days=1), "FSC": None}
    certificates = [{"name": n, "number": "7", "issuer": "TÜV", "valid_until": until} for n, until in names.items()]
    lines = passages_of(certificates=certificates)["Certificates"][0].text.splitlines()
    assert lines == [
        f"CE: number 7, TÜV, valid until {TODAY}",
        f"GOTS: number 7, TÜV, expired on {TODAY - timedelta(days=1)}",
        "FSC: number 7, TÜV",
    ]


def test_many_variants_fill_several_passages_and_none_is_lost() -> None:
    variants = [{"item_id": f"SKU-{n:03}", "options": {"colour": f"colour number {n}"}} for n in range(100)]
    found = passages_of(variants=variants)["Variants"]
    assert len(found) > 1
    assert all(count_tokens(passage.text) <= PASSAGE_TOKENS * 1.1 for passage in found)
    lines = [line for passage in found for line in passage.text.splitlines()]
    assert lines == [f"colour colour number {n} (SKU SKU-{n:03})" for n in range(100)]


def test_what_must_not_be_said_is_in_no_passage() -> None:
    found = passages_of(not_to_say=["waterproof"], warnings=["Hot."], in_the_box=["Lamp", "Cable"])
    assert "waterproof" not in " ".join(p.searchable for passages in found.values() for p in passages)
    assert (found["Warnings"][0].text, found["In the box"][0].text) == ("Hot.", "Lamp, Cable")


def test_every_passage_of_the_demo_names_its_product_and_is_numbered_once() -> None:
    for product in read_demo_products():
        passages = product_passages(product)
        assert {passage.title for passage in passages} <= {product.name, *product.names.values()}
        places = [(passage.number, passage.locale) for passage in passages]
        assert len(places) == len(set(places)), product.product_id
        assert all(passage.text.strip() for passage in passages)


def test_a_product_is_read_again_only_when_it_says_something_else() -> None:
    lamp = Product.model_validate({"product_id": "P-1", "name": "Lamp"})
    source = product_source(lamp)
    assert source.name == "product P-1"
    assert source.digest == product_source(lamp.model_copy()).digest
    assert source.digest != product_source(lamp.model_copy(update={"summary": "Warm light."})).digest
    assert list(source.read()) == product_passages(lamp)
