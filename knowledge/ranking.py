"""In which order found passages are shown, and how likely each answers: what vectors and words say, on one scale for
all languages, and what the reader's market and the passages' own terms add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.filters import Filter
from knowledge.keywords import Asked, Terms
from knowledge.markets import market_groups

PRIOR, PRIOR_SPREAD = 20, 0.11
"""A locale's passages are taken to lie around cosine 0 with this spread until there are more than so many of them."""

WORDS = 3.0
"""Weight of the share of a question's words that stand in a passage, in spreads of the cosine. A long passage's vector
blurs, so words count in full only there. Of 1,416 questions asked of passages in their own language 92.7 % are found
first at 1, 94.7 % at 3; short product sentences rank best at 1.5 (benchmarks/crosslingual.py, product_questions.py).
"""

FULL = 120
"""Different words (sub-words counted) from which on a passage is long."""

HOME = 2.0
"""Taken from passages in the asker's own language, where common words are shared anyway: an English passage that
answers is found before others in the asker's language in 84 of 100 cases, without this in 78.
"""

CODE = 8.0
"""Added to a passage that holds a SKU, model or other code of the question: it comes first."""

OWN_MARKET = 0.25
"""Added to a passage for the shopper's market; taken from one for particular markets while theirs is unknown."""

OTHER_COUNTRY = 1.0
"""Taken from a passage whose heading names countries, but not theirs: 'Paying in Brazil' to a shopper in Japan."""


@dataclass(frozen=True)
class Candidate:
    """A passage that may be shown: its words, its cosine to the question, and those of a sample of its locale."""

    passage: Passage
    terms: Terms
    cosine: float
    background: Vectors


@dataclass(frozen=True)
class Ranked:
    """A passage with its place's score."""

    passage: Passage
    score: float
    cosine: float


def rank(found: Sequence[Candidate], asked: Asked, wanted: Filter) -> list[Ranked]:
    """Candidates, best first. Where the question is nothing but codes, only passages that hold one of them."""
    if asked.only_codes:
        found = [candidate for candidate in found if asked.names(candidate.terms)]
    if not found:
        return []
    points = np.array([_points(candidate, asked, wanted) for candidate in found])
    likely = _likely(points)
    order = np.argsort(-points, kind="stable").tolist()
    return [Ranked(found[place].passage, float(likely[place]), found[place].cosine) for place in order]


def _points(candidate: Candidate, asked: Asked, wanted: Filter) -> float:
    full = min(1.0, len(candidate.terms) / FULL)
    points = surprise(candidate) + WORDS * full * asked.share_in(candidate.terms)
    points -= HOME * (candidate.passage.locale == wanted.language)
    return points + CODE * asked.names(candidate.terms) - _distance(candidate.passage, wanted)


def surprise(candidate: Candidate) -> float:
    """How far a cosine stands out from those of any passages of its locale, in their spreads."""
    count = len(candidate.background)
    mean = float(candidate.background.sum()) / (count + PRIOR)
    squares = float(((candidate.background - mean) ** 2).sum())
    spread = np.sqrt((squares + PRIOR * PRIOR_SPREAD**2) / (count + PRIOR))
    return float((candidate.cosine - mean) / spread)


def _distance(passage: Passage, wanted: Filter) -> float:
    """How far a passage is from the shopper's market; negative for one written for it."""
    own = market_groups(wanted.market)
    if passage.about and wanted.market and not set(own) & set(passage.about):
        return OTHER_COUNTRY
    if not passage.markets and not passage.about:
        return 0.0
    return -OWN_MARKET if wanted.market else OWN_MARKET


def _likely(points: Vectors) -> Vectors:
    """How likely each answers, 0 to 1, in the order of the points."""
    return (1 / (1 + np.exp(3 - points))).astype(np.float32)
