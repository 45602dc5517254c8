"""What a call of a model costs, by a dated table; a model the table does not know has no price."""

from __future__ import annotations

import functools
import math
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from langchain_core.messages.ai import UsageMetadata

_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, which is millionths of a dollar for one."""

    input: float
    cached: float
    output: float

    def microdollars(self, usage: UsageMetadata) -> int:
        """What a call cost, in millionths of a US dollar, rounded up."""
        cached = (usage.get("input_token_details") or {}).get("cache_read") or 0
        anew = usage["input_tokens"] - cached
        return math.ceil(anew * self.input + cached * self.cached + usage["output_tokens"] * self.output)


def price_of(model: str) -> Price | None:
    """The price of a model by its name, with or without a date at its end; None where the table has none."""
    prices = _prices()
    return prices.get(model) or prices.get(_DATED.sub("", model))


@functools.cache
def _prices() -> dict[str, Price]:
    table = tomllib.loads((files("integrations.models") / "prices.toml").read_text("utf-8"))
    return {name: Price(**price) for name, price in table["models"].items()}
