"""What goes back, and what is paid for it when it arrives, with the figures reckoned by hand."""

from __future__ import annotations

from typing import Any

from knowledge.commerce import Order
from knowledge.service.policy import ServicePolicy
from tests.tools.actions.bench import STAFF, Bench, State, agreed
from tests.tools.actions.sold import ARRIVED, OFFERED, order, shop
from tests.tools.actions.test_plans import DRESSED, entries, lines
from tools.actions.outcome import Outcome

TERMS = ServicePolicy.model_validate(OFFERED.model_dump() | {"returns": {
    "days": 30, "postage": {"DE": "4.95", "JP": "880"}, "restocking_percent": "12.5",
}})  # fmt: skip


async def act(bench: Bench, name: str, asker: Any = "anna1", policy: Any = OFFERED, **arguments: Any) -> Outcome:
    return await bench.clerk(policy).act(agreed(name, asker, order_id="#1", **arguments))


async def arrived(bench: Bench) -> tuple[Outcome, State]:
    """What is paid when the goods of the last return arrive."""
    entry = (await bench.state()).orders["#1"].returns[-1]
    return await act(bench, "settle_return", STAFF, return_id=entry.return_id), await bench.state()


def delivered(**more: Any) -> Order:
    return order(**{**ARRIVED, **more})


async def test_part_of_an_order_goes_back_with_its_share_of_discount_and_tax(bench: Bench) -> None:
    await bench.fill(shop(delivered(**DRESSED)))
    outcome = await act(bench, "return_items", item_ids=["red"], payment_method_id="card")
    assert lines(outcome) == [("item", "40.00"), ("discount", "-4.00"), ("tax", "3.60")]
    assert (outcome.quote["total"], outcome.quote["when"]) == ("39.60", "on_arrival")
    assert entries(await bench.state()) == []
    settled, state = await arrived(bench)
    assert (settled.quote["total"], entries(state)) == ("39.60", [("refund", "card", "39.60")])
    assert (await arrived(bench))[0].rule == "RETURN_OPEN"


async def test_postage_and_a_restocking_fee_are_kept(bench: Bench) -> None:
    await bench.fill(shop(delivered()))
    outcome = await act(bench, "return_items", policy=TERMS, item_ids=["red", "blue"], payment_method_id="gift")
    assert lines(outcome) == [("item", "40.00"), ("item", "50.00"), ("fee", "-11.25"), ("postage", "-4.95")]
    assert outcome.quote["total"] == "73.80"
    _, state = await arrived(bench)
    assert state.customers["anna1"].payment_methods["gift"]["balance"] == "98.80"


async def test_postage_takes_no_more_than_the_goods_are_worth(bench: Bench) -> None:
    await bench.fill(shop(delivered(discount="128.00")))
    outcome = await act(bench, "return_items", policy=TERMS, item_ids=["blue"], payment_method_id="card")
    assert lines(outcome) == [("item", "50.00"), ("discount", "-49.23"), ("fee", "-6.25"), ("adjustment", "5.48")]
    assert outcome.quote["total"] == "0.00"


async def test_yen_have_no_digits(bench: Bench) -> None:
    prices = [("red", 3333, 2), ("blue", 3334, 1)]
    items = [{"name": "Lamp", "product_id": "lamp", "item_id": sku, "price": price, "quantity": count}
             for sku, price, count in prices]  # fmt: skip
    paid = [{"transaction_type": "payment", "amount": 9000, "payment_method_id": "card"}]
    await bench.fill(shop(delivered(currency="JPY", market="JP", items=items, discount=1000, payment_history=paid)))
    outcome = await act(bench, "return_items", policy=TERMS, item_ids=["red"], payment_method_id="card")
    assert lines(outcome) == [("item", "3333"), ("discount", "-333"), ("fee", "-417"), ("postage", "-880")]
    assert outcome.quote["total"] == "1703"


async def test_each_piece_goes_back_once(bench: Bench) -> None:
    await bench.fill(shop(delivered()))
    for _ in range(2):
        assert (await act(bench, "return_items", item_ids=["red"], payment_method_id="card")).status == "done"
    third = await act(bench, "return_items", item_ids=["red"], payment_method_id="card")
    assert third.rule == "ALREADY_RETURNED"
    for name in ("cancel_order", "change_order_items"):
        more = {"reason": "no need"} if name == "cancel_order" else {
            "item_ids": ["blue"], "new_item_ids": ["green"], "payment_method_id": "card"}  # fmt: skip
        assert (await act(bench, name, **more)).rule == "ALREADY_RETURNED"


async def test_returns_of_operations_alike_in_name_are_paid_apart(bench: Bench) -> None:
    await bench.fill(shop(delivered()))
    for number in range(2):
        errand = agreed("return_items", "anna1", f"storefront-2026-{number}", order_id="#1", item_ids=["red"],
                        payment_method_id="card")  # fmt: skip
        assert (await bench.clerk(OFFERED).act(errand)).status == "done"
    first, second = (await bench.state()).orders["#1"].returns
    for entry in (first, second):
        assert (await act(bench, "settle_return", STAFF, return_id=entry.return_id)).status == "done"
        assert (await act(bench, "settle_return", STAFF, return_id=entry.return_id)).rule == "RETURN_OPEN"
    assert entries(await bench.state()) == [("refund", "card", "40.00")] * 2


