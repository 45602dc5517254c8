"""Passages in ChromaDB and SQLite, in generations: a sync builds the next one beside the current one and then
points to it. Readers, in any process, see the old index or the new one; a crash in between leaves the old.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.documents import Passage, expand_markets
from knowledge.embeddings import Progress, VectorCache, Vectors
from knowledge.keywords import create_keyword_table, match_keywords, write_keywords

FORMAT = "3"
"""Raised whenever what a generation holds changes, so that an older one is built again."""

ALWAYS = 99991231
"""`valid_until` of what never expires, as yyyymmdd."""

CENTRE_FROM = 30
"""A language with at least so many passages is centred on its own mean, a rarer one on the shipped mean."""


class IndexDamaged(Exception):
    """The index on disk cannot be read; building it again from its sources repairs it."""


class IndexBusy(Exception):
    """Another process is building the index."""


@dataclass(frozen=True)
class Filter:
    """What may be found: decided before anything is ranked.

    `market` an ISO country or '' (unknown: passages for any market), `language` the reader's: other languages are
    found only where a document has neither it nor English. `kinds` empty for all.
    """

    audience: str = "shopper"
    market: str = ""
    on: date = date.max
    language: str = ""
    kinds: tuple[str, ...] = ()
    product_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What a sync did: passages added, removed, and kept as they were."""

    added: int
    removed: int
    kept: int


