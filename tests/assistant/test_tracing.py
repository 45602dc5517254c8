"""Whoever watches a turn is told all that happened in it, and can neither fail it nor hold it up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

import pytest

from assistant import events
from assistant.tracing import (
    MOST_HAPPENINGS,
    Refused,
    Trace,
    Withheld,
    begin_request,
    current_id,
    current_trace,
    note,
    watched,
)
from tools.context import Session

SESSION = Session("s", language="en")


class Watch:
    """Keeps the traces it is told of."""

    def __init__(self) -> None:
        self.begun: list[Trace] = []
        self.done: list[Trace] = []

    def began(self, trace: Trace) -> None:
        self.begun.append(trace)

    def ended(self, trace: Trace) -> None:
        self.done.append(trace)


class Broken:
    def began(self, trace: Trace) -> None:
        raise ValueError("sk-key of anna@example.com")

    def ended(self, trace: Trace) -> None:
        raise OSError(trace.question)


async def turn(*notes: Withheld | Refused) -> AsyncGenerator[events.Event]:
    for one in notes:
        note(one)
    yield events.Sentence("Hello.")
    await asyncio.sleep(0)
    yield events.Finished("en", "embedded", {}, 1)


async def test_what_is_noted_in_a_turn_is_in_its_trace_and_in_no_other() -> None:
    watch = Watch()

    async def one(name: str) -> None:
        async for _ in watched(turn(Withheld(name, "figure")), name, Session(name), [watch]):
            await asyncio.sleep(0)

    await asyncio.gather(*(one(str(number)) for number in range(5)))
    assert {trace.question: trace.happened for trace in watch.done} == {
        str(number): [Withheld(str(number), "figure")] for number in range(5)
    }
    assert len({trace.id for trace in watch.done}) == 5
    assert current_trace() is None


async def test_a_trace_holds_what_was_shown_and_how_it_ended() -> None:
    watch = Watch()
    said = [event async for event in watched(turn(), "Hi", SESSION, [watch])]
    (trace,) = watch.done
    assert len(said) == 2
    assert (trace.shown, trace.outcome, trace.engine) == (["Hello."], "answered", "embedded")
    assert trace.first_shown is not None
    assert trace.began <= trace.first_shown <= trace.ended


async def test_a_message_that_was_not_admitted_is_told_as_refused() -> None:
    watch = Watch()
    async for _ in watched(turn(Refused("too_long")), "Hi", SESSION, [watch]):
        pass
    assert watch.done[0].outcome == "refused"


async def test_a_turn_that_is_broken_off_ends_as_cancelled() -> None:
    watch = Watch()
    running = watched(turn(), "Hi", SESSION, [watch])
    await anext(running)
    await running.aclose()
    assert [trace.outcome for trace in watch.done] == ["cancelled"]
    assert current_trace() is None


async def test_a_turn_with_nothing_to_say_is_silent_not_cancelled() -> None:
    async def nothing() -> AsyncGenerator[events.Event]:
        return
        yield

    watch = Watch()
    assert [event async for event in watched(nothing(), "Hi", SESSION, [watch])] == []
    assert [trace.outcome for trace in watch.done] == ["silent"]


async def test_an_observer_that_breaks_fails_nothing_and_its_words_are_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = Watch()
    with caplog.at_level(logging.ERROR):
        said = [event async for event in watched(turn(), "my secret", SESSION, [Broken(), watch])]
    assert isinstance(said[-1], events.Finished)
    assert len(watch.done) == 1
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
    assert "anna@" not in caplog.text


async def test_a_turn_bears_the_id_of_the_request_it_answers() -> None:
    watch = Watch()

    async def request() -> tuple[str, str]:
        own = begin_request()
        ids = {current_id() async for _ in watched(turn(), "Hi", SESSION, [watch])}
        return own, *ids  # type: ignore[return-value]

    (one, seen), (other, _) = await asyncio.gather(*(asyncio.create_task(request()) for _ in range(2)))
    assert one == seen != other
    assert {trace.id for trace in watch.done} == {one, other}


async def test_of_several_turns_that_one_request_leads_to_only_the_first_bears_its_id() -> None:
    watch, own = Watch(), begin_request()
    for _ in range(2):
        async for _ in watched(turn(), "Hi", SESSION, [watch]):
            pass
    first, second = (trace.id for trace in watch.done)
    assert first == own != second


async def test_a_turn_in_a_loop_does_not_fill_the_memory() -> None:
    watch = Watch()
    async for _ in watched(turn(*[Refused("x")] * 1000), "Hi", SESSION, [watch]):
        pass
    assert len(watch.done[0].happened) == MOST_HAPPENINGS


def test_outside_of_a_turn_nothing_is_kept() -> None:
    note(Refused("empty"))
    assert current_trace() is None