async def test_withdrawing_from_all_pays_goods_discount_tax_and_shipping(bench: Bench) -> None:
    await bench.fill(shop(delivered(**DRESSED)))
    outcome = await act(bench, "withdraw", policy=TERMS)
    assert lines(outcome)[-3:] == [("discount", "-13.00"), ("tax", "11.70"), ("shipping", "4.90")]
    assert (outcome.quote["total"], outcome.quote["when"]) == ("133.60", "on_arrival")
    settled, state = await arrived(bench)
    assert (settled.quote["total"], entries(state)) == ("133.60", [("refund", "card", "133.60")])
    assert (await act(bench, "withdraw")).rule == "ALREADY_RETURNED"


async def test_withdrawing_names_what_is_left_and_the_methods_that_paid(bench: Bench) -> None:
    paid = [{"transaction_type": "payment", "amount": amount, "payment_method_id": method}
            for amount, method in (("60.00", "gift"), ("70.00", "card"))]  # fmt: skip
    await bench.fill(shop(delivered(payment_history=paid, shipping={"cost": "5.00"})))
    await act(bench, "return_items", item_ids=["red"], payment_method_id="card")
    outcome = await act(bench, "withdraw")
    assert [line["item_id"] for line in outcome.quote["lines"]] == ["red", "blue"]
    by_method = {method["payment_method_id"]: method["amount"] for method in outcome.quote["methods"]}
    assert by_method == {"gift": "60.00", "card": "30.00"}


async def test_a_discount_above_the_goods_makes_a_withdrawal_cost_nothing(bench: Bench) -> None:
    await bench.fill(shop(delivered(discount="500.00")))
    outcome = await act(bench, "withdraw", item_ids=["blue"])
    assert (outcome.status, outcome.quote["total"]) == ("done", "0.00")
    assert (await bench.state()).orders["#1"].returns[-1].refund_amount == 0


async def test_withdrawing_before_anything_left_cancels(bench: Bench) -> None:
    await bench.fill(shop(order(**DRESSED)))
    policy = OFFERED.model_copy(deep=True)
    policy.actions["withdraw"].becomes = "return requested"
    outcome = await act(bench, "withdraw", policy=policy)
    state = await bench.state()
    assert (outcome.quote["total"], outcome.quote["when"]) == ("133.60", "now")
    assert (state.orders["#1"].status, state.stock) == ("cancelled", {"red": 12, "blue": 11, "green": 10})


async def test_an_exchange_for_dearer_goods_is_paid_on_arrival(bench: Bench) -> None:
    await bench.fill(shop(delivered()))
    outcome = await act(bench, "exchange_items", item_ids=["red"], new_item_ids=["blue"], payment_method_id="gift")
    assert (lines(outcome), outcome.quote["total"]) == ([("item", "40.00"), ("new_item", "-50.00")], "-10.00")
    state = await bench.state()
    assert (entries(state), state.stock["blue"]) == ([], 9)
    settled, state = await arrived(bench)
    assert (settled.quote["total"], entries(state)) == ("-10.00", [("payment", "gift", "10.00")])
    assert [(item.sku, str(item.price)) for item in state.orders["#1"].items] == [
        ("red", "40.00"), ("blue", "50.00"), ("blue", "50.00"),
    ]  # fmt: skip


async def test_an_exchange_for_cheaper_goods_is_promised_and_paid_on_arrival(bench: Bench) -> None:
    await bench.fill(shop(delivered()))
    outcome = await act(bench, "exchange_items", item_ids=["blue"], new_item_ids=["green"], payment_method_id="card")
    assert outcome.quote["total"] == "20.00"
    assert (await act(bench, "refund_order", reason="broken", amount="111")).rule == "REFUND_WITHIN_PAID"
    settled, state = await arrived(bench)
    assert (settled.quote["total"], entries(state)) == ("20.00", [("refund", "card", "20.00")])


async def test_an_exchange_keeps_the_price_it_was_agreed_at(bench: Bench) -> None:
    await bench.fill(shop(delivered()))
    await act(bench, "exchange_items", item_ids=["red"], new_item_ids=["green"], payment_method_id="card")
    product = (await bench.state()).products["lamp"]
    product.variants[2].prices["EUR"] *= 3
    await bench.shop.replace(shop(*(await bench.state()).orders.values(), product=product))
    _, state = await arrived(bench)
    assert [str(item.price) for item in state.orders["#1"].items if item.sku == "green"] == ["30.00"]


async def test_what_was_exchanged_can_go_back(bench: Bench) -> None:
    await bench.fill(shop(delivered()))
    await act(bench, "exchange_items", item_ids=["red"], new_item_ids=["blue"], payment_method_id="card")
    await arrived(bench)
    for sku, rule in (("blue", ""), ("blue", ""), ("red", ""), ("red", "ALREADY_RETURNED")):
        assert (await act(bench, "return_items", item_ids=[sku], payment_method_id="card")).rule == rule
