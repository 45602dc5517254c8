"""Many chats at once on a shop of two web processes over PostgreSQL and Chroma, answered by a fake model.

The model says its first word after 300 ms and 60 tokens a second, 80 in all. First one chat after the other; then more
and more at once, each a conversation of its own, begun within two seconds: how late the first word comes, and how many
were told to wait in line. The capacity is the most chats at once whose 95th percentile is within twice that of one.
Then some chats go round for minutes, and memory is watched.

Run: python -m benchmarks.load [--chats 200] [--soak 5] [--plots docs/images]
Set DRAGOMAN_ACTIVE_TURNS to try another cap on turns at once.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks.curves import plot
from benchmarks.fake_server import serving
from benchmarks.shop_up import ShopUp, memory_of, shop_up
from benchmarks.streams import ask, cpu_of

MODEL = "fake+n=80+ttft=300+tps=60"
LEVELS = (5, 10, 20, 40, 60, 80, 120, 160, 200)
WEB = "serve --socket"


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


async def one_by_one(shop: ShopUp, tokens: Iterator[str], number: int) -> list[float]:
    """Seconds to the first word of chats, one after the other; two warm up."""
    return [(await ask(shop.port, next(tokens)))[0] for _ in range(number + 2)][2:]


async def at_once(shop: ShopUp, tokens: Iterator[str], chats: int) -> dict[str, float]:
    """What so many chats at once see."""

    async def chat(delay: float) -> tuple[float, float, bytes]:
        await asyncio.sleep(delay)
        return await ask(shop.port, next(tokens))

    before = sum(cpu_of(pid) for pid in shop.pids(WEB))
    seen = await asyncio.gather(*(chat(2 * n / chats) for n in range(chats)))
    spent = sum(cpu_of(pid) for pid in shop.pids(WEB)) - before
    firsts = [first for first, _, _ in seen]
    waited = sum(b'"notice"' in read for _, _, read in seen)
    return {
        "chats": chats, "p50": statistics.median(firsts), "p95": p95(firsts), "waited": waited,
        "whole": max(total for _, total, _ in seen), "cpu": spent / chats,
    }  # fmt: skip


async def soak(shop: ShopUp, tokens: list[str], chats: int, minutes: float) -> tuple[list[tuple[float, float]], int]:
    """Minutes and megabytes of the web processes while some chats go round, and how many turns there were."""
    began, turns, seen = time.monotonic(), 0, []

    async def round_and_round(mine: list[str]) -> None:
        nonlocal turns
        while time.monotonic() - began < 60 * minutes:
            for token in mine:
                await ask(shop.port, token)
                turns += 1
                await asyncio.sleep(2)  # a conversation may write thirty times a minute

    tasks = [asyncio.create_task(round_and_round(tokens[n::chats])) for n in range(chats)]
    while not all(task.done() for task in tasks):
        seen.append(((time.monotonic() - began) / 60, sum(memory_of(pid) for pid in shop.pids(WEB))))
        await asyncio.sleep(2)
    await asyncio.gather(*tasks)
    return seen, turns


def slope(points: list[tuple[float, float]]) -> float:
    """Megabytes a minute over the second half, by least squares."""
    late = points[len(points) // 2 :]
    middle_x, middle_y = (statistics.mean(values) for values in zip(*late, strict=True))
    spread = sum((x - middle_x) ** 2 for x, _ in late)
    return sum((x - middle_x) * (y - middle_y) for x, y in late) / spread if spread else 0.0


def capacity(levels: list[dict[str, float]], alone: float) -> float:
    """The most chats at once before the first that was late."""
    within = 1.0
    for level in levels:
        if level["p95"] > 2 * alone:
            return within
        within = level["chats"]
    return within


async def main() -> None:
    """Print and plot."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--chats", type=int, default=200)
    reader.add_argument("--soak", type=float, default=5, help="minutes")
    reader.add_argument("--plots", type=Path)
    asked = reader.parse_args()
    print(__doc__)
    levels_asked = [level for level in LEVELS if level <= asked.chats]
    with serving() as address:
        async with shop_up(2, DRAGOMAN_MODEL=f"openai:{MODEL}", OPENAI_BASE_URL=address) as shop:
            tokens = iter([token for _, token in await shop.sessions(sum(levels_asked) + 30)])
            singles = await one_by_one(shop, tokens, 20)
            alone = p95(singles)
            print(f"one at a time: first word p50 {statistics.median(singles) * 1000:.0f} ms, p95 {alone * 1000:.0f} ms"
                  f"  (load of the machine {os.getloadavg()[0]:.1f})")  # fmt: skip
            levels = []
            for chats in levels_asked:
                level = await at_once(shop, tokens, chats)
                levels.append(level)
                print(f"{chats:4} at once: p50 {level['p50'] * 1000:6.0f} ms, p95 {level['p95'] * 1000:6.0f} ms"
                      f" ({level['p95'] / alone:4.1f}x), {level['waited']:3.0f} told to wait, whole at most"
                      f" {level['whole']:5.1f} s, {level['cpu'] * 1000:5.1f} CPU ms a turn, load"
                      f" {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
            print(f"capacity: {capacity(levels, alone):.0f} chats at once within twice the p95 of one")
            again = [token for _, token in await shop.sessions(60)]
            memory, turns = await soak(shop, again, 12, asked.soak)
            print(f"{turns} turns in {asked.soak:.1f} minutes: both web processes took {memory[0][1]:.0f} MB at first,")
            print(f"{memory[-1][1]:.0f} MB at last, {slope(memory):+.2f} MB a minute over the second half")
    if asked.plots:
        draw(asked.plots, levels, alone, memory)


def draw(folder: Path, levels: list[dict[str, float]], alone: float, memory: list[tuple[float, float]]) -> None:
    """The two pictures of docs/reliability.md."""
    steps = {name: [(level["chats"], level[name] * 1000) for level in levels] for name in ("p50", "p95")}
    shown = plot("First word, by chats at once", "chats at once", "ms", steps, ("twice one chat's p95", 2000 * alone))
    (folder / "load-first-word.svg").write_text(shown, "utf-8")
    held = plot("Memory of two web processes under steady load", "minutes", "MB", {"memory": memory})
    (folder / "load-memory.svg").write_text(held, "utf-8")
    assert all(later[0] > earlier[0] for earlier, later in pairwise(memory))


if __name__ == "__main__":
    asyncio.run(main())
