"""Passages that say nearly what a sentence says, by meaning. Asked only where a sentence would be kept back."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from assistant.guardrails.evidence import Evidence
from assistant.guardrails.gist import gists_of


def near_passages(text: str, evidence: Evidence, least: float) -> set[str]:
    """The marks of the passages of which a short sentence is at least so near a text; none without an encoder."""
    vectors = getattr(evidence.natures, "vectors", None)
    rows = [(told, str(one["cite"])) for one in evidence.passages() for told in rows_of(str(one.get("text", "")))]
    if vectors is None or not rows or not text.strip():
        return set()
    near = nearness(vectors.of([text, *(told for told, _ in rows)]))
    return {cite for (_, cite), one in zip(rows, near, strict=True) if one >= least}


def nearness(vectors: np.ndarray) -> np.ndarray:
    """How near the first of some vectors is to each of the others: a cosine."""
    lengths = np.linalg.norm(vectors, axis=1)
    near: np.ndarray = vectors[1:] @ vectors[0] / np.maximum(lengths[1:] * lengths[0], 1e-9)
    return near


@lru_cache(1024)
def rows_of(text: str) -> tuple[str, ...]:
    """A passage's short sentences: the same passages are told again and again."""
    return tuple(gists_of({"passages": [{"text": text}]}))
