"""One space for all languages: what a language's texts share is taken away, so that meaning is left to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from knowledge.embeddings import Part, Vectors

OWN_MEAN_FROM = 30
"""A locale with at least so many passages is centred on their own mean, a rarer one on the shipped mean."""


class Space:
    """Where vectors of an embedder's parts are compared, centred by locale; cosines there are from -1 to 1.

    Measured on XQuAD-R, an English passage beside others in the asker's language: 31 % first hits without centring,
    69 % with (benchmarks/crosslingual.py). Questions have a mean of their own: short phrases lie elsewhere than
    passages do (taxonomy leaf names: 38 % among the first five by the passages' mean, 57 % by the questions').
    """

    def __init__(self, parts: Sequence[Part], means: Mapping[str, Vectors], asked: Mapping[str, Vectors]) -> None:
        self.parts = tuple(parts)
        self.means = dict(means)
        self._asked = dict(asked)

    def passages(self, vectors: Vectors, locales: Sequence[str]) -> Vectors:
        """Unit rows of passages in their locales."""
        if not len(vectors):
            return vectors
        return self._joined(vectors - np.stack([_mean(self.means, locale) for locale in locales]), self.parts)

    def questions(self, vectors: Vectors, locales: Sequence[str]) -> Vectors:
        """Unit rows of questions or phrases in their languages."""
        if not len(vectors):
            return vectors
        means = self._asked or self.means
        return self._joined(vectors - np.stack([_mean(means, locale) for locale in locales]), self.parts)

    def phrases(self, rows: Vectors) -> Vectors:
        """Rows of short phrases, each part weighed as it counts between such."""
        weights = [np.full(part.dimension, part.phrases / part.weight, np.float32) for part in self.parts]
        weighed: Vectors = rows * np.concatenate(weights)
        return weighed

    def query(self, vector: Vectors, language: str, locale: str) -> Vectors:
        """The unit row of a question in a language, to compare with passages in a locale. A part that does not know
        both says nothing.
        """
        means = self._asked or self.means
        known = [part if part.knows(language) and part.knows(locale) else None for part in self.parts]
        row: Vectors = self._joined(vector[np.newaxis] - _mean(means, language), known)[0]
        return row

    def _joined(self, vectors: Vectors, weights: Sequence[Part | None]) -> Vectors:
        """Each part made unit and weighed, the whole made unit."""
        rows, start = [], 0
        for part, counted in zip(self.parts, weights, strict=True):
            piece = vectors[:, start : start + part.dimension]
            start += part.dimension
            rows.append(unit(piece) * np.float32(np.sqrt(counted.weight)) if counted else piece * np.float32(0))
        return unit(np.concatenate(rows, axis=1))


def unit(rows: Vectors) -> Vectors:
    """Rows made unit length."""
    made: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return made


def _mean(means: Mapping[str, Vectors], locale: str) -> Vectors:
    """The mean of a locale; of all known ones where it is not known."""
    if locale in means:
        return means[locale]
    known = list(means.values())
    mean: Vectors = np.mean(known, axis=0, dtype=np.float32) if known else np.zeros(1, np.float32)
    return mean
