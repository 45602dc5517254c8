"""Whatever the shop, its policy and what is asked of it: money and goods add up, and nothing happens twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.service.case import Asker
from knowledge.service.policy import ServicePolicy
from tests.tools.actions.bench import SECRET, STAFF, Bench
from tests.tools.actions.invariants import Happened, check
from tests.tools.actions.random_policies import policies
from tests.tools.actions.random_requests import Step, asker_of, order_of, request_of, steps
from tests.tools.actions.random_shops import shops
from tools.actions.clerk import Clerk, Errand
from tools.actions.consent import Consent, read
from tools.actions.decisions import approve, deny, take_back
from tools.actions.outcome import Outcome

CALM = settings(
    max_examples=30, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip

any_course = given(data=st.data(), shop=shops(), walk=steps())


async def _act(clerk: Clerk, errand: Errand, step: Step) -> Outcome:
    """Ask, say yes as the step says it, and let the staff decide where they must."""
    if step.yes == "signed":
        quoted = await clerk.act(errand)
        if quoted.status != "needs_confirmation":
            return quoted
        errand = replace(errand, consent=read(SECRET, quoted.token, errand.who, clerk.now()))
    elif step.yes != "none":
        consent = Consent.to(errand.request) if step.yes == "plain" else Consent("something else")
        errand = replace(errand, consent=consent)
    outcome = await clerk.act(errand)
    return await _decide(clerk, outcome, errand, step) if outcome.status == "needs_approval" else outcome


async def _decide(clerk: Clerk, outcome: Outcome, errand: Errand, step: Step) -> Outcome:
    if step.decision == "approve":
        decided = await approve(clerk, outcome.operation_id, replace(STAFF, rank="lead"), "a lead")
        return outcome if decided.rule in ("MAY_NOT_APPROVE", "SELF_APPROVAL") else decided
    if step.decision == "deny":
        return await deny(clerk, outcome.operation_id, STAFF, "a lead", "not this time")
    return await take_back(clerk, outcome.operation_id, errand.who) if step.decision == "take back" else outcome


async def _walk(bench: Bench, policy: ServicePolicy, walk: list[Step]) -> None:
    """Take every step, and hold the shop against the invariants after each."""
    clerk, state = bench.clerk(policy), await bench.state()
    for number, step in enumerate(walk):
        asker = asker_of(step, order_of(step, state))
        request = request_of(step, state)
        errand = Errand(asker, request, _name(asker), operation_id=f"operation-{number}")
        outcome = await _act(clerk, errand, step)
        before, state = state, await bench.state()
        check(Happened(request, outcome, before, state), policy)
        if step.again:
            repeated = await clerk.act(errand)
            assert (repeated.status, repeated.rule or outcome.rule) == (outcome.status, outcome.rule)
            assert await bench.state() == state


def _name(asker: Asker) -> str:
    return asker.customer_id or "staff"


@CALM
@any_course
async def test_money_and_goods_add_up_after_every_step(
    bench: Bench, data: st.DataObject, shop: object, walk: list[Step]
) -> None:
    await bench.fill(shop)
    policy = data.draw(policies(shop.orders[0].currency))
    await _walk(bench, policy, walk)


@pytest.mark.prove
@settings(CALM, max_examples=1000)  # the same each time; with derandomize=False, others
@any_course
async def test_money_and_goods_add_up_over_thousands_of_courses(
    bench: Bench, data: st.DataObject, shop: object, walk: list[Step]
) -> None:
    await bench.fill(shop)
    await _walk(bench, data.draw(policies(shop.orders[0].currency)), walk)
