"""Opening a home's jobs: where they are kept, who does them, and how quickly a server is asked for them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from integrations.database.job_locks import JobLocks
from integrations.database.job_records import JobRecords
from integrations.jobs.equipment import Equipment
from integrations.jobs.jobs import Jobs
from integrations.jobs.kinds import KINDS, Kinds
from integrations.jobs.running import Pace
from integrations.models.pacing import Pacer

if TYPE_CHECKING:
    from integrations.database.engine import Sessions
    from integrations.jobs.queue import PartQueue
    from integrations.models.serving import Serving


@dataclass(frozen=True)
class Lane:
    """The served models, and the requests a minute that their server takes (0 where nobody knows)."""

    serving: Callable[[], Serving]
    per_minute: float = 0.0


def open_jobs(
    sessions: Sessions, stack: AsyncExitStack, equipment: Equipment, lane: Lane | None = None, kinds: Kinds = KINDS
) -> Jobs:
    """The jobs of a home; `stack` closes what they open. Models are asked over connections of the jobs' own, at the
    pace their server takes: conversations do not wait behind them.
    """
    locks = JobLocks(sessions)
    queue = None if locks.on_sqlite else _queue(locks.conninfo, stack)

    def processes() -> int:
        return queue.workers if queue else 1

    pacer = Pacer(lane.per_minute / 60 if lane else 0.0, share=lambda: 1 / processes())
    if lane is not None:
        equipment = replace(equipment, serving=cache(lambda: _paced(lane, pacer, sessions, stack)))
    pace = Pace(lambda: pacer.width, processes)
    works = {kind: make(equipment) for kind, make in kinds.items()}
    return Jobs(JobRecords(sessions), locks, works, pace, queue)


def _queue(conninfo: str, stack: AsyncExitStack) -> PartQueue:
    from integrations.jobs.queue import PartQueue

    queue = PartQueue(conninfo)
    stack.push_async_callback(queue.close)
    return queue


def _paced(lane: Lane, pacer: Pacer, sessions: Sessions, stack: AsyncExitStack) -> Serving:
    from integrations.database.batch_records import BatchRecords
    from integrations.models.batching import Batches
    from integrations.models.paced import PacedClient

    serving = lane.serving()
    client = PacedClient(serving.client.server, pacer)
    stack.push_async_callback(client.close)
    client.batches = Batches(client, BatchRecords(sessions))
    stack.push_async_callback(client.batches.close)
    return replace(serving, client=client)
