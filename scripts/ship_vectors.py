"""Compute what ships ready-made: the demo shop's vectors, each language's mean, the trained router.

Run after the demo's documents, its products or the intents' examples change: `make shipped`. Tests say when it is due.
"""

# ruff: noqa: T201, E402
import tempfile
from pathlib import Path

from integrations.settings import calm_threads

calm_threads()

import numpy as np

from assistant.embedded.router import fingerprint, read_examples, train
from integrations.shops.demo import read_demo_products
from knowledge.documents import read_folder
from knowledge.embeddings import Pair, VectorCache, write_shipped
from knowledge.product_passages import product_passages

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "knowledge" / "demo_shop"
SCRATCH = Path(tempfile.gettempdir()) / "dragoman-vectors.sqlite3"


def main() -> None:
    """Write the three files."""
    cache = VectorCache(SCRATCH, Pair(), [DEMO / "vectors.npz"])
    documents, _ = read_folder(DEMO / "policies")
    passages = documents + [p for product in read_demo_products() for p in product_passages(product)]
    count = write_shipped(DEMO / "vectors.npz", cache, [passage.searchable for passage in passages], [])
    means = {}
    for language in sorted({passage.locale for passage in documents}):
        own = [passage.searchable for passage in passages if passage.locale == language]
        means[language] = cache.passages(own).mean(axis=0)
    np.savez(ROOT / "knowledge" / "language_means.npz", **means)
    examples = read_examples()
    trained = train(examples, cache.queries([example.text for example in examples]))
    folder = ROOT / "assistant" / "embedded"
    for old in folder.glob("router-*.npz"):
        old.unlink()
    trained.save(folder / f"router-{fingerprint(examples, cache.embedder.identity)}.npz")
    print(f"{count} passages, {len(means)} languages, {len(examples)} examples")


if __name__ == "__main__":
    main()
