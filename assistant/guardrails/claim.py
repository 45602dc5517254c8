"""One thing that a text states."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

Key = tuple[Hashable, ...]
"""What a claim comes to, so that two spellings of one thing are equal."""


@dataclass(frozen=True)
class Claim:
    """Something stated that evidence must bear: any one of `keys`. `start` and `end` are offsets, `text` as written."""

    kind: str
    keys: frozenset[Key]
    start: int
    end: int
    text: str


def without(text: str, claims: Iterable[Claim]) -> str:
    """A text with the places of claims left empty, so that offsets stay."""
    for claim in claims:
        text = text[: claim.start] + "\x00" * (claim.end - claim.start) + text[claim.end :]
    return text


def claim_at(kind: str, keys: set[Key], match: re.Match[str]) -> Claim:
    """A claim where a pattern matched."""
    return Claim(kind, frozenset(keys), match.start(), match.end(), match.group().strip())
