"""Vectors kept by what was embedded, so that no text is embedded twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import numpy as np

from knowledge.embeddings import Embedder, Vectors

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""

Stages = Callable[[str], Progress]
"""Told what is begun, and gives what is told of its progress."""

BATCH = 32
"""Texts embedded before their vectors are kept."""


class VectorCache:
    """Vectors by what was embedded, in one SQLite file; several processes may share it.

    Half precision: the error (below 0.001 of a cosine) is far under the differences that rank passages.
    """

    def __init__(self, path: Path, embedder: Embedder, shipped: Iterable[Path] = ()) -> None:
        self.embedder = embedder
        self._path = path
        self._shipped = [part for part in shipped if part.exists()]
        self._seeds: dict[str, Vectors] | None = None
        self.query = lru_cache(maxsize=512)(embedder.query)
        try:
            self._create()
        except sqlite3.DatabaseError as error:
            if not any(word in str(error) for word in ("not a database", "malformed")):
                raise  # locked, read-only or no room left: what it holds is sound
            self._path.unlink()  # a damaged cache holds nothing that cannot be computed again
            self._create()

    def _create(self) -> None:
        with closing(self._connect()) as store, store:
            store.execute("create table if not exists vectors (key text primary key, vector blob) without rowid")

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of passages, embedding only those never seen; kept as they come, so a cut run resumes."""
        return self._vectors("passage", texts, progress)

    def queries(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of example questions or phrases, cached like passages."""
        return self._vectors("query", texts, progress)

    def fill(self, passages: Sequence[str], queries: Sequence[str], progress: Progress | None = None) -> None:
        """See to it that vectors are kept, without returning them. `progress` counts only those embedded now."""
        missing = {kind: self._missing(kind, texts) for kind, texts in (("passage", passages), ("query", queries))}
        total, done = sum(map(len, missing.values())), 0
        for kind, work in missing.items():
            for start in range(0, len(work), BATCH):
                batch = work[start : start + BATCH]
                self._write(kind, batch)
                done += len(batch)
                if progress:
                    progress(done, total)

    def _vectors(self, kind: str, texts: Sequence[str], progress: Progress | None) -> Vectors:
        self.fill(texts if kind == "passage" else (), texts if kind == "query" else (), progress)
        keys = [vector_key(self.embedder.identity, kind, text) for text in texts]
        known = self._read(set(keys))
        found = [known[key] for key in keys]
        return np.stack(found) if found else np.empty((0, self.embedder.dimension), np.float32)

    def _missing(self, kind: str, texts: Sequence[str]) -> list[tuple[str, str]]:
        """Texts without a vector, each once, with their keys."""
        keyed = {vector_key(self.embedder.identity, kind, text): text for text in texts}
        wanted, held = list(keyed), keyed.keys() & self._seed().keys()
        with closing(self._connect()) as store:
            for part in portions(wanted):
                marks = ",".join("?" * len(part))
                held |= {row[0] for row in store.execute(f"select key from vectors where key in ({marks})", part)}  # noqa: S608
        return [(key, keyed[key]) for key in wanted if key not in held]

    def _read(self, keys: set[str]) -> dict[str, Vectors]:
        seed = self._seed()
        found = {key: seed[key] for key in keys & seed.keys()}
        with closing(self._connect()) as store:
            for part in portions(list(keys - found.keys())):
                marks = ",".join("?" * len(part))
                for key, blob in store.execute(f"select key, vector from vectors where key in ({marks})", part):  # noqa: S608
                    found[key] = np.frombuffer(blob, np.float16).astype(np.float32)
        return found

    def _write(self, kind: str, batch: Sequence[tuple[str, str]]) -> None:
        texts = [text for _, text in batch]
        one = self.embedder.query
        rows = self.embedder.passages(texts) if kind == "passage" else np.stack([one(text) for text in texts])
        with closing(self._connect()) as store, store:
            store.executemany(
                "insert or replace into vectors values (?, ?)",
                ((key, row.astype(np.float16).tobytes()) for (key, _), row in zip(batch, rows, strict=True)),
            )

    def _seed(self) -> dict[str, Vectors]:
        if self._seeds is None:
            seeds: dict[str, Vectors] = {}
            for path in self._shipped:
                with np.load(path) as shipped:
                    rows = shipped["vectors"].astype(np.float32)
                    seeds.update(zip(shipped["keys"].tolist(), rows, strict=True))
            self._seeds = seeds  # whole at once: another thread may be asking
        return self._seeds


def portions(keys: Sequence[str]) -> Iterator[list[str]]:
    """Keys in portions that SQLite takes in one statement."""
    for start in range(0, len(keys), 500):
        yield list(keys[start : start + 500])


def vector_key(identity: str, kind: str, text: str) -> str:
    """What a cached vector is filed under: the model, how it was embedded, and the text itself."""
    return hashlib.sha256(f"{identity}\x1f{kind}\x1f{text}".encode("utf-8", "replace")).hexdigest()[:32]


def write_shipped(path: Path, cache: VectorCache, passages: Sequence[str], queries: Sequence[str]) -> int:
    """Write the vectors of texts that ship with the project; returns how many."""
    identity = cache.embedder.identity
    rows = {vector_key(identity, "passage", text): text for text in passages}
    keys = [*rows, *(vector_key(identity, "query", text) for text in queries)]
    parts = [cache.passages(list(rows.values()))] if rows else []
    parts += [cache.queries(queries)] if queries else []
    np.savez_compressed(path, keys=np.array(keys), vectors=np.concatenate(parts).astype(np.float16))
    return len(keys)
