"""Whether a statement without a figure comes near anything that was told. What it says is compared by meaning with each
short sentence of what was told (`gist.py`); how near is enough depends on its nature and on how it is said, which is
learned from the labelled sentences in `evals/` by `scripts/fit_bearing.py`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from assistant.embedded.router import Matrix, Route
from assistant.guardrails.assertions import Sentence, is_denied
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.names import names_nobody_told
from assistant.guardrails.nature import CERTAIN, could_bear, says_something
from assistant.guardrails.phrases import folded, phrases_of
from knowledge.measures import UNSPACED

LANGUAGES = ("ar", "de", "en", "es", "fr", "id", "ja", "pt-BR", "zh-CN")
GROUPS = (
    {"deed"}, {"promise"}, {"state"}, {"may", "free"}, {"not", "no", "denied"}, {"facts"}, {"policy"}, {"product"},
    {"advice"}, {"filler", "question", "looked", "unknown", "self", "asking"},
)  # fmt: skip
"""Natures that are told apart here, by what stands before the first '_' in their names."""

LISTED = ("states", "permissions")
"""Sections of phrases that were judged against how things stand before nearness is asked."""

LIKELY = 0.3
"""Chance that what was told bears it from which a statement is shown."""

LEAST = 0.05
"""The same where a state is said that was told: how things stand has judged it."""

COURTESY = 0.5
"""Chance, as the readers see it on average, from which a sentence is taken for a courtesy."""

STANDS = 0.8
"""Chance that a sentence says or denies a state from which it is left to what judges states."""

FEWEST_WORDS = 4
"""Words of a statement that say enough to be near something or not."""

FLOOR = 0.02
"""Added to the chances of natures, so that tiny ones are alike."""

MOST_GISTS = 160
"""Sentences of what was told, the latest, that a statement is compared with."""

SHORTEST = 12
"""Signs of a clause that is compared by itself."""


class Vectors:
    """Unit vectors of texts, each encoded once while it is among the `most` last asked for."""

    def __init__(self, encode: Callable[[Sequence[str]], Any], most: int = 4096) -> None:
        self._encode = encode
        self._most = most
        self._held: OrderedDict[str, Any] = OrderedDict()
        self._lock = Lock()
        self.together = lru_cache(32)(self._together)

    def of(self, texts: Sequence[str]) -> Matrix:
        """Rows, one a text."""
        with self._lock:
            fresh = [text for text in dict.fromkeys(texts) if text not in self._held]
            if fresh:
                rows = np.asarray(self._encode(fresh), np.float32)
                self._held.update(zip(fresh, rows, strict=True))
            for text in texts:
                self._held.move_to_end(text)
            found: Matrix = np.stack([self._held[text] for text in texts])
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return found

    def _together(self, texts: tuple[str, ...]) -> Matrix:
        """Columns of length one, one a text: each sentence of an answer is compared with the same texts again."""
        found: Matrix = _unit(self.of(texts)).T
        return found

    def one(self, text: str) -> Matrix:
        """The vector of one text, as long as a query may be."""
        row: Matrix = self.of([text[:2000]])[0]
        return row


@dataclass(frozen=True)
class Learned:
    """A logistic regression over `features`: their means, spreads and weights, the last weight a constant."""

    means: Any
    spreads: Any
    weights: Any

    def chance(self, features: Any) -> float:
        """Chance that a statement of these features is borne."""
        scaled = np.append((features - self.means) / self.spreads, 1.0)
        return float(1 / (1 + np.exp(-scaled @ self.weights)))

    def save(self, path: Path) -> None:
        """Write to a file that `load` reads."""
        np.savez(path, means=self.means, spreads=self.spreads, weights=self.weights)

    @classmethod
    def load(cls, path: Path) -> Learned:
        """Read what `save` wrote. Raises OSError or ValueError on a damaged file."""
        with np.load(path) as held:
            return cls(held["means"], held["spreads"], held["weights"])


class Encoded(tuple[Callable[[str, str], Route], ...]):
    """Readers of natures that come with their encoder, and with what was learned of nearness."""

    vectors: Vectors
    learned: Learned | None

    @classmethod
    def of(cls, readers: Iterable[Any], vectors: Vectors, learned: Learned | None) -> Encoded:
        """Readers and what belongs to them."""
        held = cls(readers)
        held.vectors, held.learned = vectors, learned
        return held


def is_far(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a statement without a figure comes near nothing that was told. A question states nothing; where there is
    no encoder, nothing can be said. That something has not happened is judged by how things stand.
    """
    held = evidence.natures
    if not isinstance(held, Encoded) or held.learned is None or evidence.worded or not is_judged(sentence, evidence):
        return False
    if states_nothing(sentence, evidence, held):
        return False
    enough = LEAST if _says_what_stands(sentence, evidence) else LIKELY
    return held.learned.chance(features(sentence, evidence, held)) < enough


