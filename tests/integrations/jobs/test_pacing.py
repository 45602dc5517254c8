"""The pacer against limiters of many kinds, by a clock of the test's own: how much is used, what is refused."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable

import pytest

from integrations.models.limits import Told, duration
from integrations.models.pacing import Pacer

LATENCY_S = 0.8

Take = Callable[[float], int | None]
"""At a moment: None where a request is taken in, else whole seconds to wait."""


def bucket(rate: float, burst: float) -> Take:
    left, at = burst, 0.0

    def take(now: float) -> int | None:
        nonlocal left, at
        left, at = min(burst, left + (now - at) * rate), now
        if left < 1:
            return math.ceil((1 - left) / rate)
        left -= 1
        return None

    return take


def window(most: int, seconds: float) -> Take:
    """So many in each span of time."""
    span, count = -1, 0

    def take(now: float) -> int | None:
        nonlocal span, count
        if int(now // seconds) != span:
            span, count = int(now // seconds), 0
        if count == most:
            return math.ceil((span + 1) * seconds - now)
        count += 1
        return None

    return take


class World:
    """Requests on their way through a limiter, by a clock that jumps."""

    def __init__(self, take: Take, known: float = 0.0) -> None:
        self.now, self._take, self.dice = 0.0, take, random.Random(3)
        self.pacer = Pacer(known, clock=lambda: self.now)
        self.times: list[float] = []
        self.calls = self.refused = 0
        self._events: list[tuple[float, int, float, int | None]] = []

    def run(self, items: int) -> None:
        """Ask until so many are answered."""
        waiting = items
        while len(self.times) < items:
            under_way = len(self._events)
            at = self.now + max(0.0, self.pacer.wait()) if waiting and under_way < self.pacer.width else math.inf
            if at <= (self._events[0][0] if self._events else math.inf):
                self.now = at
                waiting -= 1
                self._ask()
            else:
                waiting += self._hear()

    def _ask(self) -> None:
        self.pacer.take()
        self.pacer.waited = True
        self.calls += 1
        after = self._take(self.now + 0.005)
        takes = 0.01 if after is not None else LATENCY_S * self.dice.uniform(0.8, 1.2)
        heapq.heappush(self._events, (self.now + takes, self.calls, self.now, after))

    def _hear(self) -> int:
        """An answer; 1 where it was a refusal."""
        self.now, _, sent, after = heapq.heappop(self._events)
        if after is not None:
            self.refused += 1
            self.pacer.refused(after, sent)
            return 1
        self.times.append(self.now)
        self.pacer.answered({}, self.now - sent)
        return 0

    def steady(self, begin: float) -> float:
        """Requests a second from a moment on, but for the last second."""
        found = [at for at in self.times if begin <= at <= self.times[-1] - 1]
        return (len(found) - 1) / (found[-1] - found[0])


@pytest.mark.parametrize("take", [bucket(50, 50), bucket(50, 5), bucket(50, 1), window(50, 1), window(3000, 60)])
def test_a_known_limit_is_used_and_kept(take: Take) -> None:
    world = World(take, known=50)
    world.run(1500)
    assert 1500 / world.now / 50 >= 0.95
    assert world.steady(2) / 50 >= 0.985
    assert world.refused <= 0.005 * world.calls


@pytest.mark.parametrize(("take", "least"), [(bucket(50, 50), 0.95), (bucket(50, 5), 0.85), (bucket(50, 1), 0.85)])
def test_an_unknown_limit_is_found(take: Take, least: float) -> None:
    world = World(take)
    world.run(3000)
    assert world.steady(15) / 50 >= least
    assert world.refused <= 0.005 * world.calls


def test_a_limit_that_was_told_wrong_costs_little() -> None:
    world = World(bucket(50, 50), known=80)
    world.run(3000)
    assert world.steady(15) / 50 >= 0.85
    assert world.refused <= 0.02 * world.calls


def test_those_on_their_way_when_one_is_refused_count_as_one_refusal() -> None:
    now = 10.0
    pacer = Pacer(0, clock=lambda: now)
    before = pacer.rate
    pacer.refused(2, sent_at=9.9)
    once = pacer.rate
    pacer.refused(1, sent_at=9.95)
    assert before > once == pacer.rate
    assert pacer.wait() == pytest.approx(2.0)


def test_a_share_of_the_limit_is_a_processs_own() -> None:
    pacer = Pacer(50, clock=lambda: 0.0, share=lambda: 0.25)
    pacer.take()
    assert pacer.wait() == pytest.approx(1 / (50 * 0.25 * 0.995))


def headers(limit: float, left: float, reset: str, what: str = "requests") -> dict[str, str]:
    return {
        f"x-ratelimit-limit-{what}": str(limit), f"x-ratelimit-remaining-{what}": str(left),
        f"x-ratelimit-reset-{what}": reset,
    }  # fmt: skip


def test_a_limit_is_read_from_headers_that_agree() -> None:
    told = Told()
    for used in range(2, 11):
        told.read(headers(3000, 3000 - used, f"{used * 20}ms"))
    assert told.per_second == pytest.approx(50)


def test_a_limit_that_is_told_is_used_at_once() -> None:
    now = 0.0
    pacer = Pacer(0, clock=lambda: now)
    for used in range(2, 11):
        pacer.waited, now = True, now + 0.1
        pacer.answered(headers(3000, 3000 - used, f"{used * 20}ms"), 0.8)
    assert pacer.rate == pytest.approx(50 * 0.995)


def test_headers_that_do_not_agree_are_not_believed() -> None:
    told = Told()
    for used in range(2, 30):
        told.read(headers(50, 50 - used, "1s"))
    assert told.per_second == 0


def test_a_limit_alone_is_one_a_minute() -> None:
    told = Told()
    told.read({"x-ratelimit-limit-requests": "3000"})
    assert told.per_second == 50


def test_tokens_that_run_low_hold_everybody() -> None:
    pacer = Pacer(0, clock=lambda: 5.0)
    pacer.heard(headers(10_000, 9_000, "6s", "tokens"))
    assert pacer.wait() <= 0
    pacer.heard(headers(10_000, 200, "58.8s", "tokens"))
    assert pacer.wait() == pytest.approx(5.88)


@pytest.mark.parametrize(
    ("text", "seconds"), [("20ms", 0.02), ("6m0s", 360), ("1.5", 1.5), ("1h2m3s", 3723), ("", None), ("soon", None)]
)
def test_durations_are_read_as_providers_write_them(text: str, seconds: float | None) -> None:
    assert duration(text) == seconds
