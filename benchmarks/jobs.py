"""What a job makes of a server's limit: of 50 requests a second, known and unknown, and a naive gather beside it.

Run:  python -m benchmarks.jobs [ITEMS] [WAY...]; ways: settings, headers, unknown, gather
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Measured:
    """What came of a way: shares of the limit over the whole job and when it was steady, of calls that were refused;
    items lost; calls made; CPU milliseconds an item; seconds.
    """

    whole: float
    steady: float
    refused: float
    lost: int
    calls: int
    cpu_ms: float
    seconds: float


def shares(counts: dict[str, Any], items: int, lost: int, cpu: float, seconds: float) -> Measured:
    """What a server counted, as shares. Steady is after a fifth of the time, and but for the last two seconds."""
    times = sorted(counts["times"])
    calls = sum(counts["statuses"].values())
    begin, end = (times[0] + 0.2 * (times[-1] - times[0]), times[-1] - 2) if times else (0.0, 0.0)
    steady = [at for at in times if begin <= at <= end]
    share = (len(steady) - 1) / (steady[-1] - steady[0]) / RATE if len(steady) > 2 else 0.0
    refused = counts["statuses"].get("429", 0) / calls
    return Measured((items - lost) / seconds / RATE, share, refused, lost, calls, cpu / items * 1000, seconds)


async def measured(way: str, items: int) -> Measured:
    """One way, on a server of its own."""
    with limited(Limit(rate=RATE, tells=way == "headers")) as server:
        done = gather(server, items) if way == "gather" else job(server, items, RATE if way == "settings" else 0.0)
        came = await done
        return shares(server.counts(), items, *came)


def main() -> None:
    """Print the table."""
    items, ways = int((sys.argv[1:] or ["1500"])[0]), sys.argv[2:] or ["settings", "headers", "unknown", "gather"]
    print("| limit is  | whole  | steady | refused | lost | calls  | CPU ms/item | seconds |\n" + "|---" * 8 + "|")
    for way in ways:
        m = asyncio.run(measured(way, items))
        print(
            f"| {way:9} | {m.whole:6.1%} | {m.steady:6.1%} | {m.refused:6.2%} | {m.lost:5d} | {m.calls:6d} | "
            f"{m.cpu_ms:8.2f} | {m.seconds:6.1f} |", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
