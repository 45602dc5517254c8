"""A Job is long work with progress: many Items of one kind, each done once, its answer kept the moment it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

State = Literal["queued", "running", "paused", "done", "failed", "cancelled", "over_budget"]
ItemState = Literal["waiting", "done", "failed"]

OVER: frozenset[State] = frozenset({"done", "failed", "cancelled"})
"""States in which nothing more happens by itself; a cancelled job stays so."""


@dataclass(frozen=True)
class Job:
    """Long work as it stands. `done` and `failed` count its items; `why` says what stopped it; `rate` is items a second
    of late. Money is in US dollars; `estimate_usd` is None where nothing is paid, or no price is known.
    """

    id: str
    kind: str
    title: str
    state: State
    total: int
    done: int
    failed: int
    cost_usd: Decimal
    estimate_usd: Decimal | None
    budget_usd: Decimal | None
    made_at: datetime
    by: str
    options: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    rate: float = 0.0

    @property
    def waiting(self) -> int:
        """Items that are still to be done."""
        return self.total - self.done - self.failed

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take at the rate of late; None where that is not known."""
        return self.waiting / self.rate if self.rate > 0 and self.state == "running" else None

    def told(self) -> dict[str, Any]:
        """The job as one JSON object."""
        left = self.seconds_left
        return {
            "id": self.id, "kind": self.kind, "title": self.title, "state": self.state, "why": self.why,
            "total": self.total, "done": self.done, "failed": self.failed, "waiting": self.waiting,
            "cost_usd": float(self.cost_usd),
            "estimate_usd": None if self.estimate_usd is None else float(self.estimate_usd),
            "budget_usd": None if self.budget_usd is None else float(self.budget_usd),
            "made_at": self.made_at.isoformat(), "by": self.by, "options": dict(self.options),
            "rate": round(self.rate, 2), "seconds_left": None if left is None else round(left),
        }  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One unit of a job: what was given, and what came of it or why nothing did."""

    job: str
    number: int
    state: ItemState
    given: dict[str, Any]
    result: dict[str, Any] | None = None
    error: str = ""

    def told(self) -> dict[str, Any]:
        """The item as one JSON object."""
        return {"number": self.number, "state": self.state, "given": self.given, "result": self.result,
                "error": self.error}  # fmt: skip


class ItemFailed(Exception):
    """This item cannot be done; the text says why. The others go on."""


class Busy(Exception):
    """This item is to be asked again, after some seconds."""

    def __init__(self, after: float = 1.0) -> None:
        super().__init__(f"busy for {after:g} s")
        self.after = after


class Halted(Exception):
    """Nothing of the job can be done now; the text says what to do. The job pauses, and its items wait."""


class JobRefused(ValueError):
    """A job cannot be made or changed as was asked; the text says why."""


class Work(Protocol):
    """How items of one kind are done."""

    kind: str

    async def do(self, item: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """What comes of an item, as JSON. Raises ItemFailed, Busy, Halted."""
        ...

    async def estimate(self, items: list[dict[str, Any]], options: Mapping[str, Any]) -> Decimal | None:
        """US dollars that the items will cost; None where nothing is paid or no price is known."""
        ...


class Planner(Protocol):
    """A work that names the items itself, of what a job is wanted for."""

    async def items(self, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The items. Raises JobRefused."""
        ...
