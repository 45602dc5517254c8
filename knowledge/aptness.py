"""How well short English facts and remarks of a product answer a question, by more than nearness and words.

Learned from questions about products whose passages are labelled (`scripts/fit_aptness.py`): what a passage says (its
vector tells a plain statement from idle talk), whether its form is the one asked for (`aptness.toml`), whether it is a
customer's answer to much the same question, and whether others say so too.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from knowledge.embeddings import Pair, Vectors
from knowledge.keywords import Asked, Points, Terms, keywords, terms

FIRST, DIMENSION = Pair.parts[0].dimension, Pair.dimension
"""Columns of the first encoder, and of both, whose vectors were learned from."""

BRIEF = 75
"""Different words (sub-words counted) below which half of what was found must stay to be short facts. Those learned
from have 36, paragraphs of policies 130 and more, those of an encyclopedia 290.
"""

ANSWERED = re.compile(r"\bQuestion: ?")
"""Stands between a customer's or the merchant's answer and the question that was answered."""


@dataclass(frozen=True)
class Question:
    """A question: its text, the unit vector it is compared by, and its words."""

    text: str
    row: Vectors
    asked: Asked


@dataclass(frozen=True)
class Fact:
    """A short passage: what it says, its words and its unit vector; the words of what it says, and those of the
    question that it answers, where one stands behind it.
    """

    text: str
    terms: Terms
    row: Vectors
    said: Terms
    answered: Terms


def as_fact(text: str, words: Terms, row: Vectors) -> Fact:
    """A passage with its words and unit vector as a fact."""
    mark = ANSWERED.search(text)
    if not mark:
        return Fact(text, words, row, words, words[:0])
    said, answered = text[: mark.start()], text[mark.end() :]
    return Fact(said, words, row, terms(keywords(said)), terms(keywords(answered)))


@dataclass(frozen=True)
class Learned:
    """What was learned of traits and of the first encoder's vectors, in logits; both as they are, not scaled."""

    traits: Points
    vector: Vectors


def are_facts(words: Sequence[Terms], row: Vectors) -> bool:
    """Whether passages with these words are short, as what is said of a product is, and one with this vector is of the
    space that was learned from.
    """
    return len(words) > 1 and len(row) == DIMENSION and float(np.median([len(own) for own in words])) < BRIEF


def aptness(question: Question, facts: Sequence[Fact], near: Points) -> Points:
    """How apt each fact is, a logit within those found; `near` is how near each is by meaning and words, in points."""
    learned, rows = _read_learned(), np.stack([own.row for own in facts])
    found: Points = traits(question, facts, near) @ learned.traits + rows[:, :FIRST] @ learned.vector
    return found


def traits(question: Question, facts: Sequence[Fact], near: Points) -> Points:
    """What is weighed of each fact (a row)."""
    rows, words = np.stack([own.row for own in facts]), [own.terms for own in facts]
    return np.column_stack([
        near,
        meant(question, facts),
        rows[:, FIRST:] @ question.row[FIRST:],
        question.asked.shares_in(words),
        question.asked.heaviest_in(words),
        [_alike(question.asked.terms, own.answered) for own in facts],
        _agreement(rows, near),
        [_forms(question.text, own) for own in facts],
    ])  # fmt: skip


def meant(question: Question, facts: Sequence[Fact]) -> Points:
    """How near each fact is in meaning by the first encoder alone, as far as it counts."""
    found: Points = (np.stack([own.row for own in facts])[:, :FIRST] @ question.row[:FIRST]).astype(np.float64)
    return found


def _alike(first: Terms, second: Terms) -> float:
    """Share of the words of two questions that stand in both."""
    both = len(np.intersect1d(first, second, assume_unique=True))
    return both / max(1, len(first) + len(second) - both)


def _agreement(rows: Vectors, near: Points) -> Points:
    """Mean cosine of each fact to the others, all alike and weighed by how near those are to the question."""
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, 0.0)
    weights = np.tile(np.exp(near - near.max()), (len(near), 1))
    np.fill_diagonal(weights, 0.0)
    weighed = (cosines * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    return np.column_stack([cosines.mean(axis=1), weighed])


def _forms(question: str, fact: Fact) -> list[float]:
    """Whether a fact has the form that is asked for, and how long it is."""
    forms, count = _read_forms(), len(fact.text.split())
    chosen, decides = bool(forms.yes_or_no.search(question)), bool(forms.says_yes_or_no.search(fact.text))
    own = [
        chosen and decides,
        decides and not chosen,
        bool(forms.unknowing.search(fact.text)),
        bool(len(fact.answered)),
    ]
    fitting = [bool(asks.search(question)) and bool(says.search(fact.text)) for asks, says in forms.pairs]
    return [*map(float, own), *map(float, fitting), math.log1p(count), float(count < 5), float(count > 40)]


@dataclass(frozen=True)
class _Forms:
    yes_or_no: re.Pattern[str]
    says_yes_or_no: re.Pattern[str]
    unknowing: re.Pattern[str]
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@cache
def _read_forms() -> _Forms:
    held = tomllib.loads((files("knowledge") / "aptness.toml").read_text("utf-8"))
    spelled = {name: re.compile(held[name], re.IGNORECASE) for name in ("yes_or_no", "says_yes_or_no", "unknowing")}
    pairs = ((re.compile(form["asks"], re.I), re.compile(form["says"], re.I)) for form in held["form"])
    return _Forms(**spelled, pairs=tuple(pairs))


@cache
def _read_learned() -> Learned:
    with (files("knowledge") / "aptness.npz").open("rb") as file, np.load(file) as held:
        return Learned(held["traits"], held["vector"])
