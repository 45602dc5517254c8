"""The labelled cases of a published retail policy: each is allowed or denied by the rule its label names, and what is
allowed leaves the state its label gives.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.database.engine import open_engine, prepare
from integrations.database.scratch import Scratch
from integrations.database.shop import BuiltInShop, ShopData
from integrations.shops.json_file import read_json_shop
from integrations.shops.json_records import customer_record, order_record
from knowledge.service.case import Asker
from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import Request
from tests.tools.actions.bench import SECRET
from tools.actions.clerk import Clerk, Errand
from tools.actions.consent import Consent
from tools.actions.outcome import Outcome

POLICY = Path(__file__).parents[2] / "data" / "retail" / "service_policy.toml"

NAMES = {
    "cancel_pending_order": "cancel_order", "modify_pending_order_address": "change_order_address",
    "modify_pending_order_payment": "change_payment_method", "modify_pending_order_items": "change_order_items",
    "return_delivered_order_items": "return_items", "exchange_delivered_order_items": "exchange_items",
    "get_order_details": "show_order",
}  # fmt: skip
"""Our names for the tools of the cases."""

OUT_OF_REACH = {"dev-00594", "dev-03214"}
"""Cases whose final state holds an exchange that the policy forbids and that the case's own history leaves out."""


def records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@pytest.fixture
async def retail(shared_data: Path, tmp_path: Path) -> Scratch:
    """The shop of the cases, set back after each."""
    engine = open_engine(f"sqlite:///{tmp_path / 'retail.sqlite3'}")
    sessions = await prepare(engine)
    held = read_json_shop(shared_data / "retail_policy" / "db.json")
    await (await BuiltInShop.open(sessions)).replace(ShopData(held.products, held.customers, held.orders, {}))
    scratch = await Scratch.of(sessions, "USD")
    await engine.dispose()
    return scratch


def request_of(action: dict[str, Any]) -> Request:
    return Request.of(NAMES.get(action["tool"], action["tool"]), action["arguments"])


async def tried(shop: Scratch, clerk: Clerk, case: dict[str, Any]) -> Outcome:
    """What becomes of a case, after what came before it."""
    for action in case["state_setup"]["prior_actions"]:
        request = request_of(action)
        order = await shop.order(request.order_id)
        owner = order.customer_id if order else ""
        before = await clerk.act(Errand(Asker(owner), request, owner, consent=Consent.to(request)))
        assert before.status == "done", (case["case_id"], before)
    session = case["state_setup"]["session"]
    who, yes = session["authenticated_user_id"] or "", session["confirmation"]
    consent = Consent.to(request_of(yes)) if yes else None
    return await clerk.act(Errand(Asker(who), request_of(case), who or "nobody", consent=consent))


def as_labelled(case: dict[str, Any], outcome: Outcome) -> bool:
    if case["expected"] == "allow":
        return outcome.status == "done"
    return outcome.status in ("denied", "needs_confirmation") and outcome.rule == case["rule"]


async def is_final(shop: Scratch, final: dict[str, Any]) -> bool:
    """Whether orders and customers are what the label says, cents rounded as upstream reckons in floats."""
    wanted = final["expected_changes_corrected"] if final["upstream_bug"] else final["expected_changes"]
    orders = [(await shop.order(key), order) for key, order in wanted["orders"].items()]
    users = [(await shop.customer(key), user) for key, user in wanted["users"].items()]
    same_orders = all(order and _cents(order_record(order)) == _cents(wished) for order, wished in orders)
    return same_orders and all(user and _cents(customer_record(user)) == _cents(wished) for user, wished in users)


def _cents(record: dict[str, Any]) -> Any:
    return json.loads(json.dumps(record), parse_float=lambda number: round(float(number), 2))


async def judged(shop: Scratch, folder: Path, cases: list[dict[str, Any]]) -> tuple[list[Any], list[str], int]:
    """Cases not as labelled, cases whose final state is not reached, and how many have one."""
    policy = ServicePolicy.model_validate(tomllib.loads(POLICY.read_text("utf-8")))
    clerk = Clerk(shop, shop.ledger, policy, SECRET)
    finals = {(final["dataset"], final["task_id"]): final for final in records(folder / "final_state.jsonl")}
    wrong, unreached, counted = [], [], 0
    for case in cases:
        outcome, source = await tried(shop, clerk, case), case["source"]
        if not as_labelled(case, outcome):
            wrong.append((case["case_id"], case["rule"], outcome.status, outcome.rule))
        final = finals.get((source["dataset"], source["task_id"]))
        if final and case["kind"] == "ground_truth" and source["action_index"] == len(final["actions"]) - 1:
            counted += 1
            unreached += [] if await is_final(shop, final) else [case["case_id"]]
        shop.restore()
    return wrong, unreached, counted


@pytest.mark.shared
async def test_every_labelled_case(retail: Scratch, shared_data: Path) -> None:
    folder = shared_data / "retail_policy"
    wrong, unreached, counted = await judged(retail, folder, list(records(folder / "policy_cases.jsonl")))
    assert (wrong, set(unreached)) == ([], OUT_OF_REACH)
    assert counted
