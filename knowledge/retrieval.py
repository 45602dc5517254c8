"""Finding the passages that answer a question: filtered, then vectors and keywords fused, then the reader's own
language and market preferred. Nothing near enough is an answer too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.generation import Filter, Generation, allows
from knowledge.index import Index, centre
from knowledge.language import detect_language
from knowledge.markets import market_groups

CANDIDATES = 40
"""Passages taken from each of vectors and keywords before they are fused."""

KEYWORD_SHARE = 0.15
"""Weight of scaled BM25 beside scaled cosine. First hits on 108 labelled policy questions: 82 % without, 86 % at
0.15, 83 % at 0.3, where keywords outweigh an answer that exists in English only (benchmarks/retrieval.py).
"""

NEAR_ENOUGH = 0.06
"""Least centred cosine of the best passage. Of our labelled policy questions 1 in 100 finds only less, of off-topic
messages 1 in 10: what a message is about is decided by the router, this only keeps out the far-fetched.
"""

OWN_MARKET = 0.08
"""Added to a passage for the shopper's market; taken from one for particular markets while theirs is unknown."""

OTHER_COUNTRY = 0.3
"""Taken from a passage whose heading names countries, but not theirs: 'Paying in Brazil' to a shopper in Japan."""


@dataclass(frozen=True)
class Hit:
    """A passage found. `score` ranks within one search; `cosine` (centred, -1 to 1) compares across searches."""

    passage: Passage
    score: float
    cosine: float


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, embed_query: Callable[[str], Vectors]) -> None:
        self._index = index
        self._embed = embed_query

    def search(
        self,
        text: str,
        wanted: Filter,
        limit: int = 5,
        language: str | None = None,
        least: float = NEAR_ENOUGH,
    ) -> list[Hit]:
        """The best passages for a question, best first; empty when nothing is near enough.

        `language` is the asker's (detected when not given), `least` the cosine below which a best hit is no hit.
        """
        if not text.strip():
            return []
        generation = self._index.generation()
        language = language or detect_language(text).language or "en"
        today = date.today()  # noqa: DTZ011
        wanted = replace(wanted, language=language, on=today if wanted.on == date.max else wanted.on)
        vector = centre(self._embed(text)[np.newaxis], [language], generation.means)[0]
        hits = _fuse(generation, text, vector, wanted)
        hits = _prefer_language(generation, hits, language, wanted)[:limit]
        return hits if hits and max(hit.cosine for hit in hits) >= least else []

    def locales(self) -> dict[str, int]:
        """How many passages there are, by locale. Raises IndexDamaged."""
        return self._index.generation().locales()

    def document(self, document: str, language: str) -> list[Passage]:
        """All passages of a document in the reader's language, else in English, in order."""
        generation = self._index.generation()
        for locale in (language, "en"):
            found = generation.of_document(document, locale)
            if found:
                return found
        return []

    def passage(self, cite: str, language: str, wanted: Filter) -> Hit | None:
        """The passage a rule names as 'document#number', in the reader's language, else English, else any; None
        where none of them may be shown.
        """
        document, _, number = cite.partition("#")
        generation = self._index.generation()
        twins = generation.siblings(document, int(number)) if number.isdecimal() else {}
        held = generation.passages(list(twins.values())) if twins else {}
        shown = {locale: held[i] for locale, i in twins.items() if allows(held[i], wanted)}
        found = shown.get(language) or shown.get("en") or next(iter(shown.values()), None)
        return Hit(found, 1.0, 1.0) if found else None


def _fuse(generation: Generation, text: str, vector: Vectors, wanted: Filter) -> list[Hit]:
    near = generation.nearest(vector, wanted, CANDIDATES)
    words = generation.matching(text, wanted, CANDIDATES)
    near |= generation.cosines([i for i in words if i not in near], vector)
    if not near:
        return []
    meaning = _scaled(near)
    lexical = _scaled({i: words.get(i, 0.0) for i in near})
    passages = generation.passages(list(near))
    scores = {i: meaning[i] + KEYWORD_SHARE * lexical[i] - _distance(passages[i], wanted) for i in near}
    ranked = sorted(scores, key=scores.__getitem__, reverse=True)
    return [Hit(passages[i], scores[i], near[i]) for i in ranked]


def _scaled(scores: dict[str, float]) -> dict[str, float]:
    low, high = min(scores.values()), max(scores.values())
    return {i: (score - low) / (high - low) if high > low else 0.0 for i, score in scores.items()}


def _distance(passage: Passage, wanted: Filter) -> float:
    """How far a passage is from the shopper's market; negative for one written for it."""
    own = market_groups(wanted.market)
    if passage.about and wanted.market and not set(own) & set(passage.about):
        return OTHER_COUNTRY
    if not passage.markets and not passage.about:
        return 0.0
    return -OWN_MARKET if wanted.market else OWN_MARKET


def _prefer_language(generation: Generation, hits: list[Hit], language: str, wanted: Filter) -> list[Hit]:
    """One hit for each piece of a document: in the reader's language where it exists, at its best score."""
    best: dict[tuple[str, int], Hit] = {}
    for hit in hits:
        key = (hit.passage.document, hit.passage.number)
        known = best.get(key)
        if known is None:
            best[key] = hit
        elif hit.passage.locale == language:
            best[key] = replace(known, passage=hit.passage)
    return [_in_language(generation, hit, language, wanted) for hit in best.values()]


def _in_language(generation: Generation, hit: Hit, language: str, wanted: Filter) -> Hit:
    """The hit in the reader's language, where that version may be shown too."""
    if hit.passage.locale == language:
        return hit
    twin = generation.siblings(hit.passage.document, hit.passage.number).get(language)
    passage = generation.passages([twin])[twin] if twin else hit.passage
    return replace(hit, passage=passage) if allows(passage, wanted) else hit
