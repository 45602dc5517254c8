"""What the tests of the index share: an embedder that counts letters, short passages, an index in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from knowledge.documents import Passage
from knowledge.embeddings import Part, Vectors
from knowledge.filters import Filter
from knowledge.index import Change, Index, Means
from knowledge.sources import Source, made_of
from knowledge.vector_cache import VectorCache

TODAY = date(2026, 6, 1)


class Letters:
    """An embedder that counts letters, remembers what it was asked for, and can be told to fail."""

    identity = "letters/16/1"
    dimension = 16
    languages: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = (Part(16),)

    def __init__(self, fail_at: str = "") -> None:
        self.asked: list[str] = []
        self.fail_at = fail_at

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self.fail_at and any(self.fail_at in text for text in texts):
            raise RuntimeError("the power went out")
        self.asked += texts
        return np.stack([self.row(text) for text in texts])

    def query(self, text: str) -> Vectors:
        self.asked.append(f"query: {text}")
        return self.row(text)

    def row(self, text: str) -> Vectors:
        row = np.full(self.dimension, 1e-3, np.float32)
        for letter in text.lower():
            row[ord(letter) % self.dimension] += 1
        return row / np.float32(np.linalg.norm(row))


def passage(document: str, text: str = "", **fields: object) -> Passage:
    said = text or f"The text of {document}."
    return Passage(**{"document": document, "title": document, "text": said, "locale": "en", **fields})  # type: ignore[arg-type]


def sources_of(passages: Sequence[Passage]) -> list[Source]:
    """One source a document."""
    names = dict.fromkeys(passage.document for passage in passages)
    return [made_of(name, [passage for passage in passages if passage.document == name]) for name in names]


def open_index(folder: Path, embedder: Letters | None = None, means: Means | None = None) -> Index:
    return Index(folder / "index", VectorCache(folder / "vectors.sqlite3", embedder or Letters()), means)


def sync(index: Index, *passages: Passage, today: date = TODAY) -> Change:
    return index.sync(sources_of(passages), today=today)


def held(index: Index) -> set[str]:
    """Documents of the passages an index holds."""
    return {name.split("@")[0] for name in index.generation().ids()}


def nearest(index: Index, text: str, wanted: Filter, limit: int) -> list[tuple[str, float]]:
    """Ids and cosines of what is nearest in each locale, best first."""
    generation, space = index.generation(), index.space()
    near = generation.nearest(lambda locale: space.query(Letters().row(text), locale, locale), wanted, limit)
    pairs = [
        (passage.id, float(cosine))
        for places, cosines in near.values()
        for (passage, _), cosine in zip(generation.read(places), cosines, strict=True)
    ]
    return sorted(pairs, key=lambda pair: -pair[1])


def matching(index: Index, text: str, wanted: Filter, limit: int) -> list[str]:
    """Ids of what shares a question's rarest words, best first."""
    generation = index.generation()
    return [passage.id for passage, _ in generation.read(generation.matching(generation.ask(text), wanted, limit))]


def found(index: Index, wanted: Filter, text: str = "The text of") -> set[str]:
    """Documents that both the vectors and the words let through; they must agree."""
    near = {name for name, _ in nearest(index, text, wanted, 100)}
    assert near == set(matching(index, text, wanted, 100))
    return {name.split("@")[0] for name in near}
