"""What becomes of messages and actions while processes die, PostgreSQL starts anew, Chroma is gone, the model fails.

Shoppers write to two web processes and cancel orders; each tries again until they have their answer, as the widget
does. Meanwhile a web process is killed every minute, PostgreSQL is started anew, Chroma is gone for a minute, and the
model's server answers 500 to one request of five. Nobody helps. Afterwards the database says what became of every
message and order.

Run: python -m benchmarks.faults [--seconds 90] [--shoppers 12]
"""

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from benchmarks.fake_server import serving
from benchmarks.shop_up import ShopUp, shop_up
from benchmarks.streams import post
from integrations.shops.demo import read_demo_shop

QUESTIONS = ("How much is shipping to Germany?", "How long may I return an order?", "Which lamps do you have?")
Sent = tuple[str, str]
"""A session, and its token or a turn of it."""

PATIENCE = 90.0
"""Seconds after which a shopper gives a message up for lost."""


@dataclass
class Outcome:
    """What shoppers saw, and what the database holds afterwards."""

    answered: int = 0
    interrupted: int = 0
    """Answers that broke off, saying so."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unanswered: int = 0
    """Messages that the database has as open still."""
    cancelled: int = 0
    orders: int = 0
    twice: list[str] = field(default_factory=list)
    """Orders whose money went back more than once."""
    retries: int = 0
    seconds: list[float] = field(default_factory=list)
    """From sending a message to the end of its answer."""
    faults: Counter[str] = field(default_factory=Counter)


async def call(port: int, path: str, body: dict[str, Any], token: str) -> bytes:
    """A whole response, head and body; b'' where the connection broke."""
    try:
        async with asyncio.timeout(30):
            reader, writer = await post(port, path, body, token)
            read = b""
            while piece := await reader.read(65536):
                read += piece
                if b"RUN_FINISHED" in read or b"RUN_ERROR" in read:
                    break
            writer.close()  # type: ignore[attr-defined]
            return read
    except (OSError, TimeoutError):
        return b""


async def deliver(shop: ShopUp, session: Sent, question: str, outcome: Outcome) -> list[Sent]:
    """Send a message until it has its answer, and again where that broke off; each time's session and turn."""
    turns, began = [uuid.uuid4().hex], time.monotonic()
    while time.monotonic() - began < PATIENCE:
        read = await call(shop.port, "/v1/chat", {"message": question, "turn": turns[-1]}, session[1])
        if b"RUN_FINISHED" in read:
            outcome.answered += 1
            outcome.seconds.append(time.monotonic() - began)
            return [(session[0], turn) for turn in turns]
        if b"RUN_ERROR" in read:
            outcome.interrupted += 1
            turns.append(uuid.uuid4().hex)
        else:
            outcome.retries += 1
        await asyncio.sleep(random.uniform(1.5, 2.5))
    outcome.lost.append(turns[-1])
    return [(session[0], turn) for turn in turns]


async def shopper(shop: ShopUp, sessions: list[Sent], until: float, outcome: Outcome) -> list[Sent]:
    """Conversations of a few messages each until the time is over: each message's session and turn."""
    sent: list[Sent] = []
    for session in sessions:
        for question in QUESTIONS:
            if time.monotonic() > until:
                return sent
            sent += await deliver(shop, session, question, outcome)
    return sent


async def canceller(shop: ShopUp, customer: str, order: str, after: float, outcome: Outcome) -> None:
    """Quote a cancellation and say yes, again and again until it is told to be done."""
    ((_, token),) = await shop.sessions(1, customer)
    await asyncio.sleep(after)
    asked = {"action": "cancel_order", "arguments": {"order_id": order, "reason": "no longer needed"}}
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        quote = body_of(await call(shop.port, "/v1/actions", asked, token))
        if quote.get("token"):
            path = f"/v1/actions/{quote['operation_id']}/confirm"
            replies = await asyncio.gather(*(call(shop.port, path, {"token": quote["token"]}, token) for _ in range(2)))
            if any(body_of(reply).get("status") == "done" for reply in replies):
                return
        elif quote.get("status") == "denied":
            return  # it is cancelled already: the first yes arrived and its answer did not
        outcome.retries += 1
        await asyncio.sleep(random.uniform(1.5, 2.5))


def body_of(read: bytes) -> dict[str, Any]:
    """A response's JSON; empty where it is none."""
    try:
        return dict(json.loads(read.partition(b"\r\n\r\n")[2]))
    except ValueError:
        return {}


