"""Which intent a message has, learned from the examples in `intents/`: an intent is a file, a language a key in it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Example:
    """A message as a shopper wrote it, and what they wanted."""

    text: str
    intent: str
    language: str


@dataclass(frozen=True)
class Route:
    """Intents by probability, likeliest first."""

    intents: tuple[tuple[str, float], ...]

    @property
    def best(self) -> str:
        """The likeliest intent."""
        return self.intents[0][0]

    @property
    def sure(self) -> float:
        """Its probability, 0 to 1."""
        return self.intents[0][1]

    def chance(self, *names: str) -> float:
        """Probability that the intent is one of these."""
        return sum(chance for name, chance in self.intents if name in names)


@cache
def read_examples() -> tuple[Example, ...]:
    """Every example, in the order of the files."""
    folder = files("assistant.embedded") / "intents"
    found = []
    for entry in sorted(folder.iterdir(), key=lambda file: file.name):
        if entry.name.endswith(".toml"):
            for language, texts in tomllib.loads(entry.read_text("utf-8")).items():
                found += [Example(text, entry.name.removesuffix(".toml"), language) for text in texts]
    return tuple(found)


class Router:
    """A linear classifier over sentence vectors, each language centred on its own mean."""

    def __init__(self, encode: Callable[[str], Matrix], trained: Trained) -> None:
        self._encode = encode
        self._trained = trained
        # A turn is planned anew after each tool, and its message read whole, by sentences and by clauses.
        # Of several turns at once none should drive out what another reads again at its end.
        self._known = lru_cache(maxsize=512)(self._classify)

    def route(self, text: str, language: str) -> Route:
        """The intents of a message, likeliest first."""
        return self._known(text, language)

    def _classify(self, text: str, language: str) -> Route:
        features = self._trained.features(self._encode(text)[np.newaxis], [language])
        chances = softmax(features @ self._trained.weights)[0]
        order = np.argsort(-chances)
        return Route(tuple((self._trained.intents[i], float(chances[i])) for i in order))


@dataclass(frozen=True)
class Trained:
    """What was learned: a weight for each feature and intent, and each language's mean vector."""

    intents: tuple[str, ...]
    weights: Matrix
    means: dict[str, Matrix]

    def features(self, rows: Matrix, languages: Sequence[str]) -> Matrix:
        """Encoded texts, centred by language, with a constant."""
        other: Matrix = np.mean(list(self.means.values()), axis=0)
        shifted = rows - np.stack([self.means.get(tag, other) for tag in languages])
        unit = shifted / np.maximum(np.linalg.norm(shifted, axis=1, keepdims=True), 1e-9)
        constant = np.full((len(languages), 1), 0.2, np.float32)
        features: Matrix = np.concatenate([SPREAD * unit, constant], axis=1)
        return features

    def save(self, path: Path) -> None:
        """Write to a file that `load` reads."""
        means = {f"mean {language}": mean for language, mean in self.means.items()}
        np.savez(path, intents=np.array(self.intents), weights=self.weights, **means)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Trained:
        """Read what `save` wrote. Raises OSError or ValueError on a damaged file."""
        with np.load(path) as held:
            means = {name.removeprefix("mean "): held[name] for name in held.files if name.startswith("mean ")}
            return cls(tuple(held["intents"].tolist()), held["weights"], means)


SPREAD = 1.4
"""Length of the centred vectors in the features: what two unit encoders side by side would have."""


STRENGTH = 20.0
"""How far a weight may go for one example; the less, the more even the chances."""


def train(examples: Sequence[Example], rows: Matrix, strength: float = STRENGTH) -> Trained:
    """Learn from examples and their encoded rows, by softmax regression with Adam."""
    intents = tuple(sorted({example.intent for example in examples}))
    languages = [example.language for example in examples]
    tags = np.array(languages)
    means = {tag: rows[tags == tag].mean(axis=0) for tag in sorted(set(languages))}
    features = Trained(intents, np.zeros((0, 0), np.float32), means).features(rows, languages)
    truth = np.eye(len(intents), dtype=np.float32)[[intents.index(example.intent) for example in examples]]
    return Trained(intents, _regress(features, truth, strength), means)


def _regress(features: Matrix, truth: Matrix, strength: float, steps: int = 200) -> Matrix:
    count = len(features)
    learned = Descent(features.shape[1], truth.shape[1])
    for _ in range(steps):
        wrong = softmax(features @ learned.weights) - truth
        learned.step(features.T @ wrong / count + learned.weights / (strength * count), 0.3)
    return learned.weights


class Descent:
    """Weights that go down a slope, each at a pace of its own: Adam (Kingma and Ba, 2015)."""

    def __init__(self, rows: int, columns: int) -> None:
        self.weights: Matrix = np.zeros((rows, columns), np.float32)
        self._first, self._second = np.zeros_like(self.weights), np.zeros_like(self.weights)
        self._steps = 0

    def step(self, slope: Matrix, pace: float) -> None:
        """Go one step down; `pace` is about how far a weight goes at most."""
        self._steps += 1
        self._first = 0.9 * self._first + 0.1 * slope
        self._second = 0.999 * self._second + 0.001 * slope * slope
        first, second = self._first / (1 - 0.9**self._steps), self._second / (1 - 0.999**self._steps)
        self.weights -= pace * first / (np.sqrt(second) + 1e-8)


def softmax(values: Matrix) -> Matrix:
    """Rows of values as chances."""
    raised: Matrix = np.exp(values - values.max(axis=1, keepdims=True))
    chances: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return chances


def fingerprint(examples: Sequence[Example], identity: str) -> str:
    """Changes whenever what would be learned does."""
    said = "\x1f".join(f"{e.intent}\x1e{e.language}\x1e{e.text}" for e in examples)
    return hashlib.sha256(f"{identity}\x1f{said}".encode()).hexdigest()[:16]
