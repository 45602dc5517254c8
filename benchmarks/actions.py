"""What an action costs without a model: the whole path on SQLite in a file, beside one bare committed write.

Run: python -m benchmarks.actions [N]
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.database.turns import TurnStore
from integrations.settings import Settings
from integrations.threads import calm_threads
from knowledge.service.case import Asker
from knowledge.service.requests import Request
from tools.actions.clerk import Errand
from tools.actions.consent import Consent


async def measure(count: int) -> dict[str, object]:
    """Milliseconds, medians: a quote, a confirmed action, a refusal, and one bare write."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_dragoman(Settings(home=Path(folder), model="embedded")) as dragoman:
            await dragoman.ready()
            pending = [
                order for order in await _orders(dragoman) if order.status == "pending" and order.channel == "own"
            ]
            order = pending[0]
            asker, clerk = Asker(order.customer_id), dragoman.clerk()
            arguments = {**order.address.model_dump(include={"city", "country", "zip"}), "order_id": order.order_id}

            async def act(street: int, *, yes: bool, name: str = "change_order_address") -> None:
                more = {"address1": f"Street {street}"} if name == "change_order_address" else {"reason": "because"}
                fields = {**arguments, **more} if "address1" in more else {"order_id": order.order_id, **more}
                request = Request.of(name, fields)
                consent = Consent.to(request) if yes else None
                await clerk.act(Errand(asker, request, order.customer_id, consent=consent))

            turns = TurnStore(dragoman.sessions._sessions)
            return {
                "actions": count,
                "quote_ms": await _median(count, lambda n: act(n, yes=False)),
                "confirmed_ms": await _median(count, lambda n: act(n, yes=True)),
                "denied_ms": await _median(count, lambda n: act(n, yes=True, name="cancel_order")),
                "bare_write_ms": await _median(count, lambda n: turns.keep_frames("b", "t", [(n, "x" * 2000)])),
            }


async def _orders(dragoman: Dragoman) -> list:  # type: ignore[type-arg]
    from integrations.shops.demo import read_demo_shop

    export = read_demo_shop(dragoman.clerk().now().date())
    return list(export.orders or [])


async def _median(count: int, work: Callable[[int], Awaitable[None]]) -> float:
    await work(0)
    taken = []
    for number in range(1, count + 1):
        started = time.perf_counter()
        await work(number)
        taken.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(taken), 2)


if __name__ == "__main__":
    calm_threads()
    print(json.dumps(asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200)), indent=1))
