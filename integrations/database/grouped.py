"""Rows that come at the same time from many turns are written in one transaction: each waits for the one under way,
then all go together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Rows = list[dict[str, Any]]


class GroupedWriter:
    """Writes rows in groups. `write` writes some in one transaction, all or none."""

    def __init__(self, write: Callable[[Rows], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Rows, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, rows: Rows) -> None:
        """Write rows; returns when they are kept. Raises what writing them raised."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._work())
        await kept

    async def _work(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self._write([row for rows, _ in group for row in rows])
            except Exception as error:  # noqa: BLE001  (told to whom it concerns)
                await self._apart(group, error)
            for _, kept in group:
                if not kept.done():
                    kept.set_result(None)

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
