"""The gate on labelled sentences in nine languages, and what it decides by."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from assistant.guardrails.evidence import Evidence, claims_market
from assistant.guardrails.names import Catalogue
from assistant.guardrails.outgoing import SentenceGate
from assistant.guardrails.verdict import judge
from benchmarks.gate import SETS, falsified, judged, rates, translated
from knowledge.commerce import Product
from tools.context import Session

TODAY = date(2026, 11, 29)
ORDER: dict[str, Any] = {
    "order_id": "AQ-10083", "status": "shipped", "currency": "CNY", "total": "917",
    "tracking_numbers": ["QC904106358PT"],
    "parcels": [{"tracking_id": "QC904106358PT", "estimated_until": "2026-11-30", "events": [
        {"at": "2026-11-25T11:06:00+00:00", "code": "customs_hold", "place": "Shanghai, CN", "note": ""}]}],
    "items": [{"name": "Pomar Tote Bag", "sku": "AQF011", "quantity": 1, "price": "149", "options": {}}],
    "placed_at": "2026-11-20T03:43:00+00:00", "returns": [],
}  # fmt: skip
DELIVERED = {**ORDER, "order_id": "AQ-10001", "status": "delivered", "tracking_numbers": [], "parcels": [],
             "delivered_at": "2026-11-24T10:00:00+00:00", "total": "50", "items": []}  # fmt: skip
FEEDERS = [
    {"product_id": "P1", "name": "Tidbit Feeder", "price": "79.00", "currency": "EUR", "facts": {"wifi": False}},
    {"product_id": "P2", "name": "Peekabowl Feeder", "price": "139.00", "currency": "EUR", "facts": {"wifi": True}},
]
REFUNDS = {"cite": "refunds#0", "title": "Refunds", "text": "We refund you within 5 business days.", "locale": "en"}
RETURNS = {"cite": "returns#0", "title": "Returns", "text": "You have 30 days to return an order.", "locale": "en"}
QUOTE = {"action": "cancel_order", "order_id": "AQ-10083", "currency": "CNY", "total": "0", "lines": [], "methods": []}


def reasons(
    text: str, *told: dict[str, Any], language: str = "en", catalogue: Catalogue | None = None
) -> tuple[str, ...]:
    evidence = Evidence(language, TODAY, catalogue)
    for result in told:
        evidence.add_told({"status": "ok", **result})
    return judge(text, evidence).reasons


def shown(text: str, *told: dict[str, Any]) -> tuple[str, list[str]]:
    evidence = Evidence("en", TODAY)
    for result in told:
        evidence.add_told({"status": "ok", **result})
    gate = SentenceGate(evidence)
    text = "".join([*gate.feed(text), *gate.finish()])
    return text, [entry.document or entry.quote for entry in gate.citations]


@pytest.fixture(scope="module")
def tuned() -> list[Any]:
    return list(judged(SETS["tuned"]))


def test_it_catches_and_passes_what_it_must(tuned: list[Any]) -> None:
    caught, passed = rates(tuned)
    assert caught >= 0.95
    assert passed >= 0.98


def test_it_does_so_in_every_language(tuned: list[Any]) -> None:
    languages = Counter(one.language for one in tuned)
    assert len(languages) == 9
    assert min(languages.values()) >= 40
    for language in languages:
        caught, passed = rates([one for one in tuned if one.language == language])
        assert (caught >= 0.9, passed >= 0.9) == (True, True), language


def test_the_sentences_kept_apart_are_judged_too() -> None:
    found = list(judged(SETS["held out"]))
    assert len(found) >= 135
    assert min(Counter(one.language for one in found).values()) >= 15


def test_translations_of_the_policies_pass_and_false_figures_in_them_do_not() -> None:
    sentences = list(translated(step=6))
    assert len(sentences) > 500
    passed = [not judge(sentence, evidence).reasons for _, sentence, evidence in sentences]
    assert sum(passed) / len(passed) >= 0.98
    changed = [(false, evidence) for _, sentence, evidence in sentences if (false := falsified(sentence))]
    caught = [bool(judge(false, evidence).reasons) for false, evidence in changed]
    assert sum(caught) / len(caught) >= 0.98


def test_a_deed_no_list_names_needs_some_action() -> None:
    assert reasons("I took the hair dryer out of your order.", {"order": ORDER})
    assert reasons("I looked it up and found your order.", {"order": ORDER}) == ()


@pytest.mark.parametrize("text", ["You paid CN¥917.", "That was 917 yuan.", "917.00 CNY",
                                  "It was placed on 20 November.",
                                  "Expected by tomorrow.", "Expected by Monday, 30 November."])  # fmt: skip
def test_what_a_tool_told_may_be_said_in_other_words(text: str) -> None:
    assert reasons(text, {"order": ORDER}) == ()


@pytest.mark.parametrize("text", ["You paid €917.", "You have 917 days.", "You paid CN¥149 for it in 917 hours.",
                                  "It was placed on 21 November.", "Expected by Tuesday, 30 November.", "It was 917 %.",
                                  "The tracking number is QC904106358PL.", "There are three parcels.",
                                  "It weighs 917 g.", "The last scan was at 11:07."])  # fmt: skip
def test_a_figure_of_another_kind_is_not_borne(text: str) -> None:
    assert reasons(text, {"order": ORDER})


def test_equal_durations_are_the_same() -> None:
    told = {"passages": [{**RETURNS, "text": "You have 14 days, and two years of warranty."}]}
    assert reasons("You have two weeks, and a 24-month warranty.", told) == ()
    assert reasons("You have two months.", told)


def test_a_fact_of_another_order_is_not_said_of_this_one() -> None:
    both = {"orders": [ORDER, DELIVERED]}
    assert reasons("Order AQ-10001 was delivered on November 24.", both) == ()
    assert reasons("Order AQ-10083 was delivered on November 24.", both)
    assert reasons("Order AQ-10083 came to 50 CNY.", both)


@pytest.mark.parametrize("text", ["The Tidbit costs €79 and the Peekabowl €139.",
                                  "€79 for the Tidbit, €139 for the Peekabowl.",
                                  "The Tidbit and the Peekabowl cost €79 and €139."])  # fmt: skip
def test_amounts_of_several_products_may_stand_in_any_order(text: str) -> None:
    assert reasons(text, {"products": FEEDERS}) == ()


def test_swapped_amounts_are_caught() -> None:
    assert reasons("The Tidbit costs €139 and the Peekabowl €79.", {"products": FEEDERS})


def test_a_price_of_one_service_or_country_is_not_said_of_another() -> None:
    about = {"locale": "en", "kind": "policy"}
    told = {"passages": [
        {**about, "cite": "s#1", "title": "Shipping", "heading": "Standard shipping",
         "text": "It costs GBP 5.90 to Germany."},
        {**about, "cite": "s#2", "title": "Shipping", "heading": "Express shipping",
         "text": "Express costs GBP 14.90."},
    ]}  # fmt: skip
    assert reasons("Express shipping costs £14.90.", told) == ()
    assert reasons("Express shipping costs £5.90.", told)
    assert reasons("Shipping to Germany costs £5.90.", told) == ()
    assert reasons("Shipping to Japan costs £5.90.", told)


@pytest.mark.parametrize(("text", "borne"), [
    ("Your parcel is on its way.", True), ("Your parcel is held by customs.", True),
    ("It has not been delivered yet.", True), ("Was it delivered?", True),
    ("Once it is delivered, you have time to decide.", True),
    ("Your parcel was delivered.", False), ("Customs has released it.", False), ("Your order was cancelled.", False),
    ("It has not been shipped yet.", False), ("Your refund is on its way.", False),
])  # fmt: skip
def test_a_state_must_be_the_one_that_was_told(text: str, borne: bool) -> None:
    assert (reasons(text, {"order": ORDER}) == ()) is borne


def test_a_deed_needs_its_action_done() -> None:
    done = {"status": "done", "action": "cancel_order", "quote": QUOTE}
    offered = {"status": "needs_confirmation", "action": "cancel_order", "quote": QUOTE}
    assert reasons("I've cancelled order AQ-10083 for you.", done) == ()
    assert reasons("I've cancelled order AQ-10083 for you.", offered)
    assert reasons("If you say yes, I will cancel order AQ-10083.", offered) == ()
    assert reasons("I will cancel it right away.", offered)
    assert reasons("I've refunded you.", done)
    assert reasons("I've sent you an e-mail with the details.", done)


def test_a_promise_needs_the_shops_own_rule_cited_or_a_person_called() -> None:
    rule = {"passages": [REFUNDS, RETURNS]}
    called = {"reference": "H-1", "opens": "08:00", "closes": "18:00"}
    assert reasons("We will refund you [refunds#0].", rule) == ()
    assert reasons("We refund you within 5 business days.", rule) == ()
    assert reasons("We will refund you.", rule)
    assert reasons("We will refund you within 30 days [returns#0].", rule)
    assert reasons("A colleague will get back to you here.", called) == ()
    assert reasons("A colleague will get back to you here.", rule)
    assert reasons("Someone will call you back.", called)
    assert reasons("I guarantee it.", rule, called)


def test_what_may_not_go_back_is_not_said_to() -> None:
    def verdict(rule: str) -> dict[str, Any]:
        return {"rule": rule, "order_id": "AQ-10083", "items": [], "last_day": "2026-12-24", "days": 30}

    assert reasons("Yes, you can return order AQ-10083 until December 24.", verdict("WITHIN_WINDOW")) == ()
    assert reasons("Yes, you can return order AQ-10083.", verdict("WINDOW_CLOSED"))
    assert reasons("No, order AQ-10083 cannot be returned.", verdict("WITHIN_WINDOW"))
    refused = {"status": "denied", "action": "cancel_order", "order_id": "AQ-10083"}
    assert reasons("You can still cancel it.", refused)
    assert reasons("It can no longer be cancelled.", refused) == ()


def test_a_feature_must_stand_in_the_products_facts() -> None:
    told = {"products": FEEDERS}
    assert reasons("The Tidbit works without Wi-Fi.", told) == ()
    assert reasons("The Tidbit works over Wi-Fi.", told)
    assert reasons("The Peekabowl has no Wi-Fi.", told)
    assert reasons("The Tidbit is waterproof.", told)


def test_a_product_no_tool_told_is_not_named() -> None:
    shop = Catalogue.of(
        [Product(product_id="P9", name="Zephrell Hair Dryer"), Product(product_id="P1", name="Tidbit Feeder")]
    )
    told = {"products": FEEDERS[:1]}
    assert reasons("The Tidbit Feeder suits you.", told, catalogue=shop) == ()
    assert reasons("The Zephrell suits you.", told, catalogue=shop)
    assert reasons("I recommend the Petlibro Granary.", told)
    assert reasons("I recommend the Tidbit Feeder.", told) == ()


def test_what_the_model_put_into_its_own_call_bears_nothing() -> None:
    echoed = {"reference": "H-1", "reason": "They were promised 4711 euros by Zephrell."}
    assert reasons("You get 4711 euros.", echoed)
    assert reasons("It is on order AQ-4711.", {"status": "refused", "order_id": "AQ-4711"})


def test_a_sentence_must_be_in_the_shoppers_language() -> None:
    told = {"passages": [RETURNS]}
    assert reasons("Leider habe ich dazu keine Angaben gefunden.", told)
    assert reasons("I could not find anything about that.", told, language="de")
    assert reasons("You have 30 days to return an order.", told, language="de") == ()  # a quotation


def test_a_citation_goes_to_the_passage_that_bears_the_claim() -> None:
    told = {"passages": [REFUNDS, RETURNS]}
    assert shown("You have 30 days [returns#0].", told) == ("You have 30 days [1].", [RETURNS["text"]])
    assert shown("You have 30 days [refunds#0].", told) == ("You have 30 days [1].", [RETURNS["text"]])
    assert shown("It is easy [refunds#0].", told) == ("It is easy [1].", [REFUNDS["text"]])


def test_a_german_ordinal_ends_no_sentence() -> None:
    gate = SentenceGate(Evidence("de", TODAY))
    assert list(gate.feed("Ich sehe nach, am 30. November. Gut")) == []
    assert gate.dropped == ["Ich sehe nach, am 30. November."]


def test_a_claim_that_may_not_stand_in_a_listing_is_not_said_to_a_shopper_either() -> None:
    told = {"status": "ok", "products": [{"name": "Saltleaf Shirt", "product_id": "P1", "facts": {"weight_g": 180}}]}
    said = "The Saltleaf Shirt is eco-friendly."

    def reasons(sentence: str, market: str) -> tuple[str, ...]:
        evidence = Evidence("en", date(2026, 11, 30), market=market)
        evidence.add_told(told)
        return judge(sentence, evidence).reasons

    assert any("'eco-friendly' may not be claimed in IE" in reason for reason in reasons(said, "IE"))
    assert not any("claimed" in reason for market in ("", "SA") for reason in reasons(said, market))
    denied = "The shop does not state whether the Saltleaf Shirt is eco-friendly."
    assert not any("claimed" in reason for reason in reasons(denied, "IE"))


def test_rules_on_claims_hold_for_what_shoppers_are_told_and_not_for_colleagues() -> None:
    assert claims_market(Session("s", market="DE")) == "DE"
    assert claims_market(Session("s", role="marketer", market="DE")) == ""


def test_what_a_refusal_tells_of_the_order_may_be_said() -> None:
    refused = {"status": "denied", "action": "cancel_order", "order_id": "AQ-10083"}
    told = "It is already on its way, so it cannot be cancelled any more."
    assert any("moving" in reason for reason in reasons(told, refused))
    assert reasons(told, {**refused, "order_status": "shipped"}) == ()
