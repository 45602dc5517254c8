"""How well errors in translations are found: `python -m benchmarks.localization_checks FILE.jsonl [FILE.jsonl ...]`.

A line is {"lang", "source", "target", "error_type"} (null where the translation is right). Prints recall by type of
error (any finding counts, then any that blocks), false findings on right translations by rule, and the time. Without a
file it measures the 180 right translations of the tests, and errors made of them.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from integrations.threads import calm_threads

OWN = Path(__file__).resolve().parents[1] / "tests" / "data" / "localization" / "renderings.jsonl"
Rows = list[dict[str, Any]]


def read(path: Path) -> Rows:
    """The lines of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def with_errors(rows: Rows) -> Iterator[dict[str, Any]]:
    """Right translations, and of each one in another language, one of another source, and its first half."""
    for place, row in enumerate(rows):
        yield {**row, "error_type": None}
        yield {**row, "target": rows[(place + 50) % len(rows)]["target"], "error_type": "wrong_language"}
        own = [one for one in rows if one["lang"] == row["lang"]]
        yield {**row, "target": own[(own.index(row) + 3) % len(own)]["target"], "error_type": "wrong_string"}
        if len(row["target"]) > 30:
            yield {**row, "target": row["target"][: len(row["target"]) // 2], "error_type": "truncated"}


def main() -> None:
    """Measure each file named."""
    calm_threads()
    from tools.localization.checks.batch import Pair, check_batch

    for path in map(Path, sys.argv[1:] or [OWN]):
        rows = read(path) if path != OWN else list(with_errors(read(OWN)))
        begun = time.perf_counter()
        told = check_batch([Pair(row["source"], row["target"], row["lang"]) for row in rows])
        took = time.perf_counter() - begun
        report(path.name, rows, [[(one.rule, one.severity) for one in found] for found in told], took)


def report(name: str, rows: Rows, told: list[list[tuple[str, str]]], took: float) -> None:
    """Print what was found."""
    total: Counter[str] = Counter(row["error_type"] or "right" for row in rows)
    any_, block, false = Counter[str](), Counter[str](), Counter[str]()
    for row, found in zip(rows, told, strict=True):
        kind = row["error_type"] or "right"
        any_[kind] += bool(found)
        block[kind] += any(severity == "block" for _, severity in found)
        false.update({rule for rule, _ in found} if kind == "right" else ())
    print(f"{name}: {len(rows):,} cases in {took:.1f} s")
    print(f"  {'':22}{'cases':>7}{'found':>8}{'blocked':>9}")
    for kind in sorted(total):
        print(f"  {kind:22}{total[kind]:7,}{any_[kind] / total[kind]:8.3f}{block[kind] / total[kind]:9.3f}")
    print(f"  false findings by rule: {dict(false)}")


if __name__ == "__main__":
    main()
