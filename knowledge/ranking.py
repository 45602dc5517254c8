"""In which order found passages are shown, and how likely each answers: what vectors and words say, on one scale for
all languages, and what the reader's market and the passages' own terms add.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from knowledge.aptness import Fact, Question, aptness, are_facts, as_fact, meant
from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.filters import Filter
from knowledge.keywords import Points, Terms, Told
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

NEAREST = 3
"""Passages by whose mean cosine a question about a product is judged: several say the same of it where it is answered,
and a single near one is near by chance. Area under the curve on ePQA 0.70 by the best, 0.74 by the mean.
"""

FACTS_NEARNESS, FACTS_WORDING, FACTS_DOUBT = 6.0, 0.5, 2.2
"""Instead of the above for short facts: the logit by the mean, over the nearest, of the first encoder's cosine and so
much of the share of the question's words. Of questions about products that can be answered as few are refused (1 to 2
in a hundred). Area under the curve on ePQA 0.764 where one index holds all products, 0.750 with a folder for each; as
for other passages 0.734 and 0.680.
"""

CONTENDERS = 20
"""Passages, the best by nearness, that are ranked as short facts where they are such; the others stay behind."""

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


class Candidate(NamedTuple):
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


def rank(found: Sequence[Candidate], question: Question, wanted: Filter, told: Told = Told(())) -> list[Hit]:
    """Candidates, best first, by a question's words and by what they are in English. Where the question is nothing but
    codes, only passages that hold one of them.
    """
    asked = question.asked
    if asked.only_codes:
        found = [found[at] for at in np.flatnonzero(asked.named_in([one.terms for one in found])).tolist()]
    if not found:
        return []
    words = [one.terms for one in found]
    shares, named = asked.shares_in(words), asked.named_in(words)
    near = nearness(found, shares, told, wanted)
    points = (
        near - CROWD * _crowding(found) + CODE * named - np.array([_distance(one.passage, wanted) for one in found])
    )
    best = np.argsort(-points, kind="stable")[:CONTENDERS]
    if facts := facts_of([found[at] for at in best.tolist()], wanted):
        # that a customer asked by a code is not said of it
        named[best] = asked.named_in([fact.said for fact in facts])
        apt = aptness(question, facts, near[best]) + CODE * named[best]
        points -= points[best].min()
        points[best] = apt - apt.min()
    order = np.argsort(-points, kind="stable").tolist()
    said = meant(question, facts) + FACTS_WORDING * shares[best] if facts else points[:0]
    certain = _certainty(found, said, shares, order[0]) + CODE_CERTAIN * named[order[0]]
    likely = 1 / (1 + np.exp(-certain - STEEPNESS * (points - points.max())))
    return [Hit(found[at].passage, float(likely[at]), found[at].cosine) for at in order]


def facts_of(found: Sequence[Candidate], wanted: Filter) -> list[Fact]:
    """The candidates as short facts, where all may be ranked as such: mostly English, to an English question, of no two
    products, which are compared by nearness, and none a rule for a market or a catalogue path, which tell by other
    things whether they are meant.
    """
    english = sum(one.passage.locale == "en" for one in found)
    if wanted.language != "en" or 2 * english < len(found) or any(_is_other(one.passage) for one in found):
        return []
    if len({one.passage.product_id for one in found}) > 1 or not are_facts([one.terms for one in found], found[0].row):
        return []
    return [as_fact(one.passage.text, one.terms, one.row) for one in found]


def _is_other(passage: Passage) -> bool:
    return bool(passage.is_path or passage.markets or passage.about)


def _certainty(found: Sequence[Candidate], said: Points, shares: Points, best: int) -> float:
    """The logit of how likely the best answers: of facts by how much those that come nearest say of the question in
    meaning and in words, `said`; of a product's long passages by the mean cosine of the nearest.
    """
    if len(said):
        return FACTS_NEARNESS * _nearest(said) - FACTS_DOUBT
    of_product = found[best].passage.kind == "product"
    nearest = _nearest([one.cosine for one in found]) if of_product else found[best].cosine
    return float(NEARNESS * nearest + WORDING * shares.max() - DOUBT)


def _nearest(near: Iterable[float]) -> float:
    """The mean of the largest."""
    return float(np.mean(sorted(near)[-NEAREST:]))


def nearness(found: Sequence[Candidate], shares: Points, told: Told, wanted: Filter) -> Points:
    """How near each candidate is by meaning and by words, in points."""
    full = np.minimum(1.0, np.array([len(candidate.terms) for candidate in found]) / FULL)
    own = np.array([candidate.passage.locale == wanted.language for candidate in found])
    home = HOME * full[own].mean() if own.any() else 0.0
    said = np.maximum(full * shares, _told(found, told))
    return np.array([candidate.surprise for candidate in found]) + WORDS * said - home * own


def _told(found: Sequence[Candidate], told: Told) -> Points:
    """How much of a question stands in each English catalogue path in English words. Other passages have too many
    words for it: what a word may mean, too, misled more there than it found.
    """
    if not told.words:
        return np.zeros(len(found))
    paths = np.array([candidate.passage.is_path and candidate.passage.locale == "en" for candidate in found])
    return np.where(paths, told.shares_in([candidate.terms for candidate in found]), 0.0)


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
