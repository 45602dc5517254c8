"""Fits how near a statement must come to what was told (`assistant/guardrails/bearing.npz`) on the labelled sentences
in `evals/gate*`, and says first how it does on each set when it has learned of the others only.

    .venv/bin/python scripts/fit_bearing.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assistant.guardrails.bearing import LIKELY, Encoded, Learned, features, is_judged, states_nothing
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.natures import read_natures
from assistant.guardrails.verdict import judge, sentence_of
from benchmarks.gate import SETS, entries, translated
from integrations.shipped import open_natures, packaged
from knowledge.embeddings import Pair

HOLD, CAUGHT_ELSEWHERE, ROUNDS = 2.0, 1 / 3, 30
"""How strongly weights are held back, how much a sentence counts that the rest of the gate catches, and steps."""

LEARNED = {name: folder for name, folder in SETS.items() if name not in ("sixth blind", "hard")}
"""Sets that are learned from; what the others show is not."""

STEP, LITTLE = 4, 0.1
"""Of how many sentences of translated policies one is learned from, and how much it, and a harmless one, counts."""

LENGTHS, SOME = {"short", "long"}, 0.3
"""Kinds of sentences, true ones that are short and false ones that are long, beside which length says little; and how
much they count."""

HARMLESS = {"filler", "looked", "unknown", "denied", "self", "asking"}
"""Natures of sentences that state nothing which must be borne."""


def fit(rows: Any, borne: Any, counts: Any) -> Learned:
    """Logistic regression by Newton's method."""
    means, spreads = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = np.hstack([(rows - means) / spreads, np.ones((len(rows), 1))])
    hold = HOLD * np.append(np.ones(rows.shape[1]), 0.0)
    weights = np.zeros(scaled.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (counts * (chances - borne)) + hold * weights
        bend = (scaled.T * (counts * chances * (1 - chances))) @ scaled + np.diag(hold + 1e-9)
        weights -= np.linalg.solve(bend, slope)
    return Learned(means, spreads, weights)


Row = tuple[str, bool, bool, Any, float]
"""Of a sentence: its set, its label, whether the rest of the gate lets it pass, its features (None: not judged by its
nearness), how much it counts.
"""


def statements(natures: Encoded) -> Iterator[Row]:
    """Those of the sets, of the policies' translations, and sentences that state nothing of the shop."""
    learned, natures.learned = natures.learned, None
    told: dict[str, list[Evidence]] = {}
    for name, folder in LEARNED.items():
        for kind, text, borne, evidence in entries(folder, natures):
            yield _row(name, text, borne, evidence, natures, SOME if kind in LENGTHS else 1.0)
            told.setdefault(evidence.language, []).append(evidence)
    for _, text, evidence in translated(STEP, natures):
        yield _row("policies", text, True, evidence, natures, LITTLE)
    for number, example in enumerate(read_natures()):
        if example.intent in HARMLESS:
            beside = told[example.language]
            yield _row("harmless", example.text, True, beside[number % len(beside)], natures, LITTLE)
    natures.learned = learned


def _row(name: str, text: str, borne: bool, evidence: Evidence, natures: Encoded, counts: float) -> Row:
    sentence = sentence_of(text, evidence)
    judged = is_judged(sentence, evidence) and not states_nothing(sentence, evidence, natures)
    found = features(sentence, evidence, natures) if judged and not evidence.quotes(sentence.text) else None
    passes = not judge(text, evidence).reasons
    return name, borne, passes, found, counts if passes or counts != 1.0 else CAUGHT_ELSEWHERE


def main() -> None:
    """Fit, after telling how each set fares that was left out: of all its sentences, and of those judged here."""
    natures = open_natures(Path(), Pair())
    found = list(statements(natures))
    sets, borne, passes, counts = (np.array([one[at] for one in found]) for at in (0, 1, 2, 4))
    judged = np.array([one[3] is not None for one in found])
    rows = np.zeros((len(found), len(found[int(judged.argmax())][3])))
    rows[judged] = np.stack([one[3] for one in found if one[3] is not None])
    for name in [*LEARNED, "policies", "harmless"]:
        others, shown = judged & (sets != name), passes.copy()
        learned = fit(rows[others], borne[others], counts[others])
        here = (sets == name) & judged & passes
        shown[here] = [learned.chance(row) >= LIKELY for row in rows[here]]
        total, false = (sets == name) & borne, (sets == name) & ~borne
        sys.stdout.write(
            f"{name} left out: passed {shown[total].mean():.1%} of {total.sum()}, caught "
            f"{1 - shown[false].mean() if false.any() else 1:.1%} of {false.sum()}; judged by nearness: lost "
            f"{(~shown & here & borne).sum()} of {(here & borne).sum()}, caught {(~shown & here & ~borne).sum()} of "
            f"{(here & ~borne).sum()}\n"
        )
    fit(rows[judged], borne[judged], counts[judged]).save(packaged("assistant.guardrails", "bearing.npz"))


if __name__ == "__main__":
    main()
