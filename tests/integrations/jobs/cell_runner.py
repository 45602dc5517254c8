"""A process that does a job of cells, to be killed: alone (`run`), or as a worker beside others (`work`).

Run:  python -m tests.integrations.jobs.cell_runner run DATABASE ADDRESS LIMIT JOB
"""

from __future__ import annotations

import asyncio
import sys

import integrations.models.served  # noqa: F401  (loaded now, so that the job begins at once)
from integrations.jobs import queue
from tests.integrations.jobs.cells import cell_jobs

queue.BEAT_S, queue.DEAD_S = 1.0, 4.0


async def main(way: str, database: str, address: str, limit: str, job: str) -> None:
    """Do it."""
    async with cell_jobs(database, address, float(limit)) as jobs:
        print("begun", flush=True)  # noqa: T201
        await (jobs.run(job) if way == "run" else jobs.work())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
