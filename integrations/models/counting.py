"""What the calls of models that are made for one purpose took together: for one item of a job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Tally:
    """Millionths of a US dollar that calls took. `batch`: they are made by the server's Batch API, for half."""

    microdollars: int = 0
    batch: bool = False

    def add(self, microdollars: int) -> int:
        """Count a call of a price; returns what is paid."""
        paid = -(-microdollars // 2) if self.batch else microdollars
        self.microdollars += paid
        return paid


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def counting(*, batch: bool = False) -> Iterator[Tally]:
    """Count what is called from here, in tasks begun from here too."""
    tally = Tally(batch=batch)
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


def count(microdollars: int) -> int:
    """Note what a call took, at its price; returns what is paid for it."""
    tally = _tally.get()
    return tally.add(microdollars) if tally else microdollars


def in_batch() -> bool:
    """Whether calls that are made from here may wait for the Batch API."""
    tally = _tally.get()
    return tally is not None and tally.batch
