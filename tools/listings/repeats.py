"""Words that stand too often in a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tools.listings.signs import HIRAGANA, RUN_TOGETHER, SMALL, WORD

MOST_IN_TITLE = 2
"""How often a word may stand in a title of a channel that has no rule on it."""

Fault = tuple[tuple[int, int], str, str]


def more_often(most: int, text: str) -> Iterator[Fault]:
    """Words that stand more often than `most`, one and several as one; articles, prepositions, conjunctions, figures
    and the small words of scripts without spaces do not count.
    """
    found = [(_stem(m.group().casefold()), m) for m in WORD.finditer(text)]
    counted = Counter(word for word, m in found if m.group().casefold() not in SMALL and _counts(word))
    for word, count in counted.items():
        if count > most:
            last = next(m for other, m in reversed(found) if other == word)
            yield last.span(), f"{last.group().casefold()!r} stands {count} times", "Say it less often."
    for match in RUN_TOGETHER.finditer(text):
        yield match.span(), f"{match.group(1)!r} stands twice in a row", "Say it once."


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _counts(word: str) -> bool:
    return len(word) > 1 and not word[0].isdigit() and (len(word) > 2 or not HIRAGANA.fullmatch(word))
