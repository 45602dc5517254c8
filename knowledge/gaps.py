"""Gaps: questions the shop's knowledge does not answer, those of one meaning together, whatever their language."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np

from knowledge.embeddings import Vectors

ANSWERED = 0.36
"""Likelihood (`Hit.score`) of the best passage from which a question counts as answered. Of policy questions the demo
shop answers 68 % reach it, of shopping questions it has no answer to 29 %: those lie near what it does answer, such as
Bitcoin near other payments (benchmarks/gaps.py). What is listed is to be read.
"""

ENTRY_ANSWERED = 0.45
"""The same where the passage is an accepted entry: a short text under a question is near to many questions. Of entries
86 % reach it for questions they answer, in any language, and 1 % for those they do not; at ANSWERED 93 and 4 %
(benchmarks/gaps.py).
"""

SAME = 0.37
"""Mean cosine of two groups' questions, each language centred, from which they are one gap. Of pairs of questions put
together so 91 % mean the same; of pairs that mean the same, 86 % are put together (benchmarks/gaps.py).
"""

MOST_EXAMPLES = 5

Source = Literal["search", "handoff", "feedback"]
"""How a question came to count as unanswered: nothing near was found; nothing near, and then a person was asked for;
something was shown, and got a thumbs down.
"""


@dataclass(frozen=True)
class Question:
    """A question that was not answered, masked. `shown` names the documents that were shown all the same,
    `score` is how likely the best of them answers.
    """

    text: str
    language: str
    at: datetime
    market: str = ""
    role: str = "shopper"
    source: Source = "search"
    shown: tuple[str, ...] = ()
    score: float = 0.0

    @property
    def id(self) -> str:
        """The same for the same words, however they are spaced and capitalised."""
        words = " ".join(self.text.casefold().split())
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]


@dataclass(frozen=True)
class Gap:
    """Questions of one meaning, oldest first. `question` stands for all: the most typical in the main language."""

    question: Question
    questions: tuple[Question, ...]

    @property
    def id(self) -> str:
        """Short and stable: it is the id of the question that stands for all."""
        return self.question.id

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.questions)

    @cached_property
    def languages(self) -> dict[str, int]:
        """How often in each language, most first."""
        return _counted(question.language for question in self.questions)

    @cached_property
    def markets(self) -> dict[str, int]:
        """How often from each market, most first; '' where it was not known."""
        return _counted(question.market for question in self.questions)

    @cached_property
    def sources(self) -> dict[str, int]:
        """How often for each reason, most first."""
        return _counted(question.source for question in self.questions)

    @property
    def first(self) -> datetime:
        """When it was asked first."""
        return self.questions[0].at

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return self.questions[-1].at

    @property
    def examples(self) -> list[str]:
        """Different wordings, the one that stands for all first."""
        texts = dict.fromkeys([self.question.text, *(question.text for question in self.questions)])
        return list(texts)[:MOST_EXAMPLES]

    def is_named(self, name: str) -> bool:
        """Whether an id means this gap: that of any of its questions does, since another may come to stand for all."""
        return any(question.id == name for question in self.questions)


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def group_questions(questions: Sequence[Question], vectors: Vectors, same: float = SAME) -> list[Gap]:
    """Questions of one meaning together, biggest gap first; the same for the same questions in any order.

    `vectors` are unit rows, one a question, their languages centred (`knowledge.space.Space.questions`).
    """
    alike: dict[tuple[str, str], list[int]] = {}
    for i in sorted(range(len(questions)), key=lambda i: (questions[i].at, questions[i].language, questions[i].text)):
        alike.setdefault((questions[i].id, questions[i].language), []).append(i)
    apart = list(alike.values())
    heads = vectors[[group[0] for group in apart]]
    joined = [[i for place in group for i in apart[place]] for group in _join(heads @ heads.T, same)]
    gaps = [_gap(sorted(group, key=lambda i: questions[i].at), questions, vectors) for group in joined]
    return sorted(gaps, key=lambda gap: (-gap.count, -gap.last.timestamp(), gap.id))


def _join(likeness: Vectors, same: float) -> list[list[int]]:
    """Average linkage: the two groups most alike are joined until none are alike enough."""
    groups: list[list[int]] = [[i] for i in range(len(likeness))]
    between = likeness.astype(np.float64)
    np.fill_diagonal(between, -1.0)
    sizes = np.ones(len(groups))
    while len(groups) and between.max() >= same:
        one, other = sorted(divmod(int(between.argmax()), len(groups)))
        joined = (sizes[one] * between[one] + sizes[other] * between[other]) / (sizes[one] + sizes[other])
        between[one, :], between[:, one] = joined, joined
        between[one, one] = -1.0
        between[other, :] = between[:, other] = -1.0
        sizes[one] += sizes[other]
        groups[one] += groups[other]
        groups[other] = []
    return [group for group in groups if group]


def _gap(members: list[int], questions: Sequence[Question], vectors: Vectors) -> Gap:
    language = next(iter(_counted(questions[i].language for i in members)))
    middle = vectors[members].mean(axis=0)
    spoken = [i for i in members if questions[i].language == language]
    typical = max(spoken, key=lambda i: round(float(middle @ vectors[i]), 5))
    return Gap(questions[typical], tuple(questions[i] for i in members))
