"""How quickly a server may be asked: at its known limit, or as quickly as it turns out to take.

A known limit (of the settings, or told in the answers' headers) is kept to. An unknown one is looked for: twice as
quick every second until the server refuses; between two refusals it took in what its limit allows, so that is what is
asked for from then on, a little less first and slowly more. One who is refused makes all wait.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping

from integrations.models.limits import TokensLow, Told

BEGIN = 10.0
"""Requests a second at first, where no limit is known."""

SAFE = 0.995
"""What is asked for of a known limit: clocks and networks are not exact."""

CATCH_UP_S, CATCH_UP = 0.25, 20
"""What was missed in so many seconds is made up for at once, but for no more than so many requests."""

HOLD_S = 1.0
"""How long a refusal that names no time holds."""

MOST_HOLD_S = 120.0
"""The longest a server's word is taken for; then it is asked again."""

GROWTH, LONG_S = 0.002, 10.0
"""How much more is asked for each second (a share): fifteen times as much well below what was refused, twice as much
when so many seconds went by without a refusal.
"""

FEW = 8
"""Requests that may be under way in any case."""

LEAST_RATE = 0.05

Clock = Callable[[], float]


class Pacer:
    """Gives turns to all who ask one server. `per_second` is its limit, 0 where it is not known; `share` the part of
    it that is this process's.
    """

    def __init__(
        self, per_second: float = 0.0, clock: Clock = time.monotonic, share: Callable[[], float] = lambda: 1.0
    ) -> None:
        self._clock, self._share = clock, share
        self._set, self._told = per_second, Told()
        self.rate = per_second * SAFE if per_second else BEGIN
        self._order = asyncio.Lock()
        self._began = self._next = self._grown_at = self._clock()
        self._held_until = -math.inf
        self._refused_at: float | None = None
        self._accepted, self._waited, self._ceiling = 0, False, 0.0
        self._latency, self._least_latency = 1.0, math.inf

    @property
    def limit(self) -> float:
        """Requests a second this process may make, by settings or headers; 0 where nobody said."""
        return (self._set or self._told.per_second) * self._share()

    @property
    def width(self) -> int:
        """How many requests may be under way: enough to keep the pace with answers twice as slow as they are; a few
        where nothing was asked yet.
        """
        if self._next == self._began:
            return FEW
        return min(1000, FEW + math.ceil(2 * self._pace() * self._latency))

    async def turn(self) -> None:
        """Wait for one's turn, in the order of asking."""
        async with self._order:
            while (wait := self.wait()) > 0:
                self._waited = True
                await asyncio.sleep(wait)
            self.take()

    def wait(self) -> float:
        """Seconds until the next request may be made, as it looks now."""
        return max(self._next, self._held_until) - self._clock()

    def take(self) -> None:
        """A request is made."""
        now, pace = self._clock(), self._pace()
        self._next = max(self._next, now - min(CATCH_UP_S, CATCH_UP / pace), self._held_until) + 1 / pace

    def answered(self, headers: Mapping[str, str], seconds: float) -> None:
        """A request was taken in, and answered after some seconds."""
        self._accepted += 1
        self._latency += 0.1 * (seconds - self._latency)
        self._least_latency = min(self._least_latency, max(self._latency, 0.01))
        self.heard(headers)
        self._grow()

    def heard(self, headers: Mapping[str, str]) -> None:
        """What an answer, of whatever status, tells of limits."""
        self._told.read(headers)
        if isinstance(low := self._told.low, TokensLow):
            self._hold(low.seconds)

    def refused(self, after: float | None, sent_at: float) -> None:
        """A request that was made at a moment was refused: everybody waits. Those that were on their way already count
        as the same refusal.
        """
        now = self._clock()
        again = self._refused_at is not None and sent_at <= self._refused_at
        self._hold(min(HOLD_S if after is None else max(after, 0.05), MOST_HOLD_S))
        if not again:
            self._slow_down(now)

    def _slow_down(self, now: float) -> None:
        """Between two refusals a server takes in what its limit allows. After long calm we were only just too quick."""
        calm = now - self._refused_at if self._refused_at is not None else 0.0
        taken = 0.95 * self._accepted / calm if calm > 2 else 0.7 * self.rate
        least = 0.96 if calm > LONG_S or self.limit else 0.5
        self._ceiling = self.rate
        self.rate = max(LEAST_RATE, min(0.96 * self.rate, max(taken, least * self.rate)))
        self._refused_at, self._accepted, self._grown_at = now, 0, now

    def _grow(self) -> None:
        """Ask for a little more, where the pace and nothing else keeps us back."""
        now = self._clock()
        seconds, self._grown_at = min(now - self._grown_at, 1.0), now
        if not self._waited or now < self._held_until:
            return
        if self._least_latency * 3 < self._latency and not self.limit:
            self.rate = max(LEAST_RATE, self.rate * 0.5**seconds)
        elif self.limit:
            self.rate = min(self.limit * SAFE, self.rate * 1.05**seconds)
        elif self._refused_at is None:
            self.rate *= 2.0**seconds
        else:
            calm = (now - self._refused_at) / LONG_S
            back = self.rate < 0.9 * self._ceiling
            self.rate *= (1 + GROWTH * (15 if back else 1 + calm * calm)) ** seconds
        self._waited = self._order.locked()

    def _pace(self) -> float:
        return min(self.rate, self.limit * SAFE) if self.limit else self.rate

    def _hold(self, seconds: float) -> None:
        self._held_until = max(self._held_until, self._clock() + seconds)
