"""A document's translations, section by section: whether they state the figures of the main one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from knowledge.documents import Passage
from knowledge.embeddings import Vectors
from knowledge.figures import Figure
from knowledge.precedence import Conflict
from knowledge.statements import Statement

Rows = list[int]
"""The passages of a section, by their rows."""


def sections_of(passages: Sequence[Passage]) -> dict[str, dict[str, list[Rows]]]:
    """The sections of each document in each locale: document → locale → sections in order."""
    held: dict[str, dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row, passage in enumerate(passages):
        held[passage.document][passage.locale].append(row)
    return {document: {locale: _cut(passages, rows) for locale, rows in own.items()} for document, own in held.items()}


def _cut(passages: Sequence[Passage], rows: Rows) -> list[Rows]:
    ordered = sorted(rows, key=lambda row: passages[row].number)
    return [list(part) for _, part in groupby(ordered, key=lambda row: passages[row].heading)]


def main_of(locales: Iterable[str]) -> str:
    """The locale translations are held against: English, or the first."""
    return "en" if "en" in locales else min(locales)


def compare_translations(
    passages: Sequence[Passage], spoken: Sequence[Sequence[Statement]], vectors: Vectors
) -> Iterator[Conflict]:
    """Sections whose translation states another figure. One that only leaves a figure out, or repeats it, is none."""
    for document, own in sections_of(passages).items():
        main = main_of(own)
        for locale, sections in own.items():
            if locale == main or len(sections) != len(own[main]):
                continue
            for one, other in zip(own[main], sections, strict=True):
                differing = _differing(_stated(spoken, one), _stated(spoken, other))
                if differing:
                    pair = (passages[one[0]], passages[other[0]])
                    cosine = round(float(vectors[one[0]] @ vectors[other[0]]), 2)
                    yield Conflict("translation", pair, differing, cosine, False, _why(document, pair, differing))


def _stated(spoken: Sequence[Sequence[Statement]], rows: Rows) -> Counter[Figure]:
    """The figures of a section, without telling ranges: they are written in many ways."""
    return Counter(
        Figure(figure.kind, figure.value, figure.unit)
        for row in rows for statement in spoken[row] for figure in statement.figures
    )  # fmt: skip


def _differing(one: Counter[Figure], other: Counter[Figure]) -> tuple[tuple[Figure, ...], tuple[Figure, ...]] | None:
    """What each says and the other does not, in units both do so; None where one only says less."""
    left, right = one - other, other - one
    units = {figure.unit for figure in left} & {figure.unit for figure in right}
    if not units:
        return None
    return tuple(sorted(f for f in left if f.unit in units)), tuple(sorted(f for f in right if f.unit in units))


def _why(document: str, pair: tuple[Passage, Passage], differing: tuple[tuple[Figure, ...], tuple[Figure, ...]]) -> str:
    said = [", ".join(map(str, figures)) for figures in differing]
    return f"{document} says {said[0]} in {pair[0].locale} and {said[1]} in {pair[1].locale}: a reader is told either."
