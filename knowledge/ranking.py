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
from knowledge.keywords import Asked, Points, Terms
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
"""Taken from passages in the asker's own language, as far as they are long, since common words are shared anyway: an
English passage that answers is found before others in the asker's language in 85 of 100 cases, without this in 78.
"""

NEARNESS, WORDING, DOUBT = 5.6, 2.35, 2.7
"""How likely the best passage answers: the logit by its cosine and the largest share of the question's words in any.
Fitted to 2,000 questions with and without an answer: XQuAD-R with half its paragraphs taken away, ePQA by its labels,
the demo's policy questions beside off-topic ones. Area under the curve 0.92, 0.72, 0.86 (benchmarks/answerable.py).
"""

STEEPNESS = 0.5
"""How fast the likelihood falls behind the best passage's, a logit for each point."""

CODE_CERTAIN = 4.0
"""Added to the logit where the best passage holds a code of the question."""

CODE = 8.0
"""Added to a passage that holds a SKU, model or other code of the question: it comes first."""

OWN_MARKET = 0.8
"""Added to a passage for the shopper's market."""

UNKNOWN_MARKET = 0.02
"""Taken from one for particular markets while the shopper's is unknown: of equals the one for all comes first."""

OTHER_COUNTRY = 2.0
"""Taken from a passage whose heading names countries, but not theirs: 'Paying in Brazil' to a shopper in Japan."""


CROWD = 3.0
"""Taken from a catalogue path for its mean cosine to the others found: one that lies near all is near any question."""


@dataclass(frozen=True)
class Candidate:
    """A passage that may be shown: its words, its cosine to the question, how far that stands out in its locale, and
    its unit vector.
    """

    passage: Passage
    terms: Terms
    cosine: float
    surprise: float
    row: Vectors


@dataclass(frozen=True)
class Hit:
    """A passage found. `score` is about how likely it answers, 0 to 1, and compares across searches; `cosine` is how
    near it is in meaning, -1 to 1.
    """

    passage: Passage
    score: float
    cosine: float


def rank(found: Sequence[Candidate], asked: Asked, wanted: Filter) -> list[Hit]:
    """Candidates, best first. Where the question is nothing but codes, only passages that hold one of them."""
    named = asked.named_in([candidate.terms for candidate in found])
    if asked.only_codes:
        found, named = [found[place] for place in np.flatnonzero(named).tolist()], named[named]
    if not found:
        return []
    shares = asked.shares_in([candidate.terms for candidate in found])
    points = _points(found, shares, wanted) - CROWD * _crowding(found) + CODE * named
    order = np.argsort(-points, kind="stable").tolist()
    certain = NEARNESS * found[order[0]].cosine + WORDING * shares.max() - DOUBT
    certain += CODE_CERTAIN * named[order[0]]
    likely = 1 / (1 + np.exp(-certain - STEEPNESS * (points - points.max())))
    return [Hit(found[place].passage, float(likely[place]), found[place].cosine) for place in order]


def _points(found: Sequence[Candidate], shares: Points, wanted: Filter) -> Points:
    own = np.array([candidate.passage.locale == wanted.language for candidate in found])
    full = np.minimum(1.0, np.array([len(candidate.terms) for candidate in found]) / FULL)
    home = HOME * full[own].mean() if own.any() else 0.0
    points = np.array([candidate.surprise - _distance(candidate.passage, wanted) for candidate in found])
    return points + WORDS * full * shares - home * own


def _crowding(found: Sequence[Candidate]) -> Points:
    """Mean cosine of each catalogue path to the other candidates; 0 for any other passage."""
    paths = np.array([candidate.passage.is_path for candidate in found])
    if not paths.any() or len(found) < 2:
        return np.zeros(len(found))
    rows = np.stack([candidate.row for candidate in found])
    mean: Points = (rows @ rows.sum(axis=0) - 1.0) / (len(found) - 1)
    return np.where(paths, mean, 0.0)


def scale_of(background: Vectors) -> tuple[float, float]:
    """Mean and spread of the cosines of a question to any passages of a locale, by a sample of them."""
    count = len(background)
    mean = float(background.sum()) / (count + PRIOR)
    squares = float(((background - mean) ** 2).sum())
    return mean, float(np.sqrt((squares + PRIOR * PRIOR_SPREAD**2) / (count + PRIOR)))


def _distance(passage: Passage, wanted: Filter) -> float:
    """How far a passage is from the shopper's market; negative for one written for it."""
    if not (passage.markets or passage.about):
        return 0.0
    if not wanted.market:
        return UNKNOWN_MARKET
    if passage.about and not set(market_groups(wanted.market)) & set(passage.about):
        return OTHER_COUNTRY
    return -OWN_MARKET
