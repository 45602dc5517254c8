"""A circuit breaker: a model that keeps failing is left alone for a while, then tried by one call."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable


class Breaker:
    """Opens after `most` failures within `window_s` seconds; after `pause_s` one call at a time tries again, and its
    success closes it. It knows this process only.
    """

    def __init__(
        self, most: int = 3, window_s: float = 300, pause_s: float = 30, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures: deque[float] = deque(maxlen=most)
        self._window_s = window_s
        self._pause_s = pause_s
        self._clock = clock
        self._opened = False
        self._next_try = 0.0

    def allows(self) -> bool:
        """Whether a call may be made. Where the circuit is open, saying yes makes others wait for another pause, so a
        trial that is never finished keeps nothing open or shut for ever.
        """
        if not self._opened:
            return True
        if self._clock() < self._next_try:
            return False
        self._next_try = self._clock() + self._pause_s
        return True

    def failed(self) -> None:
        """Note a failure."""
        now = self._clock()
        self._failures.append(now)
        many = len(self._failures) == self._failures.maxlen and now - self._failures[0] <= self._window_s
        if self._opened or many:
            self._opened = True
            self._next_try = now + self._pause_s

    def succeeded(self) -> None:
        """Note a success: the circuit is closed."""
        self._failures.clear()
        self._opened = False
