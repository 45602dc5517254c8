"""How long a text is, in the unit a channel counts in; its words and sentences."""

from __future__ import annotations

import re
import unicodedata

from knowledge.marketplaces import Unit

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


def length(text: str, unit: Unit | None) -> float:
    """A text's length: Unicode code points, bytes of UTF-8, or full-width characters (a half-width one is half)."""
    if unit == "bytes":
        return len(text.encode())
    if unit == "full-width":
        return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)
    return len(text)


def words(text: str) -> int:
    """How many words a text has; in scripts that run words together two characters count as one."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + (unspaced + 1) // 2


def split_sentences(text: str) -> list[str]:
    """The sentences of a short text; a point inside a number ends none."""
    parts = re.split(r"(?<=[.!?])\s+(?=[^\W\d_a-z]|\d)|(?<=[。！？])", text.strip())
    return [part.strip() for part in parts if part and part.strip()]


def width(text: str) -> int:
    """How wide a text is as advertisers count: a full-width character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