def planned(seconds: float) -> list[tuple[float, str]]:
    """When what happens: a web process killed every minute, Chroma gone for one, PostgreSQL started anew twice; all
    of it quicker where there are less than six minutes.
    """
    minute = min(60.0, seconds / 6)
    plan = [(minute * (n + 0.5), "web killed") for n in range(int(seconds / minute) - 1)]
    plan += [(seconds * share, "PostgreSQL started anew") for share in (0.2, 0.6)]
    plan += [(seconds * 0.35, "Chroma gone"), (seconds * 0.35 + minute, "Chroma back")]
    return sorted(plan)


async def hurting(shop: ShopUp, seconds: float, outcome: Outcome) -> None:
    """Do the plan's harm at its moments."""
    began = time.monotonic()
    for number, (at, what) in enumerate(planned(seconds)):
        await asyncio.sleep(max(0.0, began + at - time.monotonic()))
        outcome.faults[what] += 1
        if what == "web killed":
            shop.hurt("serve --socket", which=number)
        elif what == "PostgreSQL started anew":
            shop.hurt("bin/postgres", signal.SIGINT)
        elif what == "Chroma gone":
            shop.gone.touch()
            shop.hurt("chroma")
        else:
            shop.gone.unlink()


async def settle(shop: ShopUp, sent: list[tuple[str, str]], orders: list[str], outcome: Outcome) -> None:
    """What the database says, once what was open had time to be answered."""
    async with shop.opened() as held:
        for _ in range(120):
            outcome.unanswered = len(await held.turns.inbox.unanswered())
            if not outcome.unanswered:
                break
            await asyncio.sleep(0.5)
        kept: Counter[str] = Counter()
        for session_id in {session_id for session_id, _ in sent}:
            kept.update(exchange.turn for exchange in await held.turns.history(session_id))
        outcome.lost += [turn for _, turn in sent if not kept[turn] and turn not in outcome.lost]
        outcome.doubled += [turn for turn, count in kept.items() if count > 1]
        for name in orders:
            order = await held.shop.order(name)
            assert order is not None
            outcome.cancelled += order.status == "cancelled"
            paid = Counter(one["transaction_type"] for one in order.payment_history)
            if paid["refund"] > paid["payment"]:
                outcome.twice.append(name)
    outcome.orders = len(orders)


async def measure(seconds: float, shoppers: int, orders: int = 8) -> Outcome:
    """Let it happen for some seconds."""
    outcome = Outcome()
    with serving() as address:
        model = {"DRAGOMAN_MODEL": "openai:fake+n=40+tps=60+ttft=200+fail=20", "OPENAI_BASE_URL": address}
        async with shop_up(2, **model) as shop:
            demo = read_demo_shop(datetime.now(UTC).date()).orders or []
            pending = [order for order in demo if order.status == "pending" and order.channel == "own"][:orders]
            conversations = [await shop.sessions(max(4, round(seconds / 6))) for _ in range(shoppers)]
            until = time.monotonic() + seconds
            work = [shopper(shop, one, until, outcome) for one in conversations]
            cancelling = [
                canceller(shop, order.customer_id, order.order_id, seconds * n / orders, outcome)
                for n, order in enumerate(pending)
            ]
            hurt = asyncio.create_task(hurting(shop, seconds, outcome))
            *told, _ = await asyncio.gather(*work, asyncio.gather(*cancelling))
            await hurt
            sent = [one for some in told for one in some]
            await settle(shop, sent, [order.order_id for order in pending], outcome)
    return outcome


async def main() -> None:
    """Print what happened."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--seconds", type=float, default=90)
    reader.add_argument("--shoppers", type=int, default=12)
    asked = reader.parse_args()
    print(__doc__)
    outcome = await measure(asked.seconds, asked.shoppers)
    print(f"load of the machine {os.getloadavg()[0]:.1f}; {dict(outcome.faults)}")
    print(f"{outcome.answered} answered, {outcome.interrupted} broke off saying so and were asked again,")
    print(f"{len(outcome.lost)} lost, {len(outcome.doubled)} answered twice, {outcome.unanswered} left open;", end=" ")
    print(f"{outcome.retries} times sent again")
    print(f"{outcome.cancelled} of {outcome.orders} orders cancelled, {len(outcome.twice)} paid back twice")
    print(
        f"to the end of an answer: median {statistics.median(outcome.seconds):.1f} s, most {max(outcome.seconds):.1f} s"
    )


if __name__ == "__main__":
    asyncio.run(main())
