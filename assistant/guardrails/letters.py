"""Reads the nature of a sentence from its words and letters, in a tenth of a millisecond: a linear classifier over runs
of them, learned from the sentences in `natures/`. It decides the clear cases; an encoder is asked for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from assistant.embedded.router import Descent, Example, Matrix, Route, softmax
from assistant.guardrails.phrases import folded
from knowledge.measures import UNSPACED

LEAST = 2
"""Sentences in which a run must stand to be learned; others weigh nothing."""

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[^\w\s]")
ROUNDS, PACE, SCALE, LOT = 12, 0.03, 4.0, 512
"""How often all sentences are learned from, how far a weight goes at once, by how much a run counts, and how many
sentences are looked at together.
"""


class Letters:
    """What was learned: natures, the marks of runs in order, and a byte for each mark and nature, `unit` apart."""

    identity = "letters/2"
    """Changes whenever what is learned of the same sentences does."""

    def __init__(self, intents: tuple[str, ...], marks: Any, weights: Any, unit: float) -> None:
        self.intents = intents
        self.marks = marks
        self.weights = weights
        self.unit = unit
        # an answer's sentences are judged while it streams, and again when it is whole
        self._known = lru_cache(2048)(self._read)
        self._within = lru_cache(8192)(self._places_within)

    def route(self, text: str, language: str) -> Route:
        """The natures of a sentence, likeliest first."""
        return self._known(text, language)

    def _read(self, text: str, language: str) -> Route:
        places = self._places_in(text, language)
        sums = self.weights[places].sum(axis=0, dtype=np.float32) * (self.unit / max(1, len(places)) ** 0.5)
        chances = softmax(sums[np.newaxis])[0]
        order = np.argsort(-chances)
        return Route(tuple(zip(map(self.intents.__getitem__, order.tolist()), chances[order].tolist(), strict=True)))

    def _places_in(self, text: str, language: str) -> Any:
        """Where the marks of a sentence stand. Those within a word are found once for the word, which comes again."""
        if language in UNSPACED:
            return _places(marks_of(text, language), self.marks)
        words = _WORD.findall(_plain(text))
        beside = _places(_marks(_runs_beside(words), language), self.marks)
        return np.unique(np.concatenate([beside, *(self._within(word, language) for word in words)]))

    def _places_within(self, word: str, language: str) -> Any:
        return _places(_marks(_runs_within(word), language), self.marks)

    def save(self, path: Path) -> None:
        """Write to a file that `load` reads."""
        intents, unit = np.array(self.intents), np.float32(self.unit)
        np.savez_compressed(path, intents=intents, marks=self.marks, weights=self.weights, unit=unit)

    @classmethod
    def load(cls, path: Path) -> Letters:
        """Read what `save` wrote. Raises OSError or ValueError on a damaged file."""
        with np.load(path) as held:
            return cls(tuple(held["intents"].tolist()), held["marks"], held["weights"], float(held["unit"]))


def marks_of(text: str, language: str) -> Any:
    """The marks of the runs of signs and words in a sentence, in order; figures count as figures only."""
    if language in UNSPACED:
        return _marks(_runs_of_signs(_plain(text)), language)
    words = _WORD.findall(_plain(text))
    return _marks(chain(_runs_beside(words), *map(_runs_within, words)), language)


def _plain(text: str) -> str:
    return _DIGIT.sub("0", " ".join(folded(text).split()))


def _marks(runs: Iterable[str], language: str) -> Any:
    return np.array(sorted({crc32(f"{language}|{run}".encode()) for run in runs}), np.uint32)


def _places(own: Any, known: Any) -> Any:
    """Where those of a sentence's marks stand that are known."""
    at = np.searchsorted(known, own)
    at[at == len(known)] = 0
    return at[known[at] == own]


def _runs_of_signs(text: str) -> Iterator[str]:
    for length in (1, 2, 3, 4):
        yield from (text[at : at + length] for at in range(len(text) - length + 1))
    yield from ("^" + text[:3], text[-4:] + "$", text[-2:] + "$")


def _runs_beside(words: Sequence[str]) -> Iterator[str]:
    yield from (f"b {one} {next_}" for one, next_ in zip(["^", *words], [*words, "$"], strict=True))
    yield from (f"s {one} {later}" for one, later in zip(words, words[2:], strict=False))


def _runs_within(word: str) -> Iterator[str]:
    yield "w " + word
    whole = f"<{word}>"
    for length in (3, 4, 5):
        yield from ("c " + whole[at : at + length] for at in range(len(whole) - length + 1))


def learn_letters(examples: Sequence[Example]) -> Letters:
    """Learn from sentences and their natures, by softmax regression with Adam over small lots."""
    intents = tuple(sorted({example.intent for example in examples}))
    held = [marks_of(example.text, example.language) for example in examples]
    marks, counts = np.unique(np.concatenate(held), return_counts=True)
    marks = marks[counts >= LEAST]
    places = [_places(own, marks) for own in held]
    truth = np.eye(len(intents), dtype=np.float32)[[intents.index(example.intent) for example in examples]]
    weights = SCALE * _regress(places, truth, len(marks))
    unit = float(np.abs(weights).max()) / 127
    return Letters(intents, marks, np.round(weights / unit).astype(np.int8), unit)


def _regress(places: Sequence[Any], truth: Matrix, width: int) -> Matrix:
    learned, order = Descent(width, truth.shape[1]), np.random.default_rng(0)
    for turn in range(ROUNDS):
        for lot in np.array_split(order.permutation(len(places)), max(1, len(places) // LOT)):
            own = _rows([places[at] for at in lot], width)
            wrong = softmax(own @ learned.weights * SCALE) - truth[lot]
            slope = own.T @ wrong * (SCALE / len(lot)) + 1e-5 * learned.weights
            learned.step(slope, PACE * (1 - turn / ROUNDS))
    return learned.weights


def _rows(lot: Sequence[Any], width: int) -> Matrix:
    rows: Matrix = np.zeros((len(lot), width), np.float32)
    for row, places in zip(rows, lot, strict=True):
        row[places] = 1 / max(1, len(places)) ** 0.5
    return rows
