"""What may be found: decided before anything is ranked, on columns held in memory, so that a filter costs next to
nothing (Chroma's own takes two hundred times as long as the search it narrows).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from knowledge.documents import Passage, expand_markets
from knowledge.passage_store import ALWAYS, day_number

Places = npt.NDArray[np.intp]
"""Positions in the columns, in order of rows."""

Mask = npt.NDArray[np.bool_]
"""For each place, whether it is meant."""


@dataclass(frozen=True)
class Filter:
    """What may be found: decided before anything is ranked.

    `market` an ISO country or '' (unknown: passages for any market), `language` the reader's: other languages are
    found only where a document has neither it nor English. `kinds` empty for all.
    """

    audience: str = "shopper"
    market: str = ""
    on: date = date.max
    language: str = ""
    kinds: tuple[str, ...] = ()
    product_ids: tuple[str, ...] = ()

    @property
    def audiences(self) -> list[str]:
        """Whose passages are shown: staff see the shoppers' too."""
        return ["shopper"] if self.audience == "shopper" else ["shopper", self.audience]


def allows(passage: Passage, wanted: Filter) -> bool:
    """Whether a passage may be shown by a filter's audience, market and day."""
    markets = expand_markets(passage.markets)
    return (
        passage.audience in wanted.audiences
        and (not wanted.market or not markets or wanted.market in markets)
        and day_number(passage.valid_from, 0)
        <= day_number(wanted.on, ALWAYS)
        <= day_number(passage.valid_until, ALWAYS)
    )


class Columns:
    """What decides who may see a passage, for all passages of a generation, in order of their rows."""

    def __init__(self, store: sqlite3.Connection) -> None:
        rows = store.execute(
            "select row, main, since, until, locale, audience, kind, product_id, markets from passages order by row"
        ).fetchall()
        columns = list(zip(*rows, strict=True)) or [()] * 9
        self.rows = np.array(columns[0], np.int64)
        self._place_of = np.full(self.rows.max(initial=-1) + 2, -1, np.intp)
        self._place_of[self.rows] = np.arange(len(self.rows))
        self._main = np.array(columns[1], bool)
        self._since, self._until = np.array(columns[2], np.int32), np.array(columns[3], np.int32)
        self._known: dict[str, dict[str, int]] = {}
        self._codes: dict[str, npt.NDArray[np.int32]] = {}
        for name, column in zip(("locale", "audience", "kind", "product", "markets"), columns[4:], strict=True):
            known = {value: code for code, value in enumerate(dict.fromkeys(column))}
            self._known[name] = known
            self._codes[name] = np.array([known[value] for value in column], np.int32)
        self.locales = list(self._known["locale"])
        sizes = np.bincount(self._codes["locale"], minlength=len(self.locales)).tolist()
        self.sizes: dict[str, int] = dict(zip(self.locales, sizes, strict=True))
        self.allowed = lru_cache(maxsize=64)(self._find_allowed)

    def places(self, rows: npt.NDArray[np.int64]) -> tuple[Places, Mask]:
        """Where rows stand, and which of them are here at all."""
        found = self._place_of[np.minimum(rows, len(self._place_of) - 1)]
        return found, found >= 0

    def of_locale(self, locale: str) -> Places:
        """Places of a locale's passages."""
        return np.flatnonzero(self._codes["locale"] == self._known["locale"][locale])

    def speaks(self, places: Places, locale: str) -> Mask:
        """Which of the passages at given places are in a locale."""
        spoken: Mask = self._codes["locale"][places] == self._known["locale"][locale]
        return spoken

    def locale_at(self, places: Places) -> list[str]:
        """The locales of the passages at given places."""
        return [self.locales[code] for code in self._codes["locale"][places].tolist()]

    def _find_allowed(self, wanted: Filter) -> tuple[Mask, dict[str, Places]]:
        """Which passages a filter lets through, and where they stand, by locale."""
        day = day_number(wanted.on, ALWAYS)
        mask = (self._since <= day) & (self._until >= day) & self._coded("audience", wanted.audiences)
        if wanted.market:
            shown = [names for names in self._known["markets"] if not names or wanted.market in names.split()]
            mask &= self._coded("markets", shown)
        if wanted.language:
            mask &= self._coded("locale", [wanted.language]) | self._main
        for column, values in (("kind", wanted.kinds), ("product", wanted.product_ids)):
            if values:
                mask &= self._coded(column, values)
        places = {locale: np.flatnonzero(mask & self._coded("locale", [locale])) for locale in self.locales}
        return mask, {locale: own for locale, own in places.items() if len(own)}

    def _coded(self, column: str, values: Sequence[str]) -> Mask:
        known = self._known[column]
        chosen = np.zeros(len(known) + 1, bool)
        chosen[[known[value] for value in values if value in known]] = True
        found: Mask = chosen[self._codes[column]]
        return found
