"""How many turns run at once. One more than a process carries makes all of them late; it waits its turn instead."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Full(Exception):
    """As many turns wait as may; one more is refused, and may try again later."""


class Places:
    """Places for turns that run, and a line for those that wait, served in order. A turn first asks to come in, then
    takes a place, then leaves.
    """

    def __init__(self, most_active: int, most_waiting: int) -> None:
        self._free = asyncio.Semaphore(most_active)
        self._most = most_active + most_waiting
        self._within = 0
        self.active = 0

    @property
    def waiting(self) -> int:
        """Turns in line."""
        return self._within - self.active

    @property
    def is_busy(self) -> bool:
        """Whether a turn that comes now must wait."""
        return self._free.locked()

    def come_in(self) -> None:
        """Stand in line. Raises Full. Whoever came in must leave."""
        if self._within >= self._most:
            raise Full
        self._within += 1

    def leave(self) -> None:
        """The turn has ended, or never began."""
        self._within -= 1

    async def __aenter__(self) -> None:
        """Take a place, as soon as it is this turn's."""
        await self._free.acquire()
        self.active += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the place to the next."""
        self.active -= 1
        self._free.release()
