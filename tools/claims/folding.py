"""A text as it is compared: one spelling for what looks alike, each letter with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

ALIKE = str.maketrans("аеорсухіјѕԁһӏкмтвнгαορνικτυχ", "aeopcyxijsdhlkmtbhraopviktux")
"""Letters of other scripts that look like Latin ones."""

DIGITS_AS_LETTERS = str.maketrans("013457@$", "oieastas")


@dataclass(frozen=True)
class Folded:
    """`starts` and `ends` give, for each letter of `text`, the code points it was made of."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where letters `start` to `end` stand in the original."""
        return self.starts[start], self.ends[end - 1]

    def within(self, whole: Folded) -> Folded:
        """The same with places in the original of the text it was made of."""
        starts = [whole.starts[start] for start in self.starts]
        return Folded(self.text, starts, [whole.ends[end - 1] for end in self.ends])

    def without(self, dropped: re.Pattern[str]) -> Folded:
        """The same without some letters."""
        kept = [at for at, letter in enumerate(self.text) if not dropped.match(letter)]
        return Folded(
            "".join(self.text[at] for at in kept), [self.starts[at] for at in kept], [self.ends[at] for at in kept]
        )


def fold(text: str, keeps_marks: bool = False, simplified: str = "") -> Folded:
    """NFKC, small letters, no accents (unless the language needs them), nothing invisible. `simplified` are pairs of a
    traditional sign and the one it is read as.
    """
    if text.isascii():
        return Folded(text.lower(), list(range(len(text))), list(range(1, len(text) + 1)))
    signs = dict(zip(simplified[::2], simplified[1::2], strict=True))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for letter in _plain(text[start:end], keeps_marks):
            letters.append(signs.get(letter, letter))
            starts.append(start)
            ends.append(end)
    return Folded("".join(letters), starts, ends)


def plain(text: str, keeps_marks: bool = False, simplified: str = "") -> str:
    """A phrase as it is compared."""
    return fold(text, keeps_marks, simplified).text


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """A letter with the marks on it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (unicodedata.combining(text[at]) or text[at] in "ﾞﾟ"):
            yield start, at
            start = at


def _plain(cluster: str, keeps_marks: bool) -> str:
    if cluster.isascii():
        return cluster.lower()
    if all(unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f" for letter in cluster):
        return ""
    folded = unicodedata.normalize("NFKC", cluster).casefold()
    folded = folded.translate(QUOTES)
    if keeps_marks or not _takes_accents(folded):
        return folded
    return "".join(x for x in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(x)).translate(STROKES)


QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"})
STROKES = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


def _takes_accents(letters: str) -> bool:
    """Latin, Greek and Cyrillic letters; in other scripts marks are part of the word."""
    return bool(letters) and "\u00c0" <= letters[0] < "\u0530"
