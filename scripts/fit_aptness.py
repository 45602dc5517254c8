"""Fits how apt a short fact is for a question (`knowledge/aptness.npz`) on labelled questions about products (ePQA),
and says first how often the best comes first where nothing of the product was learned from.

    .venv/bin/python -m scripts.fit_aptness
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import ANYONE, build, document, open_cache, read
from benchmarks.product_questions import ANSWERS
from knowledge.aptness import FIRST, as_fact, traits
from knowledge.documents import Passage
from knowledge.filters import Filter
from knowledge.keywords import Points
from knowledge.ranking import CODE, nearness
from knowledge.retrieval import Retriever
from knowledge.sources import made_of

HELPS, HELP = 1, 0.3
"""The label of a passage that helps without answering, and how much it counts beside one that answers."""

HOLD, VECTOR, ROUNDS = 20.0, 0.15, 12
"""How strongly weights are held back, the scale of the vector's columns beside the traits', and Newton's steps."""

FOLDS, SEEDS, DRAWS = 5, 6, 4000


@dataclass(frozen=True)
class Asked:
    """A question: its product, and of each candidate the traits with the vector, the label, what is added for codes,
    and the points it had without what is learned here.
    """

    product: str
    rows: Points
    labels: Points
    codes: Points
    today: Points


def main() -> int:
    """Measure, fit and write."""
    layouts = {"a product of many": list(together()), "a folder for each": list(apart())}
    for name, asked in layouts.items():
        print(f"{name}: {judge(layouts, asked)}")  # noqa: T201
    means, spreads, weights = fit([own for asked in layouts.values() for own in asked])
    scaled = (weights / spreads).astype(np.float32)
    path = Path(__file__).resolve().parents[1] / "knowledge" / "aptness.npz"
    np.savez_compressed(path, traits=scaled[:-FIRST].astype(np.float64), vector=scaled[-FIRST:])
    return 0


def rows_of(name: str) -> list[dict[str, Any]]:
    """Rows of the measuring data that hold a text."""
    return [row for row in read(f"retrieval/product_qa_epqa/{name}.jsonl") if row.get("text", "x").strip()]


def together() -> Iterator[Asked]:
    """All products in one index, one searched."""
    passages: dict[str, list[Passage]] = defaultdict(list)
    for row in rows_of("corpus"):
        own = Passage(row["id"], "", row["text"], "en", kind="product", product_id=row["asin"])
        passages[row["asin"]].append(own)
    with tempfile.TemporaryDirectory() as folder:
        search = build(Path(folder), [made_of(asin, held) for asin, held in passages.items()], open_cache())
        for row in rows_of("queries"):
            yield gather(search, row, replace(ANYONE, product_ids=(row["asin"],)))


def apart() -> Iterator[Asked]:
    """Each product a folder of documents."""
    held: dict[str, list[Any]] = defaultdict(list)
    for row in rows_of("corpus"):
        held[row["asin"]].append(document(row["id"], row["text"]))
    cache = open_cache()
    with tempfile.TemporaryDirectory() as folder:
        own = {asin: build(Path(folder) / asin, sources, cache) for asin, sources in held.items()}
        for row in rows_of("queries"):
            yield gather(own[row["asin"]], row, ANYONE)


def gather(search: Retriever, row: dict[str, Any], wanted: Filter) -> Asked:
    """A question with what the search finds."""
    wanted = replace(wanted, language="en", on=date.today())  # noqa: DTZ011
    found, question, told = search.look(search._index.generation(), row["question"], wanted)
    facts, words = [as_fact(one.passage.text, one.terms, one.row) for one in found], [one.terms for one in found]
    near = nearness(found, question.asked.shares_in(words), told, wanted)
    vectors = np.stack([one.row for one in found])[:, :FIRST]
    labels = np.array([row["labels"].get(one.passage.document, 0) for one in found])
    codes = CODE * question.asked.named_in([own.said for own in facts])
    today = near + CODE * question.asked.named_in(words)
    rows: Points = np.hstack([traits(question, facts, near), vectors])
    return Asked(row["asin"], rows, labels, np.asarray(codes, np.float64), today)


def fit(asked: list[Asked]) -> tuple[Points, Points, Points]:
    """Weights by which those that answer come before the others of their question (softmax), by Newton's method."""
    taught = [own for own in asked if own.labels.any() and not (own.labels == ANSWERS).all()]
    rows = np.vstack([own.rows for own in asked])
    means, spreads = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    spreads[-FIRST:] /= VECTOR
    scaled = [((own.rows - means) / spreads, _wish(own.labels)) for own in taught]
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        slope, bend = HOLD * weights, HOLD * np.eye(len(weights))
        for own, wish in scaled:
            chances = np.exp(own @ weights - (own @ weights).max())
            chances /= chances.sum()
            mean = chances @ own
            slope += own.T @ (chances - wish)
            bend += (own.T * chances) @ own - np.outer(mean, mean)
        weights -= np.linalg.solve(bend, slope)
    return means, spreads, weights


def _wish(labels: Points) -> Points:
    wish = np.where(labels == ANSWERS, 1.0, HELP * (labels == HELPS))
    shares: Points = wish / wish.sum()
    return shares


def judge(layouts: dict[str, list[Asked]], asked: list[Asked]) -> str:
    """How often the best comes first by nearness, and by what was learned of other products."""
    new = np.mean([crossed(layouts, asked, seed) for seed in range(SEEDS)], axis=0)
    old = np.array([marks(own.today, own.labels) for own in asked if ANSWERS in own.labels])
    draws = np.random.default_rng(0).integers(0, len(new), (DRAWS, len(new)))
    gain = np.percentile((new - old)[draws].mean(axis=1), [2.5, 97.5], axis=0)
    return " ".join(
        f"{name} {old[:, at].mean():.3f} to {new[:, at].mean():.3f} (gain {gain[0, at]:+.3f} to {gain[1, at]:+.3f});"
        for at, name in enumerate(("first", "reciprocal rank"))
    )


def crossed(layouts: dict[str, list[Asked]], asked: list[Asked], seed: int) -> Points:
    """Marks of each question that can be answered, its product held out."""
    products = sorted({own.product for own in asked})
    part = dict(zip(products, np.random.default_rng(seed).permutation(len(products)) % FOLDS, strict=True))
    by_part = [
        fit([own for held in layouts.values() for own in held if part[own.product] != at]) for at in range(FOLDS)
    ]
    found = []
    for own in (own for own in asked if ANSWERS in own.labels):
        means, spreads, weights = by_part[part[own.product]]
        found.append(marks((own.rows - means) / spreads @ weights + own.codes, own.labels))
    return np.array(found)


def marks(points: Points, labels: Points) -> tuple[float, float]:
    """Whether the best passage answers, and one over the place of the first that does."""
    place = int(np.argmax(labels[np.argsort(-points, kind="stable")] == ANSWERS))
    return float(place == 0), 1 / (1 + place)


if __name__ == "__main__":
    sys.exit(main())
