"""What a job would cost: the questions of a few of its items, counted, at the prices that are known."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

SAMPLE = 3
"""Items whose questions are counted for an estimate."""

ANSWER = 1.5
"""Tokens of a translation for each of its source, about."""


def sample(items: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """A few of a job's items, from its beginning to its end."""
    return items[:: max(1, len(items) // SAMPLE)][:SAMPLE]


def cost(model: str, counted: Sequence[tuple[float, float]], items: int) -> Decimal | None:
    """US dollars for a number of items, by the tokens that some of them read and write; None where no price is known or
    nothing is asked.
    """
    from integrations.models.prices import price_of

    price = price_of(model)
    if not price or not counted:
        return None
    each = sum(read * price.input + written * price.output for read, written in counted) / len(counted)
    return (Decimal(str(each)) * items / 1_000_000).quantize(Decimal("0.000001"))
