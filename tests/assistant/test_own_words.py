"""What we word ourselves passes our own gate, whole, with the evidence it stands on, in every language."""

from datetime import date
from typing import Any

import pytest

from assistant.embedded.compose import SMALL
from assistant.embedded.order_words import word_order, word_refund, word_return
from assistant.embedded.wording import RETURN_STATES, SCANS, Words
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.outgoing import sift
from integrations.shops.demo import read_demo_shop
from knowledge.locales import served_locales
from tests.assistant.test_wording import messages
from tools.orders import describe_order
from tools.results import tell

TODAY = date(2026, 11, 29)
ORDER = next(order for order in read_demo_shop(TODAY).orders or [] if order.status == "shipped" and order.tracking)
SHOWN = {**describe_order(ORDER, "EUR"), "returns": []}
LAMP = {"product_id": "P1", "name": "Dimmet Lamp", "price": "79.00", "currency": "EUR", "facts": {"wifi": False}}
OFFERS = ("hand you over", "a person", "put it differently", "Which ", "Tell me", "need its number", "Please check",
          "another language")  # fmt: skip
NOTICES = ("Something went wrong", "many people are writing", "You are chatting", "is writing")


def kept_back(text: str, language: str, *told: dict[str, Any]) -> list[str]:
    evidence = Evidence(language, TODAY)
    for result in told:
        evidence.add_told({"status": "ok", **result})
    return [failed.text for failed in sift(text, evidence).failed]


def parcel(code: str, place: str) -> dict[str, Any]:
    events = [{"at": "2026-11-25T11:06:00+00:00", "code": code, "place": place, "note": ""}]
    arriving = {"estimated_from": "2026-11-30", "estimated_until": "2026-12-02"}
    return {"tracking_id": "QC904106358PT", "carrier": "Correos", "events": events, **arriving}


@pytest.mark.parametrize("language", served_locales())
def test_every_scan_of_a_parcel_is_told(language: str) -> None:
    for code in SCANS:
        for place in ("Leipzig, DE", ""):
            told = tell("ok", order={**SHOWN, "parcels": [parcel(code, place)]})[1]
            assert kept_back(word_order(told, Words(language)), language, told) == [], code


@pytest.mark.parametrize("language", served_locales())
def test_every_order_of_the_demo_is_told(language: str) -> None:
    for order in read_demo_shop(TODAY).orders or []:
        told = tell("ok", order=describe_order(order, "EUR"))[1]
        assert kept_back(word_order(told, Words(language)), language, told) == [], order.order_id


@pytest.mark.parametrize("language", served_locales())
def test_small_talk_offers_and_questions_are_said_whole(language: str) -> None:
    words = Words(language)
    plain = {text for text in messages() if "{" not in text and any(offer in text for offer in OFFERS)}
    for text in {*SMALL.values(), *plain}:
        if not any(notice in text for notice in NOTICES):
            assert kept_back(words.say(text), language) == [], text
            assert kept_back(words.say(text), language, {"products": [LAMP]}) == [], text


@pytest.mark.parametrize("language", served_locales())
def test_every_verdict_on_a_return_is_told(language: str) -> None:
    figures: dict[str, dict[str, Any]] = {
        "WITHIN_WINDOW": {"last_day": "2026-12-10", "days": 30, "order_status": "delivered"},
        "WINDOW_CLOSED": {"last_day": "2026-11-10", "days": 30, "order_status": "delivered"},
        "NOT_DELIVERED": {"days": 30, "order_status": "shipped"},
        "DELIVERED_UNDATED": {"days": 30, "order_status": "delivered"},
        "MARKETPLACE": {"order_status": "delivered"}, "CANCELLED": {"order_status": "cancelled"},
        "ALREADY_ASKED": {"order_status": "return requested"},
    }  # fmt: skip
    for rule, held in figures.items():
        for postage in ("0", "4.90"):
            told = {"rule": rule, "order_id": "AQ-10083", "items": [], "postage": postage, "currency": "EUR", **held}
            assert kept_back(word_return(told, Words(language)), language, told) == [], rule


@pytest.mark.parametrize("language", served_locales())
def test_every_state_of_a_return_is_told(language: str) -> None:
    for status in RETURN_STATES:
        entry = {"return_id": "RT-20012", "kind": "return", "status": status, "item_ids": ["A"], "refund_amount": ""}
        told = {"order_id": "AQ-10083", "order_status": "delivered", "refunds": [], "returns": [entry],
                "currency": "EUR"}  # fmt: skip
        assert kept_back(word_refund(told, Words(language)), language, told) == [], status