def _says_what_stands(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether listed phrases say a state that was told."""
    told = {state for one in evidence.course.standings for state in one.states}
    said = phrases_of(evidence.language).states(sentence.text) if told else ()
    return any(one.kind in told and not is_denied(one, sentence, evidence) for one in said)


def states_nothing(sentence: Sentence, evidence: Evidence, held: Encoded) -> bool:
    """Whether readers take a sentence for a courtesy; or for the denial of a state, or for one that was told: these are
    judged by how things stand.
    """
    quickest, *others = held
    routes = [quickest(sentence.plain, evidence.language)]
    if routes[0].chance(*GROUPS[-1]) >= CERTAIN:
        return True
    routes += [read(sentence.plain, evidence.language) for read in others]
    courtesy = sum(route.chance(*GROUPS[-1]) for route in routes) / len(routes)
    stand = sum(
        chance for name, chance in routes[-1].intents
        if name.startswith("not_") or (name.startswith("state_") and could_bear(name, evidence, soon=False))
    )  # fmt: skip
    return courtesy >= COURTESY or stand >= STANDS


def is_judged(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether a sentence states something of its own without a figure, in more words than 'it is easy'."""
    if sentence.asks or sentence.claims or sentence.text.rstrip().endswith((":", "：")):
        return False
    long = evidence.language in UNSPACED or len(sentence.text.split()) >= FEWEST_WORDS
    return long and says_something(sentence.plain, evidence)


def features(sentence: Sentence, evidence: Evidence, held: Encoded) -> Any:
    """How near a statement is to what was told (or, where it says so, to what the shopper wrote), of what nature it is,
    and how it is said.
    """
    language, phrases = evidence.language, phrases_of(evidence.language)
    again = evidence.written if phrases.repeats.search(sentence.text) else []
    told = tuple(text or "-" for text in [*evidence.gists, *again][-MOST_GISTS:] or [""])
    clauses = [clause.strip() for clause in sentence.clauses if len(clause.strip()) > SHORTEST]
    near = _unit(held.vectors.of([sentence.plain, *clauses])) @ held.vectors.together(told)
    nearest = np.argsort(-near[0])
    best = near[0][nearest]
    natures = [_grouped(read(sentence.plain, language)) for read in held]
    ways = [
        next(names_nobody_told(sentence.plain, evidence.words, language), None) is not None,
        phrases.negation.search(sentence.text) is not None, phrases.condition.search(sentence.text) is not None,
        any(phrases.find(section, sentence.text) for section in LISTED), bool(sentence.subjects),
    ]  # fmt: skip
    return np.concatenate([
        [best[0], best[:3].mean(), best[0] ** 2, len(sentence.text) / 100, near[1:].max(axis=1).min(initial=best[0])],
        *natures, ways, [language == one for one in LANGUAGES], _beside(best),
        _denials(sentence, [told[at] for at in nearest[:3]], language),
    ]).astype(np.float64)  # fmt: skip


def _beside(best: Matrix) -> list[float]:
    """How near the next nearest comes, and how near most of the nearest do: a matter spoken of at length, of which a
    false sentence speaks, too.
    """
    return [float(best[min(1, len(best) - 1)]), float(np.median(best[:10]))]


def _denials(sentence: Sentence, nearest: Sequence[str], language: str) -> list[bool]:
    """Whether a statement denies what the nearest says or says what it denies; denies what none of the nearest does;
    and says what most of them deny.
    """
    denies = phrases_of(language).negation.search(sentence.text) is not None
    denied = [_is_denial(text, language) for text in nearest]
    return [denies != denied[0], denies and not any(denied), not denies and sum(denied) * 2 > len(denied)]


@lru_cache(4096)
def _is_denial(text: str, language: str) -> bool:
    """Whether a short sentence of what was told holds a word of denial, in the shopper's language or in English."""
    return any(phrases_of(one).negation.search(folded(text)) for one in dict.fromkeys((language, "en")))


def _unit(rows: Matrix) -> Matrix:
    found: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return found


def _grouped(route: Route) -> Any:
    chances = [sum(c for name, c in route.intents if name.partition("_")[0] in group) for group in GROUPS]
    return np.log(np.array(chances) + FLOOR)
