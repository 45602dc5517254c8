"""What the calls of models that are made for one purpose took together: for one item of a job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Tally:
    """Millionths of a US dollar that calls took. Each counts by a `share` of its price, as some are sold cheaper."""

    microdollars: int = 0
    share: float = 1.0

    def add(self, microdollars: int) -> None:
        """Count a call's price."""
        self.microdollars += round(microdollars * self.share)


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def counting(share: float = 1.0) -> Iterator[Tally]:
    """Count what is called from here, in tasks begun from here too."""
    tally = Tally(share=share)
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


def count(microdollars: int) -> int:
    """Note what a call took, at its price; returns what is paid for it."""
    tally = _tally.get()
    if tally is None:
        return microdollars
    tally.add(microdollars)
    return round(microdollars * tally.share)
