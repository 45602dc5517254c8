"""Turns and their frames are kept as they were shown, each conversation's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from integrations.database.engine import Sessions
from integrations.database.turns import Exchange, TurnStore

AT = datetime(2026, 3, 1, 23, 30, 0, 123456, tzinfo=UTC)
SHOWN = {"citations": {"citations": [{"quote": "14 días", "number": 1}]}, "odd": ["\0", "\ud83e", 1e300, None]}


@pytest.fixture
def store(sessions: Sessions) -> TurnStore:
    return TurnStore(sessions)


async def test_frames_come_back_in_order_after_any_number(store: TurnStore) -> None:
    assert await store.last_number("s") == 0
    await store.keep_frames("s", "one", [(1, "a"), (2, "b")])
    await store.keep_frames("other", "one", [(1, "x")])
    await store.keep_frames("s", "two", [(4, "d"), (3, "c\0")])
    await store.keep_frames("s", "two", [])
    assert await store.frames_after("s", 1) == [(2, "b"), (3, "c\ufffd"), (4, "d")]
    assert await store.frames_after("s", 0, "one") == [(1, "a"), (2, "b")]
    assert await store.frames_after("s", 10**15) == []
    assert (await store.last_number("s"), await store.last_number("other")) == (4, 1)


async def test_a_turn_is_known_by_its_first_frame(store: TurnStore) -> None:
    await store.keep_frames("s", "one", [(1, "a")])
    await store.keep_frames("s", "two", [(2, "b"), (3, "c")])
    assert [await store.first_number("s", turn) for turn in ("one", "two", "three", "")] == [1, 2, None, None]
    assert await store.first_number("other", "one") is None


async def test_a_conversation_is_told_as_it_was_oldest_first(store: TurnStore) -> None:
    turns = [Exchange(f"t{n}", f"question {n} 🪔", "answer", SHOWN, AT + timedelta(days=n)) for n in (2, 1)]
    for turn in turns:
        await store.keep("s", turn)
    await store.keep("other", turns[0])
    assert await store.history("s") == turns
    assert await store.history("nobody") == []


@pytest.mark.parametrize("hours", [-11, 0, 9])
async def test_a_moment_comes_back_in_utc_whatever_zone_it_was_written_in(store: TurnStore, hours: int) -> None:
    await store.keep("s", Exchange("t", "?", "!", {}, AT.astimezone(timezone(timedelta(hours=hours)))))
    [told] = await store.history("s")
    assert told.at.isoformat() == "2026-03-01T23:30:00.123456+00:00"
