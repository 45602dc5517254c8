"""Pairs of passages written down as data, with real vectors."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from integrations.shipped import packaged, read_means
from knowledge.documents import Passage
from knowledge.embeddings import Pair, Vectors
from knowledge.space import Space
from knowledge.vector_cache import VectorCache
from knowledge.writing import placed


class Embedded:
    """Vectors of passages as the index keeps them: unit, centred by language."""

    def __init__(self, folder: Path) -> None:
        self._cache = VectorCache(folder / "vectors.sqlite3", Pair(), [packaged("knowledge.demo_shop", "vectors.npz")])
        means = read_means()
        self._space = Space(Pair.parts, means.passages, means.questions)

    def of(self, passages: list[Passage]) -> Vectors:
        """Rows aligned with the passages."""
        return placed(passages, self._space, self._cache)


def read_pairs(name: str) -> list[tuple[str, str, Passage, Passage]]:
    """Name, kind of conflict ('' for none) and the two passages of each pair of a file beside this one."""
    entries = tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))["pair"]
    return [(entry["name"], entry["kind"], _passage(entry, "a"), _passage(entry, "b")) for entry in entries]


def _passage(entry: dict[str, Any], side: str) -> Passage:
    title, heading, text = entry[side]
    return Passage(
        document=entry.get(f"{side}_document", side), title=title, heading=(heading,), text=text,
        locale=entry.get(f"{side}_locale", entry["locale"]), markets=tuple(entry.get(f"{side}_markets", ())),
        valid_from=entry.get(f"{side}_from"), valid_until=entry.get(f"{side}_until"),
    )  # fmt: skip
