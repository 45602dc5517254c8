"""What may be counted of what was told, what denies a feature behind its clause, and promises that a rule makes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.guardrails.bearing import Encoded
from assistant.guardrails.evidence import Evidence, Natures
from assistant.guardrails.gist import gists_of
from assistant.guardrails.verdict import judge
from integrations.shipped import open_natures
from knowledge.embeddings import Pair

ITEM = {"name": "Nibbleknot Sweet Potato Treats", "quantity": 2, "price": "17.90", "options": {"pack": "3-pack"}}
ORDER = {
    "status": "ok",
    "order": {"order_id": "AQ-10107", "status": "processed", "currency": "EUR", "items": [ITEM]},
}
PRODUCT = {"status": "ok", "products": [{
    "product_id": "AQ-C-004", "name": "Lathermoor Shampoo Bar", "currency": "EUR", "price": "8.90",
    "facts": {"age_min_years": 3, "suitable_for": "Adults and children", "machine_washable": True, "tumble_dry": False},
    "variants": [{"options": {"scent": scent}, "price": "8.90", "available": True} for scent in ("mint", "none")],
}]}  # fmt: skip
PASSAGE = {"status": "ok", "passages": [{
    "cite": "tracking#3", "document": "tracking", "title": "Tracking", "heading": "", "kind": "policy", "locale": "en",
    "text": "If your parcel does not come, write to our assistant with your order number. We take it up with the "
    "carrier for you.",
}]}  # fmt: skip


@pytest.fixture(scope="module")
def natures(tmp_path_factory: pytest.TempPathFactory) -> Encoded:
    """What ships, over the encoder that ships."""
    return open_natures(tmp_path_factory.mktemp("home"), Pair())


def reasons(text: str, told: dict[str, Any], language: str, natures: Natures = ()) -> tuple[str, ...]:
    evidence = Evidence(language, date(2026, 11, 30), natures=natures)
    evidence.add_told(told)
    return judge(text, evidence).reasons


@pytest.mark.parametrize(("language", "text", "told", "borne"), [
    ("fr", "Il y a six paquets dans votre commande.", ORDER, True),
    ("es", "Son dos paquetes.", ORDER, True), ("es", "Son cinco paquetes.", ORDER, False),
    ("ja", "香りは2種類あります。", PRODUCT, True), ("ja", "香りは7種類あります。", PRODUCT, False),
    ("ja", "3歳以上のお子さまにお使いいただけます。", PRODUCT, True),
    ("ja", "5歳以上のお子さまにお使いいただけます。", PRODUCT, False),
    ("es", "Se lava a máquina; en la secadora, mejor no.", PRODUCT, True),
    ("es", "Se lava a máquina y se puede meter en la secadora.", PRODUCT, False),
])  # fmt: skip
def test_packs_kinds_and_ages_are_counted_and_a_bare_denial_belongs_to_its_clause(
    language: str, text: str, told: dict[str, Any], borne: bool
) -> None:
    assert (reasons(text, told, language) == ()) is borne


def test_a_promise_that_a_rule_makes_in_other_words_stands_and_another_does_not(natures: Encoded) -> None:
    kept = "Send us your order number and we'll take the matter up with the carrier for you."
    assert reasons(kept, PASSAGE, "en", natures) == ()
    assert reasons(kept, PASSAGE, "en") != ()  # without an encoder nothing tells that it is the rule
    assert reasons("We'll throw in a little present for you.", PASSAGE, "en", natures) != ()


def test_facts_and_scans_are_told_in_sentences() -> None:
    scan = {"events": [{"code": "customs_cleared", "place": "Osaka, JP", "at": "2026-11-29T12:20:00+00:00"}]}
    told = list(gists_of({**PRODUCT, "order": {"refunded": ["8.90"], "parcels": [scan], "actions": [
        "return_items", "exchange_items"]}}))  # fmt: skip
    for said in ("It must not go into the tumble dryer; hang it up to dry.", "The money was refunded.",
                 "The parcel cleared customs in Osaka, JP.", "The goods can be returned or exchanged."):  # fmt: skip
        assert said in told
