"""A policy base of 698 documents and long questions that need several of them (tau banking knowledge).

Run: .venv/bin/python -m benchmarks.policy_base
"""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.corpora import ANYONE, build, document, documents, open_cache, read


def main() -> None:
    """Print how many of the needed documents are among the first ten."""
    sources = [
        document(row["id"], row["text"], "en", row["title"]) for row in read("retrieval/banking_kb/documents.jsonl")
    ]
    with tempfile.TemporaryDirectory() as folder:
        search = build(Path(folder), sources, open_cache())
        recalls = []
        for row in read("retrieval/banking_kb/queries.jsonl"):
            found = documents(search.search(row["query"], ANYONE, 10, "en", least=0.0, each=1))
            recalls.append(len(set(found) & set(row["relevant"])) / len(set(row["relevant"])))
    print(f"needed documents among the first ten: {np.mean(recalls):.3f} of {len(recalls)} questions")


if __name__ == "__main__":
    main()
