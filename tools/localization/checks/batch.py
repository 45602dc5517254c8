"""Many translations checked together: what one line says is told apart by the others of its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.findings import Finding
from tools.localization.checks import check_rendering


@dataclass(frozen=True)
class Pair:
    """A source text and its translation into a locale."""

    source: str
    target: str
    locale: str


def check_batch(pairs: Sequence[Pair]) -> list[list[Finding]]:
    """The findings of each pair, in order."""
    return [check_rendering(pair.source, pair.target, pair.locale) for pair in pairs]
