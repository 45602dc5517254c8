"""One published state of the index: read by any process, written by none."""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from knowledge.chroma import Collections
from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.filters import Columns, Filter, Mask, Places
from knowledge.keywords import Asked, Terms, ask, rows_with
from knowledge.passage_store import ALWAYS, Entry, PassageReader, day_number, read_passage
from knowledge.vector_cache import portions

EXACT = 3000
"""Among at most so many allowed passages of a locale the nearest are computed; among more, Chroma is asked."""

SAMPLE = 256
"""Passages of a locale that tell how near any passage is to a question, near or not."""


Near = Callable[[], tuple[Places, Vectors]]
"""Waits for places nearest to a question, best first, and their cosines."""


class IndexDamaged(Exception):
    """The index on disk cannot be read; building it again from its sources repairs it."""


class Generation:
    """One published state of the index. Nothing writes to it any more, so any process and any thread may read it. Its
    files are let go of when nobody refers to it any more, so that a search under way comes to its end.
    """

    def __init__(self, folder: Path, identity: str, connect: Callable[[str], Collections]) -> None:
        self.name, self.folder = folder.name, folder
        try:
            if not (folder / "passages.sqlite3").exists():
                raise IndexDamaged(f"the index {folder.name} is missing")
            self._store = PassageReader(folder / "passages.sqlite3")
            self._load_meta(identity)
            self.columns = Columns(self._store.connection)
            self._vectors = np.asarray(
                np.load(folder / "vectors.npy", mmap_mode="r" if len(self.columns.rows) else None)
            )
            if len(self._vectors) != len(self.columns.rows):
                raise IndexDamaged(f"the index {folder.name} has lost vectors")
        except IndexDamaged:
            raise
        except Exception as error:  # a damaged file raises errors of many kinds
            raise IndexDamaged(f"the index {folder.name} cannot be read ({type(error).__name__})") from error
        self._connect, self._connecting = connect, threading.Lock()
        self._threads = ThreadPoolExecutor(thread_name_prefix="nearest")
        self._collections: list[Collections] = []
        self._samples: dict[str, Vectors] = {}
        weakref.finalize(self, _close, self._store, self._collections, self._threads)

    def _load_meta(self, identity: str) -> None:
        meta = dict(self._store.execute("select key, value from meta"))
        if meta.get("identity") != identity:
            raise IndexDamaged(f"the index {self.name} was built by another embedder or version")
        self.build, self.next_row = str(meta["build"]), int(meta["next_row"])
        self.built, self.changed = int(meta["built"]), int(meta["changed"])
        self.dead: dict[str, list[int]] = json.loads(meta.get("dead") or "{}")
        self.means = {
            key.removeprefix("mean "): np.frombuffer(value, np.float32)
            for key, value in meta.items()
            if key.startswith("mean ")
        }

    def count(self) -> int:
        """How many passages there are."""
        return len(self.columns.rows)

    def ids(self) -> list[str]:
        """Ids of all passages."""
        return [row[0] for row in self._store.execute("select id from passages order by row")]

    def locales(self) -> dict[str, int]:
        """Passages by locale."""
        return dict(sorted(self.columns.sizes.items()))

    def sources(self) -> dict[str, str]:
        """What the passages came from, by name, with the digest of what was read."""
        return dict(self._store.execute("select name, digest from sources"))

    def entries(self) -> list[Entry]:
        """Every document in every language it was read in, expired ones too."""
        found = self._store.execute("select source, document, locale, title, kind, since, until from entries")
        return [
            Entry(source, document, locale, title, kind, _day(since, 0), _day(until, ALWAYS))
            for source, document, locale, title, kind, since, until in found
        ]

    def held(self) -> Iterator[tuple[int, str, Passage]]:
        """Every passage with its row and source, in order of rows."""
        for row, source, data in self._store.execute("select row, source, data from passages order by row"):
            yield row, source, read_passage(data)

    def rows_of(self, sources: Iterable[str]) -> dict[str, int]:
        """Ids and rows of the passages of some sources."""
        found: dict[str, int] = {}
        for name in sources:
            found |= dict(self._store.execute("select id, row from passages where source = ?", (name,)))
        return found

    def expired(self, today: date) -> dict[str, int]:
        """Ids and rows of passages whose validity has ended."""
        day = day_number(today, ALWAYS)
        return dict(self._store.execute("select id, row from passages where until < ?", (day,)))

    def by_locale(self, rows: Sequence[int]) -> dict[str, list[int]]:
        """Rows by the locale of their passages."""
        found: dict[str, list[int]] = {}
        places, _ = self.columns.places(np.array(rows, np.int64))
        for row, locale in zip(rows, self.columns.locale_at(places), strict=True):
            found.setdefault(locale, []).append(row)
        return found

    def collections(self) -> Collections:
        """The vectors in Chroma. Raises ServerUnreachable."""
        with self._connecting:
            if not self._collections:
                self._collections.append(self._connect(self.build))
        return self._collections[0]

    def nearest(self, query: Callable[[str], Vectors], wanted: Filter, limit: int) -> dict[str, tuple[Places, Vectors]]:
        """By locale, the places nearest to a question among those the filter lets through, and their cosines, best
        first. `query` gives the question's unit vector for passages of a locale.
        """
        return {locale: found() for locale, found in self._look_near(query, wanted, limit).items()}

    def _look_near(self, query: Callable[[str], Vectors], wanted: Filter, limit: int) -> dict[str, Near]:
        """What waits for the nearest of each locale: Chroma looks for all of them while other things are done."""
        mask, places = self.columns.allowed(wanted)
        return {
            locale: partial(self._computed, own, query(locale), limit)
            if len(own) <= EXACT
            else self._threads.submit(self._asked, locale, query(locale), limit, mask, own).result
            for locale, own in places.items()
        }

    def candidates(
        self, query: Callable[[str], Vectors], text: str, wanted: Filter, limit: int
    ) -> tuple[Places, Asked]:
        """Places worth ranking: the nearest of each locale, and those that share the rarest words; and those words."""
        near = self._look_near(query, wanted, limit)
        asked = self.ask(text)
        sharing = self.matching(asked, wanted, limit)
        self.read(sharing)  # to be remembered: Chroma is still looking
        found: Places = np.unique(np.concatenate([sharing, *(own()[0] for own in near.values())]))
        return found, asked

    def cosines_of(self, places: Places, query: Callable[[str], Vectors]) -> tuple[list[float], Vectors]:
        """Cosines of a question to passages of any locales, and their vectors."""
        vectors, cosines = np.asarray(self._vectors[places], np.float32), np.empty(len(places), np.float32)
        for locale in set(self.columns.locale_at(places)):
            own = self.columns.speaks(places, locale)
            cosines[own] = np.einsum("ij,j->i", vectors[own], query(locale))
        return cosines.tolist(), vectors

    def _computed(self, places: Places, vector: Vectors, limit: int) -> tuple[Places, Vectors]:
        cosines = self.cosines(places, vector)
        best = np.argsort(-cosines, kind="stable")[:limit]
        return places[best], cosines[best]

    def _asked(self, locale: str, vector: Vectors, limit: int, mask: Mask, places: Places) -> tuple[Places, Vectors]:
        """Chroma's nearest, asked for as many more as the filter leaves out, and again where that was too few."""
        total = self.columns.sizes[locale]
        wanted = limit if len(places) == total else int(1.3 * limit * total / len(places)) + 10
        while wanted <= EXACT:
            rows, cosines = self.collections().nearest(locale, vector, wanted)
            found, here = self.columns.places(rows)
            kept = here & mask[found] & self.columns.speaks(found, locale)
            if kept.sum() >= limit or wanted >= total:
                return found[kept][:limit], cosines[kept][:limit]
            wanted *= 4
        return self._computed(places, vector, limit)

    def cosines(self, places: Places, vector: Vectors) -> Vectors:
        """Cosines of a unit vector to the passages at given places."""
        found: Vectors = np.asarray(self._vectors[places], np.float32) @ vector
        return found

    def background(self, locale: str, vector: Vectors) -> Vectors:
        """Cosines of a unit vector to a sample of a locale's passages, whatever they are about."""
        if locale not in self._samples:
            own = self.columns.of_locale(locale)
            places = own[:: max(1, len(own) // SAMPLE)]
            self._samples[locale] = np.asarray(self._vectors[places], np.float32)
        found: Vectors = self._samples[locale] @ vector
        return found

    def ask(self, text: str) -> Asked:
        """The words of a question, weighed by how rare they are here."""
        return ask(self._store.connection, text, self.count())

    def matching(self, asked: Asked, wanted: Filter, limit: int) -> Places:
        """Places that hold most of a question's rarest words, best first, among those the filter lets through."""
        rows, weights = rows_with(self._store.connection, asked)
        places, here = self.columns.places(rows)
        shown = here & self.columns.allowed(wanted)[0][places] & (weights > 0)
        held, own = np.unique(places[shown], return_inverse=True)
        scores = np.bincount(own, weights[shown])
        return held[np.argsort(-scores, kind="stable")[:limit]]

    def read(self, places: Places) -> list[tuple[Passage, Terms]]:
        """The passages at given places, in that order, and their words."""
        return self._store.read(self.columns.rows[places].tolist())

    def everything(self, kind: str = "") -> list[Passage]:
        """All passages, or those of a kind, in order of rows."""
        found = self._store.execute("select data from passages where ? in ('', kind) order by row", (kind,))
        return [read_passage(row[0]) for row in found]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Unit vectors of passages, in the order of their ids."""
        rows: dict[str, int] = {}
        for part in portions(ids):
            marks = ",".join("?" * len(part))
            rows |= dict(self._store.execute(f"select id, row from passages where id in ({marks})", part))  # noqa: S608
        places, _ = self.columns.places(np.array([rows[i] for i in ids], np.int64))
        return np.asarray(self._vectors[places], np.float32)

    def of_document(self, document: str, locale: str) -> list[Passage]:
        """A document's passages in one locale, in order."""
        rows = self._store.execute(
            "select data from passages where document = ? and locale = ? order by number", (document, locale)
        )
        return [read_passage(row[0]) for row in rows]

    def siblings(self, document: str, number: int) -> dict[str, Passage]:
        """The same piece of the same document in each locale it exists in."""
        rows = self._store.execute(
            "select locale, data from passages where document = ? and number = ?", (document, number)
        )
        return {locale: read_passage(data) for locale, data in rows}


def _close(store: PassageReader, collections: list[Collections], threads: ThreadPoolExecutor) -> None:
    threads.shutdown(wait=False)
    store.close()
    for opened in collections:
        opened.close()


def _day(number: int, absent: int) -> date | None:
    return None if number == absent else date(number // 10000, number // 100 % 100, number % 100)
