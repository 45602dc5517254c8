"""What ships ready-made: the trained router and each language's mean vector. Computed by `make shipped`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.embeddings import Pair, UniversalEncoder

if TYPE_CHECKING:
    from assistant.embedded.router import Router
    from knowledge.embeddings import VectorCache


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


def read_language_means(identity: str = Pair.identity) -> dict[str, Any]:
    """Mean passage vectors of our languages, for shops that have few passages in one. There are none for an embedder
    that does not ship with us.
    """
    path = packaged("knowledge", "language_means.npz")
    if not path.exists() or identity not in (Pair.identity, UniversalEncoder.identity):
        return {}
    with np.load(path) as held:
        means = {language: held[language].astype(np.float32) for language in held.files}
    if identity == UniversalEncoder.identity:  # it stands at the end of the pair's vectors, shortened
        return {language: mean[-UniversalEncoder.dimension :] / Pair.share for language, mean in means.items()}
    return means


def packaged(package: str, name: str) -> Path:
    """A file that ships in a package."""
    return Path(str(files(package) / name))
