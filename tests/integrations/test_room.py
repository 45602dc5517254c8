"""A disk that is full, for real: a small one of memory, mounted where nobody else sees it."""

from __future__ import annotations

import errno
import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from integrations.homes import lack_of_room
from tests.command_line import DRAGOMAN

MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" || exit 77; '


def on_a_disk(size: str, folder: Path, script: str) -> str:
    """What a script prints in a shell of its own, with a disk of that size at `folder` and the home on it."""
    held = ["unshare", "-rm", "sh", "-c", MOUNT + script, "sh", size, str(folder)]
    home = {"DRAGOMAN_HOME": str(folder / "home"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    try:
        done = subprocess.run(held, env=home, capture_output=True, text=True, timeout=120, check=False)
    except FileNotFoundError:
        pytest.skip("there is no `unshare` to mount a disk with")
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip("this user may not mount a disk of its own")
    return done.stdout + done.stderr


@pytest.mark.parametrize("size", ["1m", "6m", "20m"])
def test_a_disk_that_fills_while_a_home_is_made_is_told_in_words(size: str, tmp_path: Path) -> None:
    said = on_a_disk(size, tmp_path, f"{DRAGOMAN} ask 'How much is shipping to Germany?'; echo ended $?")
    assert "There is no room left" in said
    assert "make room and do it again" in said
    assert "ended 3" in said
    assert "Traceback" not in said


def test_after_room_was_made_the_same_works_and_nothing_half_made_is_left(tmp_path: Path) -> None:
    script = (
        f"{DRAGOMAN} knowledge sync >/dev/null 2>&1; echo first $?; ls $2/home/index;"
        f' mount -o remount,size=200m "$2"; {DRAGOMAN} knowledge sync --json; {DRAGOMAN} doctor --json'
    )
    said = on_a_disk("12m", tmp_path, script)
    first, lock, synced, told = [line for line in said.splitlines() if line.startswith(("first", "lock", "{"))]
    assert (first, lock) == ("first 3", "lock")
    assert "lock\ncurrent" not in said
    assert json.loads(synced)["problems"] == []
    home = json.loads(told)["checks"][0]
    assert (home["what"], home["ok"]) == ("home", False)
    assert "make more" in home["found"]


def test_a_backup_for_which_there_is_no_room_is_not_half_there(tmp_path: Path) -> None:
    script = (
        f'{DRAGOMAN} ask hi >/dev/null 2>&1; mkdir "$2/small"; mount -t tmpfs -o size=16k tmpfs "$2/small"; '
        f'{DRAGOMAN} backup "$2/small/shop.tar.gz"; echo ended $?; ls "$2/small"; echo listed'
    )
    said = on_a_disk("200m", tmp_path, script)
    assert "shop.tar.gz cannot be written: No space left on device" in said
    assert "ended 3\nlisted" in said


def test_a_full_disk_is_told_from_other_faults(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "small.sqlite3", isolation_level=None)
    database.execute("create table texts (text)")
    database.execute("pragma max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        database.execute("insert into texts values (zeroblob(100000))")
    with pytest.raises(sqlite3.OperationalError) as other:
        database.execute("select * from nothing")
    database.close()
    assert "no room" in lack_of_room(full.value, tmp_path)
    assert lack_of_room(other.value, tmp_path) == ""
    wrapped = RuntimeError("the sync failed")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert "no room" in lack_of_room(wrapped, tmp_path / "not" / "made")
    assert lack_of_room(OSError(errno.EACCES, "Permission denied"), tmp_path) == ""
