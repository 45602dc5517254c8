"""Who speaks, what was proven and who waits, kept in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.database.engine import open_engine, prepare
from integrations.database.sessions import SessionStore
from tools.context import Session

SESSION = Session(
    "s1", role="shopper", channel="widget", locale="de-DE", language="de", market="DE", customer_id="lena",
    order_ids=frozenset({"AQ-1", "AQ-2"}),
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SessionStore]:
    engine = open_engine(f"sqlite:///{file}")
    yield SessionStore(await prepare(engine))
    await engine.dispose()


def run_sql(file: Path, statement: str) -> list[tuple[object, ...]]:
    """A statement on the file itself, behind the store's back."""
    connection = sqlite3.connect(file)
    try:
        with connection:
            return connection.execute(statement).fetchall()
    finally:
        connection.close()


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
    assert await store.find_by_token(token) == SESSION
    found = await store.find_by_token(other)
    assert found is not None
    assert found.id == "s2"


@pytest.mark.parametrize("token", ["", " ", "s1", "none", "%"])
async def test_what_is_no_token_speaks_for_nobody(store: SessionStore, token: str) -> None:
    await store.start(SESSION)
    await store.remember(replace(SESSION, id="without-token"))
    assert await store.find_by_token(token) is None


async def test_a_token_is_kept_as_a_hash_only(store: SessionStore, file: Path) -> None:
    token = await store.start(SESSION)
    [(kept,)] = run_sql(file, "select token_hash from sessions")
    assert token not in str(kept)
    assert await store.find_by_token(str(kept)) is None


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


async def test_failures_are_forgotten_after_an_hour(store: SessionStore, file: Path) -> None:
    await store.begin_attempt(["order 1"])
    run_sql(file, "update attempts set at = datetime(at, '-59 minutes')")
    assert await store.failures("order 1") == 1
    run_sql(file, "update attempts set at = datetime(at, '-2 minutes')")
    assert await store.failures("order 1") == 0
    await store.begin_attempt(["order 2"])
    assert run_sql(file, "select subject from attempts") == [("order 2",)]


async def test_one_who_waits_keeps_place_reference_and_reason(store: SessionStore) -> None:
    first = await store.open(SESSION, "lost parcel")
    await store.open(replace(SESSION, id="s2"), "other")
    again = await store.open(SESSION, "still there?")
    assert (again.id, again.reason, again.status) == (first.id, "lost parcel", "waiting")
    assert [entry.session_id for entry in await store.waiting()] == ["s1", "s2"]


async def test_one_who_was_served_queues_anew(store: SessionStore, file: Path) -> None:
    first = await store.open(SESSION, "one")
    run_sql(file, "update handoffs set status = 'done'")
    assert await store.waiting() == []
    second = await store.open(SESSION, "two")
    assert second.id != first.id
    assert [entry.reason for entry in await store.waiting()] == ["two"]


async def test_a_rating_is_kept_with_its_comment_cut(store: SessionStore, file: Path) -> None:
    await store.rate(SESSION, "turn-1", -1, "x" * 3000)
    [(session, turn, score, comment)] = run_sql(file, "select session_id, turn, score, comment from feedback")
    assert (session, turn, score, comment) == ("s1", "turn-1", -1, "x" * 2000)


async def test_what_is_kept_outlives_the_process(store: SessionStore, file: Path) -> None:
    await store.remember(SESSION)
    engine = open_engine(f"sqlite:///{file}")
    again = SessionStore(await prepare(engine))
    assert await again.find("s1") == SESSION
    await engine.dispose()
