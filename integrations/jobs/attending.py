"""Jobs that were asked of a server: it does them itself where no workers share them, and takes them up when it starts
again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.jobs.jobs import Jobs
    from knowledge.jobs import Job

log = logging.getLogger(__name__)

BY = "api"
"""By whom jobs are that came over HTTP."""


class Attending:
    """The jobs a server sees through."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self._running: dict[str, asyncio.Task[Job]] = {}

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """While the server runs: take up what was under way when it ended; at its end let that end which has begun."""
        try:
            await self._take_up()
            yield
        finally:
            self.jobs.close()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _take_up(self) -> None:
        for job in await self.jobs.list():
            if job.by == BY and job.state in ("queued", "running"):
                self.begin(job)

    def begin(self, job: Job) -> None:
        """See that a job is done: by workers, or here."""
        if self.jobs.are_shared or job.id in self._running:
            return
        task = self._running[job.id] = asyncio.create_task(self.jobs.run(job.id))
        task.add_done_callback(lambda ended: self._ended(job.id, ended))

    def _ended(self, job_id: str, task: asyncio.Task[Job]) -> None:
        self._running.pop(job_id, None)
        if not task.cancelled() and (error := task.exception()):
            log.error("job %s broke off: %s", job_id, type(error).__name__)
