"""The ledger: every action that was asked for, by whom, under which rule, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

Status = Literal[
    "needs_confirmation", "needs_approval", "started", "done", "denied", "cancelled", "expired", "unknown"
]  # fmt: skip
"""Where an action stands. `started`: on its way to the shop; `unknown`: the shop did not say whether it happened."""


class LedgerUnavailable(Exception):
    """The ledger did not answer; the text says why. Raised in place of its store's own errors. Nothing is asked of the
    shop before its entry is kept.
    """


OPEN: tuple[Status, ...] = ("unknown", "started", "needs_confirmation", "needs_approval")
"""States that something still comes after."""

FINAL = ("done", "denied", "cancelled", "expired")
"""States nothing leaves."""


@dataclass(frozen=True)
class Entry:
    """An action in the ledger. `asker` is level, role, customer and channel as attested; `why` the staff's reason;
    `version` is the order's when it was quoted; `history` every change of state with its moment and who made it,
    oldest first; `told` is the state that whoever asked for it was told last.
    """

    operation_id: str
    name: str
    arguments: dict[str, Any]
    status: Status
    asker: dict[str, Any]
    created_at: datetime
    changed_at: datetime
    order_id: str = ""
    customer_id: str = ""
    session_id: str = ""
    why: str = ""
    rule: str = ""
    passage: str = ""
    signals: tuple[str, ...] = ()
    quote: dict[str, Any] = field(default_factory=dict)
    version: int | None = None
    expires_at: datetime | None = None
    history: tuple[dict[str, Any], ...] = ()
    told: str = ""

    @property
    def approved(self) -> bool:
        """Whether a person of the shop said yes to it."""
        return self.status == "started" and any(step["status"] == "needs_approval" for step in self.history)

    def moved(self, status: Status, at: datetime, by: str, why: str = "", **changes: Any) -> Entry:
        """The entry in another state, the change noted in its history, with why it was made. Why the action was asked
        for stays as it is.
        """
        noted = {"status": status, "at": at.isoformat(), "by": by}
        noted |= {name: told for name, told in (("rule", changes.get("rule")), ("why", why)) if told}
        return replace(self, status=status, changed_at=at, history=(*self.history, noted), **changes)


@runtime_checkable
class Ledger(Protocol):
    """Where entries are kept. Each method raises LedgerUnavailable."""

    async def open(self, entry: Entry) -> Entry | None:
        """Keep a new entry. Where its operation is known nothing is written, and the entry there comes back."""
        ...

    async def move(self, entry: Entry, since: Status) -> bool:
        """Keep an entry in its new state, if it is still in the state `since`; False where somebody was first."""
        ...

    async def find(self, operation_id: str) -> Entry | None:
        """An entry by its operation."""
        ...

    async def entries(
        self, status: str = "", limit: int = 100, session_id: str = "", customer_id: str = ""
    ) -> list[Entry]:
        """The newest entries, of one status where it is named; of one session or one customer where they are."""
        ...

    async def note_told(self, entry: Entry) -> None:
        """Whoever asked knows now that the entry is in this state."""
        ...
