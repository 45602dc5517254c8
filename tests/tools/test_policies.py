"""Answers from the shop's own rules: for whom, where and when they hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.bootstrap import Dragoman
from tools.context import Session
from tools.policies import find_policies

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def documents(shop: Dragoman, session: Session, question: str, country: str = "") -> list[str]:
    """Documents whose passages answer a question, best first."""
    _, told = await find_policies(await shop.context(session), question, country)
    return [passage["document"] for passage in told.get("passages", [])]


async def test_what_is_for_the_staff_is_not_for_shoppers(shop: Dragoman) -> None:
    question = "Which signals raise a fraud review of an order?"
    shopper = await documents(shop, Session("s"), question)
    operator = await documents(shop, Session("o", role="operator"), question)
    assert operator[0] == "operator-fraud-review"
    assert shopper
    assert not [name for name in shopper if name.startswith("operator-")]


@pytest.mark.parametrize(
    "question", ["goodwill credit limit for staff", "internal escalation levels", "fraud review signals", "operator"]
)
async def test_no_question_of_a_shopper_brings_up_the_staffs_rules(shop: Dragoman, question: str) -> None:
    found = await documents(shop, Session("s"), question)
    assert not [name for name in found if name.startswith("operator-")]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "How long can I return an order?"), ("de", "Wie lange kann ich eine Bestellung zurückgeben?"),
        ("fr", "Combien de temps ai-je pour retourner une commande ?"),
        ("es", "¿Cuánto tiempo tengo para devolver un pedido?"),
        ("pt-BR", "Quanto tempo tenho para devolver um pedido?"), ("ja", "注文はいつまで返品できますか？"),
        ("zh-CN", "多久之内可以退货？"), ("ar", "كم المدة المتاحة لإرجاع الطلب؟"),
        ("id", "Berapa lama saya bisa mengembalikan pesanan?"),
    ],
)  # fmt: skip
async def test_a_translated_rule_is_told_in_the_shoppers_language(shop: Dragoman, language: str, question: str) -> None:
    _, told = await find_policies(await shop.context(Session("s", language=language)), question)
    found = {(passage["document"], passage["locale"]) for passage in told["passages"]}
    assert ("returns", language) in found or ("eu-withdrawal", language) in found


async def test_the_rules_of_the_shoppers_market_come_first(shop: Dragoman) -> None:
    question = "What does standard shipping cost?"
    assert (await documents(shop, Session("s", market="BR"), question))[0] == "shipping-brazil"
    assert (await documents(shop, Session("s", market="JP"), question))[0] == "shipping-japan"


async def test_a_country_that_is_named_goes_before_the_market(shop: Dragoman) -> None:
    assert (await documents(shop, Session("s", market="DE"), "What does shipping cost?", "br"))[0] == "shipping-brazil"


async def test_the_country_that_was_asked_about_is_told(shop: Dragoman) -> None:
    context = await shop.context(Session("s", market="DE"))
    assert (await find_policies(context, "shipping cost"))[1]["country"] == "DE"
    assert (await find_policies(context, "shipping cost", "br"))[1]["country"] == "BR"


async def test_a_rule_holds_from_its_first_day_and_never_after_its_last(shop: Dragoman) -> None:
    context = await shop.context(Session("s", market="BR"))
    found = {}
    for day in (datetime(2026, 6, 30, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)):
        context.now = day
        _, told = await find_policies(context, "What does shipping to Brazil cost?")
        found[day.month] = {passage["document"] for passage in told.get("passages", [])}
    assert "shipping-brazil" not in found[6]
    assert "shipping-brazil" in found[7]
    assert "shipping-brazil-2025" not in found[6] | found[7]


async def test_products_are_no_rules(shop: Dragoman) -> None:
    _, told = await find_policies(await shop.context(Session("s")), "Does the Duskling lamp work without Wi-Fi?")
    assert {passage["kind"] for passage in told.get("passages", [])} <= {"policy"}


async def test_a_passage_is_cited_by_its_document_and_number(shop: Dragoman) -> None:
    _, told = await find_policies(await shop.context(Session("s", market="DE")), "How long can I return goods?")
    for passage in told["passages"]:
        document, _, number = passage["cite"].partition("#")
        assert document == passage["document"]
        assert number.isdigit()
        assert passage["text"]


@pytest.mark.parametrize("question", ["", "   ", "\n"])
async def test_no_question_has_no_answer(shop: Dragoman, question: str) -> None:
    _, told = await find_policies(await shop.context(Session("s")), question)
    assert told["status"] == "none"
    assert "passages" not in told
