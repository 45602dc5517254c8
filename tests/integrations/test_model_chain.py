"""The parts of a chain of models: circuit, retries, prices."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files

import pytest

from integrations.models.breaker import Breaker
from integrations.models.chain import Patience
from integrations.models.faults import ModelFault, reported
from integrations.models.prices import price_of


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(most=3, window_s=60, pause_s=30, clock=clock)
    for _ in range(3):
        breaker.failed()
    return breaker


def test_a_circuit_opens_after_its_failures_and_lets_one_call_try_after_its_pause() -> None:
    clock = Clock()
    breaker = broken(clock)
    assert not breaker.allows()
    clock.now = 30
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert [breaker.allows(), breaker.allows()] == [True, True]


def test_a_trial_that_fails_or_never_ends_is_followed_by_another_after_the_pause() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now = 30
    assert breaker.allows()
    breaker.failed()
    clock.now = 59
    assert not breaker.allows()
    clock.now = 60
    assert breaker.allows()
    clock.now = 90
    assert breaker.allows()


def test_failures_far_apart_or_with_a_success_between_open_nothing() -> None:
    clock = Clock()
    breaker = Breaker(most=3, window_s=60, pause_s=30, clock=clock)
    for clock.now in (0, 31, 62):
        breaker.failed()
    assert breaker.allows()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()


def refused(status: int, headers: dict[str, str]) -> ModelFault:
    return reported("slow down", status, headers)


@pytest.mark.parametrize(("headers", "seconds"), [
    ({}, None), ({"retry-after": "2.5"}, 2.5), ({"retry-after-ms": "40", "retry-after": "9"}, 0.04),
    ({"retry-after": "nan"}, None), ({"retry-after": "-1"}, None), ({"retry-after": "soon"}, None),
])  # fmt: skip
def test_a_server_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert refused(429, headers).after == seconds


def test_a_server_may_say_until_when() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    assert refused(429, {"retry-after": later}).after == pytest.approx(20, abs=2)
    assert refused(429, {"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}).after == 0


def test_a_pause_doubles_and_follows_the_server_up_to_a_bound() -> None:
    patience = Patience(retries=2, pause_s=1, most_s=8)
    first, second = (patience.pause(ModelFault("server"), attempt) for attempt in (0, 1))
    assert first is not None
    assert 0.75 <= first <= 1.25
    assert second is not None
    assert 1.5 <= second <= 2.5
    assert patience.pause(ModelFault("server"), 2) is None
    assert patience.pause(ModelFault("rate_limit", after=8), 0) == 8
    assert patience.pause(ModelFault("rate_limit", after=8.1), 0) is None
    assert patience.pause(ModelFault("quota", retry=False), 0) is None


def test_a_call_costs_by_what_was_read_anew_read_from_the_cache_and_written() -> None:
    price = price_of("gpt-4o-mini-2024-07-18")
    assert price is not None
    usage = {
        "input_tokens": 1000,
        "output_tokens": 100,
        "total_tokens": 1100,
        "input_token_details": {"cache_read": 600},
    }
    assert price.microdollars(usage) == 165  # type: ignore[arg-type]
    assert price_of("a-model-nobody-knows") is None


def test_the_prices_say_where_and_when_they_were_read() -> None:
    table = tomllib.loads((files("integrations.models") / "prices.toml").read_text("utf-8"))
    assert table["source"]
    assert date.fromisoformat(table["date"]) > date(2026, 1, 1)
    assert all(0 < price["cached"] <= price["input"] <= price["output"] for price in table["models"].values())
