"""Numbers: those of the source come back, in whatever digits and marks, and no other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from knowledge.findings import Finding
from knowledge.localizing import Change
from knowledge.quantities import plain_digits
from tools.localization.found import found
from tools.localization.marks import Marked

_NUMBER = re.compile(r"\d+(?:[.,٫٬'’\u00a0\u202f\u2009 ]\d{3})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)*")
_MYRIADS = {"万": 10**4, "萬": 10**4, "만": 10**4, "億": 10**8, "亿": 10**8, "억": 10**8, "千": 10**3, "百": 100}
_WORDS = {
    "zero": 0, "no": 0, "one": 1, "a": 1, "an": 1, "once": 1, "first": 1, "single": 1, "per": 1, "each": 1, "every": 1,
    "daily": 1, "two": 2, "twice": 2, "both": 2, "second": 2, "double": 2, "three": 3, "third": 3, "four": 4,
    "fourth": 4, "five": 5, "fifth": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "dozen": 12, "half": 2, "hundred": 100,
}  # fmt: skip
"""English words a translation may write as figures."""


def check_numbers(
    source: Marked, target: Marked, changes: Sequence[Change] = (), accepted: Collection[Decimal] = ()
) -> Iterator[Finding]:
    """Figures that the source does not have, unless code converted them (`changes`) or they are a measure of it in
    another unit (`accepted`).
    """
    theirs, ours = Counter(_figures(source.prose)), _figures(target.prose)
    worded: set[Decimal | int] = {_WORDS[word] for word in source.words if word in _WORDS}
    worded |= set(_otherwise(source.prose))
    made = {value for change in changes for value in _figures(change.after)}
    made |= {Decimal(re.sub(r"[^\d]", "", f"{value:f}").lstrip("0") or "0") for value in accepted}
    left = theirs.copy()
    strange = []
    for value in ours:
        if left[value] > 0:
            left[value] -= 1
        elif value not in theirs and value not in worded and value not in made:
            strange.append(value)
    for value in strange:
        yield _strange(target, value)


def _strange(target: Marked, value: Decimal) -> Finding:
    plain = plain_digits(target.prose)
    place = next((m for m in _NUMBER.finditer(plain) if value in _values(plain, m)), None)
    span = place.span() if place else (0, 0)
    return found(
        "number",
        f"The source has no {value.normalize():f}.",
        "Write the source's number.",
        span,
        target.text[slice(*span)],
    )


def _figures(prose: str) -> list[Decimal]:
    plain = plain_digits(prose)
    return [value for match in _NUMBER.finditer(plain) for value in _values(plain, match)[:1]]


def _values(plain: str, match: re.Match[str]) -> list[Decimal]:
    """What a number can be: 1,234 and 1.234 are read as the same; 2万 is 20000."""
    digits = re.sub(r"[^\d]", "", match.group())
    return [Decimal(digits.lstrip("0") or "0") * _MYRIADS.get(plain[match.end() :].lstrip(" ")[:1], 1)]


_SCALED = re.compile(r"(\d[\d,]*(?:\.\d+)?)[ -]?(thousand|million|billion|[kKmM])\b")
_SCALES = {"thousand": 3, "k": 3, "million": 6, "m": 6, "billion": 9}
_AFTERNOON = re.compile(r"\b(1[0-2]|0?[1-9])(?:[:.]\d\d)?\s?p\.?m\b", re.I)
_EVENING = re.compile(r"\b(1[3-9]|2[0-3])(?:[:.]| ?h ?)[0-5]\d\b")
_MORNING = re.compile(r"\d\s?a\.?m\b", re.I)
_DECADE = re.compile(r"\b(?:19|20)(\d0)s\b")


def _otherwise(prose: str) -> Iterator[Decimal]:
    """Other figures for the same: 20 million is 20000000, the 1980s are the 80s, 3 PM is 15:00, 15:00 is 3 PM."""
    for match in _AFTERNOON.finditer(prose):
        yield Decimal(int(match[1]) % 12 + 12)
    for match in _EVENING.finditer(prose):
        yield Decimal(int(match[1]) - 12)
    if _AFTERNOON.search(prose) or _MORNING.search(prose):
        yield Decimal(0)
    for match in _SCALED.finditer(prose):
        yield Decimal(match[1].replace(",", "")).scaleb(_SCALES[match[2].lower()])
    for match in _DECADE.finditer(prose):
        yield Decimal(match[1])
