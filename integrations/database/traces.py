"""Traces of turns in SQL: written after the turn, read by whoever looks for what went wrong, kept for some days."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from assistant.tracing import Trace
from integrations.database.engine import Sessions, briefly, transact
from integrations.database.tables import TraceRow
from integrations.database.trace_records import record_of

log = logging.getLogger(__name__)

_KEEP = insert(TraceRow)

MOST_WAITING = 500
"""Traces that wait for the database at most; more are lost, and that is logged."""

GATHERED = 0.2
"""Seconds in which turns that end are written in one transaction: most of what a trace costs is the transaction."""

LAST_WAIT = 5.0
"""Seconds that closing waits for what is not written yet; a locked SQLite file lets go only after its own patience."""

PRUNED_EVERY = 3600.0
"""Seconds between two looks for traces that are too old."""


@dataclass(frozen=True)
class Kept:
    """A turn as it was kept; `record` is all that happened in it (trace_records.py)."""

    trace: str
    session: str
    at: datetime
    channel: str
    role: str
    language: str
    engine: str
    outcome: str
    seconds: float
    record: dict[str, Any]


class TraceStore:
    """Watches turns and keeps their traces for `days`; 0 keeps none. A turn neither waits for it nor fails with it."""

    def __init__(self, sessions: Sessions, days: int = 30) -> None:
        self._sessions, self._engine = sessions, briefly(sessions)
        self._days = days
        self._waiting: list[Trace] = []
        self._writing: asyncio.Task[None] | None = None
        self._next_pruning = 0.0
        self._hurry = asyncio.Event()

    def began(self, trace: Trace) -> None:
        """Nothing: a turn is written when it has ended."""

    def ended(self, trace: Trace) -> None:
        """Have the turn written, with those that ended meanwhile in one transaction."""
        if not self._days:
            return
        if len(self._waiting) >= MOST_WAITING:
            log.warning("a trace was not kept: too many wait for the database")
            return
        self._waiting.append(trace)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), GATHERED)
        while self._waiting:
            traces, self._waiting = self._waiting, []
            try:
                await transact(self._engine, partial(_keep, rows=[_row(trace) for trace in traces]))
                await self._prune()
            except Exception as error:  # noqa: BLE001  (a trace that cannot be written fails nothing)
                log.warning("%s traces were not kept: %s", len(traces), type(error).__name__)

    async def _prune(self) -> None:
        if time.monotonic() < self._next_pruning:
            return
        self._next_pruning = time.monotonic() + PRUNED_EVERY
        await self.prune()

    async def prune(self) -> None:
        """Delete traces that are too old."""
        await self._delete(TraceRow.at < datetime.now(UTC) - timedelta(self._days))

    async def _delete(self, which: ColumnElement[bool]) -> int:
        async with self._sessions.begin() as database:
            return int((await database.execute(delete(TraceRow).where(which))).rowcount)  # type: ignore[attr-defined]

    async def drain(self) -> None:
        """Wait until all is written, but not for ever: a database that hangs does not keep the process."""
        if self._writing:
            self._hurry.set()
            _, late = await asyncio.wait({self._writing}, timeout=LAST_WAIT)
            self._hurry.clear()
            for task in late:  # a connection that is still written to must be given back before the engine closes
                task.cancel()
                await asyncio.wait({task}, timeout=LAST_WAIT)
                log.warning("traces were not kept: the database took too long")

    async def erase(self, session_ids: Collection[str]) -> int:
        """Erase all traces of conversations; returns how many there were."""
        await self.drain()
        return await self._delete(TraceRow.session_id.in_(session_ids))

    async def find(self, name: str) -> list[Kept]:
        """The turn of a trace id, or all turns of a conversation, oldest first; none where there is no such id."""
        return await self._read(or_(TraceRow.trace == name, TraceRow.session_id == name), 1000)

    async def recent(self, most: int = 20, failed: bool = False) -> list[Kept]:
        """The last turns, oldest first; of those that failed only, if so wished."""
        chosen = TraceRow.outcome == "failed" if failed else TraceRow.outcome.is_not(None)
        return await self._read(chosen, most)

    async def _read(self, which: ColumnElement[bool], most: int) -> list[Kept]:
        wanted = select(TraceRow).where(which).order_by(TraceRow.at.desc(), TraceRow.id.desc()).limit(most)
        async with self._sessions() as database:
            rows = list(await database.scalars(wanted))
        return [_kept(row) for row in reversed(rows)]


def _keep(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(_KEEP, rows)


def _row(trace: Trace) -> dict[str, Any]:
    session = trace.session
    return {
        "trace": trace.id, "session_id": session.id, "at": trace.at, "channel": session.channel, "role": session.role,
        "language": trace.language or session.language, "engine": trace.engine[:200], "outcome": trace.outcome,
        "seconds": round(trace.seconds, 4), "record": record_of(trace),
    }  # fmt: skip


def _kept(row: TraceRow) -> Kept:
    return Kept(
        row.trace, row.session_id, row.at, row.channel, row.role, row.language, row.engine, row.outcome, row.seconds,
        row.record,
    )  # fmt: skip
