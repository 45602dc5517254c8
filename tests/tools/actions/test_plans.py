"""Cancelling, changing and paying back, with the figures reckoned by hand. Above 0 the customer gets it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from knowledge.service.requests import WRITES
from tests.tools.actions.bench import STAFF, Bench, State, agreed
from tests.tools.actions.sold import ADDRESS, ARRIVED, OFFERED, order, shop
from tools.actions.outcome import Outcome
from tools.actions.plans import PLANS

DRESSED: dict[str, Any] = {
    "discount": "13.00", "tax": "11.70", "shipping": {"cost": "4.90"},
    "payment_history": [{"transaction_type": "payment", "amount": "133.60", "payment_method_id": "card"}],
}  # fmt: skip
"""130.00 of goods, less 13.00, with 11.70 of tax and 4.90 for sending: 133.60."""


async def done(bench: Bench, name: str, asker: Any = "anna1", **arguments: Any) -> tuple[Outcome, State]:
    """What an action came to, and the shop after it."""
    outcome = await bench.clerk(OFFERED).act(agreed(name, asker, **arguments))
    assert outcome.status == "done", outcome
    return outcome, await bench.state()


def lines(outcome: Outcome) -> list[tuple[str, str]]:
    return [(line["kind"], line["amount"]) for line in outcome.quote["lines"]]


def entries(state: State, name: str = "#1") -> list[tuple[str, str, str]]:
    """The order's payments and refunds, without the first payment."""
    history = state.orders[name].payment_history[1:]
    return [(e["transaction_type"], e["payment_method_id"], str(Decimal(str(e["amount"])))) for e in history]


def test_every_action_has_its_plan() -> None:
    assert PLANS.keys() == WRITES.keys()


async def test_cancelling_pays_back_goods_discount_tax_and_shipping(bench: Bench) -> None:
    await bench.fill(shop(order(**DRESSED)))
    outcome, state = await done(bench, "cancel_order", order_id="#1", reason="no need")
    assert lines(outcome) == [
        ("item", "80.00"), ("item", "50.00"), ("discount", "-13.00"), ("tax", "11.70"), ("shipping", "4.90"),
    ]  # fmt: skip
    assert (outcome.quote["total"], entries(state)) == ("133.60", [("refund", "card", "133.60")])
    assert (state.orders["#1"].status, state.orders["#1"].cancel_reason) == ("cancelled", "no need")
    assert state.stock == {"red": 12, "blue": 11, "green": 10}


async def test_cancelling_after_a_refund_to_another_method_takes_nothing_from_it(bench: Bench) -> None:
    await bench.fill(shop())
    await done(bench, "refund_order", order_id="#1", reason="late", amount="30", payment_method_id="gift")
    outcome, state = await done(bench, "cancel_order", order_id="#1", reason="no need")
    assert entries(state) == [("refund", "gift", "30.00"), ("refund", "card", "100.00")]
    assert lines(outcome)[-1] == ("adjustment", "-30.00")
    assert state.customers["anna1"].payment_methods["gift"]["balance"] == "55.00"


async def test_cancelling_what_was_not_paid_pays_nothing_and_forgets_what_is_due(bench: Bench) -> None:
    await bench.fill(shop(order(payment_history=[], payment_due={"amount": "130.00", "payment_method_id": "card"})))
    outcome, state = await done(bench, "cancel_order", order_id="#1", reason="no need")
    assert (outcome.quote["total"], outcome.quote["methods"]) == ("0.00", [])
    assert state.orders["#1"].attributes["payment_due"] is None


async def test_goods_that_left_do_not_come_back_to_stock_by_cancelling(bench: Bench) -> None:
    await bench.fill(shop(order(**ARRIVED)))
    _, state = await done(bench, "cancel_order", order_id="#1", reason="no need")
    assert state.stock == {"red": 10, "blue": 10, "green": 10}


async def test_a_dearer_variant_is_paid_by_the_method_named(bench: Bench) -> None:
    await bench.fill(shop())
    outcome, state = await done(
        bench, "change_order_items", order_id="#1", item_ids=["red"], new_item_ids=["blue"], payment_method_id="gift"
    )
    assert lines(outcome) == [("item", "40.00"), ("new_item", "-50.00")]
    assert (outcome.quote["total"], entries(state)) == ("-10.00", [("payment", "gift", "10.00")])
    assert state.customers["anna1"].payment_methods["gift"]["balance"] == "15.00"
    assert [(item.sku, item.quantity) for item in state.orders["#1"].items] == [("red", 1), ("blue", 1), ("blue", 1)]
    assert state.stock == {"red": 11, "blue": 9, "green": 10}


async def test_pieces_that_take_each_others_place_are_both_swapped(bench: Bench) -> None:
    await bench.fill(shop())
    pair = {"item_ids": ["red", "blue"], "new_item_ids": ["blue", "red"], "payment_method_id": "card"}
    outcome, state = await done(bench, "change_order_items", order_id="#1", **pair)
    assert (outcome.quote["total"], entries(state)) == ("0.00", [("refund", "card", "0.00")])
    assert [(item.sku, str(item.price)) for item in state.orders["#1"].items] == [
        ("red", "40.00"), ("blue", "50.00"), ("red", "40.00"),
    ]  # fmt: skip


