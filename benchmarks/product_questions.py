"""Questions about a product, answered from what is known of it (ePQA): how often the best passage answers, and how well
the score tells questions that can be answered from those that cannot. The ranking of short facts was learned from these
very questions: what it gives for others is what `scripts/fit_aptness.py` says first.

Run: .venv/bin/python -m benchmarks.product_questions
"""

import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.corpora import ANYONE, build, open_cache, read
from knowledge.documents import Passage
from knowledge.retrieval import Retriever
from knowledge.sources import made_of

ANSWERS = 2
"""The label of a passage that answers; 1 helps, 0 does not."""


def main() -> None:
    """Print the rates."""
    passages = defaultdict(list)
    for row in read("retrieval/product_qa_epqa/corpus.jsonl"):
        if not row["text"].strip():
            continue
        own = Passage(row["id"], "", row["text"], "en", kind="product", product_id=row["asin"])
        passages[row["asin"]].append(own)
    asked = read("retrieval/product_qa_epqa/queries.jsonl")
    cache = open_cache()
    with tempfile.TemporaryDirectory() as folder:
        search = build(Path(folder), [made_of(asin, held) for asin, held in passages.items()], cache)
        report("one index, one product searched", [(row, ranked(search, row)) for row in asked])
    with tempfile.TemporaryDirectory() as folder:
        alone = {
            asin: build(Path(folder) / asin, [made_of(asin, held)], cache) for asin, held in sorted(passages.items())
        }
        report("an index for each product", [(row, ranked(alone[row["asin"]], row)) for row in asked])


def ranked(search: Retriever, row: dict) -> list[tuple[str, float]]:
    """Passages of the product, best first, with their scores."""
    wanted = replace(ANYONE, product_ids=(row["asin"],))
    return [(hit.passage.document, hit.score) for hit in search.search(row["question"], wanted, 50, "en", least=0.0)]


def report(name: str, found: list[tuple[dict, list[tuple[str, float]]]]) -> None:
    """Print how often the first passage answers, the mean reciprocal rank, and the area under the curve of refusing."""
    first, reciprocal, yes, no = [], [], [], []
    for row, hits in found:
        labels = [row["labels"].get(document, 0) for document, _ in hits]
        best = hits[0][1] if hits else 0.0
        if ANSWERS not in row["labels"].values():
            no.append(best)
            continue
        yes.append(best)
        first.append(bool(labels) and labels[0] == ANSWERS)
        reciprocal.append(1 / (1 + labels.index(ANSWERS)) if ANSWERS in labels else 0.0)
    print(f"{name}: first {np.mean(first):.3f}, reciprocal rank {np.mean(reciprocal):.3f}, "
          f"refusal AUROC {area(yes, no):.3f} ({len(yes)} answerable, {len(no)} not)")  # fmt: skip


def area(yes: list[float], no: list[float]) -> float:
    """The chance that an answerable question scores above one that is not."""
    high, low = np.array(yes)[:, None], np.array(no)[None]
    return float((high > low).mean() + (high == low).mean() / 2)


if __name__ == "__main__":
    main()
