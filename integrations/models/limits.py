"""What a server's answers tell of its limits: the x-ratelimit headers, as OpenAI and others send them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "": 1.0}

AGREE = 1.15
"""How far estimates of a limit may stand apart (a factor) and still be taken for one."""

LOW = 0.1
"""The share of a minute's tokens below which they are saved."""


@dataclass(frozen=True)
class TokensLow:
    """Tokens are nearly used up: for so many seconds nothing is asked, until some have come back."""

    seconds: float


class Told:
    """Gathers what headers say. The rate follows from how long the server needs to make up for what was used: (limit -
    remaining) / reset. Servers that mean something else by reset give rates that do not agree, and are not believed.
    """

    def __init__(self) -> None:
        self._rates: deque[float] = deque(maxlen=9)
        self.per_second = 0.0
        self.low: TokensLow | None = None

    def read(self, headers: Mapping[str, str]) -> None:
        """Take note of an answer's headers."""
        limit, left, reset = _three(headers, "requests")
        if limit and left is None:
            self.per_second = limit / 60
        elif limit and left is not None and reset and limit - left >= 2:
            self._rates.append((limit - left) / reset)
            agree = len(self._rates) == 9 and max(self._rates) <= AGREE * min(self._rates)
            self.per_second = median(self._rates) if agree else self.per_second
        limit, left, reset = _three(headers, "tokens")
        short = limit and left is not None and reset and left < LOW * limit
        self.low = TokensLow(LOW * (reset or 0.0)) if short else None


def _three(headers: Mapping[str, str], what: str) -> tuple[float | None, float | None, float | None]:
    limit, left, reset = (headers.get(f"x-ratelimit-{name}-{what}", "") for name in ("limit", "remaining", "reset"))
    return _number(limit), _number(left), duration(reset)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def duration(text: str) -> float | None:
    """Seconds of a duration like 20ms, 6m0s or 1.5; None where it is none."""
    text = text.strip()
    if not text or _PART.sub("", text):
        return None
    return sum(float(count) * _SECONDS[unit] for count, unit in _PART.findall(text))
