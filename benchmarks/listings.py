"""How fast listings are checked and written: the CPU time of one check, and of many on two processes.

python -m benchmarks.listings [--count 10000]
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.facts import Facts
from knowledge.facts.reading import facts_of_records
from knowledge.listings import Listing, listing_of
from knowledge.marketplaces import marketplace
from tools.listings.check import Checker

DAY = date(2026, 11, 30)
GOLD = Path(__file__).parents[1] / "tests" / "data" / "gold_listings.yaml"


def work() -> list[tuple[Checker, Listing, Facts]]:
    """The gold listings, each with its checker and facts."""
    data: dict[str, Any] = yaml.safe_load(GOLD.read_text("utf-8"))
    facts = {held.product_id: held for held in facts_of_records(data, "gold", DAY)}
    checkers = [Checker(marketplace(one["marketplace"]), one["locale"], DAY) for one in data["listings"]]
    return [
        (checker, listing_of(one, checker.market), facts[one["product"]])
        for checker, one in zip(checkers, data["listings"], strict=True)
    ]


def check(count: int) -> float:
    """CPU seconds that many checks take in this process, once everything is loaded."""
    listings = work()
    for checker, listing, facts in listings:
        checker.check(listing, facts)
    began = time.process_time()
    for place in range(count):
        checker, listing, facts = listings[place % len(listings)]
        checker.check(listing, facts)
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    one = check(240) / 240
    print(f"one listing: {one * 1000:.1f} ms of CPU")
    began = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        cpu = list(pool.map(check, [count // 2, count - count // 2]))
    print(f"{count} listings in two processes: {time.perf_counter() - began:.1f} s, {sum(cpu):.1f} s of CPU")


if __name__ == "__main__":
    main()
