"""Who may see an order, and what of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from integrations.bootstrap import Dragoman
from knowledge.commerce import Address, Customer, Order
from tools.context import Session
from tools.orders import attest, look_up, look_up_all, may_see, proves, refuse_order

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRANGER = Session("stranger")
LENA = Session("lena", customer_id="lena_brandt_2041")
ORDER = Order(order_id="#W-1", customer_id="c", status="shipped", address=Address(zip="SW1A 2AA"))
BUYER = Customer(customer_id="c", email="Ann.Lee@example.org", address=Address(zip="20040-002"))


@pytest.mark.parametrize(
    ("session", "seen"),
    [
        (Session("s"), False),
        (Session("s", customer_id="other"), False),
        (Session("s", role="marketer"), False),
        (Session("s", order_ids=frozenset({"W-2"})), False),
        (Session("s", customer_id="c"), True),
        (Session("s", order_ids=frozenset({"W-1"})), True),
        (Session("s", role="operator"), True),
    ],
)
async def test_an_order_is_for_its_customer_its_prover_and_the_staff(session: Session, seen: bool) -> None:
    assert may_see(session, ORDER) is seen


async def test_a_nameless_session_does_not_own_a_nameless_order() -> None:
    assert not may_see(Session("s", customer_id=""), Order(order_id="1", customer_id="", status="shipped"))


@pytest.mark.parametrize("email", ["ann.lee@example.org", " ANN.LEE@EXAMPLE.ORG "])
async def test_an_email_proves_whatever_its_case(email: str) -> None:
    assert proves(ORDER, BUYER, email, "")


@pytest.mark.parametrize("postcode", ["SW1A 2AA", "sw1a2aa", "SW1A-2AA", "20040002", "20040 002"])
async def test_a_postcode_of_the_order_or_its_buyer_proves_however_it_is_spaced(postcode: str) -> None:
    assert proves(ORDER, BUYER, "", postcode)


@pytest.mark.parametrize(
    ("email", "postcode"),
    [("", ""), (" ", " "), ("ann.lee@example.com", ""), ("ann", ""), ("", "SW1A"), ("", "2AA"), ("-", "-"),
     ("", "20040"), ("%", "%"), ("SW1A 2AA", "Ann.Lee@example.org")],
)  # fmt: skip
async def test_less_than_the_whole_proves_nothing(email: str, postcode: str) -> None:
    assert not proves(ORDER, BUYER, email, postcode)


async def test_an_order_without_email_and_postcode_cannot_be_proven() -> None:
    empty = Order(order_id="1", customer_id="c", status="shipped")
    assert not proves(empty, Customer(customer_id="c"), "", "")
    assert not proves(empty, None, "", "   ")


@pytest.mark.parametrize("spelling", ["AQ-10088", "aq-10088", "#AQ-10088", " AQ-10088 ", "AQ- 10088", "(AQ-10088)."])
async def test_an_own_order_is_shown_however_its_number_is_typed(shop: Dragoman, spelling: str) -> None:
    _, told = await look_up(await shop.context(LENA), spelling)
    assert told["status"] == "ok"
    assert told["order"]["order_id"] == "AQ-10088"


@pytest.mark.parametrize("session", [STRANGER, LENA], ids=["stranger", "signed-in"])
async def test_a_foreign_order_and_no_order_are_refused_alike(shop: Dragoman, session: Session) -> None:
    context = await shop.context(session)
    foreign, _ = await look_up(context, "AQ-10083")
    unknown, _ = await look_up(context, "AQ-99083")
    assert foreign.replace("10083", "99083") == unknown
    assert refuse_order(context, "AQ-99083")[0] == unknown


async def test_a_stranger_is_asked_for_a_proof_and_a_customer_is_not(shop: Dragoman) -> None:
    _, stranger = await look_up(await shop.context(STRANGER), "AQ-10083")
    _, customer = await look_up(await shop.context(LENA), "AQ-10083")
    assert (stranger["status"], stranger["missing"]) == ("missing", ["email_or_postcode"])
    assert (customer["status"], customer["missing"]) == ("refused", [])


@pytest.mark.parametrize("number", ["", "  ", "#", " # "])
async def test_without_a_number_the_number_is_asked_for(shop: Dragoman, number: str) -> None:
    _, told = await look_up(await shop.context(STRANGER), number)
    assert told["missing"] == ["order_id", "email_or_postcode"]


async def test_an_order_is_told_without_street_email_or_card(shop: Dragoman) -> None:
    order = await shop.shop.order("AQ-10098")
    customer = await shop.shop.customer("jonas_wiechert_1596")
    assert order is not None
    assert customer is not None
    content, told = await look_up(await shop.context(Session("s", customer_id=customer.customer_id)), "AQ-10098")
    assert told["order"]["city"] == order.address.city
    assert told["order"]["items"][0]["name"] == order.items[0].name
    digits = [held["last_four"] for held in customer.payment_methods.values() if "last_four" in held]
    for hidden in (order.address.address1, order.address.zip, customer.email, *digits):
        assert hidden
        assert hidden not in content


async def test_payment_methods_are_told_by_id_and_kind(shop: Dragoman) -> None:
    async def methods(session: Session) -> list[tuple[str, bool]]:
        _, told = await look_up(await shop.context(session), "AQ-10098")
        assert all(method.keys() == {"id", "kind", "used"} for method in told["order"]["payment_methods"])
        return [(method["kind"], method["used"]) for method in told["order"]["payment_methods"]]

    assert await methods(Session("s", customer_id="jonas_wiechert_1596")) == [("credit_card", True), ("paypal", False)]
    assert await methods(Session("s", order_ids=frozenset({"AQ-10098"}))) == [("credit_card", True)]


async def test_what_the_model_reads_and_what_code_reads_is_the_same_but_for_the_buttons(shop: Dragoman) -> None:
    content, told = await look_up(await shop.context(LENA), "AQ-10088")
    actions = told["order"].pop("actions")
    assert json.loads(content) == told
    assert "cancel_order" not in actions


async def test_a_customers_orders_come_newest_first(shop: Dragoman) -> None:
    _, told = await look_up_all(await shop.context(LENA))
    placed = [order["placed_at"] for order in told["orders"]]
    assert told["count"] == 4
    assert placed == sorted(placed, reverse=True)


async def test_a_stranger_has_no_list_of_orders(shop: Dragoman) -> None:
    _, told = await look_up_all(await shop.context(STRANGER))
    assert told == {
        "status": "missing", "rule": "IDENTITY_REQUIRED", "missing": ["order_id", "email_or_postcode"]
    }  # fmt: skip


async def test_staff_is_told_that_there_is_no_such_order_and_never_asked_who_they_are(shop: Dragoman) -> None:
    staff = Session("staff", role="operator")
    for number, missing, status in (("AQ-99999", [], "refused"), ("", ["order_id"], "missing")):
        _, told = await look_up(await shop.context(staff), number)
        assert (told["status"], told["rule"], told["missing"]) == (status, "NO_SUCH_ORDER", missing)
    _, told = await look_up_all(await shop.context(staff))
    assert told["missing"] == ["order_id"]
    _, told = await look_up(await shop.context(replace(staff, public=True)), "AQ-99999")
    assert told["rule"] == "IDENTITY_REQUIRED"


async def test_orders_opened_one_by_one_are_the_whole_list(shop: Dragoman) -> None:
    opened = replace(STRANGER, order_ids=frozenset({"AQ-10083", "AQ-10084"}))
    _, told = await look_up_all(await shop.context(opened))
    assert {order["order_id"] for order in told["orders"]} == {"AQ-10083", "AQ-10084"}


async def test_a_proof_opens_its_order_for_the_rest_of_the_turn_and_the_session(shop: Dragoman) -> None:
    session = Session("prover")
    await shop.sessions.remember(session)
    context = await shop.context(session)
    _, told = await attest(context, "aq-10083", "", "210008")
    assert told == {"status": "ok", "order_id": "AQ-10083"}
    assert (await look_up(context, "AQ-10083"))[1]["status"] == "ok"
    kept = await shop.sessions.find("prover")
    assert kept is not None
    assert kept.order_ids == {"AQ-10083"}


async def test_a_second_proof_keeps_the_first_order_open(shop: Dragoman) -> None:
    session = Session("two")
    await shop.sessions.remember(session)
    context = await shop.context(session)
    await attest(context, "AQ-10083", "", "210008")
    await attest(context, "AQ-10084", "priya_raman@example.com", "")
    assert context.session.order_ids == {"AQ-10083", "AQ-10084"}


async def test_a_wrong_proof_and_an_unknown_number_are_refused_alike(shop: Dragoman) -> None:
    context = await shop.context(Session("wrong"))
    foreign, _ = await attest(context, "AQ-10085", "", "00000")
    unknown, _ = await attest(context, "AQ-99085", "", "00000")
    assert foreign.replace("10085", "99085") == unknown


async def test_the_sixth_failure_is_not_even_looked_at(shop: Dragoman) -> None:
    context = await shop.context(Session("guesser"))
    rules = [(await attest(context, "AQ-10086", "", f"1000{i}"))[1]["rule"] for i in range(6)]
    assert rules == ["NO_MATCH"] * 5 + ["TOO_MANY_ATTEMPTS"]
    order = await shop.shop.order("AQ-10086")
    assert order is not None
    _, right = await attest(context, "AQ-10086", "", order.address.zip)
    assert right["rule"] == "TOO_MANY_ATTEMPTS"
    assert context.session.order_ids == frozenset()


async def test_another_spelling_of_the_number_does_not_start_the_count_again(shop: Dragoman) -> None:
    spellings = ("AQ-10093", "aq-10093", "#AQ-10093", "AQ -10093", "(AQ-10093)")
    for i, spelling in enumerate(spellings):
        await attest(await shop.context(Session(f"spelling-{i}")), spelling, "", "00000")
    _, told = await attest(await shop.context(Session("spelling-last")), "AQ-10093", "", "00000")
    assert told["rule"] == "TOO_MANY_ATTEMPTS"


async def test_a_right_proof_does_not_count_as_an_attempt(shop: Dragoman) -> None:
    context = await shop.context(Session("often"))
    for _ in range(7):
        _, told = await attest(context, "AQ-10083", "", "210008")
    assert told["status"] == "ok"
