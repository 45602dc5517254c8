"""Proofs made at the same time: guesses count each other, and no right proof is lost."""

import asyncio

from integrations.bootstrap import Dragoman
from tools.context import Session
from tools.orders import MOST_FAILURES, attest


async def test_guesses_made_at_once_count_each_other(dragoman: Dragoman) -> None:
    session = Session(id="thief", channel="widget")
    await dragoman.sessions.start(session)
    contexts = [await dragoman.context(session) for _ in range(20)]
    told = await asyncio.gather(*(attest(c, "AQ-10092", "", f"{10000 + i}") for i, c in enumerate(contexts)))
    rules = [entry["rule"] for _, entry in told]
    assert rules.count("NO_MATCH") <= MOST_FAILURES
    assert rules.count("TOO_MANY_ATTEMPTS") >= 20 - MOST_FAILURES


async def test_two_orders_proved_at_once_are_both_open(dragoman: Dragoman) -> None:
    session = Session(id="buyer", channel="widget")
    await dragoman.sessions.start(session)
    context = await dragoman.context(session)
    numbers = ["AQ-10023", "AQ-10098"]
    orders = [await dragoman.shop.order(number) for number in numbers]
    assert all(order is not None for order in orders)
    emails = [(await dragoman.shop.customer(order.customer_id)).email for order in orders if order]  # type: ignore[union-attr]
    await asyncio.gather(*(attest(context, n, e, "") for n, e in zip(numbers, emails, strict=True)))
    stored = await dragoman.sessions.find("buyer")
    assert context.session.order_ids == frozenset(numbers)
    assert stored is not None
    assert stored.order_ids == frozenset(numbers)
