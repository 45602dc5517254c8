"""Jobs in a terminal: how they are told to people, and how one is done there."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from integrations.cli.out import note, print_line

if TYPE_CHECKING:
    from integrations.jobs.jobs import Jobs
    from knowledge.jobs import Item, Job

EVERY_S = 10.0
"""Seconds between two lines of progress, where there is no terminal."""

MOST_FAILURES = 20
"""Failed items that are told; all are in the results."""

_shown_at = 0.0


def line_of(job: Job) -> str:
    """A job in a line."""
    parts = [f"{job.id}  {job.state:11} {job.done + job.failed:,} of {job.total:,}"]
    parts += [f"{job.failed:,} failed"] if job.failed else []
    parts += [_cost(job)] if _cost(job) else []
    left = job.seconds_left
    parts += [f"{job.rate:,.1f} a second, {_clock(left)} left"] if left else []
    return ", ".join(parts) + f"  {job.title}"


def print_job(job: Job, failed: Sequence[Item]) -> None:
    """A job, and the items that failed."""
    print_line(line_of(job))
    if job.why:
        print_line(job.why)
    for item in failed[:MOST_FAILURES]:
        given = ", ".join(str(value) for value in item.given.values())
        print_line(f"!! item {item.number} ({given[:80]}): {item.error}")
    if len(failed) > MOST_FAILURES:
        print_line(f"   and {len(failed) - MOST_FAILURES:,} more")
    if job.waiting and job.state != "cancelled":
        print_line(f"{job.waiting:,} are left:  dragoman job resume {job.id}")
    print_line(f"What came of each:  dragoman job results {job.id}")


async def do_job(jobs: Jobs, job: Job) -> Job:
    """Do a job, showing how far it is; Ctrl-C pauses it."""
    loop = asyncio.get_running_loop()
    pausing: list[asyncio.Task[Job]] = []

    def interrupted() -> None:
        note("\npausing, after what is under way")
        pausing.append(asyncio.ensure_future(jobs.pause(job.id)))
        loop.remove_signal_handler(signal.SIGINT)

    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        return await jobs.run(job.id, _show_progress)
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def _show_progress(job: Job) -> None:
    """How far a job is, on stderr: on a terminal in one line that changes, else a line now and then."""
    global _shown_at
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line_of(job)}" + ("\n" if job.state != "running" else ""))
        sys.stderr.flush()
    elif job.state == "running" and time.monotonic() - _shown_at >= EVERY_S:
        _shown_at = time.monotonic()
        note(line_of(job))


def _cost(job: Job) -> str:
    spent = f"{job.cost_usd:.2f} US dollars" if job.cost_usd else ""
    most = job.budget_usd if job.budget_usd is not None else job.estimate_usd
    word = "budget" if job.budget_usd is not None else "estimate"
    return f"{spent or '0.00 US dollars'} ({word} {most:.2f})" if most is not None else spent


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
