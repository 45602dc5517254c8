"""Finding listed words in text: at the start of words where words stand apart, anywhere where they do not."""

import re
from collections.abc import Sequence

UNSPACED = {"ja", "zh-CN", "ar"}
"""Languages whose words run together, or take prefixes, so that an entry counts wherever it stands."""


def word_pattern(entries: Sequence[str], language: str) -> re.Pattern[str] | None:
    """A pattern for any of some entries in lower case, longest first; None where there are none.

    An entry matches from the start of a word; one that ends in "$" also to its end.
    """
    if not entries:
        return None
    longest = sorted(entries, key=len, reverse=True)
    if language in UNSPACED:
        return re.compile("|".join(re.escape(entry) for entry in longest))
    parts = [re.escape(entry.rstrip("$")) + (r"\b" if entry.endswith("$") else "") for entry in longest]
    return re.compile(r"\b(?:" + "|".join(parts) + ")")


def outermost(spans: dict[str, tuple[int, int]]) -> list[str]:
    """Keys in the order of their matches, without those inside a longer match: 'navy blue' is navy, not blue."""
    kept = [key for key in spans if not _is_inside(key, spans)]
    return sorted(kept, key=lambda key: spans[key])


def _is_inside(key: str, spans: dict[str, tuple[int, int]]) -> bool:
    start, end = spans[key]
    return any(
        other != key and at <= start and end <= stop and stop - at > end - start for other, (at, stop) in spans.items()
    )
