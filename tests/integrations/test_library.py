"""A second builder of a home's index waits for the first, says so, and gives up in words."""

from __future__ import annotations

import asyncio
import fcntl
from pathlib import Path

import pytest

import integrations.library as library_module
from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from knowledge.index import IndexBusy


async def test_a_sync_waits_for_another_process_and_says_so_once(home: Path) -> None:
    told: list[str] = []
    async with open_dragoman(Settings(home=home), told.append) as dragoman:
        with (home / "index" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            waiting = asyncio.create_task(dragoman.library.sync())
            await asyncio.sleep(0.6)
            assert not waiting.done()
        assert (await waiting).added == 0
    assert [line for line in told if "another process" in line] == [
        "another process is building the index: waiting for it to end"
    ]


async def test_it_waits_no_longer_than_the_bound(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "WAITS", 0.3)
    async with open_dragoman(Settings(home=home)) as dragoman:
        with (home / "index" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(IndexBusy, match=r"another process has been building this index for .*; wait for it"):
                await dragoman.library.sync()
