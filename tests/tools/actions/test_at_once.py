"""Many at once, on one order, one customer, one piece of stock: each thing happens once, and none is lost."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.database.engine import open_engine, prepare
from knowledge.service.case import Asker
from knowledge.service.policy import ServicePolicy
from tests.tools.actions.bench import SECRET, STAFF, Bench, agreed, asked, confirmed
from tests.tools.actions.invariants import held
from tests.tools.actions.sold import ADDRESS, OFFERED, lamp, order, shop
from tools.actions.consent import read
from tools.actions.decisions import approve
from tools.actions.outcome import Outcome

LIMITED = ServicePolicy.model_validate(
    OFFERED.model_dump() | {"limits": [{"level": "shopper", "actions": ["*"], "up_to": {"EUR": 10}},
                                       {"level": "lead", "actions": ["*"]}]}
)  # fmt: skip


@asynccontextmanager
async def doors(url: str, count: int) -> AsyncIterator[list[Bench]]:
    """The same shop through connections of its own each, as processes of their own would have."""
    engines = [open_engine(url) for _ in range(count)]
    yield [await Bench.open(await prepare(engine)) for engine in engines]
    for engine in engines:
        await engine.dispose()


def statuses(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(outcome.status for outcome in outcomes)


async def test_refunds_asked_for_at_once_pay_no_more_than_was_paid(bench: Bench, database_url: str) -> None:
    await bench.fill(shop())
    errand = agreed("refund_order", "anna1", order_id="#1", reason="broken", amount="50")
    async with doors(database_url, 4) as benches:
        outcomes = await asyncio.gather(*(benches[number % 4].clerk(OFFERED).act(errand) for number in range(8)))
    state = await bench.state()
    assert statuses(outcomes) == {"done": 2, "denied": 6}
    assert held(state.orders["#1"]) == 30
    assert Counter(state.ledger.values()) == {"done": 2, "denied": 6}
    assert len(state.written) == 2


async def test_ten_times_the_same_confirmation_is_one_refund(bench: Bench) -> None:
    await bench.fill(shop())
    clerk = bench.clerk(OFFERED)
    errand = await confirmed(clerk, asked("refund_order", "anna1", order_id="#1", reason="broken", amount="50"))
    outcomes = await asyncio.gather(*(clerk.act(errand) for _ in range(10)))
    state = await bench.state()
    assert statuses(outcomes) == {"done": 10}
    assert len({outcome.operation_id for outcome in outcomes}) == 1
    assert held(state.orders["#1"]) == 80
    assert [*state.ledger.values()] == ["done"]


async def test_one_operation_sent_from_four_doors_happens_once(bench: Bench, database_url: str) -> None:
    await bench.fill(shop())
    errand = agreed("cancel_order", "anna1", "operation-1", order_id="#1", reason="no need")
    async with doors(database_url, 4) as benches:
        outcomes = await asyncio.gather(*(door.clerk(OFFERED).act(errand) for door in benches for _ in range(3)))
    state = await bench.state()
    assert statuses(outcomes) == {"done": 12}
    assert held(state.orders["#1"]) == 0
    assert state.stock == {"red": 12, "blue": 11, "green": 10}


async def test_two_approvals_at_once_execute_once(bench: Bench, database_url: str) -> None:
    await bench.fill(shop())
    errand = agreed("refund_order", "anna1", "operation-1", order_id="#1", reason="broken", amount="50")
    assert (await bench.clerk(LIMITED).act(errand)).status == "needs_approval"
    async with doors(database_url, 2) as benches:
        outcomes = await asyncio.gather(
            *(
                approve(door.clerk(LIMITED), "operation-1", STAFF, f"lead {number}")
                for number, door in enumerate(benches)
            )
        )
    state = await bench.state()
    assert "done" in statuses(outcomes)
    assert {*statuses(outcomes)} <= {"done", "unknown"}
    assert held(state.orders["#1"]) == 80
    assert state.ledger == {"operation-1": "done"}


async def test_the_last_piece_goes_to_one_of_two_orders(bench: Bench, database_url: str) -> None:
    orders = [order(1), order(2, customer_id="anna2")]
    await bench.fill(shop(*orders, product=lamp(green=1)))
    wanted = {"item_ids": ["red"], "new_item_ids": ["green"], "payment_method_id": "card"}
    async with doors(database_url, 2) as benches:
        outcomes = await asyncio.gather(*(
            door.clerk(OFFERED).act(agreed("change_order_items", f"anna{number}", order_id=f"#{number}", **wanted))
            for number, door in enumerate(benches, 1)
        ))  # fmt: skip
    state = await bench.state()
    assert sorted((outcome.status, outcome.rule) for outcome in outcomes) == [
        ("denied", "VARIANT_AVAILABLE"),
        ("done", ""),
    ]
    assert state.stock == {"red": 11, "blue": 10, "green": 0}


async def test_a_gift_card_pays_once_what_two_orders_want_of_it(bench: Bench, database_url: str) -> None:
    await bench.fill(shop(order(1), order(2)))
    wanted = {"item_ids": ["red", "red"], "new_item_ids": ["blue", "blue"], "payment_method_id": "gift"}
    async with doors(database_url, 2) as benches:
        outcomes = await asyncio.gather(*(
            door.clerk(OFFERED).act(agreed("change_order_items", "anna1", order_id=f"#{number}", **wanted))
            for number, door in enumerate(benches, 1)
        ))  # fmt: skip
    state = await bench.state()
    assert sorted(outcome.rule for outcome in outcomes) == ["", "GIFT_CARD_COVERS_DIFFERENCE"]
    assert Decimal(str(state.customers["anna1"].payment_methods["gift"]["balance"])) == 5


async def test_different_things_at_once_on_one_order_all_hold_together(bench: Bench, database_url: str) -> None:
    await bench.fill(shop(order(1, subscription={"status": "active", "next_dispatch": "2026-07-01"})))
    errands = [
        agreed("cancel_order", "anna1", order_id="#1", reason="no need"),
        agreed("refund_order", "anna1", order_id="#1", reason="broken", amount="20"),
        agreed("change_order_items", "anna1", order_id="#1", item_ids=["blue"], new_item_ids=["green"],
               payment_method_id="card"),
        agreed("change_payment_method", "anna1", order_id="#1", payment_method_id="card"),
        agreed("change_order_address", "anna1", order_id="#1", **ADDRESS),
        agreed("change_default_address", "anna1", **ADDRESS),
        agreed("swap_subscription", "anna1", order_id="#1", item_id="red", new_item_id="green"),
        agreed("give_goodwill", STAFF, order_id="#1", reason="sorry", amount="5"),
    ]  # fmt: skip
    async with doors(database_url, 4) as benches:
        outcomes = await asyncio.gather(
            *(benches[number % 4].clerk(OFFERED).act(errand) for number, errand in enumerate(errands))
        )
    state = await bench.state()
    assert {*statuses(outcomes)} <= {"done", "denied"}
    assert outcomes[0].status == "done"
    assert held(state.orders["#1"]) == 0
    assert len(state.written) == statuses(outcomes)["done"] == Counter(state.ledger.values())["done"]


async def test_a_yes_to_a_quote_does_not_hold_for_an_order_that_changed(bench: Bench) -> None:
    await bench.fill(shop())
    clerk = bench.clerk(OFFERED)
    errand = await confirmed(clerk, asked("cancel_order", "anna1", order_id="#1", reason="no need"))
    await clerk.act(agreed("change_order_address", "anna1", order_id="#1", **ADDRESS))
    asked_again = await clerk.act(errand)
    assert (asked_again.status, asked_again.rule) == ("needs_confirmation", "CONFIRMATION_MISMATCH")
    done = await clerk.act(replace(errand, consent=read(SECRET, asked_again.token, "anna1", clerk.now())))
    assert done.status == "done"


@pytest.mark.parametrize("asker", [Asker(), Asker("anna2"), Asker(order_ids=frozenset({"2"}))])
async def test_nobody_elses_order_is_touched(bench: Bench, asker: Asker) -> None:
    await bench.fill(shop())
    before = await bench.state()
    outcome = await bench.clerk(OFFERED).act(agreed("cancel_order", asker, order_id="#1", reason="no need"))
    assert outcome.status == "denied"
    assert (await bench.state()).shop == before.shop


async def test_stock_and_subscriptions_of_one_customer_do_not_wait_for_each_other(
    bench: Bench, database_url: str
) -> None:
    running = {"status": "active", "next_dispatch": "2026-07-01"}
    await bench.fill(shop(*(order(number, subscription=running) for number in range(8)), product=lamp(green=100)))
    swaps = {"item_id": "red", "new_item_id": "green"}
    changes = {"item_ids": ["red"], "new_item_ids": ["green"], "payment_method_id": "card"}
    async with doors(database_url, 4) as benches:
        outcomes = await asyncio.gather(*(
            benches[number % 4].clerk(OFFERED).act(agreed(name, "anna1", order_id=f"#{number}", **arguments))
            for number in range(8)
            for name, arguments in (("swap_subscription", swaps), ("change_order_items", changes))
        ))  # fmt: skip
    assert statuses(outcomes) == {"done": 16}
    assert (await bench.state()).stock == {"red": 18, "blue": 10, "green": 92}


async def test_three_processes_pay_no_more_than_was_paid(bench: Bench, database_url: str) -> None:
    await bench.fill(shop())
    command = [sys.executable, "-m", "tests.tools.actions.another_process", database_url, "6"]
    processes = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(3)]
    said = [(await process.communicate())[0].decode().split() for process in processes]
    assert Counter(sum(said, [])) == {"done": 13, "denied": 5}
    assert held((await bench.state()).orders["#1"]) == 0
