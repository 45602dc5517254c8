"""Results as a table a person reads and as data a program compares."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from evals.run import Result


def interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate."""
    if not count:
        return 0.0, 1.0
    rate, z = hits / count, 1.96
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def rates(results: Iterable[Result]) -> dict[str, dict[str, Any]]:
    """For each thing scored: how many were right, of how many."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        for name, right in result.scores.items():
            counts[name].append(right)
    return {
        name: {"right": sum(values), "of": len(values), "rate": round(sum(values) / len(values), 4),
               "interval": [round(bound, 3) for bound in interval(sum(values), len(values))]}
        for name, values in counts.items()
    }  # fmt: skip


def as_data(results: Sequence[Result], model: str) -> dict[str, Any]:
    """A whole run, for keeping and comparing."""
    return {
        "model": model, "cases": len(results), "rates": rates(results),
        "by_language": _grouped(results, "language"), "by_kind": _grouped(results, "kind"),
        "missed": [_miss(result) for result in results if not result.passed],
    }  # fmt: skip


def _grouped(results: Sequence[Result], field: str) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[getattr(result.case, field)].append(result)
    return {name: {k: v["rate"] for k, v in rates(own).items()} for name, own in sorted(groups.items())}


def _miss(result: Result) -> dict[str, Any]:
    answer = result.answer
    return {
        "id": result.case.id, "text": result.case.text, "missed": [k for k, v in result.scores.items() if not v],
        "tools": [call["name"] for call in answer["tool_calls"]],
        "cited": [entry["document"] for entry in answer["citations"]], "language": answer["language"],
        "answer": answer["answer"][:400], "wanted": list(result.case.tools), "wanted_sources": list(result.case.cites),
    }  # fmt: skip


def as_markdown(data: dict[str, Any]) -> str:
    """A run as a page."""
    title = f"# {data['cases']} labelled messages, model `{data['model']}`"
    lines = [title, "", "| scored | right | of | rate | 95 % |", "|---|---|---|---|---|"]
    for name, rate in data["rates"].items():
        low, high = rate["interval"]
        lines.append(f"| {name} | {rate['right']} | {rate['of']} | {rate['rate']:.1%} | {low:.0%} to {high:.0%} |")
    for title, key in (("By language", "by_language"), ("By kind", "by_kind")):
        lines += ["", f"## {title}", "", "| | tools | citation |", "|---|---|---|"]
        for name, own in data[key].items():
            cells = [f"{own[k]:.0%}" if k in own else "–" for k in ("tools", "citation")]
            lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", "## Missed", ""]
    lines += [f"- `{m['id']}` {', '.join(m['missed'])}: {m['text']}" for m in data["missed"]]
    return "\n".join(lines) + "\n"
