"""Rows that come at the same time from many turns are written in one transaction: each waits for the one under way,
then all go together. Where many are written one after the other, each waits a little for company: the end of a
transaction costs more than a row.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

Rows = list[dict[str, Any]]

PACE = 0.015
"""Seconds from the beginning of a group to that of the next, while there are many."""

MANY = 10
"""So many groups, begun in little more time than that pace would take, are many."""


class GroupedWriter:
    """Writes rows in groups. `write` writes some in one transaction, all or none."""

    def __init__(self, write: Callable[[Rows], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Rows, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._begun: deque[float] = deque(maxlen=MANY)

    async def add(self, rows: Rows) -> None:
        """Write rows; returns when they are kept. Raises what writing them raised."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._work())
        await kept

    async def _work(self) -> None:
        while self._waiting:
            await self._keep_pace()
            group, self._waiting = self._waiting, []
            try:
                await self._write([row for rows, _ in group for row in rows])
            except Exception as error:  # noqa: BLE001  (told to whom it concerns)
                await self._apart(group, error)
            for _, kept in group:
                if not kept.done():
                    kept.set_result(None)

    async def _keep_pace(self) -> None:
        now = time.monotonic()
        if len(self._begun) == MANY and now - self._begun[0] < 1.5 * MANY * PACE:
            await asyncio.sleep(self._begun[-1] + PACE - now)
        self._begun.append(time.monotonic())

    async def _apart(self, group: list[tuple[Rows, asyncio.Future[None]]], error: Exception) -> None:
        """One's fault is not the others': each alone, where there are several."""
        for rows, kept in group:
            try:
                if len(group) == 1:
                    raise error
                await self._write(rows)
            except Exception as fault:  # noqa: BLE001  (told to whom it concerns)
                if not kept.done():
                    kept.set_exception(fault)
