"""What ships ready-made: the trained router and each language's mean vector. Computed by `make shipped`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.embeddings import Pair, UniversalEncoder
from knowledge.index import Means

if TYPE_CHECKING:
    from assistant.embedded.router import Router
    from knowledge.vector_cache import VectorCache


def open_router(home: Path, cache: VectorCache) -> Router:
    """The trained router: the shipped one while its examples are unchanged, else one trained here and kept."""
    from assistant.embedded.router import Router, Trained, fingerprint, read_examples, train

    examples = read_examples()
    name = f"router-{fingerprint(examples, cache.embedder.identity)}.npz"
    for path in (packaged("assistant.embedded", name), home / name):
        if path.exists():
            return Router(cache.embedder.query, Trained.load(path))
    trained = train(examples, cache.queries([example.text for example in examples]))
    trained.save(home / name)
    return Router(cache.embedder.query, trained)


def read_means(identity: str = Pair.identity) -> Means:
    """Mean vectors of our languages: of passages, for shops that have few in one, and of questions. There are none for
    an embedder that does not ship with us.
    """
    held: dict[str, dict[str, Any]] = {"passage": {}, "question": {}}
    path = packaged("knowledge", "language_means.npz")
    if path.exists() and identity in (Pair.identity, UniversalEncoder.identity):
        with np.load(path) as file:
            for name in file.files:
                kind, language = name.split(" ")
                mean = file[name].astype(np.float32)
                # the universal encoder stands at the end of the pair's vectors, shortened
                alone = identity == UniversalEncoder.identity
                held[kind][language] = mean[-UniversalEncoder.dimension :] / Pair.share if alone else mean
    return Means(held["passage"], held["question"])


def packaged(package: str, name: str) -> Path:
    """A file that ships in a package."""
    return Path(str(files(package) / name))
