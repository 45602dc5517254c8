"""Works through what Slack sent: in order within a place, again after a fault that may pass, at last put aside."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from integrations.database.slack_queue import LEASE, SlackQueue, Taken
from integrations.slack.calls import SlackRefused
from integrations.slack.workspaces import NotInstalled

log = logging.getLogger(__name__)

PAUSE = 0.2
"""Seconds between two looks at what other processes took in."""

LONGEST_RUSH = 15.0
"""Seconds for which work waits while requests come in too fast to do both."""

MOST_TRIES = 6
"""How often an event is worked on before it is put aside."""

FINAL = (SlackRefused, NotInstalled)
"""Faults that another try would not mend."""

AGAIN = 1.0
"""Seconds before the second try; twice as long each time."""


class Worker:
    """One lane of the queue, some events at once."""

    def __init__(
        self, queue: SlackQueue, lane: str, work: Callable[[Taken], Awaitable[None]], slots: int,
        is_rushed: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._queue, self._lane, self._work, self._slots = queue, lane, work, slots
        self._is_rushed, self._rushed_since = is_rushed, 0.0
        self._news = asyncio.Event()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._closing = False

    def knock(self) -> None:
        """Something new is there."""
        self._news.set()

    async def run(self) -> None:
        """Work until the task is cancelled."""
        beating = asyncio.create_task(self._beat())
        try:
            while not self._closing:
                self._news.clear()
                free = self._free()
                taken = await self._take(free) if free else []
                for event in taken:
                    self._running[event.position] = asyncio.create_task(self._one(event))
                if not taken:
                    await self._wait()
        finally:
            beating.cancel()

    def _free(self) -> int:
        """How many more events may be begun; one at a time while many requests wait to be acknowledged."""
        now = time.monotonic()
        if not self._is_rushed():
            self._rushed_since = 0.0
            return self._slots - len(self._running)
        self._rushed_since = self._rushed_since or now
        slots = 0 if now - self._rushed_since < LONGEST_RUSH else 1
        return max(slots - len(self._running), 0)

    async def _take(self, most: int) -> list[Taken]:
        try:
            return await self._queue.take(self._lane, most)
        except Exception as error:
            log.error("what Slack sent cannot be read", exc_info=error)
            await asyncio.sleep(PAUSE)
            return []

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), PAUSE)
        except TimeoutError:
            return

    async def _one(self, event: Taken) -> None:
        try:
            await self._work(event)
            await self._queue.finish(event.position)
        except Exception as error:  # noqa: BLE001  (told in the log, and the event is tried again)
            await self._failed(event, error)
        finally:
            self._running.pop(event.position, None)
            self._news.set()

    async def _failed(self, event: Taken, error: Exception) -> None:
        last = event.tries + 1 >= MOST_TRIES or isinstance(error, FINAL)
        told = {"event": event.event_id, "tries": event.tries + 1}
        log.log(logging.ERROR if last else logging.WARNING, "an event of Slack's failed", exc_info=error, extra=told)
        if last:
            await self._queue.fail(event.position)
        else:
            await self._queue.again(event.position, AGAIN * 2**event.tries)

    async def _beat(self) -> None:
        """Show that what is being worked on still is."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            if self._running:
                try:
                    await self._queue.renew(list(self._running))
                except Exception as error:
                    log.warning("the lease of Slack's events could not be renewed", exc_info=error)

    async def close(self, seconds: float) -> None:
        """Begin nothing more; what is left undone after some seconds is another process's, or ours when we are back."""
        self._closing = True
        left = list(self._running.items())
        if left:
            await asyncio.wait([task for _, task in left], timeout=seconds)
        for position, task in left:
            if not task.done():
                task.cancel()
                await self._queue.again(position, 0)
