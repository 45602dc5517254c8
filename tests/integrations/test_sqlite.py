"""SQLite as we drive it: what it does while another holds its lock, when it is given up, and what it costs others."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError, SAWarning
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.database import line as waiting
from integrations.database.engine import open_engine, transact
from integrations.database.line import PAUSE, Line
from integrations.database.sqlite import BRIEF, READS

LONG = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500000) select max(i) from n"
"""A statement that takes some tenths of a second, and touches nothing."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sums.sqlite3"


@pytest.fixture
async def engine(file: Path) -> AsyncIterator[AsyncEngine]:
    """A database with a sum, whose statements are done on the spot."""
    opened = open_engine(f"sqlite:///{file}?timeout=5")
    async with opened.begin() as connection:
        await connection.execute(text("create table sums (amount integer)"))
        await connection.execute(text("insert into sums values (0)"))
    yield opened.execution_options(**{BRIEF: True})
    await opened.dispose()


def add(connection: Connection) -> None:
    connection.execute(text("update sums set amount = amount + 1"))


async def amount(engine: AsyncEngine) -> int:
    reading = engine.execution_options(**{READS: True})
    return await transact(reading, lambda connection: connection.scalar(text("select amount from sums")))


@contextmanager
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    """Another process, as far as SQLite knows, in the middle of a write."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield other


async def stalled(task: asyncio.Task[Any]) -> float:
    """The longest that the event loop was held up while a task ran, in seconds."""
    longest, last = 0.0, time.monotonic()
    while not task.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    return longest


@pytest.mark.parametrize("brief", [True, False])
async def test_a_lock_is_waited_for_and_nothing_else_waits(engine: AsyncEngine, file: Path, brief: bool) -> None:
    engine = engine.execution_options(**{BRIEF: brief})
    with locked(file) as other:
        adding = asyncio.create_task(transact(engine, add))
        await asyncio.sleep(0.3)
        assert not adding.done()
        assert await amount(engine) == 0
        other.execute("rollback")
        await adding
    assert await amount(engine) == 1


@pytest.mark.usefixtures("engine")
async def test_patience_has_an_end(file: Path) -> None:
    hasty = open_engine(f"sqlite:///{file}?timeout=0.2")
    with locked(file):
        began = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            await transact(hasty, add)
        assert time.monotonic() - began >= 0.2
    await transact(hasty, add)
    await hasty.dispose()


async def test_who_is_given_up_while_waiting_goes_at_once_and_leaves_no_lock(engine: AsyncEngine, file: Path) -> None:
    with locked(file):
        adding = asyncio.create_task(transact(engine, add))
        await asyncio.sleep(0.1)
        adding.cancel()
        assert (await asyncio.wait({adding}, timeout=1))[0] == {adding}
    assert adding.cancelled()
    with locked(file) as other:
        other.execute("update sums set amount = 7")
        other.execute("commit")
    assert await amount(engine) == 7


@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute", "commit"])
@pytest.mark.parametrize("brief", [True, False])
async def test_who_is_given_up_at_any_moment_leaves_no_lock(
    engine: AsyncEngine, file: Path, moment: str, brief: bool
) -> None:
    asking: list[asyncio.Task[None]] = []
    event.listen(engine.sync_engine, moment, lambda *_: asking[0].cancel(), once=True)
    asking.append(asyncio.create_task(transact(engine.execution_options(**{BRIEF: brief}), add)))
    with suppress(asyncio.CancelledError):
        await asking[0]
    with locked(file) as other:
        assert other.execute("select amount from sums").fetchone()[0] in (0, 1)
    assert await amount(engine) in (0, 1)


async def test_a_long_statement_holds_nothing_up_and_is_not_left_alone(engine: AsyncEngine) -> None:
    patient = engine.execution_options(**{BRIEF: False})

    def count(connection: Connection) -> Any:
        add(connection)
        return connection.execute(text(LONG)).scalar()

    tries, held, lasting = 0, 1.0, 0.0
    while held >= lasting / 2 and tries < 3:  # a busy machine stalls now and then by itself
        tries += 1
        began = time.monotonic()
        counting = asyncio.create_task(transact(patient, count))
        held, lasting = await stalled(counting), time.monotonic() - began
    assert held < lasting / 2
    assert counting.result() == 1_500_000
    given_up = asyncio.create_task(transact(patient, count))
    await asyncio.sleep(0.05)
    given_up.cancel()
    assert await stalled(given_up) < lasting / 2
    assert given_up.cancelled()
    assert await amount(engine) == tries
    await transact(engine, add)


async def test_many_who_write_at_once_each_get_their_turn(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told so by whoever is done, not by the clock."""
    monkeypatch.setattr(waiting, "PAUSE", 60)
    await asyncio.wait_for(asyncio.gather(*(transact(engine, add) for _ in range(100))), 30)
    assert await amount(engine) == 100


async def test_what_fails_leaves_nothing_behind(engine: AsyncEngine) -> None:
    def fail(connection: Connection) -> None:
        add(connection)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await transact(engine, fail)
    assert await amount(engine) == 0


async def test_a_connection_that_nobody_gave_back_lets_go(engine: AsyncEngine, file: Path) -> None:
    connection = await engine.connect()
    await connection.execute(text("update sums set amount = 9"))
    held = [connection]
    del connection
    with pytest.warns(SAWarning, match="garbage collector"):
        _forget(held)
    with locked(file):
        pass
    assert await amount(engine) == 0


def _forget(held: list[Any]) -> None:
    held.clear()
    gc.collect()


async def test_a_connection_closed_under_its_thread_waits_for_it(engine: AsyncEngine) -> None:
    """Else the process crashes."""
    connection = await engine.execution_options(**{BRIEF: False}).connect()
    raw: Any = (await connection.get_raw_connection()).driver_connection
    counting = asyncio.create_task(connection.execute(text(LONG)))
    await asyncio.sleep(0.05)
    raw.close()
    assert (await counting).scalar() == 1_500_000
    await connection.invalidate()
    await connection.close()


async def test_a_line_moves_in_order_and_past_who_has_gone() -> None:
    line, order = Line(), list[str]()

    async def stand(name: str) -> None:
        await line.wait()
        order.append(name)

    standing = {name: asyncio.create_task(stand(name)) for name in "abc"}
    await asyncio.sleep(0)
    standing["a"].cancel()
    await asyncio.sleep(0)
    line.move()
    await asyncio.sleep(0)
    assert order == ["b"]
    await asyncio.wait_for(standing["c"], 50 * PAUSE)  # nobody says so: it tries by itself


async def test_rows_come_one_by_one_some_or_all(engine: AsyncEngine) -> None:
    numbers = "select 1 union all select 2 union all select 3 union all select 4"

    def read(connection: Connection) -> list[Any]:
        rows = connection.execute(text(numbers))
        return [rows.fetchone(), rows.fetchmany(2), rows.fetchall(), rows.fetchone()]

    patient = engine.execution_options(**{BRIEF: False})
    assert await transact(patient, read) == [(1,), [(2,), (3,)], [(4,)], None]
