"""Streets and houses in text, by the words for ways in our languages. Towns and postcodes stay: they decide what
delivery costs, and many people share them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from knowledge.personal_numbers import words

_CAPITAL = "A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я"
_NAME = r"[^\W\d_][\w'’.-]*"
_HOUSE = r"\d{1,5}(?:[ ]?[a-zA-Z](?!\w))?(?:[-/]\d{1,4}[a-zA-Z]?)?"
_COUNT = r"(?:,?[ ](?:n[º°o.]{0,2}|no\.?|nr\.?|número)?[ ]?)"
_HAN = "一-龠々ぁ-んァ-ヶー"


@cache
def street_patterns() -> tuple[re.Pattern[str], ...]:
    """Patterns of the line of an address that names street and house, and of parts of a building."""
    return tuple(re.compile(pattern) for pattern in (*_streets(), *_buildings(), *_announced(), *_han()))


def street_spans(text: str) -> list[tuple[int, int]]:
    """Where a text names streets with their houses, each with the part of the building that stands before it."""
    found = sorted(match.span() for pattern in _ways() for match in pattern.finditer(text))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return [(_with_building(text, start), end) for start, end in spans]


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in (*_streets(), *_han()))


def _with_building(text: str, start: int) -> int:
    """Where a street begins, with the flat whose number stands before it: 'Flat 3, 12 Mill Lane'."""
    flats = [match.span() for pattern in _buildings() for match in re.finditer(pattern, text)]
    return min((at for at, end in flats if at < start <= end + 2), default=start)


def _inside() -> str:
    return rf"(?:,?\s{{1,3}}(?i:{words('unit')})\.?[ ]?#?\d{{1,5}}[a-zA-Z]?)?"


def _streets() -> Iterator[str]:
    """12 Oak Street; 14 rue de la Paix; calle Mayor 7; Lindenstraße 12a; Lange Straße 5."""
    behind, before, ending, inside = words("behind"), words("before"), words("ending"), _inside()
    named = rf"(?:(?:[{_CAPITAL}][\w'’.-]*|\d{{1,4}}(?:st|nd|rd|th)?)[ ]){{1,4}}"
    first = rf"(?:[{_CAPITAL}][\w.-]*[ -]){{0,2}}"
    yield rf"(?<![\w.,-])\d{{1,5}}[a-zA-Z]?,?[ ](?:{named}|{_NAME}[ ])(?i:{behind}){inside}"
    house = r"(?<![\w.,-])\d{1,5}(?:[ ](?:bis|ter))?,?[ ]"
    yield rf"{house}(?i:{before})\.?(?:[ ]{_NAME}){{1,4}}(?:[ ]\d{{1,4}}(?!\w))?{inside}"
    yield rf"(?<!\w)(?i:{before})\.?(?:[ ]{_NAME}){{1,5}}?{_COUNT}{_HOUSE}(?!\w){inside}"
    yield rf"(?<!\w)(?:\d{{1,5}}[ ])?{first}[^\W\d_]{{2,24}}(?i:{ending})\.?[ ]{_HOUSE}(?!\w){inside}"
    yield rf"(?<!\w)(?:[{_CAPITAL}][\w-]*[ ]){{1,3}}(?i:{ending})\.?[ ]{_HOUSE}(?!\w){inside}"


def _buildings() -> Iterator[str]:
    """A post box; an apartment."""
    boxes = "p\\.?[ ]?o\\.?[ ]?box|postfach|apartado|caixa postal|boîte postale|psc|unit(?=[ ]\\d+,?[ ]box)"
    yield rf"(?i)(?<!\w)(?:{boxes})[ ]\d{{1,6}}(?:,?[ ]box[ ]\d{{1,6}})?"
    yield rf"(?i)(?<!\w)(?:{words('unit')})\.?[ ]?#?\d{{1,5}}[a-z]?(?!\w)"


def _announced() -> Iterator[str]:
    """What follows "I live at", or "address:", as far as a house number."""
    line = r"[^\n,;?!\x00]"
    said = r"(?:[ ](?:is|ist|lautet|est|es|é))?[ ]?:[ ]?\n?[ ]?"
    yield rf"(?i)(?<!\w)(?:{words('lives')})[ ]((?:\d{{1,5}}[ ])?{_NAME}{line}{{0,50}}?\d{{1,5}}[a-z]?)(?=[\n,;.]|$)"
    yield rf"(?i)(?<!\w)(?:{words('address')}){said}((?=[^\n]*\d){line}{{4,60}})"


def _han() -> Iterator[str]:
    """Japanese and Chinese: from the large to the small, without spaces."""
    parts = "(?:丁目|番地?|号|-)"
    yield rf"[{_HAN}]{{1,12}}?[都道府県市区町村郡][{_HAN}]{{1,20}}\d{{1,4}}(?:{parts}\d{{0,4}}){{1,5}}"
    yield rf"[{_HAN}]{{1,12}}(?:路|街|道|巷|弄|胡同)\d{{1,5}}[号弄](?:\d{{1,4}}(?:号楼|栋|幢|单元|楼|室|号)){{0,4}}"