class Index:
    """The passages of one shop, on disk below one folder, with one writer at a time."""

    def __init__(self, folder: Path, cache: VectorCache, means: dict[str, Vectors]) -> None:
        self._folder = folder
        self._cache = cache
        self._means = means
        self._open: _Generation | None = None

    @property
    def identity(self) -> str:
        """What the index was built with; a mismatch is rebuilt, never read."""
        return f"{self._cache.embedder.identity}/index-{FORMAT}"

    def generation(self) -> _Generation:
        """The current generation, reopened if another process published a newer one. Raises IndexDamaged."""
        name = self._current()
        if self._open is None or self._open.name != name:
            if self._open:
                self._open.close()
            self._open = _Generation(self._folder / name, self.identity)
        return self._open

    def exists(self) -> bool:
        """Whether anything was ever published."""
        return (self._folder / "current").exists()

    def _current(self) -> str:
        try:
            return (self._folder / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            raise IndexDamaged("nothing has been indexed yet") from None

    def sync(self, passages: Sequence[Passage], progress: Progress | None = None) -> Change:
        """Make the index hold exactly these passages. Only new texts are embedded. Raises IndexBusy."""
        wanted = {passage.id: passage for passage in passages}
        with self._writing():
            before = self._ids_before()
            added, removed = wanted.keys() - before, before - wanted.keys()
            change = Change(len(added), len(removed), len(wanted) - len(added))
            if self.exists() and before and not added and not removed:
                return change
            vectors = self._cache.passages([passage.searchable for passage in wanted.values()], progress)
            self._publish(list(wanted.values()), vectors)
        return change

    def _ids_before(self) -> set[str]:
        try:
            return set(self.generation().ids())
        except IndexDamaged:
            return set()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IndexBusy("another process is building this index; wait for it to end") from None
            yield

    def _publish(self, passages: list[Passage], vectors: Vectors) -> None:
        name = f"{time.time_ns():x}"
        fresh = self._folder / name
        fresh.mkdir()
        means = self._centres(passages, vectors)
        _write_passages(fresh / "passages.sqlite3", passages, means, self.identity)
        _write_vectors(fresh / "chroma", passages, centre(vectors, [p.locale for p in passages], means))
        before = self._current() if self.exists() else ""
        pointer = self._folder / "current.new"
        pointer.write_text(name, "utf-8")
        os.replace(pointer, self._folder / "current")
        self._forget_all_but({name, before})

    def _centres(self, passages: list[Passage], vectors: Vectors) -> dict[str, Vectors]:
        """The mean vector of each language: what all its passages share says nothing about their meaning."""
        means = dict(self._means)
        locales = np.array([passage.locale for passage in passages])
        for locale in set(locales.tolist()):
            rows = vectors[locales == locale]
            if len(rows) >= CENTRE_FROM or locale not in means:
                means[locale] = rows.mean(axis=0) if len(rows) >= CENTRE_FROM else _any_mean(self._means, rows)
        return means

    def _forget_all_but(self, kept: set[str]) -> None:
        """Delete generations that no reader can still be opening, and what a crash left behind."""
        for old in self._folder.iterdir():
            if old.is_dir() and old.name not in kept:
                shutil.rmtree(old, ignore_errors=True)


def _any_mean(means: dict[str, Vectors], rows: Vectors) -> Vectors:
    known = list(means.values())
    mean: Vectors = np.mean(known, axis=0) if known else rows.mean(axis=0) * 0
    return mean


def allows(passage: Passage, wanted: Filter) -> bool:
    """Whether a passage may be shown by a filter's audience, market and day."""
    markets = expand_markets(passage.markets)
    return (
        passage.audience in _audiences(wanted)
        and (not wanted.market or not markets or wanted.market in markets)
        and _number(passage.valid_from, 0) <= _number(wanted.on, ALWAYS) <= _number(passage.valid_until, ALWAYS)
    )


def centre(vectors: Vectors, locales: Sequence[str], means: dict[str, Vectors]) -> Vectors:
    """Vectors with their language's mean taken away, unit again.

    Measured on XQuAD-R, English answers to German questions in a mixed index: 27 → 54 % first hits, Chinese
    1 → 29 %, same-language search unchanged.
    """
    if not len(vectors):
        return vectors
    nowhere = np.zeros(vectors.shape[1], np.float32)
    shifted = vectors - np.stack([means.get(locale, nowhere) for locale in locales])
    unit: Vectors = shifted / np.maximum(np.linalg.norm(shifted, axis=1, keepdims=True), 1e-9)
    return unit


def main_locales(passages: Sequence[Passage]) -> dict[str, str]:
    """The locale each document is found in by readers of languages it does not exist in: English where it has it."""
    locales: dict[str, set[str]] = {}
    for passage in passages:
        locales.setdefault(passage.document, set()).add(passage.locale)
    return {document: "en" if "en" in own else min(own) for document, own in locales.items()}


def _number(day: date | None, absent: int) -> int:
    return int(f"{day:%Y%m%d}") if day else absent


def _write_passages(path: Path, passages: list[Passage], means: dict[str, Vectors], identity: str) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        mains = main_locales(passages)
        store.execute(
            "create table passages (row integer primary key, id text unique, document text, number int, locale text,"
            " main int, kind text, product_id text, audience text, markets text, since int, until int, data text)"
        )
        store.execute("create table meta (key text primary key, value blob)")
        create_keyword_table(store)
        store.executemany("insert into passages values (?,?,?,?,?,?,?,?,?,?,?,?,?)", (
            (row, p.id, p.document, p.number, p.locale, int(mains[p.document] == p.locale),
             p.kind, p.product_id, p.audience,
             f" {' '.join(expand_markets(p.markets) or ['*'])} ", _number(p.valid_from, 0),
             _number(p.valid_until, ALWAYS), json.dumps(asdict(p), default=str))
            for row, p in enumerate(passages)
        ))  # fmt: skip
        write_keywords(store, ((row, passage.searchable) for row, passage in enumerate(passages)))
        store.execute("insert into meta values ('identity', ?)", (identity,))
        for locale, mean in means.items():
            store.execute("insert into meta values (?, ?)", (f"mean {locale}", mean.astype(np.float32).tobytes()))
        store.execute("create index by_document on passages (document, number)")


def _write_vectors(path: Path, passages: list[Passage], vectors: Vectors) -> None:
    mains = main_locales(passages)
    with _chroma(path) as client:
        collection = client.create_collection(
            "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
        )
        for start in range(0, len(passages), 1000):
            batch = passages[start : start + 1000]
            collection.add(
                ids=[passage.id for passage in batch],
                embeddings=vectors[start : start + 1000],
                metadatas=[_metadata(passage, mains[passage.document] == passage.locale) for passage in batch],
            )


def _metadata(passage: Passage, main: bool) -> dict[str, Any]:
    return {
        "main": main,
        "audience": passage.audience, "kind": passage.kind, "locale": passage.locale, "product": passage.product_id,
        "markets": expand_markets(passage.markets) or ["*"],
        "since": _number(passage.valid_from, 0), "until": _number(passage.valid_until, ALWAYS),
    }  # fmt: skip


@contextlib.contextmanager
def _chroma(path: Path) -> Iterator[Any]:
    """A client of a folder that only we open. Telemetry is off, and no embedding function of Chroma's is used:
    its default would fetch a model.
    """
    client = _client(path)
    try:
        yield client
    finally:
        client.close()


def _client(path: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))


