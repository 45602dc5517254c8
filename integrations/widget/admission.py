"""How many turns run at once. One more than a process carries makes all of them late; it waits its turn instead."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Full(Exception):
    """As many turns wait as may; one more is refused, and may try again later."""


class Places:
    """Places for turns that run, and a line for those that wait, served in order."""

    def __init__(self, most_active: int, most_waiting: int) -> None:
        self._free = asyncio.Semaphore(most_active)
        self._most = most_active + most_waiting
        self.active = 0
        self.waiting = 0

    @property
    def is_busy(self) -> bool:
        """Whether a turn that comes now must wait."""
        return self._free.locked()

    def admit(self, within: int) -> None:
        """Let one more come beside those who are answered or wait. Raises Full."""
        if within >= self._most:
            raise Full

    def place(self) -> Place:
        """A place for one turn, not taken yet."""
        return Place(self)

    async def take(self) -> None:
        """Wait in line, then take a place."""
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        self.active += 1

    def leave(self) -> None:
        """Give a place to the next."""
        self.active -= 1
        self._free.release()


class Place:
    """One turn's place: taken once, kept while the turn begins anew, given back at its end."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._taken = False

    @property
    def must_wait(self) -> bool:
        """Whether it cannot be taken at once."""
        return not self._taken and self._places.is_busy

    async def take(self) -> None:
        """Take it, as soon as it is this turn's; one that is taken stays so."""
        if not self._taken:
            await self._places.take()
            self._taken = True

    async def __aenter__(self) -> Place:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._taken:
            self._places.leave()
