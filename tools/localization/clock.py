"""Times of day as texts write them: 3:30 PM, 9 am, 15:30 Uhr, 15 h 30."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

_HALVES = re.compile(r"(?<![\w.,:])(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))?[ \u00a0\u202f]?([ap])(?:\.[ ]?m\.|m)(?!\w)", re.I)
_WHOLE = {
    "de": re.compile(r"(?<![\w.,:])([01]?\d|2[0-3])(?:[:.]([0-5]\d))?[ \u00a0\u202f]?Uhr\b"),
    "fr": re.compile(r"(?<![\w.,:])([01]?\d|2[0-3])[ \u00a0\u202f]?h[ \u00a0\u202f]?([0-5]\d)\b"),
}
"""Times of the day's twenty-four hours, by language: a bare 15:30 may be a ratio as well."""


def read_times(text: str, locale: str) -> Iterator[tuple[int, int, time]]:
    """The times a text names, with where they stand."""
    for found in _HALVES.finditer(text):
        hour = int(found[1]) % 12 + (12 if found[3].lower() == "p" else 0)
        yield found.start(), found.end(), time(hour, int(found[2] or 0))
    whole = _WHOLE.get(locale.replace("_", "-").split("-")[0])
    for found in whole.finditer(text) if whole else ():
        yield found.start(), found.end(), time(int(found[1]), int(found[2] or 0))
