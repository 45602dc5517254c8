"""Searches are noted without what is personal, without failing a turn, and not for ever with their session."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.embedded.wording import OTHER_COUNTRIES, Words
from integrations.database.engine import Sessions
from integrations.database.searches import SearchStore
from integrations.database.sessions import SessionStore
from integrations.database.turns import Exchange, TurnStore
from tools.context import Search, Searches, Session

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKER = Session("s", language="de", market="AT")


def searched(text: str = "Gibt es Geschenkpapier?", **more: object) -> Search:
    return Search(kind="policies", text=text, **{"market": "AT", **more})  # type: ignore[arg-type]


def held_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_what_was_looked_for_and_what_was_found_is_noted(sessions: Sessions) -> None:
    store = SearchStore(sessions)
    assert isinstance(store, Searches)
    await store.record(ASKER, searched(documents=("returns", "payments"), score=0.25), NOW)
    (kept,) = await store.recorded()
    assert (kept.text, kept.language, kept.market, kept.role) == ("Gibt es Geschenkpapier?", "de", "AT", "shopper")
    assert (kept.at, kept.documents, kept.score, kept.session_id) == (NOW, ("returns", "payments"), 0.25, "s")


async def test_only_a_masked_line_is_kept(sessions: Sessions, tmp_path: Path) -> None:
    text = "Wo ist AQ-10023?\x00\nanna\u200b.k@example.com \x1b[31m" + "x" * 100_000
    await SearchStore(sessions).record(ASKER, searched(text), NOW)
    (kept,) = await SearchStore(sessions).recorded()
    assert kept.text.startswith("Wo ist [order number]? ")
    assert "example.com" not in kept.text
    assert len(kept.text) <= 1000
    assert kept.text.isprintable()
    assert "10023" not in repr(kept)
    assert [name for name, held in held_in(tmp_path).items() if b"10023" in held] == []


async def test_what_only_we_asked_is_no_search_of_the_shoppers(sessions: Sessions) -> None:
    await SearchStore(sessions).record(ASKER, searched(Words("de").say(OTHER_COUNTRIES)), NOW)
    assert await SearchStore(sessions).recorded() == []


@pytest.mark.parametrize("text", ["", " \n", "\u200b\x00"])
async def test_nothing_is_no_search(sessions: Sessions, text: str) -> None:
    await SearchStore(sessions).record(ASKER, searched(text), NOW)
    assert await SearchStore(sessions).recorded() == []


async def test_a_fault_is_logged_and_fails_no_turn(
    engine: AsyncEngine, sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("drop table searches")
    with caplog.at_level(logging.WARNING):
        await SearchStore(sessions).record(ASKER, searched("anna@example.com"), NOW)
    assert "not noted" in caplog.text
    assert "anna" not in caplog.text


async def test_a_locked_database_holds_no_turn_up_and_is_written_to_later(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    store = SearchStore(sessions)
    on_sqlite = engine.dialect.name == "sqlite"
    async with engine.begin() as locking:
        await locking.execute(sql("begin immediate" if on_sqlite else "lock table searches in exclusive mode"))
        started = time.perf_counter()
        await store.record(ASKER, searched(), NOW)
        assert time.perf_counter() - started < 2
        assert await store.recorded() == []
    for _ in range(100):
        if await store.recorded():
            return
        await asyncio.sleep(0.1)
    pytest.fail("the search was never written")


async def test_an_old_search_forgets_whose_it_was(sessions: Sessions) -> None:
    store = SearchStore(sessions)
    now = datetime.now(UTC)
    await store.record(ASKER, searched("old"), now - timedelta(days=91))
    await store.record(ASKER, searched("young"), now - timedelta(days=89))
    await store.forget_sessions()
    assert [(kept.text, kept.session_id) for kept in await store.recorded()] == [("old", None), ("young", "s")]


async def test_evaluations_ask_nothing(sessions: Sessions) -> None:
    await SearchStore(sessions).record(Session("e", channel="evals"), searched(), NOW)
    assert await SearchStore(sessions).recorded() == []


async def test_a_thumbs_down_marks_its_own_turn_only(sessions: Sessions) -> None:
    turns, speakers = TurnStore(sessions), SessionStore(sessions)
    for minute, turn in enumerate(("one", "two", "three")):
        await turns.keep("s", Exchange(turn, "?", "!", {}, NOW + timedelta(minutes=minute)))
    await speakers.rate(ASKER, "two", -1, "")
    await speakers.rate(ASKER, "three", 1, "")
    await speakers.rate(Session("other"), "one", -1, "")
    (mark,) = await SearchStore(sessions).disliked()
    assert (mark.session_id, mark.since, mark.until) == ("s", NOW, NOW + timedelta(minutes=1))


async def test_who_asked_for_a_person_is_known_by_session(sessions: Sessions) -> None:
    await SessionStore(sessions).handoffs.open(ASKER, "help")
    (times,) = (await SearchStore(sessions).handed_over()).values()
    assert abs(times[0] - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_search_is_noted_as_its_tool_told_it() -> None:
    passages = [
        {"document": "a", "score": 0.1},
        {"document": "b", "score": 0.3},
        {"document": "a", "score": 0},
    ]
    told = {"status": "ok", "country": "BR", "passages": passages}
    assert Search.of("policies", "x", told, "DE") == Search("policies", "x", "BR", ("a", "b"), 0.3)
    assert Search.of("policies", "x", {"status": "none"}, "DE") == Search("policies", "x", "DE")
    assert Search.of("products", "x", {**told, "named": ["P1"]}, "DE").score == 1.0
    below = {"passages": [{"document": "a", "score": -0.2}]}
    assert Search.of("policies", "x", below, "").score == 0.0
