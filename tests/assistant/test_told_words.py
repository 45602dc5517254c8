"""What a sentence says in words must have been told: attributes, brands, days of states, sizes by letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from assistant.guardrails.evidence import Evidence
from assistant.guardrails.verdict import judge

TODAY = date(2026, 11, 29)
LAMP = {
    "status": "ok",
    "products": [
        {"product_id": "L-1", "name": "Norvik Lamp", "price": "49.00", "currency": "EUR", "available": True,
         "summary": "A lamp with a timer. It is made of bamboo.", "variants": [],
         "facts": {"material": "Bamboo (BPA-free is not claimed)", "app_required": True},
         "warnings": ["Not for wet food."]},
        {"product_id": "L-2", "name": "Halden Lamp", "price": "30.00", "currency": "EUR", "available": True,
         "summary": "A plain lamp.", "variants": [], "facts": {"app_required": False}},
    ],
}  # fmt: skip
JEANS = {"status": "ok", "order": {
    "order_id": "AQ-10062", "status": "delivered", "delivered_at": "2026-11-24T10:00:00+00:00", "parcels": [],
    "payment_methods": [{"kind": "paypal"}],
    "items": [{"name": "Straight Jeans", "quantity": 1, "options": {"size": "S"}}]}}  # fmt: skip
LATER = {"status": "ok", "rule": "NOT_DELIVERED", "order_id": "AQ-10083", "items": [], "order_status": "shipped"}


def reasons(text: str, language: str, *told: Mapping[str, Any]) -> tuple[str, ...]:
    evidence = Evidence(language, TODAY)
    for one in told:
        evidence.add_told(one)
    return judge(text, evidence).reasons


@pytest.mark.parametrize(("language", "text"), [
    ("en", "The Norvik Lamp runs on solar power."), ("de", "Die Lampe ist garantiert BPA-frei."),
    ("fr", "Elle accepte une carte mémoire."), ("es", "Sirve para comida húmeda."), ("ja", "竹製で防水です。"),
    ("zh-CN", "支持语音控制。"), ("ar", "يعمل بالطاقة الشمسية."), ("id", "Lampunya tahan air."),
    ("pt-BR", "Funciona com o iPhone 15."), ("en", "Both lamps can be run from your phone."),
])  # fmt: skip
def test_what_no_one_told_of_a_product_is_kept_back(language: str, text: str) -> None:
    assert reasons(text, language, LAMP)


GONE = {**LAMP, "products": [{**LAMP["products"][0], "variants": [{"sku": "L-1-S", "available": False}]}]}  # type: ignore[dict-item]
SOLD_OUT = [
    ("en", "The Norvik Lamp is sold out."), ("de", "Die Lampe ist leider ausverkauft."),
    ("fr", "La lampe est épuisée."), ("es", "La lámpara está agotada."), ("pt-BR", "A luminária está esgotada."),
    ("id", "Lampunya sudah habis terjual."),
    ("ja", "こちらのランプは売り切れです。"), ("zh-CN", "这款灯目前缺货。"), ("ar", "لقد نفد هذا المصباح."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), SOLD_OUT)
def test_what_is_said_to_be_sold_out_must_be(language: str, text: str) -> None:
    assert reasons(text, language, LAMP)
    assert reasons(text, language, GONE) == ()


@pytest.mark.parametrize(("language", "text"), [
    ("en", "It will be back in stock in a few weeks."), ("de", "Sie ist bald wieder auf Lager."),
    ("fr", "Elle sera bientôt de retour en stock."), ("es", "Pronto volverá a estar disponible."),
    ("pt-BR", "Ela volta ao estoque nas próximas semanas."), ("id", "Lampu ini segera tersedia kembali."),
    ("ja", "近日中に再入荷します。"), ("zh-CN", "这款灯很快会补货。"), ("ar", "سيتوفر مجددا قريبا."),
])  # fmt: skip
def test_that_it_comes_back_nobody_told(language: str, text: str) -> None:
    assert reasons(text, language, GONE)


def test_an_orders_carrier_tells_of_no_neighbour() -> None:
    parcel = {"carrier": "Quayline", "events": [{"at": "2026-11-24T10:00:00+00:00", "code": "delivered", "note": ""}]}
    order = {**JEANS["order"], "parcels": [parcel]}  # type: ignore[dict-item]
    text = "The carrier left it with a neighbor."
    assert reasons(text, "en", {"status": "ok", "order": order})
    parcel["events"][0]["note"] = "left with a neighbour"  # type: ignore[index]
    assert reasons(text, "en", {"status": "ok", "order": order}) == ()


@pytest.mark.parametrize(("language", "text"), [
    ("en", "The Norvik Lamp is made of bamboo and has a timer."), ("de", "Die Lampe ist aus Bambus."),
    ("ja", "竹製です。"), ("en", "It is not waterproof."), ("en", "Is it waterproof?"), ("fr", "Elle est en bambou."),
    ("en", "The Norvik Lamp is run from your phone."),
    ("en", "The Norvik Lamp costs 19 euros more than the Halden Lamp."),
])  # fmt: skip
def test_what_was_told_of_it_in_any_language_is_shown(language: str, text: str) -> None:
    assert reasons(text, language, LAMP) == ()


@pytest.mark.parametrize(("text", "borne"), [
    ("It was delivered on 24 November.", True), ("It was delivered on 22 November.", False),
    ("The jeans are in size S.", True), ("The jeans are in size M.", False),
    ("You paid with PayPal.", True), ("You paid with Klarna.", False), ("It travels with Hermes.", False),
    ("There were twelve buttons on it.", False),
])  # fmt: skip
def test_days_sizes_and_brands_are_those_that_were_told(text: str, borne: bool) -> None:
    assert (reasons(text, "en", JEANS) == ()) is borne


def test_what_has_not_come_cannot_go_back_today() -> None:
    assert reasons("You can return it today.", "en", LATER)
    assert reasons("You can return it once it has arrived.", "en", LATER) == ()


def test_no_problem_denies_nothing() -> None:
    denied = {"status": "denied", "action": "cancel_order", "order_id": "AQ-10083", "order_status": "shipped",
              "rule": "CANCEL_ONLY_PENDING"}  # fmt: skip
    assert reasons("No problem, you can still cancel AQ-10083.", "en", denied)
    assert reasons("You can no longer cancel AQ-10083.", "en", denied) == ()
