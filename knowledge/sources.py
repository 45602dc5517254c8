"""Where passages come from: each source has a name and a digest, and is read only when its digest is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.documents import Passage


@dataclass(frozen=True)
class Source:
    """A file, a product or whatever else passages come from.

    `digest` changes whenever `read` would return something else; `read` raises ValueError or OSError, in words, for
    what cannot be read.
    """

    name: str
    digest: str
    read: Callable[[], Sequence[Passage]]


def digest_of(*parts: bytes | str) -> str:
    """A digest of everything that decides what a source says."""
    summed = hashlib.sha256()
    for part in parts:
        held = part.encode("utf-8", "replace") if isinstance(part, str) else part
        summed.update(len(held).to_bytes(8, "big") + held)
    return summed.hexdigest()[:32]


def made_of(name: str, passages: Iterable[Passage]) -> Source:
    """A source of passages that are at hand already."""
    held = tuple(passages)
    return Source(name, digest_of(*(passage.id for passage in held)), lambda: held)
