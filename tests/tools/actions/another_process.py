"""Another process at the same shop: asks for refunds of 10 each, and prints what became of them, one a line."""

from __future__ import annotations

import asyncio
import sys

from integrations.database.engine import open_engine, prepare
from tests.tools.actions.bench import Bench, agreed
from tests.tools.actions.sold import OFFERED


async def main(url: str, count: int) -> None:
    engine = open_engine(url)
    clerk = (await Bench.open(await prepare(engine))).clerk(OFFERED)
    errand = agreed("refund_order", "anna1", order_id="#1", reason="broken", amount="10")
    outcomes = await asyncio.gather(*(clerk.act(errand) for _ in range(count)))
    sys.stdout.write("".join(f"{outcome.status}\n" for outcome in outcomes))
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
