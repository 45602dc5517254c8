"""A shop in one file: everything a new machine needs to go on, but for secrets and what is computed again."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import re
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from integrations.conversations import put_states, read_states
from integrations.database.migrations import HEAD
from integrations.database.moving import STATES, CannotRestore, put_rows, read_rows, refuse_unless_bare

FORMAT = 1

FILES = (
    "entries", "drafts", "facts", "marketplaces", "pages", "documents", "limits.toml", "brand.toml", "sign_offs.jsonl",
)  # fmt: skip
"""What of a home is taken along beside its database and settings. The index and vectors are computed again."""


@dataclass(frozen=True)
class Told:
    """What a backup says of itself."""

    made: str
    revision: str
    rows: int
    left_out: list[str]
    documents: str


async def back_up(home: Path, database: str, documents: str, secrets: Iterable[str], to: Path) -> Told:
    """Write a backup, readable by its owner only, whole or not at all. `secrets` are names of settings that are left
    out. Raises FileExistsError, DatabaseUnusable.
    """
    with _whole(to) as archive:
        return await _write(archive, home, database, documents, secrets)


@contextmanager
def _whole(to: Path) -> Iterator[tarfile.TarFile]:
    """An archive that is there when all of it is written, and not before."""
    if to.exists():
        raise FileExistsError(f"{to} exists already: a backup never overwrites another.")
    if not to.absolute().parent.is_dir():
        raise FileNotFoundError(f"There is no folder {to.absolute().parent}: make it, or name another place.")
    half = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        with open(half, "xb", opener=_private) as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
            yield archive
        half.rename(to)
    finally:
        half.unlink(missing_ok=True)


async def restore(home: Path, database: str, source: Path) -> Told:
    """Put a backup into a new home and an empty database. The database comes last and at once, so that one that broke
    off is begun again. Raises CannotRestore, DatabaseUnusable.
    """
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        told = _unpack(source, Path(scratch))
        await refuse_unless_bare(database)
        tables, states = Path(scratch) / "tables", Path(scratch) / "tables" / f"{STATES}.jsonl"
        if database.startswith("sqlite") and states.exists():
            await put_states(home, _states_in(states))
        _place_files(Path(scratch) / "home", home)
        await put_rows(database, told.revision, _tables_in(tables))
    return told


async def _write(archive: tarfile.TarFile, home: Path, database: str, documents: str, secrets: Iterable[str]) -> Told:
    rows: dict[str, int] = {}

    def take(name: str, lines: Iterable[str]) -> None:
        rows[name] = _add_lines(archive, f"tables/{name}.jsonl", lines)

    await read_rows(database, take)
    if STATES not in rows:
        take(STATES, (_state_line(**held) for held in read_states(home)))
    left_out = _add_files(archive, home, documents, set(secrets))
    told = Told(datetime.now(UTC).isoformat(), HEAD, sum(rows.values()), left_out, documents)
    _add(archive, "backup.json", json.dumps({"format": FORMAT, **vars(told)}).encode())
    return told


def _add_files(archive: tarfile.TarFile, home: Path, documents: str, secrets: set[str]) -> list[str]:
    for name in FILES:
        if (home / name).exists():
            archive.add(home / name, f"home/{name}")
    if documents and Path(documents).is_dir() and Path(documents) != home / "documents":
        archive.add(documents, "home/documents")
    if not (home / "dragoman.toml").exists():
        return []
    kept, left_out = without_secrets((home / "dragoman.toml").read_text("utf-8"), secrets)
    _add(archive, "home/dragoman.toml", kept.encode())
    return left_out


def without_secrets(text: str, secrets: set[str]) -> tuple[str, list[str]]:
    """Settings without those of some names, comments kept; and which were left out. Raises ValueError where one cannot
    be taken out of its text.
    """
    left_out = sorted(name for name in tomllib.loads(text) if name.lower() in secrets)
    for name in left_out:
        text = re.sub(
            rf'^[ \t]*["\']?{re.escape(name)}["\']?[ \t]*=.*$', f"# {name} = (left out)", text, flags=re.MULTILINE
        )
    with contextlib.suppress(tomllib.TOMLDecodeError):
        if not {name.lower() for name in tomllib.loads(text)} & secrets:
            return text, left_out
    names = ", ".join(left_out)
    raise ValueError(f"dragoman.toml: write {names} on one line each, so that a backup can leave them out.")


def _unpack(source: Path, into: Path) -> Told:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(into, filter="data")
        said = json.loads((into / "backup.json").read_text("utf-8"))
        if said.pop("format") != FORMAT:
            raise CannotRestore(f"{source} was written by another version in a format this one does not know.")
        return Told(**said)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, CannotRestore):
            raise
        raise CannotRestore(f"{source} cannot be read as a backup ({error}); nothing was changed.") from error


def _place_files(source: Path, home: Path) -> None:
    if not source.exists():
        return
    for path in sorted(source.rglob("*")):
        target = home / path.relative_to(source)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            path.replace(target)


def _state_line(state: bytes, **held: object) -> str:
    return json.dumps({**held, "state": base64.b64encode(state).decode()}) + "\n"


def _states_in(path: Path) -> Iterator[dict[str, object]]:
    for line in path.read_text("utf-8").splitlines():
        held = json.loads(line)
        yield {**held, "state": base64.b64decode(held["state"])}


def _tables_in(folder: Path) -> Iterator[tuple[str, Iterator[str]]]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            yield path.stem, file


def _add_lines(archive: tarfile.TarFile, name: str, lines: Iterable[str]) -> int:
    with tempfile.TemporaryFile() as file:
        count = 0
        for line in lines:
            file.write(line.encode())
            count += 1
        about = tarfile.TarInfo(name)
        about.size = file.tell()
        file.seek(0)
        archive.addfile(about, file)
    return count


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(content)
    archive.addfile(about, io.BytesIO(content))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
