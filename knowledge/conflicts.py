"""Passages that state different figures for the same matter, and which of them holds.

Of 42 pairs kept apart (tests/knowledge/conflict_pairs.toml, nine languages) 17 of 20 conflicts are found, without a
false alarm; of the demo shop's 136 documents three pairs are reported, all of them true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.figures import Figure
from knowledge.precedence import Conflict, meeting_day, more_specific, name_of, prevailing
from knowledge.statements import Likeness, Statement, statements
from knowledge.translations import compare_translations

NEAR = 0.4
"""Least cosine of two passages about the same matter, where they state several figures of a unit. In the demo shop the
farthest true conflict lies at 0.44, the nearest false one at 0.37.
"""

NEAR_ALONE = 0.33
"""Least cosine where each states one figure of the unit, so that there is no choosing which to compare. The farthest
true conflict of the pairs looked at lies at 0.38, the nearest false one of the demo shop at 0.27.
"""

ALIKE = 0.1
"""Least likeness of the words around two figures, where there is choosing."""

WORDY = 0.5
"""Least likeness of the words where no matter is named by them."""

NEIGHBOURS = 16
"""With so many of the nearest passages each is compared."""

ROWS = 1024
"""Passages multiplied at a time."""

Marks = npt.NDArray[np.uint64]

Pair = tuple[Statement, Statement]
"""Statements of two passages that are at odds."""

__all__ = ["Conflict", "find_conflicts", "more_specific"]


def find_conflicts(passages: Sequence[Passage], vectors: Vectors, today: date) -> list[Conflict]:
    """Policy passages that can reach one reader and state different figures on one matter, the nearest first.

    `vectors` are unit rows, centred by language, aligned with `passages`.
    """
    chosen = [row for row, passage in enumerate(passages) if passage.kind == "policy"]
    policies = [passages[row] for row in chosen]
    spoken = [statements(passage) for passage in policies]
    rows = vectors[chosen]
    search = _Search(policies, spoken, rows, today)
    found = [*search.conflicts(), *compare_translations(policies, spoken, rows)]
    return sorted(found, key=lambda conflict: (-conflict.similarity, conflict.passages[1].id))


@dataclass
class _Search:
    passages: list[Passage]
    spoken: list[list[Statement]]
    vectors: Vectors
    today: date

    @cached_property
    def locales(self) -> dict[str, set[str]]:
        """The locales of each document."""
        held: dict[str, set[str]] = defaultdict(set)
        for passage in self.passages:
            held[passage.document].add(passage.locale)
        return held

    def conflicts(self) -> Iterator[Conflict]:
        likeness = Likeness(self.spoken)
        for a, b, cosine in self._near():
            day = meeting_day(self.passages[a], self.passages[b], self.today)
            pairs = _differing(self.spoken[a], self.spoken[b], cosine, likeness) if day else []
            if day and pairs and self._comparable_languages(a, b, pairs[0]):
                yield _conflict((self.passages[a], self.passages[b]), pairs, cosine, day)

    def _comparable_languages(self, a: int, b: int, pair: Pair) -> bool:
        """One language; or two documents that share none, each with one figure of the unit."""
        one, other = self.passages[a], self.passages[b]
        if one.locale == other.locale:
            return True
        alone = all(_alone(self.spoken[row], pair[0].unit) for row in (a, b))
        return alone and bool(pair[0].matters) and not self.locales[one.document] & self.locales[other.document]

    def _near(self) -> Iterator[tuple[int, int, float]]:
        """Pairs of passages that share a matter and lie near, each once: a passage with the nearest that follow it."""
        rows = np.array([row for row, own in enumerate(self.spoken) if own], int)
        marks = _marks([self.spoken[row] for row in rows])
        vectors = self.vectors[rows]
        for start in range(0, len(rows), ROWS):
            near = vectors[start : start + ROWS] @ vectors[start:].T
            near[(marks[start : start + ROWS, None] & marks[None, start:]) == 0] = -1
            near[np.tril_indices(len(near), 0, near.shape[1])] = -1
            for at, others in _best(near):
                a = int(rows[start + at])
                for other in others:
                    b = int(rows[start + other])
                    cosine = float(near[at, other])
                    if not _set_apart(self.passages[a], self.passages[b], cosine):
                        yield a, b, cosine


def _best(near: Vectors) -> Iterator[tuple[int, list[int]]]:
    """For each row the columns above the threshold, the nearest few."""
    count = min(NEIGHBOURS, near.shape[1])
    best = np.argpartition(-near, count - 1, axis=1)[:, :count]
    for at, columns in enumerate(best):
        kept = columns[near[at, columns] >= NEAR_ALONE]
        if len(kept):
            yield at, kept.tolist()


def _set_apart(one: Passage, other: Passage, cosine: float) -> bool:
    """Translations, compared elsewhere; and sections of one document, which are about different things unless near."""
    return one.document == other.document and (one.locale != other.locale or cosine < NEAR)


def _marks(spoken: Sequence[Sequence[Statement]]) -> Marks:
    """What each passage speaks of, units with their matters, as bits: what shares none is left out at once."""
    places: dict[tuple[str, frozenset[str]], int] = {}
    return np.array([
        sum({1 << places.setdefault((said.unit, said.about), len(places)) % 63 for said in own}) for own in spoken
    ], np.uint64)  # fmt: skip


def _differing(one: Sequence[Statement], other: Sequence[Statement], cosine: float, likeness: Likeness) -> list[Pair]:
    """Statements of two passages that cannot both hold, each with the one most like it. A figure the other passage
    states as well, in whatever place, is not at odds with it.
    """
    left, right = _unsettled(one, other), _unsettled(other, one)
    pairs = [(likeness.of(a, b), a, b) for a in left for b in right if a.comparable(b)]
    found: list[Pair] = []
    for alike, a, b in sorted(pairs, key=lambda pair: -pair[0]):
        alone = _alone(one, a.unit) and _alone(other, a.unit)
        told = bool(a.about) or alike >= WORDY
        fresh = all(a is not left and b is not right for left, right in found)
        if fresh and told and (alone or (cosine >= NEAR and alike >= ALIKE)):
            found.append((a, b))
    return found


def _unsettled(own: Sequence[Statement], others: Sequence[Statement]) -> list[Statement]:
    return [a for a in own if not any(a.unit == b.unit and a.agrees(b) for b in others)]


def _alone(own: Sequence[Statement], unit: str) -> bool:
    return len({statement.figures for statement in own if statement.unit == unit}) == 1


def _conflict(passages: tuple[Passage, Passage], pairs: list[Pair], cosine: float, day: date) -> Conflict:
    kind, winner, why = prevailing(*passages, day)
    if winner is passages[1]:
        passages, pairs = (passages[1], passages[0]), [(b, a) for a, b in pairs]
    figures = (_figures(a for a, _ in pairs), _figures(b for _, b in pairs))
    said = [", ".join(dict.fromkeys(_said(pair[side]) for pair in pairs)) for side in (0, 1)]
    names = [name_of(passage) for passage in passages]
    why = f"{names[0]} says {said[0]}, {names[1]} says {said[1]}: {why}."
    return Conflict(kind, passages, figures, round(cosine, 2), winner is not None, why)


def _figures(stated: Iterable[Statement]) -> tuple[Figure, ...]:
    return tuple(dict.fromkeys(figure for statement in stated for figure in statement.figures))


def _said(statement: Statement) -> str:
    low, *high = statement.figures
    return _range(low, high[0]) if high else str(low)


def _range(low: Figure, high: Figure) -> str:
    """Both ends with one unit, where they are written in one: 3 to 5 business days."""
    (first, unit), (last, other) = str(low).split(" ", 1), str(high).split(" ", 1)
    return f"{first} to {last} {other}" if unit.rstrip("s") == other.rstrip("s") else f"{low} to {high}"
