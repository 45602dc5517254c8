"""A text as words: where each stands, what it may be read as, and where phrases may not run on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.claims.tongues import Tongue
from tools.claims.folding import ALIKE, DIGITS_AS_LETTERS, Folded

BRAND = "<brand>"
"""Another maker's name, in a phrase."""
WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[%#$€£¥&+]")
BREAK = re.compile(r"[,;:!?()\[\]|•\n。、,;:!?…]|(?<=\w{4})\.(?=\s|$)|(?<=\d)\.(?=\s+\D)| - |\.{2,}")
HARD = re.compile(r"[;!?\n\v。!?;]|(?<=\w{4})\.(?=\s|$)|(?<=\d)\.(?=\s+\D)")
PERCENT = frozenset({"percent", "prozent", "procent", "percento"})
"""The sign in words."""
MIXED = re.compile(r"(?<![\w@$])(?=[\w@$]*[^\W\d_])(?=[\w@$]*[013457@$])[\w@$]{3,}(?![\w@$])")
APART = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*·]{1,3}[^\W\d_]){3,}(?!\w)")
JOINED = re.compile(r"[-'\d%#$€£¥&+]")
"""What stands between words, or is one, where nothing else parts them."""
TAG = re.compile(r"<[^<>\n]{1,60}>")


class Reading(NamedTuple):
    """One way to read a stretch of text: the word, and which word comes after it."""

    word: str
    after: int


@dataclass
class Words:
    """`starts` and `ends` of each word in the folded text, `readings` that begin at each, `breaks` (a comma, an end)
    and `ends_here` (a sentence's end) between a word and the next.
    """

    folded: Folded
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    readings: list[list[Reading]] = field(default_factory=list)
    breaks: list[bool] = field(default_factory=list)
    ends_here: list[bool] = field(default_factory=list)

    @classmethod
    def of(cls, folded: Folded, tongue: Tongue) -> Words:
        """The words of a folded text."""
        found = cls(folded)
        text = TAG.sub(lambda tag: " " * len(tag.group()), folded.text)
        for match in WORD.finditer(text):
            found.starts.append(match.start())
            found.ends.append(match.end())
            found.readings.append([Reading(match.group().replace(",", "."), len(found.starts))])
            if match.group() in PERCENT:
                found.readings[-1].append(Reading("%", len(found.starts)))
        found._part(text)
        if "cent" in text or "cient" in text:
            found._percent()
        if JOINED.search(text):
            found._join(text)
        found._decode(text, MIXED, lambda word: word.translate(DIGITS_AS_LETTERS))
        found._decode(text, APART, lambda word: re.sub(r"[\W_]", "", word))
        if tongue.language != "ru" and not text.isascii():
            found._unmask()
        if tongue.language == "de":
            found._umlauts()
        return found

    def name(self, brands: Iterable[tuple[str, ...]]) -> None:
        """Other makers' names, word by word, may from now on be read as BRAND."""
        for brand in brands:
            for at in range(len(self) - len(brand) + 1):
                if all(self.word(at + place) == word for place, word in enumerate(brand)):
                    self.readings[at].append(Reading(BRAND, at + len(brand)))

    def __len__(self) -> int:
        return len(self.starts)

    def word(self, at: int) -> str:
        """The word that stands at a place."""
        return self.readings[at][0].word

    def has_comma(self, at: int) -> bool:
        """Whether nothing but a comma parts a word from the next."""
        return self.folded.text.startswith(", ", self.ends[at])

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """The places of the sentence around some words, the last included."""
        while first > 0 and not self.ends_here[first - 1]:
            first -= 1
        while last < len(self) - 1 and not self.ends_here[last]:
            last += 1
        return first, last

    def _part(self, text: str) -> None:
        for at, end in enumerate(self.ends):
            follows = self.starts[at + 1] if at + 1 < len(self) else len(text)
            if text[end:follows] == " " and follows < len(text):  # a blank alone parts nothing
                self.breaks.append(False)
                self.ends_here.append(False)
                continue
            self.breaks.append(BREAK.search(text, end, follows + 1) is not None)
            self.ends_here.append(HARD.search(text, end, follows + 1) is not None)

    def _percent(self) -> None:
        """ "pour cent", "por ciento" are the sign too."""
        for at in range(len(self) - 1):
            if self.word(at) in ("pour", "por", "per") and self.word(at + 1) in ("cent", "ciento", "cento"):
                self.readings[at].append(Reading("%", at + 2))

    def _join(self, text: str) -> None:
        """Words with nothing but a hyphen between them are also read as one."""
        for at in range(len(self)):
            joined = self.word(at)
            for follows in range(at + 1, min(at + 4, len(self))):
                if text[self.ends[follows - 1] : self.starts[follows]] not in ("-", "'", ""):
                    break
                joined += self.word(follows)
                self.readings[at].append(Reading(joined, follows + 1))

    def _decode(self, text: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> None:
        for match in pattern.finditer(text):
            inside = [at for at, start in enumerate(self.starts) if match.start() <= start < match.end()]
            if inside:
                self.readings[inside[0]].append(Reading(decode(match.group()), inside[-1] + 1))

    def _unmask(self) -> None:
        for at in range(len(self)):
            seen = self.word(at).translate(ALIKE)
            if seen != self.word(at) and seen.isascii():
                self.readings[at].append(Reading(seen, at + 1))

    def _umlauts(self) -> None:
        for at in range(len(self)):
            seen = re.sub("([aou])e", r"\1", self.word(at))
            if seen != self.word(at):
                self.readings[at].append(Reading(seen, at + 1))
