"""One published state of the index: read by any process, written by none. What may be found is filtered here, before
anything is ranked. The only home of ChromaDB.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.documents import Passage, expand_markets
from knowledge.embeddings import Vectors
from knowledge.keywords import match_keywords

ALWAYS = 99991231
"""`valid_until` of what never expires, as yyyymmdd."""


class IndexDamaged(Exception):
    """The index on disk cannot be read; building it again from its sources repairs it."""


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


def day_number(day: date | None, absent: int) -> int:
    """A day as yyyymmdd, so that days can be compared in either store."""
    return int(f"{day:%Y%m%d}") if day else absent


def allows(passage: Passage, wanted: Filter) -> bool:
    """Whether a passage may be shown by a filter's audience, market and day."""
    markets = expand_markets(passage.markets)
    return (
        passage.audience in _audiences(wanted)
        and (not wanted.market or not markets or wanted.market in markets)
        and day_number(passage.valid_from, 0)
        <= day_number(wanted.on, ALWAYS)
        <= day_number(passage.valid_until, ALWAYS)
    )


def open_client(path: Path) -> Any:
    """A Chroma client of a folder, without telemetry. Its own embedding function fetches a model and is never used."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))


class Generation:
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
            self._client = open_client(folder / "chroma")
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

    def everything(self, kind: str = "") -> list[Passage]:
        """All passages, or those of one kind (policy, product), in the order they were indexed."""
        rows = self._store.execute("select data from passages where ? in ('', kind) order by row", (kind,))
        return [_passage(row[0]) for row in rows]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The unit vectors of passages, centred by language, in the order of their ids."""
        rows: dict[str, Vectors] = {}
        for start in range(0, len(ids), 1000):
            held = self._vectors.get(ids=list(ids[start : start + 1000]), include=["embeddings"])
            rows |= dict(zip(held["ids"], np.asarray(held["embeddings"], np.float32), strict=True))
        return np.stack([rows[i] for i in ids]) if ids else np.empty((0, 0), np.float32)

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
    day = day_number(wanted.on, ALWAYS)
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
    day = day_number(wanted.on, ALWAYS)
    market = [f" {wanted.market} "] if wanted.market else []
    language = [wanted.language] if wanted.language else []
    return [*_audiences(wanted), day, day, *market, *language, *wanted.kinds, *wanted.product_ids]
