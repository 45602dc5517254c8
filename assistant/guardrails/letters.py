"""Reads the nature of a sentence from its words and letters, in a tenth of a millisecond: a linear classifier over hashed
runs of them, learned from the sentences in `natures/`. It decides the clear cases; an encoder is asked for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from assistant.embedded.router import Example, Matrix, Route, softmax
from assistant.guardrails.phrases import folded
from knowledge.measures import UNSPACED

PLACES = 1 << 14
"""Rows of weights; runs that share one are not told apart."""

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[^\w\s]")
STEPS, PACE, SCALE, TOGETHER = 8, 0.03, 4.0, 512
"""Rounds of learning, how far a weight goes at once, by how much a feature counts, sentences looked at together."""


class Letters:
    """What was learned: natures, and a byte for each place and nature, `unit` apart."""

    identity = "letters/1"
    """Changes whenever what is learned of the same sentences does."""

    def __init__(self, intents: tuple[str, ...], weights: Any, unit: float) -> None:
        self.intents = intents
        self.weights = weights
        self.unit = unit
        # an answer's sentences are judged while it streams, and again when it is whole
        self._known = lru_cache(2048)(self._read)

    def route(self, text: str, language: str) -> Route:
        """The natures of a sentence, likeliest first."""
        return self._known(text, language)

    def _read(self, text: str, language: str) -> Route:
        places = places_of(text, language)
        sums = self.weights[places].sum(axis=0, dtype=np.float32) * (self.unit / max(1, len(places)) ** 0.5)
        chances = softmax(sums[np.newaxis])[0]
        return Route(tuple((self.intents[at], float(chances[at])) for at in np.argsort(-chances)))

    def save(self, path: Path) -> None:
        """Write to a file that `load` reads."""
        np.savez_compressed(path, intents=np.array(self.intents), weights=self.weights, unit=np.float32(self.unit))

    @classmethod
    def load(cls, path: Path) -> Letters:
        """Read what `save` wrote. Raises OSError or ValueError on a damaged file."""
        with np.load(path) as held:
            return cls(tuple(held["intents"].tolist()), held["weights"], float(held["unit"]))


def places_of(text: str, language: str) -> list[int]:
    """The rows of weights that a sentence adds up; figures count as figures only."""
    plain = _DIGIT.sub("0", " ".join(folded(text).split()))
    runs = _runs_of_signs(plain) if language in UNSPACED else _runs_of_words(plain)
    return sorted({crc32(f"{language}|{run}".encode()) % PLACES for run in runs})


def _runs_of_signs(text: str) -> Iterator[str]:
    for length in (1, 2, 3, 4):
        yield from (text[at : at + length] for at in range(len(text) - length + 1))
    yield from ("^" + text[:3], text[-4:] + "$", text[-2:] + "$")


def _runs_of_words(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    yield from ("w " + word for word in words)
    yield from (f"b {one} {next_}" for one, next_ in zip(["^", *words], [*words, "$"], strict=True))
    yield from (f"s {one} {later}" for one, later in zip(words, words[2:], strict=False))
    for word in words:
        whole = f"<{word}>"
        for length in (3, 4, 5):
            yield from ("c " + whole[at : at + length] for at in range(len(whole) - length + 1))


def learn_letters(examples: Sequence[Example]) -> Letters:
    """Learn from sentences and their natures, by softmax regression with Adam over small lots."""
    intents = tuple(sorted({example.intent for example in examples}))
    rows = np.zeros((len(examples), PLACES), np.float32)
    for row, example in zip(rows, examples, strict=True):
        places = places_of(example.text, example.language)
        row[places] = 1 / max(1, len(places)) ** 0.5
    truth = np.eye(len(intents), dtype=np.float32)[[intents.index(example.intent) for example in examples]]
    weights = SCALE * _regress(rows, truth)
    unit = float(np.abs(weights).max()) / 127
    return Letters(intents, np.round(weights / unit).astype(np.int8), unit)


def _regress(rows: Matrix, truth: Matrix) -> Matrix:
    weights = np.zeros((rows.shape[1], truth.shape[1]), np.float32)
    first: Matrix = np.zeros_like(weights)
    second: Matrix = np.zeros_like(weights)
    order, step = np.random.default_rng(0), 0
    for turn in range(STEPS):
        for lot in np.array_split(order.permutation(len(rows)), max(1, len(rows) // TOGETHER)):
            step += 1
            own = rows[lot]
            slope = own.T @ (softmax(own @ weights * SCALE) - truth[lot]) * (SCALE / len(lot)) + 1e-5 * weights
            first = 0.9 * first + 0.1 * slope
            second = 0.999 * second + 0.001 * slope * slope
            pace = PACE * (1 - turn / STEPS)
            weights -= pace * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights
