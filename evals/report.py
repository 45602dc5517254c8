"""Results as data a program compares and as a table a person reads."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from evals.costs import speed_of, spent_of
from evals.misses import describe_miss
from evals.run import Result

Rate = dict[str, Any]
"""How often something was right: `right` of `of`, the `rate`, and its 95 % `interval`."""


def interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate."""
    if not count:
        return 0.0, 1.0
    rate, z = hits / count, 1.96
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate_of(rights: Sequence[bool]) -> Rate:
    """How often something was right."""
    right, of = sum(rights), len(rights)
    bounds = [round(bound, 3) for bound in interval(right, of)]
    return {"right": right, "of": of, "rate": round(right / max(of, 1), 4), "interval": bounds}


def rates(results: Iterable[Result]) -> dict[str, Rate]:
    """Of whole cases (`passed`) and of each thing scored: how many were right, in every run, of how many."""
    rights: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        rights["passed"].append(result.passed)
        for name, right in result.scores.items():
            rights[name].append(right)
    return {name: rate_of(values) for name, values in rights.items()}


def as_data(results: Sequence[Result], model: str) -> dict[str, Any]:
    """A whole run, for keeping and comparing."""
    return {
        "model": model, "date": datetime.now(UTC).date().isoformat(), "cases": len(results),
        "repeat": max((len(result.passes) for result in results), default=1),
        "crashed": sum(not result.scores["answered"] for result in results), "rates": rates(results),
        "refusals": rate_of([r.scores["tools"] for r in results if r.case.refuse and "tools" in r.scores]),
        "speed": speed_of(results), "spent": spent_of(results, served_in(model)),
        "suites": _suites(results), "by_language": _grouped(results, "language"),
        "by_kind": _grouped(results, "kind"), "results": {result.case.id: _outcome(result) for result in results},
        "missed": [describe_miss(result) for result in results if not result.passed],
    }  # fmt: skip


def served_in(model: str) -> list[str]:
    """The served models that a setting names."""
    return [name.strip().removeprefix("openai:") for name in model.split(",") if name.strip() != "embedded"]


def _grouped(results: Sequence[Result], field: str) -> dict[str, dict[str, Rate]]:
    return {name: rates(own) for name, own in _by(results, field).items()}


def _by(results: Sequence[Result], field: str) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[getattr(result.case, field)].append(result)
    return dict(sorted(groups.items()))


def _suites(results: Sequence[Result]) -> dict[str, Rate]:
    """Per suite pass^k, the cases that were right in all k runs, and `once`, the share of single runs that were."""
    suites: dict[str, Rate] = {}
    for name, own in _by(results, "suite").items():
        runs = [right for result in own for right in result.passes]
        suites[name] = rate_of([result.passed for result in own]) | {"once": rate_of(runs)["rate"]}
    return suites


def _outcome(result: Result) -> dict[str, Any]:
    return {"passes": sum(result.passes), "missed": [name for name, right in result.scores.items() if not right]}


def as_json(data: dict[str, Any]) -> str:
    """A run as JSON, an entry a line: what changed can be read in a difference of two."""
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_entries(part)}" for name, part in data.items()) + "\n}\n"


def _entries(part: Any) -> str:
    if not part or not isinstance(part, dict | list):
        return _dump(part)
    if isinstance(part, list):
        return "[\n " + ",\n ".join(map(_dump, part)) + "\n]"
    return "{\n " + ",\n ".join(f"{_dump(name)}: {_dump(entry)}" for name, entry in part.items()) + "\n}"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_markdown(data: dict[str, Any]) -> str:
    """A run as a page."""
    lines = [f"# {data['cases']} labelled cases, model `{data['model']}`, {data['date']}", ""]
    lines += [f"Each asked {data['repeat']} times; right is what was right every time." if data["repeat"] > 1 else ""]
    lines += ["| scored | right | of | rate | 95 % |", "|---|---|---|---|---|"]
    lines += [_row(name, rate) for name, rate in data["rates"].items()]
    for title, key in (("By language", "by_language"), ("By kind", "by_kind")):
        lines += ["", f"## {title}", "", "| | passed | tools | citation |", "|---|---|---|---|"]
        for name, own in data[key].items():
            cells = [f"{own[k]['rate']:.0%}" if k in own else "–" for k in ("passed", "tools", "citation")]
            lines.append(f"| {name} | {' | '.join(cells)} |")
    power = f"pass^{data['repeat']}"
    lines += ["", "## By suite", "", f"| | right | of | {power} | 95 % | one run |", "|---|---|---|---|---|---|"]
    lines += [f"{_row(name, rate)} {rate['once']:.1%} |" for name, rate in data["suites"].items()]
    lines += ["", "## Missed", ""]
    lines += [_missed(miss) for miss in data["missed"]]
    return "\n".join(lines) + "\n"


def _row(name: str, rate: Rate) -> str:
    low, high = rate["interval"]
    return f"| {name} | {rate['right']} | {rate['of']} | {rate['rate']:.1%} | {low:.0%} to {high:.0%} |"


def _missed(miss: dict[str, Any]) -> str:
    said = " → ".join(turn["shopper"] for turn in miss["turns"])
    error = f" ({miss['error']})" if miss["error"] else ""
    return " ".join(f"- `{miss['id']}` {', '.join(miss['missed'])}: {said}{error}".split())
