"""Sharing jobs among machines: a task of procrastinate, on PostgreSQL, for each part of a job. The one place that knows
procrastinate.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException

log = logging.getLogger(__name__)

TASK = "dragoman.part"

BEAT_S = 5.0
"""Seconds between two signs of life of a worker, and two sweeps."""

DEAD_S = 20.0
"""After how long without a sign a worker is taken for dead."""

SIDE_BY_SIDE = 4
"""Parts a worker has in hand: while the last items of one come in, the next is under way."""

STOP_S = 30.0
"""How long a worker that is told to stop sees its parts through."""

Part = tuple[str, int, int]
"""A job's id, and the numbers of its items from the first to before the last."""

_OPEN = "select args from procrastinate_jobs where task_name = %(task)s and status in ('todo', 'doing')"
_ALIVE = (
    "select count(*) as alive from procrastinate_workers"
    " where last_heartbeat > now() - make_interval(secs => %(seconds)s)"
)
_THERE = "select to_regclass('procrastinate_jobs') is not null as there"


class PartQueue:
    """The parts that wait to be done, in the database of the jobs themselves."""

    def __init__(self, conninfo: str) -> None:
        self._app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
        self._app.task(name=TASK)(self._do)
        self._part: Callable[[Part], Awaitable[Any]] | None = None
        self._opened = False
        self.workers = 1

    async def close(self) -> None:
        """Let go of the connections."""
        if self._opened:
            await self._app.close_async()

    async def prepare(self) -> None:
        """Make what tables procrastinate lacks."""
        if self._opened:
            return
        await self._app.open_async()
        self._opened = True
        if not (await self._app.connector.execute_query_one_async(_THERE))["there"]:
            with contextlib.suppress(ConnectorException):  # another process was quicker
                await self._app.schema_manager.apply_schema_async()

    async def put(self, parts: Iterable[Part], connection: Any = None) -> None:
        """Let parts be done; over a connection of the database's driver, in its transaction."""
        rows: list[Any] = [{"job": job, "first": first, "last": last} for job, first, last in parts]
        if rows:
            await self._app.configure_task(TASK, connection=connection).batch_defer_async(*rows)

    async def work(self, part: Callable[[Part], Awaitable[Any]], left: Callable[[], Awaitable[list[Part]]]) -> None:
        """Do parts until told to stop, by a signal. `left` names the parts of open jobs that something is left of."""
        await self.prepare()
        self._part = part
        sweeping = asyncio.create_task(self._sweep(left))
        try:
            await self._app.run_worker_async(
                concurrency=SIDE_BY_SIDE, update_heartbeat_interval=BEAT_S, stalled_worker_timeout=DEAD_S,
                fetch_job_polling_interval=BEAT_S, shutdown_graceful_timeout=STOP_S, delete_jobs="always",
            )  # fmt: skip
        finally:
            sweeping.cancel()

    async def _do(self, job: str, first: int, last: int) -> None:
        if self._part:
            await self._part((job, first, last))

    async def _sweep(self, left: Callable[[], Awaitable[list[Part]]]) -> None:
        """Again and again: give what dead workers had in hand to others, and see that no part is forgotten."""
        while True:
            try:
                await self.sweep(left)
            except ConnectorException as error:
                log.warning("the queue of jobs cannot be swept: %s", type(error).__name__)
            await asyncio.sleep(BEAT_S)

    async def sweep(self, left: Callable[[], Awaitable[list[Part]]]) -> None:
        """What procrastinate does not do by itself: tasks of a killed worker stay `doing` for ever."""
        for job in await self._app.job_manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=DEAD_S):
            await self._app.job_manager.retry_job(job)
        rows = await self._app.connector.execute_query_all_async(_OPEN, task=TASK)
        known = {(row["args"]["job"], row["args"]["first"]) for row in rows}
        await self.put(part for part in await left() if part[:2] not in known)
        alive = await self._app.connector.execute_query_one_async(_ALIVE, seconds=DEAD_S)
        self.workers = max(1, int(alive["alive"]))