class _Generation:
    """One published state of the index. Nothing writes to it any more, so any process may read it."""

    def __init__(self, folder: Path, identity: str) -> None:
        self.name = folder.name
        try:
            if not (folder / "passages.sqlite3").exists():
                raise IndexDamaged(f"the index {folder.name} is missing")
            self._store = sqlite3.connect(
                f"file:{folder / 'passages.sqlite3'}?mode=ro", uri=True, check_same_thread=False
            )
            self._load_meta(identity)
            self._client = _client(folder / "chroma")
            self._vectors = self._client.get_collection("passages", embedding_function=None)
        except IndexDamaged:
            raise
        except Exception as error:  # Chroma raises bare errors of many kinds on a damaged folder
            raise IndexDamaged(f"the index {folder.name} cannot be read ({type(error).__name__})") from error

    def _load_meta(self, identity: str) -> None:
        meta = dict(self._store.execute("select key, value from meta"))
        if meta.pop("identity", None) != identity:
            raise IndexDamaged(f"the index {self.name} was built by another embedder or version")
        self.means = {key.removeprefix("mean "): np.frombuffer(value, np.float32) for key, value in meta.items()}

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()
        self._client.close()

    def ids(self) -> list[str]:
        """Ids of all passages."""
        return [row[0] for row in self._store.execute("select id from passages")]

    def count(self) -> int:
        """How many passages there are."""
        return int(self._store.execute("select count(*) from passages").fetchone()[0])

    def locales(self) -> dict[str, int]:
        """Passages by locale."""
        return dict(self._store.execute("select locale, count(*) from passages group by locale order by locale"))

    def nearest(self, vector: Vectors, wanted: Filter, limit: int) -> dict[str, float]:
        """Passages by cosine to a centred vector, among those the filter lets through."""
        count = self.count()
        if not count:
            return {}
        found = self._vectors.query(
            query_embeddings=[vector],
            n_results=min(limit, count),
            where=_where(wanted),
            include=["distances"],
        )
        return {i: 1 - float(distance) for i, distance in zip(found["ids"][0], found["distances"][0], strict=True)}

    def matching(self, text: str, wanted: Filter, limit: int) -> dict[str, float]:
        """Passages by BM25, among those the filter lets through."""
        hits = match_keywords(self._store, text, limit * 5)
        ids = dict(self._store.execute(f"select row, id from passages where {_sql(wanted)}", _values(wanted)))  # noqa: S608
        found = [(ids[row], score) for row, score in hits if row in ids]
        return dict(found[:limit])

    def cosines(self, ids: Sequence[str], vector: Vectors) -> dict[str, float]:
        """Cosines of given passages to a centred vector."""
        if not ids:
            return {}
        held = self._vectors.get(ids=list(ids), include=["embeddings"])
        return dict(zip(held["ids"], (np.asarray(held["embeddings"]) @ vector).tolist(), strict=True))

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id."""
        marks = ",".join("?" * len(ids))
        rows = self._store.execute(f"select id, data from passages where id in ({marks})", list(ids))  # noqa: S608
        return {row[0]: _passage(row[1]) for row in rows}

    def of_document(self, document: str, locale: str) -> list[Passage]:
        """A document's passages in one locale, in order."""
        rows = self._store.execute(
            "select data from passages where document = ? and locale = ? order by number", (document, locale)
        )
        return [_passage(row[0]) for row in rows]

    def siblings(self, document: str, number: int) -> dict[str, str]:
        """The same piece of the same document in each locale it exists in: locale → id."""
        return dict(self._store.execute(
            "select locale, id from passages where document = ? and number = ?", (document, number)
        ))  # fmt: skip


def _passage(data: str) -> Passage:
    fields = json.loads(data)
    for name in ("valid_from", "valid_until"):
        fields[name] = date.fromisoformat(fields[name]) if fields[name] else None
    return Passage(**{**fields, "heading": tuple(fields["heading"]), "markets": tuple(fields["markets"]),
                    "about": tuple(fields["about"])})  # fmt: skip


def _audiences(wanted: Filter) -> list[str]:
    return ["shopper"] if wanted.audience == "shopper" else ["shopper", wanted.audience]


def _where(wanted: Filter) -> dict[str, Any]:
    day = _number(wanted.on, ALWAYS)
    rules: list[dict[str, Any]] = [
        {"audience": {"$in": _audiences(wanted)}}, {"since": {"$lte": day}}, {"until": {"$gte": day}},
    ]  # fmt: skip
    if wanted.market:
        rules.append({"$or": [{"markets": {"$contains": "*"}}, {"markets": {"$contains": wanted.market}}]})
    if wanted.language:
        rules.append({"$or": [{"locale": wanted.language}, {"main": True}]})
    for field, values in (("kind", wanted.kinds), ("product", wanted.product_ids)):
        if values:
            rules.append({field: {"$in": list(values)}})
    return {"$and": rules}


def _sql(wanted: Filter) -> str:
    rules = [f"audience in ({','.join('?' * len(_audiences(wanted)))})", "since <= ?", "until >= ?"]
    if wanted.market:
        rules.append("(markets = ' * ' or instr(markets, ?))")
    if wanted.language:
        rules.append("(locale = ? or main)")
    for field, values in (("kind", wanted.kinds), ("product_id", wanted.product_ids)):
        if values:
            rules.append(f"{field} in ({','.join('?' * len(values))})")
    return " and ".join(rules)


def _values(wanted: Filter) -> list[Any]:
    day = _number(wanted.on, ALWAYS)
    market = [f" {wanted.market} "] if wanted.market else []
    language = [wanted.language] if wanted.language else []
    return [*_audiences(wanted), day, day, *market, *language, *wanted.kinds, *wanted.product_ids]
