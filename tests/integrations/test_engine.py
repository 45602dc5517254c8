"""Opening a database: tables made once, and what is wrong said in words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from integrations.database import postgres as database_server
from integrations.database.engine import DatabaseUnusable, open_engine, prepare
from integrations.database.searches import SearchStore
from tests.postgres import Server


async def unusable(url: str) -> str:
    """What is said of a database that cannot be opened."""
    engine = open_engine(url)
    try:
        with pytest.raises(DatabaseUnusable) as refusal:
            await prepare(engine)
    finally:
        await engine.dispose()
    return str(refusal.value)


async def test_processes_that_find_an_empty_database_at_once_make_its_tables_once(empty_database_url: str) -> None:
    engines = [open_engine(empty_database_url) for _ in range(6)]
    stores = await asyncio.gather(*(prepare(engine) for engine in engines))
    assert [await SearchStore(sessions).recorded() for sessions in stores] == [[]] * 6
    for engine in engines:
        await engine.dispose()


async def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bad.sqlite3").write_bytes(b"this is not a database at all" * 100)
    assert "damaged" in await unusable(f"sqlite:///{tmp_path / 'bad.sqlite3'}")


async def test_connections_that_the_server_ended_are_made_anew(postgres: Server, postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    store = SearchStore(await prepare(engine))
    assert await store.recorded() == []
    postgres.run("select pg_terminate_backend(pid, 9000) from pg_stat_activity where datname like 'test%'")
    assert await store.recorded() == []
    await engine.dispose()


async def test_a_connection_that_was_not_asked_for_long_is_asked_before_it_is_used(
    postgres: Server, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose end nobody told."""
    monkeypatch.setattr(database_server, "QUIET", 0.0)
    monkeypatch.setattr(database_server, "_told", lambda _: False)
    engine = open_engine(postgres_url)
    store = SearchStore(await prepare(engine))
    postgres.run("select pg_terminate_backend(pid, 9000) from pg_stat_activity where datname like 'test%'")
    assert await store.recorded() == []
    await engine.dispose()


async def test_a_postgresql_that_cannot_be_reached_is_named_without_its_password(postgres: Server) -> None:
    for url in (
        "postgresql://shop:s3cret@127.0.0.1:1/shop",
        postgres.url("absent").replace("postgres@", "postgres:s3cret@"),
        postgres.url("postgres").replace("postgres@", "nobody:s3cret@"),
    ):
        told = await unusable(url)
        assert "s3cret" not in told
        assert "DRAGOMAN_DATABASE_URL" in told
        assert "\n" not in told


@pytest.mark.parametrize(
    "url", ["oracle://x", "postgresql//x", "mysql://shop@127.0.0.1/shop", "", "x", "postgresql://h:port/x"]
)
def test_what_is_no_database_we_know_is_said_to_be_none(url: str) -> None:
    with pytest.raises(DatabaseUnusable, match=r"DRAGOMAN_DATABASE_URL .*postgresql://"):
        open_engine(url)
