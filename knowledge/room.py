"""Room on a disk, and faults that come of there being none."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

FULL = 1 << 20
"""Bytes left of a disk below which it counts as full: SQLite and Chroma write a little at a time, and fail before 0."""


def room_left(place: Path) -> int:
    """Bytes that may still be written at a place, or where it would be made."""
    held = next(each for each in (place, *place.absolute().parents) if each.exists())
    return shutil.disk_usage(held).free


def is_for_want_of_room(fault: BaseException, place: Path) -> bool:
    """Whether a fault while a place was written to comes of a full disk. Databases tell that in many ways ("disk I/O
    error"), so the room that is left is looked at as well.
    """
    return any(_tells_it(each) for each in _chain(fault)) or room_left(place) < FULL


def _tells_it(fault: BaseException) -> bool:
    if isinstance(fault, sqlite3.Error):
        return getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT)


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """A fault and what it comes of."""
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__
