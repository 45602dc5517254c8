"""Whether a text ends where texts end: what its last letters say in its language, and the other words of its file."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

from tools.localization.marks import Marked

AFTER = " \t\n.!?。！？．：:;；…'\"”»)]」』）।،,、，"
"""What may stand behind the last word."""

LONGEST = 5
"""Letters that are looked at, a space among them."""

_TRADITIONAL = {"tw", "hk", "mo", "hant"}


def ending_language(locale: str) -> str:
    """The table that a locale's texts are held against."""
    language, *rest = locale.replace("_", "-").lower().split("-")
    if language == "zh":
        return "zh-TW" if _TRADITIONAL & set(rest) else "zh-CN"
    if language == "sr" and "latn" in rest:
        return "sr-Latn"
    return {"no": "nb", "iw": "he", "in": "id"}.get(language, language)


def last_prose(text: Marked) -> str:
    """The text up to its last letter; '' where it ends in a placeholder or a tag."""
    prose = text.prose.rstrip(AFTER)
    return prose if len(prose) == len(text.text.rstrip(AFTER)) else ""


def ending_letters(prose: str) -> str:
    """The last letters of a text, a space before its first word."""
    return (" " + " ".join(prose.lower().split()))[-LONGEST:]


def ends_well(text: Marked, locale: str) -> float | None:
    """How much the last letters speak for an end (above 0) or against it: natural logarithm of the odds. None where
    nobody counted the language, or no word is last.
    """
    table, prose = _tables().get(ending_language(locale)), last_prose(text)
    if table is None or not prose:
        return None
    letters = ending_letters(prose)
    return next((table[letters[start:]] for start in range(len(letters)) if letters[start:] in table), 0.0)


@cache
def _tables() -> dict[str, dict[str, float]]:
    tables: dict[str, dict[str, float]] = {}
    for line in (files("tools.localization.checks") / "endings.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, odds, letters = line.split("\t")
            tables.setdefault(language, {}).update(dict.fromkeys(letters.replace("_", " ").split("|"), float(odds)))
    return tables


class Words:
    """The words of translations into one language: what is a word in one of them may be half of one in another."""

    def __init__(self, texts: Iterable[Marked]) -> None:
        self._texts = Counter(word for text in set(texts) for word in set(text.words))
        self._sorted = sorted(self._texts)

    def elsewhere(self, word: str, own: Collection[str]) -> bool:
        """Whether a text with other words than `own` has the word."""
        return self._texts[word] > (word in own)

    def longer(self, word: str, own: Collection[str]) -> bool:
        """Whether another text has a longer word that begins so."""
        place = bisect_right(self._sorted, word)
        while place < len(self._sorted) and self._sorted[place].startswith(word):
            if self.elsewhere(self._sorted[place], own):
                return True
            place += 1
        return False
