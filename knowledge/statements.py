"""What a passage says of its figures: the words and countries around each, by which two statements are found to be
about the same matter.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.countries import countries_in
from knowledge.documents import Passage, expand_markets
from knowledge.figures import Cell, Figure, Stated, folded, lowered, plain, stated_in
from knowledge.keywords import keywords
from knowledge.markets import EU
from knowledge.measures import matters_in
from knowledge.sections import sentence_ends

_NUMBERS = re.compile(r"\d[\d.,]*")
_CLAUSE = re.compile(r"[,;:()–、，；：（）،؛]")


EVERYWHERE = frozenset(["delivery", "electronics", "care"])
"""Matters that say little beside another: a return counts "from delivery"."""

FARTHEST = 8
"""Figures farther apart than so many times play different roles: a duty of EUR 3 and parcels above EUR 150."""


@dataclass(frozen=True)
class Statement:
    """A figure, or the two ends of a range, in its passage.

    `words` keywords of the sentence or table cell around it, without figures; `countries` it holds for, empty for any;
    `matters` what it is about (refund, warranty), `label` whether it names a table's row: a time there is a
    condition ('after the 7 days') and promises nothing.
    """

    figures: tuple[Figure, ...]
    words: frozenset[str]
    countries: frozenset[str]
    matters: frozenset[str]
    label: bool = False

    @property
    def unit(self) -> str:
        """What its figures are compared in; only statements of one unit can differ."""
        return self.figures[0].unit

    @property
    def about(self) -> frozenset[str]:
        """The matters that tell it from others: deliveries and devices are named beside everything."""
        return self.matters - EVERYWHERE or self.matters

    def comparable(self, other: Statement) -> bool:
        """Whether both state a figure of one unit, for one country, on one matter, of about one size."""
        meet = not (self.countries and other.countries) or bool(self.countries & other.countries)
        sizes = sorted(max(figure.value for figure in one.figures) for one in (self, other))
        promised = not (self.label or other.label) or self.figures[0].kind != "duration"
        return (
            promised
            and self.unit == other.unit
            and meet
            and self.about == other.about
            and sizes[1] <= FARTHEST * sizes[0]
        )

    def agrees(self, other: Statement) -> bool:
        """Whether both can be true of one thing: the same figures, or one within the other's range."""
        if len(self.figures) == len(other.figures):
            return [f.value for f in self.figures] == [f.value for f in other.figures]
        one, several = sorted((self, other), key=lambda statement: len(statement.figures))
        values = [figure.value for figure in several.figures]
        return min(values) <= one.figures[0].value <= max(values)


def statements(passage: Passage) -> list[Statement]:
    """All that a passage states in figures."""
    shown = folded(passage.text)
    text = lowered(shown)
    found = stated_in(text, passage.locale)
    above = plain(passage.heading[-1] if passage.heading else passage.title)
    own = _countries_of(passage)
    return [
        Statement(
            stated.figures, frozenset(keywords(said)), _named(said, passage) or _named(sentence, passage) or own,
            matters_in(f"{above}\n{said}", passage.locale), bool(stated.cell and stated.cell.text == stated.cell.first),
        )
        for stated, (said, sentence) in zip(found, _spoken(text, sentence_ends(shown), found), strict=True)
    ]  # fmt: skip


def _spoken(text: str, ends: list[int], found: list[Stated]) -> list[tuple[str, str]]:
    """The words around each figure and the sentence these stand in. The words are the sentence, or its clause where it
    has several figures of the unit, or a table's cell with the names of its column and row.
    """
    around = [_sentence(text, ends, stated) for stated in found]
    units = Counter((where, stated.figures[0].unit) for where, stated in zip(around, found, strict=True))
    spoken = []
    for stated, where in zip(found, around, strict=True):
        clause = _clause(text, stated, where) if units[where, stated.figures[0].unit] > 1 else where
        sentence = text[slice(*where)]
        said = _in_cell(stated.cell) if stated.cell else _without(text, *clause, found)
        spoken.append((said, said if stated.cell else sentence))
    return spoken


def _named(text: str, passage: Passage) -> frozenset[str]:
    return _spelled(countries_in(text, passage.locale))


def _in_cell(cell: Cell) -> str:
    said = f"{cell.header} {cell.row}" if cell.text == cell.first else f"{cell.header} {cell.first} {cell.text}"
    return _NUMBERS.sub(" ", said)


def _countries_of(passage: Passage) -> frozenset[str]:
    """The countries a whole passage is about: of its heading, its title, or its markets."""
    named = passage.about or tuple(countries_in(" ".join(passage.heading), passage.locale))
    return _spelled(named or countries_in(passage.title, passage.locale)) or frozenset(expand_markets(passage.markets))


def _spelled(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(country for code in codes for country in (EU | {"EU"} if code == "EU" else [code]))


def _sentence(text: str, found: list[int], stated: Stated) -> tuple[int, int]:
    """The sentence a figure stands in."""
    ends = [0, *found, len(text)]
    start = max(end for end in ends if end <= stated.start)
    stop = min(end for end in ends if end >= stated.end)
    while start < stated.start and text[start].isspace():
        start += 1
    return start, stop


def _clause(text: str, stated: Stated, sentence: tuple[int, int]) -> tuple[int, int]:
    """The part of a sentence a figure stands in, where the sentence states several of its unit."""
    start, end = sentence
    cuts = [start, *(start + cut.end() for cut in _CLAUSE.finditer(text[start:end])), end]
    return max(c for c in cuts if c <= stated.start), min(c for c in cuts if c >= stated.end)


def _without(text: str, start: int, end: int, found: list[Stated]) -> str:
    """A stretch of text with its figures left out."""
    parts, at = [], start
    for stated in found:
        if start <= stated.start and stated.end <= end:
            parts.append(text[at : stated.start])
            at = max(at, stated.end)
    return " ".join([*parts, text[at:end]])


class Likeness:
    """How alike the words of two statements are; what many passages say counts little."""

    def __init__(self, spoken: Sequence[Sequence[Statement]]) -> None:
        self._many = max(1, len(spoken))
        self._counts = Counter(word for own in spoken for word in frozenset().union(*(s.words for s in own)))

    def of(self, one: Statement, other: Statement) -> float:
        """0 (no word in common) to 1 (the same words)."""
        common = self._weight(one.words & other.words)
        return common / math.sqrt((self._weight(one.words) or 1) * (self._weight(other.words) or 1))

    def _weight(self, words: Iterable[str]) -> float:
        # fsum, for words come in no order, and a sum that hung on it would order alike statements anew each run
        return math.fsum(math.log(1 + self._many / (1 + self._counts[word])) for word in words)
