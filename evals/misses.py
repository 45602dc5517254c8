"""What went wrong in a case: what was said, what was wanted, and what came instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evals.run import Result
from evals.scorers import differences

MOST_LETTERS = 600
"""Letters of an answer that a report shows."""


def describe_miss(result: Result) -> dict[str, Any]:
    """A case that was not right in everything, as a report holds it; `wanted` says in words what was, by what was
    missed.
    """
    case, answer = result.case, result.answer
    missed = [name for name, right in result.scores.items() if not right]
    return {
        "id": case.id, "suite": case.suite, "kind": case.kind, "language": case.language, "missed": missed,
        "before": list(case.before), "turns": _turns(result), "wanted": {name: WANTED[name](result) for name in missed},
        "tools": [f"{call['name']} ({call['status']})" for call in answer["tool_calls"]],
        "cited": sorted({entry["document"] for entry in answer["citations"]}),
        "shown": [card["product_id"] for card in answer["cards"]], "answered_in": answer["language"],
        "verdict": answer.get("verdict"), "error": answer.get("error", {}).get("message", ""),
    }  # fmt: skip


def _turns(result: Result) -> list[dict[str, str]]:
    said = result.answer.get("said") or [result.answer["answer"]]
    asked = result.answer.get("asked") or result.case.judged
    answers = [*said, *[""] * len(asked)]
    return [{"shopper": text, "assistant": answer[:MOST_LETTERS]} for text, answer in zip(asked, answers, strict=False)]


def _tools(result: Result) -> str:
    if result.case.refuse:
        return "nothing of the shop's data shown"
    return _any(result.case.tools) if result.case.tools else "no order looked up"


def _any(names: tuple[str, ...]) -> str:
    return ("one of " if len(names) > 1 else "") + ", ".join(names)


def _all(texts: tuple[str, ...]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


WANTED: dict[str, Callable[[Result], str]] = {
    "tools": _tools,
    "citation": lambda result: _any(result.case.cites),
    "products": lambda result: _any(result.case.products),
    "language": lambda result: result.case.language,
    "says": lambda result: _all(result.case.says),
    "never": lambda result: f"never {_all(result.case.never)}",
    "grounded": lambda _: "every figure from what tools returned or the shopper wrote",
    "state": lambda result: "; ".join(differences(result.case, result.answer)),
    "unasked": lambda _: "nothing done that was not asked for",
    "judged": lambda result: f"{result.case.judge} {(result.answer.get('verdict') or {}).get('reason', '')}",
    "answered": lambda _: "an answer to every message",
}
"""What was wanted, in words, by what is scored."""
