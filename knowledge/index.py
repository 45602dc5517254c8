"""The index of one shop, written in generations: a sync builds the next one beside the current one and then points to
it. Readers, in any process, see the old index or the new one; a crash in between leaves the old.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.chroma import Collections, open_folder, open_server
from knowledge.documents import DocumentProblem, Passage
from knowledge.embeddings import Vectors
from knowledge.generation import Generation, IndexDamaged
from knowledge.reading import Reading, read_sources
from knowledge.room import is_for_want_of_room
from knowledge.sources import Source
from knowledge.space import Space
from knowledge.vector_cache import Progress, Stages, VectorCache
from knowledge.writing import Materials, placed, write_anew, write_onto

FORMAT = "7"
"""Raised whenever what a generation holds changes, so that an older one is built again."""


class IndexBusy(Exception):
    """Another process is building the index."""


@dataclass(frozen=True)
class Change:
    """What a sync did: passages added, removed, and kept as they were; sources that could not be read."""

    added: int
    removed: int
    kept: int
    problems: tuple[DocumentProblem, ...] = ()


@dataclass(frozen=True)
class Means:
    """Mean vectors that ship with us, by locale: of passages, for locales a shop has few of, and of questions."""

    passages: Mapping[str, Vectors]
    questions: Mapping[str, Vectors]


class Index:
    """The passages of one shop, on disk below one folder, with one writer at a time.

    `chroma_url` names the Chroma server that holds the vectors; empty: each generation's folder does.
    """

    def __init__(self, folder: Path, cache: VectorCache, means: Means | None = None, chroma_url: str = "") -> None:
        self._folder = folder
        self._cache = cache
        self._means = means or Means({}, {})
        self._chroma_url = chroma_url
        self._open: Generation | None = None
        self._seen: tuple[int, int] | None = None
        self._opening = threading.Lock()

    @property
    def identity(self) -> str:
        """What the index was built with and where its vectors are; a mismatch is rebuilt, never read."""
        return f"{self._cache.embedder.identity}/index-{FORMAT}/{self._chroma_url or 'folder'}"

    def generation(self) -> Generation:
        """The current generation, reopened if another process published a newer one. Raises IndexDamaged."""
        with self._opening:
            written = self._pointer()
            if self._open is None or self._seen != written:
                name = self._current()
                if self._open is None or self._open.name != name:
                    self._open = self._read(self._folder / name)
                self._seen = written
            return self._open

    def _pointer(self) -> tuple[int, int] | None:
        """What tells one writing of the pointer from another, cheaper than what it says."""
        with contextlib.suppress(FileNotFoundError):
            written = os.stat(self._folder / "current")
            return written.st_ino, written.st_mtime_ns
        return None

    def _read(self, folder: Path) -> Generation:
        if not self._chroma_url and not (folder / "chroma").is_dir():
            raise IndexDamaged(f"the index {folder.name} has lost its vectors")
        return Generation(folder, self.identity, self._connect(folder))

    def close(self) -> None:
        """Let go of files and connections; what is asked next opens them again."""
        with self._opening:
            self._open = None

    def space(self, means: Mapping[str, Vectors] | None = None) -> Space:
        """Where the current generation's vectors (or such with other means) are compared."""
        known = self.generation().means if means is None else means
        return Space(self._cache.embedder.parts, known, self._means.questions)

    def placed(self, passages: Sequence[Passage]) -> Vectors:
        """Unit rows of passages that need not be indexed, to compare with those that are."""
        return placed(passages, self.space(), self._cache)

    def exists(self) -> bool:
        """Whether anything was ever published."""
        return (self._folder / "current").exists()

    def _current(self) -> str:
        try:
            return (self._folder / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            raise IndexDamaged("nothing has been indexed yet") from None

    def _connect(self, folder: Path) -> Callable[[str], Collections]:
        if self._chroma_url:
            return lambda build: open_server(self._chroma_url, self._shop(), build)
        return lambda build: open_folder(folder / "chroma")

    def _shop(self) -> str:
        """What sets this shop's collections apart on a server that several shops share."""
        path = self._folder / "shop"
        if not path.exists():
            path.write_text(uuid.uuid4().hex[:12], "utf-8")
        return path.read_text("utf-8").strip()

    def sync(self, sources: Sequence[Source], progress: Stages | None = None, today: date | None = None) -> Change:
        """Make the index hold what the sources say and nothing else, leaving out what has expired. Only sources with a
        new digest are read and only new texts embedded. Raises IndexBusy, ServerUnreachable, OSError (a full disk).
        """
        with self._writing():
            before = self._before()
            read = progress("sources read") if progress else None
            reading = read_sources(sources, before, today or date.today(), read)  # noqa: DTZ011
            if before is None or reading.is_news:
                self._publish(before, reading, progress and progress("texts embedded"))
            return Change(len(reading.fresh), len(reading.dropped), reading.kept, reading.problems)

    def _before(self) -> Generation | None:
        try:
            before = self.generation()
        except IndexDamaged:
            return None
        if self._chroma_url and any(before.collections().count(locale) < n for locale, n in before.locales().items()):
            return None  # the server has lost vectors
        return before

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IndexBusy("another process is building this index; wait for it to end") from None
            yield

    def is_being_written(self) -> bool:
        """Whether another process, or another sync of this one, builds the index right now."""
        try:
            with self._writing():
                return False
        except IndexBusy:
            return True

    def _publish(self, before: Generation | None, reading: Reading, progress: Progress | None) -> None:
        name = f"{time.time_ns():x}"
        fresh = self._folder / name
        write = write_anew if before is None or reading.is_much(before) else write_onto
        try:
            build = write(fresh, before, reading, self._materials(progress))
        except BaseException as fault:
            full = is_for_want_of_room(fault, self._folder)
            shutil.rmtree(fresh, ignore_errors=True)  # half of an index must not keep the disk full
            if full:
                raise OSError(errno.ENOSPC, "there is no room for the index", str(self._folder)) from fault
            raise
        pointer = self._folder / "current.new"
        pointer.write_text(name, "utf-8")
        os.replace(pointer, self._folder / "current")
        self._forget_others({name, before.name if before else ""}, {build, before.build if before else build})

    def _materials(self, progress: Progress | None) -> Materials:
        return Materials(self._cache, self._means.passages, self.space, self._connect, self.identity, progress)

    def _forget_others(self, names: set[str], builds: set[str]) -> None:
        """Delete generations that no reader can still be opening, and what a crash left behind."""
        for old in self._folder.iterdir():
            if old.is_dir() and old.name not in names:
                shutil.rmtree(old, ignore_errors=True)
        if self._chroma_url:
            self.generation().collections().forget_others(builds)
