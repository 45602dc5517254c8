"""What a run took: how quick each answer was, and what the models were paid."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from evals.run import Result

COUNTED = ("input_tokens", "output_tokens", "cached_tokens")


def speed_of(results: Sequence[Result]) -> dict[str, Any]:
    """Milliseconds from a message to its whole answer: of how many answers, the middle one, and 19 of 20."""
    taken = sorted(taken for result in results for taken in result.answer.get("latencies", []))
    if not taken:
        return {"answers": 0, "median_ms": 0, "p95_ms": 0}
    at = [taken[math.ceil(share * len(taken)) - 1] for share in (0.5, 0.95)]
    return {"answers": len(taken), "median_ms": at[0], "p95_ms": at[1]}


def spent_of(results: Sequence[Result], models: Sequence[str]) -> dict[str, Any]:
    """Tokens of all answers, and US dollars for a thousand of them; None where a model has no price."""
    used: Counter[str] = Counter()
    for result in results:
        for usage in result.answer.get("usages", []):
            used.update({name: usage.get(name, 0) for name in COUNTED})
    answers = sum(len(result.answer.get("usages", [])) for result in results)
    return {**{name: used[name] for name in COUNTED}, "usd_per_1000": _usd(used, models, answers)}


def _usd(used: Counter[str], models: Sequence[str], answers: int) -> float | None:
    """What a thousand answers cost with the first of the models; the built-in one costs nothing."""
    from integrations.models.prices import price_of

    if not models:
        return 0.0
    price = price_of(models[0])
    if price is None or not answers:
        return None
    anew = used["input_tokens"] - used["cached_tokens"]
    cost = anew * price.input + used["cached_tokens"] * price.cached + used["output_tokens"] * price.output
    return round(cost / 1e6 * 1000 / answers, 4)