async def test_cheaper_variants_are_paid_back_but_no_more_than_was_paid(bench: Bench) -> None:
    small = [{"transaction_type": "payment", "amount": "15.00", "payment_method_id": "card"}]
    await bench.fill(shop(order(discount="115.00", payment_history=small)))
    outcome, state = await done(
        bench, "change_order_items", order_id="#1", item_ids=["blue"], new_item_ids=["green"], payment_method_id="card"
    )
    assert lines(outcome) == [("item", "50.00"), ("new_item", "-30.00"), ("adjustment", "-5.00")]
    assert (outcome.quote["total"], entries(state)) == ("15.00", [("refund", "card", "15.00")])


async def test_a_change_of_what_is_not_paid_changes_what_is_due(bench: Bench) -> None:
    await bench.fill(shop(order(payment_history=[], payment_due={"amount": "130.00", "payment_method_id": "card"})))
    outcome, state = await done(
        bench, "change_order_items", order_id="#1", item_ids=["red"], new_item_ids=["blue"], payment_method_id="card"
    )
    assert (outcome.quote["total"], outcome.quote["methods"]) == ("-10.00", [])
    assert Decimal(state.orders["#1"].attributes["payment_due"]["amount"]) == 140


async def test_another_method_pays_all_and_the_first_gets_it_back(bench: Bench) -> None:
    paid = [{"transaction_type": "payment", "amount": "20.00", "payment_method_id": "card"}]
    await bench.fill(shop(order(discount="110.00", payment_history=paid)))
    outcome, state = await done(bench, "change_payment_method", order_id="#1", payment_method_id="gift")
    assert (outcome.quote["total"], entries(state)) == (
        "0",
        [("payment", "gift", "20.00"), ("refund", "card", "20.00")],
    )
    assert state.customers["anna1"].payment_methods["gift"]["balance"] == "5.00"


async def test_addresses_of_an_order_and_of_an_account_are_apart(bench: Bench) -> None:
    await bench.fill(shop())
    _, state = await done(bench, "change_order_address", order_id="#1", **ADDRESS)
    assert (state.orders["#1"].address.city, state.customers["anna1"].address.city) == ("Bonn", "")
    _, state = await done(bench, "change_default_address", **{**ADDRESS, "city": "Ulm"})
    assert (state.orders["#1"].address.city, state.customers["anna1"].address.city) == ("Bonn", "Ulm")


async def test_a_refund_goes_back_by_the_methods_that_paid_first_to_last(bench: Bench) -> None:
    paid = [{"transaction_type": "payment", "amount": amount, "payment_method_id": method}
            for amount, method in (("100.00", "gift"), ("30.00", "card"))]  # fmt: skip
    await bench.fill(shop(order(payment_history=paid)))
    outcome, state = await done(bench, "refund_order", order_id="#1", reason="broken", amount="110")
    assert entries(state)[1:] == [("refund", "gift", "100.00"), ("refund", "card", "10.00")]
    assert (lines(outcome), outcome.quote["total"]) == ([("refund", "110.00")], "110.00")
    _, state = await done(bench, "refund_order", order_id="#1", reason="broken")
    assert entries(state)[-1] == ("refund", "card", "20.00")


async def test_half_a_yen_is_not_paid_back(bench: Bench) -> None:
    yen = [{"transaction_type": "payment", "amount": 13000, "payment_method_id": "card"}]
    await bench.fill(shop(order(currency="JPY", payment_history=yen)))
    errand = agreed("refund_order", "anna1", order_id="#1", reason="broken", amount="0.5")
    assert (await bench.clerk(OFFERED).act(errand)).rule == "AMOUNT_DIGITS"


async def test_a_gesture_is_marked_as_one_and_only_staff_make_it(bench: Bench) -> None:
    await bench.fill(shop())
    errand = agreed("give_goodwill", "anna1", order_id="#1", reason="late", amount="5")
    assert (await bench.clerk(OFFERED).act(errand)).rule == "STAFF_ONLY"
    _, state = await done(bench, "give_goodwill", STAFF, order_id="#1", reason="late", amount="5")
    assert state.orders["#1"].payment_history[-1] | {"at": ""} == {
        "transaction_type": "refund", "amount": "5.00", "payment_method_id": "card", "reason": "late",
        "kind": "goodwill", "at": "",
    }  # fmt: skip


async def test_a_parcel_sent_again_takes_from_stock_and_costs_nothing(bench: Bench) -> None:
    await bench.fill(shop())
    outcome, state = await done(bench, "resend_parcel", order_id="#1")
    assert (outcome.quote["total"], entries(state)) == ("0.00", [])
    assert state.stock == {"red": 8, "blue": 9, "green": 10}
    again = await bench.clerk(OFFERED).act(agreed("refund_order", "anna1", order_id="#1", reason="lost"))
    assert again.rule == "RESENT_ALREADY"


async def test_a_subscription_is_paused_skipped_swapped_and_ended(bench: Bench) -> None:
    await bench.fill(shop(order(subscription={"status": "active", "next_dispatch": "2026-08-31", "every_months": 1})))
    _, state = await done(bench, "skip_delivery", order_id="#1")
    assert state.orders["#1"].subscription["next_dispatch"] == "2026-09-30"
    _, state = await done(bench, "pause_subscription", order_id="#1", until="2026-11-01")
    assert state.orders["#1"].subscription["next_dispatch"] == "2026-11-01"
    _, state = await done(bench, "swap_subscription", order_id="#1", item_id="blue", new_item_id="green")
    assert state.orders["#1"].subscription["items"].count("green") == 1
    _, state = await done(bench, "cancel_subscription", order_id="#1")
    assert state.orders["#1"].subscription["status"] == "cancelled"
    assert state.orders["#1"].payment_history == order().payment_history
