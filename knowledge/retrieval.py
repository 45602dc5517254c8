"""Finding the passages that answer a question: filtered, then found by meaning and by words, each language on its own
scale, then those for the reader's own language and market preferred. Nothing near enough is an answer too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from itertools import chain, combinations

import numpy as np

from knowledge.aptness import Question
from knowledge.countries import names_market
from knowledge.dictionary import meanings
from knowledge.documents import Passage, expand_markets
from knowledge.embeddings import Vectors
from knowledge.filters import Filter, allows
from knowledge.generation import Generation
from knowledge.index import Index
from knowledge.keywords import Told, tell
from knowledge.language import detect_language
from knowledge.precedence import more_specific, narrower
from knowledge.ranking import Candidate, Hit, rank, scale_of
from knowledge.sections import sentence_ends

__all__ = ["Hit", "Retriever"]

CANDIDATES = 40
"""Passages taken of each language by meaning, and by words, before they are ranked."""

NEAR_ENOUGH = 0.22
"""Least score of the best passage: below it nothing is found. Of questions that can be answered it refuses 1 to 2 in
a hundred; of those that cannot, a quarter to a half (benchmarks/answerable.py).
"""

PIECE = 500
"""Characters; a longer question is searched in pieces of about so many. Of the documents 34 long questions need, that
finds 37 % among the first ten, the whole question 23 % (benchmarks/policy_base.py).
"""

MOST_PIECES = 12

CONTENDERS = 8
"""How many of the first hits are looked at for rules that hold in place of others."""

SAME_MATTER = 0.74
"""Cosine from which on two passages are about one matter. In the demo shop 16 pairs lie there of which one would be
shown in place of the other, 11 of them rightly; of 11 written on one matter 4 do (tests/knowledge/test_specific.py).
"""

SAME_MATTER_ABROAD = 0.56
"""The same where the two are in different languages, which lie further apart."""


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, embed_query: Callable[[str], Vectors]) -> None:
        self._index = index
        self._embed = embed_query
        self._named = lru_cache(maxsize=512)(self._find_named)

    def search(
        self,
        text: str,
        wanted: Filter,
        limit: int = 5,
        language: str | None = None,
        least: float = NEAR_ENOUGH,
        each: int = 0,
    ) -> list[Hit]:
        """The best passages for a question, best first; empty when nothing is near enough.

        `language` is the asker's (detected when not given), `least` the score below which a best hit is no hit, `each`
        the most passages of one document (0: any number).
        """
        if not text.strip():
            return []
        generation = self._index.generation()
        language = language or detect_language(text).language or "en"
        today = date.today()  # noqa: DTZ011
        wanted = replace(wanted, language=language, on=today if wanted.on == date.max else wanted.on)
        found = [self._find(generation, piece, wanted) for piece in _pieces(text)]
        hits = found[0] if len(found) == 1 else _best_of(found)
        if not hits or hits[0].score < least:
            return []
        hits = _prefer_specific(generation, _prefer_language(generation, hits, wanted), wanted)
        return (_spread(hits, each) if each else hits)[:limit]

    def _find(self, generation: Generation, text: str, wanted: Filter) -> list[Hit]:
        """Hits of one piece of a question, best first."""
        found, question, told = self.look(generation, text, wanted)
        return rank(found, question, wanted, told)

    def look(self, generation: Generation, text: str, wanted: Filter) -> tuple[list[Candidate], Question, Told]:
        """What is worth ranking for a question in `wanted.language`, and the question with its words in English."""
        space = self._index.space(generation.means)
        vector = self._embed(text)

        @cache
        def query(locale: str) -> Vectors:
            return space.query(vector, wanted.language, locale)

        @cache
        def scale(locale: str) -> tuple[float, float]:
            return scale_of(generation.background(locale, query(locale)))

        places, asked = generation.candidates(query, text, wanted, CANDIDATES)
        read = generation.read(places)
        english = meanings(text, wanted.language) if any(passage.is_path for passage, _ in read) else ()
        if english:
            spoken = " ".join(part for word in english for phrase in word for part in phrase)
            places = np.union1d(places, generation.matching(generation.ask(spoken), wanted, CANDIDATES))
            read = generation.read(places)
        found = []
        cosines, rows = generation.cosines_of(places, query)
        for (passage, own), cosine, row in zip(read, cosines, rows, strict=True):
            mean, spread = scale(passage.locale)
            found.append(Candidate(passage, own, cosine, (cosine - mean) / spread, row))
        return found, Question(text, query("en"), asked), tell(english)

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

    def names_market(self, country: str, wanted: Filter) -> bool:
        """Whether any policy that may be shown names a country, or the EU that it belongs to."""
        return self._named(self._index.generation().name, country, wanted)

    def _find_named(self, name: str, country: str, wanted: Filter) -> bool:
        """The same, found once for each state of the index, by its name."""
        shown = (passage for passage in self._index.generation().everything("policy") if allows(passage, wanted))
        return any(names_market(p.text, p.locale, country) or country in expand_markets(p.markets) for p in shown)

    def passage(self, cite: str, language: str, wanted: Filter) -> Hit | None:
        """The passage a rule names as 'document#number', in the reader's language, else English, else any; None
        where none of them may be shown.
        """
        document, _, number = cite.rpartition("#")
        generation = self._index.generation()
        twins = generation.siblings(document, int(number)) if number.isdecimal() else {}
        shown = {locale: passage for locale, passage in twins.items() if allows(passage, wanted)}
        found = shown.get(language) or shown.get("en") or next(iter(shown.values()), None)
        return Hit(found, 1.0, 1.0) if found else None


def _pieces(text: str) -> list[str]:
    """A question as it is, or a long one cut between sentences."""
    if len(text) <= PIECE:
        return [text]
    pieces, start, end = [], 0, 0
    for cut in [*sentence_ends(text), len(text)]:
        if cut - start > PIECE and end > start:
            pieces.append(text[start:end])
            start = end
        end = cut
    pieces.append(text[start:])
    return [piece for piece in pieces if piece.strip()][:MOST_PIECES]


def _best_of(found: Iterable[list[Hit]]) -> list[Hit]:
    """The hits of all pieces of a question, each passage at its best score, best first."""
    best: dict[tuple[str, str, int], Hit] = {}
    for hit in chain.from_iterable(found):
        own = (hit.passage.document, hit.passage.locale, hit.passage.number)
        known = best.get(own)
        best[own] = hit if known is None or hit.score > known.score else known
    return sorted(best.values(), key=lambda hit: -hit.score)


def _spread(hits: Iterable[Hit], each: int) -> list[Hit]:
    """The hits with no more than `each` of one document."""
    counts: dict[str, int] = {}
    kept = []
    for hit in hits:
        counts[hit.passage.document] = counts.get(hit.passage.document, 0) + 1
        if counts[hit.passage.document] <= each:
            kept.append(hit)
    return kept


def _prefer_specific(generation: Generation, hits: list[Hit], wanted: Filter) -> list[Hit]:
    """The first hits with each passage behind one on the same matter that holds in its place: for the reader's market
    rather than for all, of a later day rather than of an earlier.
    """
    ordered = list(enumerate(hits[:CONTENDERS]))
    pairs = combinations([hit.passage for _, hit in ordered], 2)
    if not any(_gives_way(first, second, wanted) for first, second in pairs):
        return hits
    close = _on_one_matter(generation, [hit.passage for _, hit in ordered])
    for later in range(1, len(ordered)):
        own, second = ordered[later]
        for place, (other, first) in enumerate(ordered[:later]):
            if close[other][own] and _gives_way(first.passage, second.passage, wanted):
                ordered.pop(later)
                ordered.insert(place, (own, replace(second, score=first.score)))
                break
    return [hit for _, hit in ordered] + hits[CONTENDERS:]


def _on_one_matter(generation: Generation, passages: list[Passage]) -> list[list[bool]]:
    """For each two of some passages, whether they are near enough to be about one matter."""
    vectors = generation.vectors([passage.id for passage in passages])
    spoken = np.array([passage.locale for passage in passages])
    bar = np.where(spoken[:, None] == spoken, SAME_MATTER, SAME_MATTER_ABROAD)
    close: list[list[bool]] = (vectors @ vectors.T >= bar).tolist()
    return close


def _gives_way(first: Passage, second: Passage, wanted: Filter) -> bool:
    """Whether the second passage is to be shown in place of the first."""
    if not first.kind == second.kind == "policy" or first.document == second.document:
        return False
    dated = first.valid_from != second.valid_from
    decided = dated or narrower(first, second) is not None
    return decided and more_specific(first, second, wanted.market, wanted.on) is second


def _prefer_language(generation: Generation, hits: list[Hit], wanted: Filter) -> list[Hit]:
    """One hit for each piece of a document: in the reader's language where it exists, at its best score."""
    best: dict[tuple[str, int], Hit] = {}
    for hit in hits:
        key = (hit.passage.document, hit.passage.number)
        known = best.get(key)
        if known is None:
            best[key] = hit
        elif hit.passage.locale == wanted.language:
            best[key] = replace(known, passage=hit.passage)
    return [_in_language(generation, hit, wanted) for hit in best.values()]


def _in_language(generation: Generation, hit: Hit, wanted: Filter) -> Hit:
    """The hit in the reader's language, where that version may be shown too."""
    if hit.passage.locale == wanted.language:
        return hit
    twin = generation.siblings(hit.passage.document, hit.passage.number).get(wanted.language)
    return replace(hit, passage=twin) if twin and allows(twin, wanted) else hit
