"""Who speaks, what was proven and who waits, kept in SQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Executable, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.engine import Sessions, open_engine, prepare
from integrations.database.sessions import SessionStore
from integrations.database.tables import Attempt, FeedbackRow, HandoffRow
from integrations.database.widget_tables import TokenRow
from tools.context import Session

SESSION = Session(
    "s1", role="shopper", channel="widget", locale="de-DE", language="de", market="DE", customer_id="lena",
    order_ids=frozenset({"AQ-1", "AQ-2"}),
)  # fmt: skip


@pytest.fixture
async def store(sessions: Sessions) -> SessionStore:
    return SessionStore(sessions)


async def change(engine: AsyncEngine, statement: Executable) -> None:
    """A statement on the database itself, behind the store's back."""
    async with engine.begin() as connection:
        await connection.execute(statement)


async def held(engine: AsyncEngine, *columns: object) -> list[tuple[object, ...]]:
    """What stands in the database itself."""
    async with engine.begin() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns))]  # type: ignore[call-overload]


async def test_a_session_is_found_as_it_was_left(store: SessionStore) -> None:
    await store.remember(SESSION)
    assert await store.find("s1") == SESSION


async def test_an_unknown_session_is_absent(store: SessionStore) -> None:
    assert await store.find("nobody") is None
    assert await store.find("' OR '1'='1") is None


async def test_a_token_speaks_for_its_session_alone(store: SessionStore) -> None:
    token = await store.start(SESSION)
    other = await store.start(replace(SESSION, id="s2"))
    assert token != other
    first, second = await store.tokens.find(token), await store.tokens.find(other)
    assert first is not None
    assert second is not None
    assert (first.session, second.session.id) == (SESSION, "s2")


@pytest.mark.parametrize("token", ["", " ", "s1", "none", "%"])
async def test_what_is_no_token_speaks_for_nobody(store: SessionStore, token: str) -> None:
    await store.start(SESSION)
    await store.remember(replace(SESSION, id="without-token"))
    assert await store.tokens.find(token) is None


async def test_a_token_is_kept_as_a_hash_only(store: SessionStore, engine: AsyncEngine) -> None:
    token = await store.start(SESSION)
    [(kept,)] = await held(engine, TokenRow.token_hash)
    assert token not in str(kept)
    assert await store.tokens.find(str(kept)) is None


async def test_remembering_changes_language_and_market_but_nothing_attested(store: SessionStore) -> None:
    await store.remember(SESSION)
    changed = Session("s1", "operator", "cli", "fr-FR", "fr", "FR", customer_id="x", order_ids=frozenset({"9"}))
    await store.remember(changed)
    assert await store.find("s1") == replace(SESSION, language="fr", market="FR", locale="fr-FR")


async def test_an_opened_order_joins_those_opened_before(store: SessionStore) -> None:
    await store.remember(SESSION)
    opened = await store.open_order(SESSION, "AQ-3")
    assert opened.order_ids == {"AQ-1", "AQ-2", "AQ-3"}
    assert await store.find("s1") == opened


async def test_an_opened_order_is_open_in_its_own_session_only(store: SessionStore) -> None:
    await store.remember(SESSION)
    await store.remember(replace(SESSION, id="s2"))
    await store.open_order(SESSION, "AQ-3")
    assert await store.find("s2") == replace(SESSION, id="s2")


async def test_failures_are_counted_by_subject(store: SessionStore) -> None:
    await store.begin_attempt(["session a", "order 1"])
    await store.begin_attempt(["session b", "order 1"])
    counts = [await store.failures(subject) for subject in ("session a", "session b", "order 1", "order 2", "")]
    assert counts == [1, 1, 2, 0, 0]


async def test_failures_are_forgotten_after_an_hour(store: SessionStore, engine: AsyncEngine) -> None:
    await store.begin_attempt(["order 1"])
    await change(engine, update(Attempt).values(at=datetime.now(UTC) - timedelta(minutes=59)))
    assert await store.failures("order 1") == 1
    await change(engine, update(Attempt).values(at=datetime.now(UTC) - timedelta(minutes=61)))
    assert await store.failures("order 1") == 0
    await store.begin_attempt(["order 2"])
    assert await held(engine, Attempt.subject) == [("order 2",)]


async def test_one_who_waits_keeps_place_reference_and_reason(store: SessionStore) -> None:
    first = await store.handoffs.open(SESSION, "lost parcel")
    await store.handoffs.open(replace(SESSION, id="s2"), "other")
    again = await store.handoffs.open(SESSION, "still there?")
    assert (again.id, again.reason, again.status) == (first.id, "lost parcel", "waiting")
    assert [entry.session_id for entry in await store.handoffs.waiting()] == ["s1", "s2"]


async def test_one_who_was_served_queues_anew(store: SessionStore, engine: AsyncEngine) -> None:
    first = await store.handoffs.open(SESSION, "one")
    await change(engine, update(HandoffRow).values(status="done"))
    assert await store.handoffs.waiting() == []
    second = await store.handoffs.open(SESSION, "two")
    assert second.id != first.id
    assert [entry.reason for entry in await store.handoffs.waiting()] == ["two"]


async def test_a_rating_is_kept_with_its_comment_cut(store: SessionStore, engine: AsyncEngine) -> None:
    await store.rate(SESSION, "turn-1", -1, "x" * 3000)
    columns = FeedbackRow.session_id, FeedbackRow.turn, FeedbackRow.score, FeedbackRow.comment
    assert await held(engine, *columns) == [("s1", "turn-1", -1, "x" * 2000)]


async def test_what_is_kept_outlives_the_process(store: SessionStore, database_url: str) -> None:
    await store.remember(SESSION)
    engine = open_engine(database_url)
    again = SessionStore(await prepare(engine))
    assert await again.find("s1") == SESSION
    await engine.dispose()


async def test_two_processes_at_once_open_all_orders_and_give_one_place_in_line(
    store: SessionStore, database_url: str
) -> None:
    await store.remember(SESSION)
    engine = open_engine(database_url)
    other = SessionStore(await prepare(engine))
    places = await asyncio.gather(*(keeper.handoffs.open(SESSION, "help") for keeper in (store, other) * 5))
    assert len({place.id for place in places}) == 1
    numbers = [f"N-{number}" for number in range(20)]
    await asyncio.gather(*((store, other)[i % 2].open_order(SESSION, number) for i, number in enumerate(numbers)))
    found = await store.find("s1")
    assert found is not None
    assert found.order_ids == SESSION.order_ids | set(numbers)
    await engine.dispose()


UNSTORABLE = ["\0", "s1\0", "\ud800", "s1\udfff\0"]


@pytest.mark.parametrize("name", UNSTORABLE)
async def test_letters_no_database_holds_name_nobody_and_break_nothing(store: SessionStore, name: str) -> None:
    await store.start(SESSION)
    assert await store.find(name) is None
    attempt, tries = await store.begin_attempt([f"order {name}"])
    assert (len(attempt), tries, await store.failures("order s1")) == (1, 1, 0)
    await store.rate(SESSION, name, 1, name)
    assert (await store.handoffs.open(SESSION, name)).reason == name
    assert "\ufffd" in (await store.handoffs.waiting())[0].reason


async def test_a_long_name_is_kept_whole(store: SessionStore) -> None:
    long = replace(SESSION, id="s" * 300, locale="de-" + "x" * 300, customer_id="c" * 300)
    await store.remember(long)
    assert await store.find(long.id) == long
