"""The passages of one generation in SQLite: what they say, who may see them, their words, and what they came from."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import orjson

from knowledge.documents import Passage, expand_markets
from knowledge.embeddings import Vectors
from knowledge.keywords import Terms, add_words, codes, create_tables, keywords, remove_words, terms

ALWAYS = 99991231
"""`valid_until` of what never expires, as yyyymmdd."""

REMEMBERED = 4096
"""Passages kept as they were read: a shop's shoppers ask about the same few."""

MAPPED = 2**30
"""Bytes of a published file that are read where they lie: a search reads from a hundred places, each else a call."""

FIELDS = (
    "row, id, source, document, number, locale, main, kind, product_id, audience, markets, since, until, terms, data"
)


def day_number(day: date | None, absent: int) -> int:
    """A day as yyyymmdd, so that days can be compared as numbers."""
    return int(f"{day:%Y%m%d}") if day else absent


@dataclass(frozen=True)
class Entry:
    """A document in one language as it was indexed, expired or not: what the operator is told of it."""

    source: str
    document: str
    locale: str
    title: str
    kind: str
    valid_from: date | None
    valid_until: date | None


class PassageStore:
    """The file `passages.sqlite3` of a generation that is being written."""

    def __init__(self, path: Path) -> None:
        self._store = sqlite3.connect(path)
        self._store.execute("pragma synchronous = off")  # nothing points here until the whole is written and synced

    def create(self) -> None:
        """Make the tables."""
        self._store.execute(
            "create table passages (row integer primary key, id text unique, source text, document text, number int,"
            " locale text, main int, kind text, product_id text, audience text, markets text, since int, until int,"
            " terms blob, data text)"
        )
        self._store.execute("create index by_document on passages (document, number)")
        self._store.execute("create index by_source on passages (source)")
        self._store.execute("create table sources (name text primary key, digest text)")
        self._store.execute(
            "create table entries (source text, document text, locale text, title text, kind text, since int,"
            " until int)"
        )
        self._store.execute("create table meta (key text primary key, value blob)")
        create_tables(self._store)

    def add(self, first_row: int, passages: Sequence[tuple[str, Passage]]) -> None:
        """Enter passages with the sources they came from, in rows counted from `first_row`."""
        held = [(row, terms(_words_of(p))) for row, (_, p) in enumerate(passages, first_row)]
        self._store.executemany(f"insert into passages ({FIELDS}) values ({','.join('?' * 15)})", (  # noqa: S608
            (row, p.id, source, p.document, p.number, p.locale, 0, p.kind, p.product_id, p.audience,
             " ".join(expand_markets(p.markets)), day_number(p.valid_from, 0), day_number(p.valid_until, ALWAYS),
             own.tobytes(), json.dumps(asdict(p), default=str, ensure_ascii=False))
            for (row, own), (source, p) in zip(held, passages, strict=True)
        ))  # fmt: skip
        add_words(self._store, held)

    def remove(self, rows: Sequence[int]) -> None:
        """Take passages out."""
        held: list[tuple[int, Terms]] = []
        for row in rows:
            (blob,) = self._store.execute("select terms from passages where row = ?", (row,)).fetchone()
            held.append((row, np.frombuffer(blob, np.uint32)))
        remove_words(self._store, held)
        self._store.executemany("delete from passages where row = ?", ((row,) for row in rows))

    def move(self, sources: Mapping[str, str]) -> None:
        """Write down that passages, by id, belong to these sources now."""
        self._store.executemany("update passages set source = ? where id = ?", ((s, i) for i, s in sources.items()))

    def mark_mains(self) -> None:
        """Mark the locale each document is found in by readers of languages it does not exist in: English where it
        has it, else the first by name.
        """
        self._store.execute(
            "update passages set main = (locale = m.own) from (select document as d, case when max(locale = 'en')"
            " then 'en' else min(locale) end as own from passages group by document) as m"
            " where document = m.d and main is not (locale = m.own)"
        )

    def set_sources(self, digests: Mapping[str, str], gone: Iterable[str], entries: Sequence[Entry]) -> None:
        """Write down what was read, by its digest, and forget what is gone."""
        left = [(name,) for name in {*gone, *(entry.source for entry in entries), *digests}]
        self._store.executemany("delete from entries where source = ?", left)
        self._store.executemany("delete from sources where name = ?", ((name,) for name in gone))
        self._store.executemany("insert or replace into sources values (?, ?)", digests.items())
        self._store.executemany(
            "insert into entries values (?, ?, ?, ?, ?, ?, ?)",
            ((e.source, e.document, e.locale, e.title, e.kind, day_number(e.valid_from, 0),
              day_number(e.valid_until, ALWAYS)) for e in entries),
        )  # fmt: skip

    def set_meta(self, **facts: str | int | bytes) -> None:
        """Write down facts of the generation as a whole."""
        self._store.executemany("insert or replace into meta values (?, ?)", facts.items())

    def set_means(self, means: Mapping[str, Vectors]) -> None:
        """Write down each locale's mean vector."""
        self.set_meta(**{f"mean {locale}": mean.astype(np.float32).tobytes() for locale, mean in means.items()})

    def close(self) -> None:
        """Commit and let go."""
        with closing(self._store), self._store:
            pass


class PassageReader:
    """The file `passages.sqlite3` of a published generation, which nobody writes any more. Each thread that reads has a
    connection of its own: one connection serves one thread at a time, and not every SQLite sees to that itself.
    """

    def __init__(self, path: Path) -> None:
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._remembered: dict[int, tuple[Passage, Terms]] = {}

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            found = self._own.connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            found.execute(f"pragma mmap_size = {MAPPED}")
            self._opened.append(found)
        return found

    def execute(self, statement: str, values: Sequence[str | int] = ()) -> sqlite3.Cursor:
        """Rows by a statement."""
        return self.connection.execute(statement, values)

    def read(self, rows: Sequence[int]) -> list[tuple[Passage, Terms]]:
        """The passages in given rows, in that order, and their words."""
        held = {row: known for row in rows if (known := self._remembered.get(row))}
        if len(held) < len(rows):
            fresh = self._fetch([row for row in rows if row not in held])
            if len(self._remembered) > REMEMBERED:
                self._remembered.clear()
            self._remembered |= fresh
            held |= fresh
        return [held[row] for row in rows]

    def _fetch(self, rows: Sequence[int]) -> dict[int, tuple[Passage, Terms]]:
        wanted = f"select row, data, terms from passages where row in ({','.join('?' * len(rows))})"  # noqa: S608
        found = self.execute(wanted, rows)
        return {row: (read_passage(data), np.frombuffer(blob, np.uint32)) for row, data, blob in found}

    def close(self) -> None:
        """Let go of the file; for when no thread reads any more."""
        for connection in self._opened:
            connection.close()


def _words_of(passage: Passage) -> list[str]:
    """The words of a passage; of a product's first one its number in the shop too, which variants may not bear."""
    own = codes(passage.product_id) if passage.number == 0 else []
    return keywords(passage.searchable) + own


def read_passage(data: str) -> Passage:
    """A passage as it was written."""
    fields = orjson.loads(data)
    for name in ("valid_from", "valid_until"):
        fields[name] = date.fromisoformat(fields[name]) if fields[name] else None
    for name in ("heading", "markets", "about"):
        fields[name] = tuple(fields[name])
    passage = object.__new__(Passage)
    vars(passage).update(fields)  # its own __init__, frozen, sets field by field and takes longer than all the rest
    return passage
