"""The brand's voice: how it writes, which words it never uses, whose names it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class VoiceWrong(ValueError):
    """A brand's file cannot be used; the text says why."""


@dataclass(frozen=True)
class Voice:
    """`tone` is told to a model in the brand's own words; `banned` words stand in no listing, whoever writes it;
    `competitors` are names that no listing borrows.
    """

    name: str = ""
    tone: str = ""
    banned: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()


def voice_of(told: Mapping[str, Any]) -> Voice:
    """A voice from brand.toml: name, tone, banned, competitors. Raises VoiceWrong."""
    unknown = set(told) - {"name", "tone", "banned", "competitors"}
    if unknown:
        raise VoiceWrong(f"{', '.join(sorted(unknown))}: not known; a brand has name, tone, banned and competitors.")
    lists = {}
    for key in ("banned", "competitors"):
        held = told.get(key, [])
        if not isinstance(held, list) or not all(isinstance(word, str) and word.strip() for word in held):
            raise VoiceWrong(f"{key} is a list of words.")
        lists[key] = tuple(held)
    return Voice(str(told.get("name", "")), str(told.get("tone", "")), lists["banned"], lists["competitors"])
