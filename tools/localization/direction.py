"""Text direction: a run from left to right stands isolated in a text from right to left, so that all stay in order."""

from __future__ import annotations

FIRST_STRONG, POP = "\u2068", "\u2069"
ISOLATES = "\u2066\u2067\u2068"
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"
"""Older marks that change the order of what follows, too."""
_RIGHT_TO_LEFT = {"ar", "fa", "he", "iw", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"}


def runs_right_to_left(locale: str) -> bool:
    """Whether a locale's texts run from right to left."""
    return locale.replace("_", "-").split("-")[0].lower() in _RIGHT_TO_LEFT


def isolated(text: str) -> str:
    """A run between isolates: its own direction, no effect on its neighbours."""
    return f"{FIRST_STRONG}{text}{POP}"
