"""Compute what ships ready-made: the demo shop's vectors, each language's mean, what is learned of intents and natures.

Run after the demo's documents, its products, the intents' examples or the sentences by nature change: `make shipped`.
Tests say when it is due.
"""

# ruff: noqa: T201, E402
import tempfile
from pathlib import Path

from integrations.threads import calm_threads

calm_threads()

import numpy as np

from assistant.embedded.router import fingerprint, read_examples, train
from assistant.guardrails.letters import Letters, learn_letters
from assistant.guardrails.natures import learn_natures, read_natures
from integrations.shops.demo import read_demo_products
from knowledge.embeddings import Pair, UniversalEncoder
from knowledge.product_passages import product_passages
from knowledge.reading import read_folder
from knowledge.vector_cache import VectorCache, write_shipped

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "knowledge" / "demo_shop"
SCRATCH = Path(tempfile.gettempdir()) / "dragoman-vectors.sqlite3"


def main() -> None:
    """Write the files."""
    cache = VectorCache(SCRATCH, Pair(), [DEMO / "vectors.npz"])
    documents, _ = read_folder(DEMO / "policies")
    products = read_demo_products()
    passages = documents + [p for product in products for p in product_passages(product)]
    labels = sorted({passage.label for passage in passages if passage.label})
    count = write_shipped(DEMO / "vectors.npz", cache, [passage.searchable for passage in passages], labels)
    examples = read_examples()
    means = {}
    for language in sorted({passage.locale for passage in documents}):
        own = [passage.searchable for passage in passages if passage.locale == language]
        means[f"passage {language}"] = cache.passages(own).mean(axis=0)
        # as many phrases as sentences, so to speak: the two lie apart, and questions are either
        phrases = cache.queries(sorted({product.name_in(language) for product in products})).mean(axis=0)
        asked = cache.queries([example.text for example in examples if example.language == language]).mean(axis=0)
        means[f"question {language}"] = (phrases + asked) / 2
    np.savez(ROOT / "knowledge" / "language_means.npz", **means)
    trained = train(examples, cache.queries([example.text for example in examples]))
    folder = ROOT / "assistant" / "embedded"
    for old in folder.glob("router-*.npz"):
        old.unlink()
    trained.save(folder / f"router-{fingerprint(examples, cache.embedder.identity)}.npz")
    ship_natures()
    print(f"{count} passages, {len(means)} languages, {len(examples)} examples")


def ship_natures() -> None:
    """Learn the natures of sentences, by their letters and over the quicker encoder."""
    examples, quick = read_natures(), UniversalEncoder()
    folder = ROOT / "assistant" / "guardrails"
    for old in [*folder.glob("natures-*.npz"), *folder.glob("letters-*.npz")]:
        old.unlink()
    learn_letters(examples).save(folder / f"letters-{fingerprint(examples, Letters.identity)}.npz")
    rows = quick.passages([example.text for example in examples])
    learn_natures(examples, rows).save(folder / f"natures-{fingerprint(examples, quick.identity)}.npz")


if __name__ == "__main__":
    main()
