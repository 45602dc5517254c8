"""Traces are kept masked, bounded and not for ever; a database that fails fails no turn."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database import traces
from integrations.database.engine import Sessions
from integrations.database.traces import Kept, TraceStore
from tests.integrations.asked import asked_of
from tests.integrations.turns_at_hand import ALL, asked, ended, ran


async def kept(store: TraceStore, *given: object) -> list[Kept]:
    for trace in given:
        store.ended(trace)  # type: ignore[arg-type]
    await store.drain()
    return await store.recent(100)


async def test_all_that_happened_is_kept_in_order_and_found_by_trace_and_by_session(sessions: Sessions) -> None:
    store = TraceStore(sessions)
    (one,) = await kept(store, ended(*ALL))
    assert [told["kind"] for told in one.record["happened"]] == [
        "model", "model", "tool", "masked", "withheld", "action", "handoff", "fault",
    ]  # fmt: skip
    model, tool = one.record["happened"][1:3]
    assert (model["at"], model["seconds"], model["first"], model["microdollars"]) == (0.0, 0.5, 0.2, 1500)
    assert tool["passages"] == [{"cite": "returns#2", "score": 0.91}]
    assert one.record["answer"] == "Hello."
    assert await store.find("0123456789ab") == await store.find("s") == [one]
    assert await store.find("nothing") == []


async def test_nothing_personal_and_no_secret_is_kept(sessions: Sessions) -> None:
    key = "sk-proj-AbCdEfGhIjKlMnOp"
    dirty = f"anna@example.com, card 4111 1111 1111 1111, {key}, AQ-10023, +49 171 1234567"
    arguments = {
        "order_id": "AQ-10023", "postcode": "22765", "email": "x@y", "question": dirty, "item_ids": [dirty, "P-1000-2"],
        "number": 4111111111111111, "count": 2, "deep": {"a": {"b": dirty}}, dirty: "x",
    }  # fmt: skip
    tool = ran(name=dirty, arguments=arguments, call_id=dirty)
    model = asked(answered_by=dirty, finish_reason=dirty)
    withheld = ALL[4].__class__(dirty, dirty)  # type: ignore[call-arg, arg-type]
    (one,) = await kept(TraceStore(sessions), ended(tool, model, withheld, question=dirty, shown=[dirty]))
    held = repr(one.record)
    for secret in ("anna@", "4111", key, "1234567", "22765", "x@y"):
        assert secret not in held
    told = one.record["happened"][0]["arguments"]
    assert (told["order_id"], told["postcode"], told["email"], told["count"]) == (
        "AQ-10023",
        "[postcode]",
        "[email]",
        2,
    )
    assert held.count("AQ-10023") == 1
    assert "P-1000-2" in told["item_ids"]


async def test_what_proved_an_identity_is_in_no_text_of_the_turn(sessions: Sessions) -> None:
    proved = ran("identify_customer", arguments={"order_id": "AQ-10023", "postcode": "SW1A1AA", "name": "Jo"})
    said = ended(proved, question="AQ-10023, it goes to sw1a 1aa, thanks", shown=["Not SW1A 1AA. Jo is not masked."])
    (one,) = await kept(TraceStore(sessions), said)
    assert one.record["question"] == "[order number], it goes to [proof], thanks"
    assert one.record["answer"] == "Not [proof]. Jo is not masked."
    assert one.record["happened"][0]["arguments"] == {
        "order_id": "AQ-10023", "postcode": "[postcode]", "name": "[name]",
    }  # fmt: skip


async def test_what_a_model_writes_is_cut_to_size(sessions: Sessions) -> None:
    deep: object = "end"
    for _ in range(50):
        deep = {"x": deep, "y": [deep] * 2} if _ < 6 else [deep]
    arguments = {"a": "x" * 100_000, "b": ["y"] * 100_000, "c": deep, **{f"n{i}": i for i in range(1000)}}
    (one,) = await kept(TraceStore(sessions), ended(ran(arguments=arguments), question="q" * 100_000))
    assert len(repr(one.record)) < 10_000


async def test_a_value_no_database_takes_is_kept_all_the_same(sessions: Sessions) -> None:
    tool = ran(arguments={"a": float("nan"), "b": "\x00\ud800", "c": None, "d": True, "e": 1.5})
    (one,) = await kept(TraceStore(sessions), ended(tool, question="\x00\ud800x"))
    assert one.record["happened"][0]["arguments"] == {"a": "nan", "b": "", "c": None, "d": True, "e": "1.5"}
    assert one.record["question"] == "x"


async def test_only_turns_that_ended_in_a_fault_are_listed_as_failed(sessions: Sessions) -> None:
    store = TraceStore(sessions)
    await kept(store, ended(), ended(id="f", outcome="failed"), ended(id="c", outcome="cancelled"))
    assert [turn.trace for turn in await store.recent(failed=True)] == ["f"]
    assert [turn.trace for turn in await store.recent(1)] == ["c"]


async def test_old_traces_are_taken_out_while_new_ones_are_written(sessions: Sessions) -> None:
    old = datetime.now(UTC) - timedelta(31)
    left = await kept(TraceStore(sessions), ended(id="old", at=old), ended(id="new"))
    assert [turn.trace for turn in left] == ["new"]


async def test_with_no_days_nothing_is_kept(sessions: Sessions) -> None:
    assert await kept(TraceStore(sessions, days=0), ended()) == []


async def test_a_conversation_is_erased_whole_and_alone_with_what_still_waited(sessions: Sessions) -> None:
    store = TraceStore(sessions)
    await kept(store, ended(session="mine"), ended(session="other"))
    store.ended(ended(session="mine"))
    assert await store.erase(["mine", "unknown"]) == 2
    assert [turn.session for turn in await store.recent()] == ["other"]
    assert await store.erase(["mine"]) == 0


async def test_a_database_that_fails_is_logged_and_fails_no_turn(
    engine: AsyncEngine, sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    async with engine.begin() as connection:
        await connection.execute(sql("drop table traces"))
    store = TraceStore(sessions)
    with caplog.at_level(logging.WARNING):
        store.ended(ended(question="my words"))
        await store.drain()
    assert "1 traces were not kept" in caplog.text
    assert "my words" not in caplog.text


async def test_a_turn_does_not_wait_for_the_database_and_too_many_are_dropped(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(traces, "MOST_WAITING", 3)
    store = TraceStore(sessions)
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            store.ended(ended(id=str(number)))  # the writer had no chance to run between them
    await store.drain()
    assert [turn.trace for turn in await store.recent()] == ["0", "1", "2"]
    assert caplog.text.count("too many wait") == 2


async def test_turns_that_end_together_are_written_in_one_transaction_those_after_it_in_the_next(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    store = TraceStore(sessions)
    with asked_of(engine) as made:
        for name in ("one", "two", "three"):
            store.ended(ended(id=name))
            await asyncio.sleep(0)
        await store.drain()
        assert made.count("COMMIT") == 2  # theirs, and the first look for old ones
        store.ended(ended(id="later"))
        await store.drain()
        assert made.count("COMMIT") == 3
    assert {turn.trace for turn in await store.recent()} == {"one", "two", "three", "later"}


async def test_a_trace_is_written_soon_though_nobody_asks_for_it(sessions: Sessions) -> None:
    store = TraceStore(sessions)
    store.ended(ended())
    for _ in range(100):
        if await store.recent():
            break
        await asyncio.sleep(0.05)
    assert len(await store.recent()) == 1
    await store.drain()
