"""Short works on a file: they go together, each fails by itself, and none is told done before it is kept."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database import brief as pacing
from integrations.database.engine import open_engine, transact
from integrations.database.sqlite import BRIEF, READS, brief_of
from tests.integrations.asked import asked_of

NUMBERS = Table("numbers", MetaData(), Column("number", Integer, primary_key=True), Column("of", String, default="us"))
ADD = insert(NUMBERS)
ALL = select(NUMBERS.c.number).order_by(NUMBERS.c.number)
SOME = ALL.where(NUMBERS.c.number.in_(bindparam("those", expanding=True)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "numbers.sqlite3"


@pytest.fixture
async def engine(file: Path) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(f"sqlite:///{file}?timeout=3")
    async with opened.begin() as connection:
        await connection.run_sync(NUMBERS.metadata.create_all)
    yield opened.execution_options(**{BRIEF: True})
    await opened.dispose()


def keep(*numbers: int) -> Any:
    """A work that keeps numbers."""
    return lambda connection: connection.execute(ADD, [{"number": number, "of": "x"} for number in numbers])


async def kept(engine: AsyncEngine) -> list[int]:
    reading = engine.execution_options(**{READS: True})
    return list(await transact(reading, lambda connection: connection.scalars(ALL)))


def writing(engine: AsyncEngine) -> sqlite3.Connection:
    brief = brief_of(engine)
    assert brief
    return brief._writing


async def test_works_that_come_together_are_committed_together(engine: AsyncEngine) -> None:
    with asked_of(engine) as made:
        await asyncio.gather(*(transact(engine, keep(number)) for number in range(30)))
    assert made.count("COMMIT") <= 2
    assert await kept(engine) == list(range(30))


async def test_one_that_fails_fails_alone_and_leaves_nothing(engine: AsyncEngine) -> None:
    def stop(connection: Any) -> None:
        keep(7)(connection)
        raise ValueError("stop")

    works = [keep(1), keep(2, 1), stop, keep(3)]
    told = await asyncio.gather(*(transact(engine, work) for work in works), return_exceptions=True)
    assert [type(one) for one in told if isinstance(one, Exception)] == [IntegrityError, ValueError]
    assert await kept(engine) == [1, 3]
    with pytest.raises(IntegrityError):  # alone as well
        await transact(engine, keep(4, 1))
    assert await kept(engine) == [1, 3]


async def test_who_is_given_up_before_its_turn_does_nothing_and_others_go_on(engine: AsyncEngine, file: Path) -> None:
    await kept(engine)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        given_up, going_on = (asyncio.create_task(transact(engine, keep(number))) for number in (1, 2))
        await asyncio.sleep(0.1)
        given_up.cancel()
        assert (await asyncio.wait({given_up}, timeout=0.5))[0] == {given_up}
        assert await kept(engine) == []  # reading waits for nobody
        other.execute("rollback")
        await going_on
    assert await kept(engine) == [2]


async def test_who_is_given_up_while_it_is_committed_is_kept_whole(engine: AsyncEngine, file: Path) -> None:
    await kept(engine)
    for _ in range(100):  # on a busy machine it may be over before we look again
        task = asyncio.create_task(transact(engine, keep(1, 2)))
        while not (writing(engine).in_transaction or task.done()):  # noqa: ASYNC110
            await asyncio.sleep(0)
        if not task.done():
            break
        await transact(engine, lambda connection: connection.execute(delete(NUMBERS)))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await transact(engine, keep(3))
    assert await kept(engine) == [1, 2, 3]
    with closing(sqlite3.connect(file, timeout=0)) as other:
        other.execute("begin immediate")


@pytest.mark.usefixtures("engine")
async def test_patience_has_an_end_and_is_each_ones_own(file: Path) -> None:
    hasty = open_engine(f"sqlite:///{file}?timeout=0.4").execution_options(**{BRIEF: True})
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        first = asyncio.create_task(transact(hasty, keep(1)))
        await asyncio.sleep(0.3)
        later = asyncio.create_task(transact(hasty, keep(2)))
        with pytest.raises(OperationalError, match="locked"):
            await first
        other.execute("rollback")
    await later
    assert await kept(hasty) == [2]
    await hasty.dispose()


async def test_a_transaction_that_sqlite_gives_up_is_told_to_all_and_the_next_is_whole(engine: AsyncEngine) -> None:
    await kept(engine)
    pages = writing(engine).execute("pragma page_count").fetchone()[0]
    writing(engine).execute(f"pragma max_page_count={pages}")
    told = await asyncio.gather(
        *(transact(engine, keep(*range(n * 2000, n * 2000 + 2000))) for n in range(2)), return_exceptions=True
    )
    assert [type(one) for one in told] == [OperationalError, OperationalError]
    writing(engine).execute("pragma max_page_count=1000000")
    await transact(engine, keep(1))
    assert await kept(engine) == [1]


async def test_a_file_that_cannot_be_opened_is_told_as_sqlalchemy_tells_it(tmp_path: Path) -> None:
    missing = open_engine(f"sqlite:///{tmp_path}/no/such.sqlite3").execution_options(**{BRIEF: True})
    with pytest.raises(OperationalError, match="unable to open"):
        await transact(missing, keep(1))


async def test_what_only_reads_cannot_write(engine: AsyncEngine) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await transact(engine.execution_options(**{READS: True}), keep(1))


async def test_a_statement_that_leaves_a_value_to_sqlalchemy_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(TypeError, match="of"):
        await transact(engine, lambda connection: connection.execute(ADD, {"number": 1}))


async def test_a_list_may_be_asked_for(engine: AsyncEngine) -> None:
    await transact(engine, keep(1, 2, 3))
    reading = engine.execution_options(**{READS: True})
    for those in ([1, 3], [2], []):
        asked = {"those": those}
        assert list(await transact(reading, lambda held, asked=asked: held.scalars(SOME, asked))) == those  # type: ignore[misc]


async def test_one_conversation_waits_for_no_company_and_many_do(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(engine)

    async def go(first: int) -> None:
        for number in range(first, first + 40):
            await transact(engine, keep(number))

    with asked_of(engine) as made:
        with monkeypatch.context() as slow:
            slow.setattr(pacing, "PACE", 60)
            await asyncio.wait_for(go(0), 30)
        assert made.count("COMMIT") == 40
        made.clear()
        await asyncio.gather(*(go(first) for first in range(100, 100 + 40 * 20, 40)))
        assert made.count("COMMIT") < 20 * 40 / 4


def told_before_a_kill(file: Path) -> set[int]:
    """What a process said it had kept, until it was killed in the middle of more."""
    program = f"""
import asyncio
from integrations.database.engine import open_engine, transact
from tests.integrations.test_brief import BRIEF, keep
engine = open_engine("sqlite:///{file}").execution_options(**{{BRIEF: True}})
async def go(first):
    for number in range(first, first + 100_000):
        await transact(engine, keep(number))
        print(number, flush=True)
async def main():
    await asyncio.gather(*(go(n * 100_000) for n in range(8)))
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = [int(process.stdout.readline()) for _ in range(200)]
        process.kill()
        told += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    return set(told)


async def test_what_was_told_done_is_there_after_a_kill(engine: AsyncEngine, file: Path) -> None:
    told = await asyncio.to_thread(told_before_a_kill, file)
    assert len(told) >= 200
    assert told <= set(await kept(engine))
    await transact(engine, keep(-1))
