"""What ships ready-made: what was learned of intents and of natures, and each language's mean vector. Computed by
`make shipped`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.embeddings import Pair, UniversalEncoder
from knowledge.index import Means

if TYPE_CHECKING:
    from assistant.embedded.router import Example, Router, Trained
    from assistant.guardrails.bearing import Encoded
    from knowledge.embeddings import Embedder
    from knowledge.vector_cache import VectorCache


def open_router(home: Path, cache: VectorCache) -> Router:
    """The trained router: the shipped one while its examples are unchanged, else one trained here and kept."""
    from assistant.embedded.router import Router, read_examples, train

    shipped = packaged("assistant.embedded", "router")
    rows = cache.queries
    learned = _learned(
        shipped, home / "router", read_examples(), cache.embedder, lambda read: train(read, rows(_texts(read)))
    )
    return Router(cache.embedder.query, learned)


def open_natures(home: Path, embedder: Embedder) -> Encoded:
    """What tells the nature of a sentence, the quickest first: by its letters, and over the quicker of the built-in
    encoders, kept like the router; and how near it is to what was told.
    """
    from assistant.embedded.router import Router, fingerprint
    from assistant.guardrails.bearing import Encoded, Learned, Vectors
    from assistant.guardrails.letters import Letters
    from assistant.guardrails.natures import learn_natures, read_natures

    quick = embedder.quick if isinstance(embedder, Pair) else embedder
    shipped = packaged("assistant.guardrails", "natures")
    rows, read = quick.passages, read_natures()
    encoded = _learned(shipped, home / "natures", read, quick, lambda read: learn_natures(read, rows(_texts(read))))
    letters = shipped.with_name(f"letters-{fingerprint(read, Letters.identity)}.npz")
    vectors, near = Vectors(rows), shipped.with_name("bearing.npz")
    readers = [*([Letters.load(letters).route] if letters.exists() else []), Router(vectors.one, encoded).route]
    return Encoded.of(
        readers, vectors, Learned.load(near) if near.exists() and isinstance(quick, UniversalEncoder) else None
    )


def _texts(examples: Sequence[Example]) -> list[str]:
    return [example.text for example in examples]


def _learned(
    shipped: Path, own: Path, examples: Sequence[Example], embedder: Embedder,
    learn: Callable[[Sequence[Example]], Trained],
) -> Trained:  # fmt: skip
    """What ships where it was learned of these examples, else what was learned here of them, now or before."""
    from assistant.embedded.router import Trained

    places = [path.with_name(_file(path.name, examples, embedder)) for path in (shipped, own)]
    held = next((path for path in places if path.exists()), None)
    if held is None:
        held = places[-1]
        learn(examples).save(held)
    return Trained.load(held)


def _file(name: str, examples: Sequence[Example], embedder: Embedder) -> str:
    from assistant.embedded.router import fingerprint

    return f"{name}-{fingerprint(examples, embedder.identity)}.npz"


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
