"""Databases of every released version, filled, are brought to this one, and nothing in them is lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database.engine import DatabaseUnusable, open_engine, prepare
from integrations.database.journal import Journal
from integrations.database.migrating import differences, revision_of, standing_of, upgrade
from integrations.database.migrations import HEAD, REVISIONS
from integrations.database.tables import Base

FOLDER = Path(__file__).parents[1] / "data" / "databases"
RELEASED = sorted({path.name.rsplit(".", 2)[0] for path in FOLDER.glob("*.sql")})


def statements(version: str, dialect: str) -> list[str]:
    """A release's database, a statement each; a text in it may have several lines."""
    return (FOLDER / f"{version}.{dialect}.sql").read_text("utf-8").strip().removesuffix(";").split(";\n")


@pytest.fixture
async def engine(empty_database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(empty_database_url)
    yield opened
    await opened.dispose()


async def fill(engine: AsyncEngine, version: str) -> None:
    async with engine.begin() as connection:
        for statement in statements(version, engine.dialect.name):
            await connection.exec_driver_sql(statement.replace("%", "%%"))


def rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All that a database holds, as any client sees it."""
    found = MetaData()
    found.reflect(connection)
    held = {name: connection.execute(select(table)).mappings().all() for name, table in found.tables.items()}
    held.pop("alembic_version", None)
    return {name: sorted(({str(k): v for k, v in row.items()} for row in rows), key=str) for name, rows in held.items()}


def test_the_release_at_hand_has_its_dump() -> None:
    version = re.search(r'^version = "(.+)"', (FOLDER.parents[2] / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    assert version[1] in RELEASED, "make released"


@pytest.mark.parametrize("version", RELEASED)
async def test_a_filled_database_of_a_release_is_migrated_and_nothing_is_lost(
    engine: AsyncEngine, version: str
) -> None:
    await fill(engine, version)
    async with engine.connect() as connection:
        before = await connection.run_sync(rows)
    assert all(len(held) == 2 for held in before.values())
    await prepare(engine, migrate=True)
    async with engine.connect() as connection:
        after = await connection.run_sync(rows)
        assert await connection.run_sync(standing_of) == "current"
        assert await connection.run_sync(differences) == []
    for name, held in before.items():
        assert [{column: row[column] for column in old} for old, row in zip(held, after[name], strict=True)] == held


async def test_a_database_made_before_there_were_revisions_is_taken_over(engine: AsyncEngine) -> None:
    """As today's main made it, and as an earlier one did: a table and two columns less."""
    await fill(engine, "0.1.0")
    async with engine.begin() as connection:
        await connection.execute(text("drop table alembic_version"))
        await connection.execute(text("drop table ratings"))
        await connection.execute(text("alter table actions drop column told"))
        await connection.execute(text("alter table handoffs drop column summary"))
        before = await connection.run_sync(rows)
        assert await connection.run_sync(standing_of) == "unversioned"
    await prepare(engine, migrate=True)
    async with engine.connect() as connection:
        after = await connection.run_sync(rows)
        assert await connection.run_sync(revision_of) == HEAD
        assert await connection.run_sync(differences) == []
    assert after["ratings"] == []
    assert {row["told"] for row in after["actions"]} == {""}
    for name, held in before.items():
        assert [{column: row[column] for column in old} for old, row in zip(held, after[name], strict=True)] == held


async def test_a_journal_that_is_added_is_kept_from_changes(engine: AsyncEngine) -> None:
    await fill(engine, "0.1.0")
    async with engine.begin() as connection:
        await connection.execute(text("drop table alembic_version"))
        await connection.execute(text("drop table journal"))
    sessions = await prepare(engine, migrate=True)
    await Journal(sessions).add("ann", "erased", "a customer")
    async with engine.begin() as connection:
        with pytest.raises(DBAPIError, match="only added to"):
            await connection.execute(text("delete from journal"))


async def test_models_and_revisions_agree(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
        assert await connection.run_sync(differences) == [], "make revision"
        made = set(await connection.run_sync(lambda c: inspect(c).get_table_names()))
    assert made == {*Base.metadata.tables, "alembic_version"}
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


async def test_a_difference_between_models_and_database_is_seen(engine: AsyncEngine) -> None:
    await prepare(engine)
    async with engine.begin() as connection:
        await connection.execute(text("create table of_somebody_else (id integer)"))
        assert await connection.run_sync(differences) == []
        await connection.execute(text("alter table sessions drop column market"))
        assert await connection.run_sync(differences) != []


async def test_a_server_is_migrated_when_told_only(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    await fill(engine, "0.1.0")
    async with engine.begin() as connection:
        await connection.execute(text("drop table alembic_version"))
    with pytest.raises(DatabaseUnusable, match=f"revision none, this version needs {HEAD}.*`dragoman migrate`"):
        await prepare(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(standing_of) == "unversioned"
    await prepare(engine, migrate=True)
    await prepare(engine)
    await engine.dispose()


async def test_a_database_of_a_newer_version_is_left_alone(engine: AsyncEngine) -> None:
    await prepare(engine)
    async with engine.begin() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(DatabaseUnusable, match="revision 9999, which a newer Dragoman made"):
        await prepare(engine, migrate=True)


async def test_a_migration_that_fails_leaves_the_database_as_it_was(engine: AsyncEngine) -> None:
    """On its way it finds a view where a table should be."""
    await fill(engine, "0.1.0")
    async with engine.begin() as connection:
        await connection.execute(text("drop table alembic_version"))
        await connection.execute(text("drop table typing"))
        await connection.execute(text("drop table tokens"))
        await connection.execute(text("create view typing as select 1 as one"))
        before = await connection.run_sync(rows)
    with pytest.raises(DatabaseUnusable):
        await prepare(engine, migrate=True)
    async with engine.connect() as connection:
        assert await connection.run_sync(rows) == before
