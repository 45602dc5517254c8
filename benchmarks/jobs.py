"""What a job makes of a server's limit: of 50 requests a second, known and unknown, and a naive gather beside it.

Run:  python -m benchmarks.jobs [ITEMS] [WAY...]; ways: settings, headers, unknown, gather
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.integrations.jobs.cells import MODEL, cell_jobs, cells
from tests.integrations.jobs.limited_server import Limit, Running, limited

RATE = 50.0


async def job(server: Running, items: int, limit: float) -> tuple[int, float, float]:
    """A job of so many cells: how many failed, seconds of our CPU, and seconds it ran."""
    with tempfile.TemporaryDirectory() as folder:
        async with cell_jobs(f"sqlite:///{Path(folder) / 'jobs.sqlite3'}", server.address, limit) as jobs:
            made = await jobs.create("cells", cells(items))
            cpu, began = time.process_time(), time.monotonic()
            ended = await jobs.run(made.id)
            return ended.total - ended.done, time.process_time() - cpu, time.monotonic() - began


async def gather(server: Running, items: int) -> tuple[int, float, float]:
    """Everything at once, with the SDK's own retries."""
    import openai

    cpu, began = time.process_time(), time.monotonic()
    async with openai.AsyncOpenAI(base_url=server.address, api_key="key") as client:
        asked = [
            client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": f"cell {cell['cell']}"}])
            for cell in cells(items)
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
    return (
        sum(isinstance(answer, BaseException) for answer in answers),
        time.process_time() - cpu,
        (time.monotonic() - began),
    )


def told(way: str, counts: dict[str, Any], items: int, failed: int, cpu: float, seconds: float) -> str:
    """A line of the table: shares of the limit, refusals, losses, CPU."""
    times = sorted(counts["times"])
    asked = sum(counts["statuses"].values())
    begin, end = (times[0] + 0.2 * (times[-1] - times[0]), times[-1] - 2) if times else (0.0, 0.0)
    steady = [at for at in times if begin <= at <= end]
    share = (len(steady) - 1) / (steady[-1] - steady[0]) / RATE if len(steady) > 2 else 0.0
    whole, refused = (items - failed) / seconds / RATE, counts["statuses"].get("429", 0) / asked
    return (
        f"| {way:9} | {whole:6.1%} | {share:6.1%} | {refused:6.2%} | {failed:5d} | {asked:6d} | "
        f"{cpu / items * 1000:8.2f} | {seconds:6.1f} |"
    )


async def measured(way: str, items: int) -> str:
    """One way, on a server of its own."""
    with limited(Limit(rate=RATE, tells=way == "headers")) as server:
        done = gather(server, items) if way == "gather" else job(server, items, RATE if way == "settings" else 0.0)
        came = await done
        return told(way, server.counts(), items, *came)


def main() -> None:
    """Print the table."""
    items, ways = int((sys.argv[1:] or ["1500"])[0]), sys.argv[2:] or ["settings", "headers", "unknown", "gather"]
    print("| limit is  | whole  | steady | refused | lost | calls  | CPU ms/item | seconds |\n" + "|---" * 8 + "|")
    for way in ways:
        print(asyncio.run(measured(way, items)), flush=True)


if __name__ == "__main__":
    main()
