"""How long a text may be, as a table that the browser counts by: one for both sides."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from knowledge.marketplaces import Marketplace, Unit
from knowledge.phrasing.measure import length
from tools.listings.check import Checker


@dataclass(frozen=True)
class Measure:
    """What a field may hold: `most` is the limit, `advised` what guides advise; None where none is known."""

    most: int | None
    advised: int | None
    unit: Unit | None

    def length(self, text: str) -> float:
        """A text's length in the unit the channel counts."""
        return length(text, self.unit)


FREE = Measure(None, None, None)


def measures(market: Marketplace, locale: str, on: date) -> dict[str, Measure]:
    """What each field of a channel may hold in a locale."""
    return {
        name: Measure(entry.max or entry.safe_max, entry.recommended_max if entry.max else None, entry.unit)
        for name, entry in Checker(market, locale, on).fields.items() if entry.kind in ("text", "list")
    }  # fmt: skip


def limit_table(market: Marketplace, locales: Iterable[str], on: date) -> dict[str, Any]:
    """The limits of a channel by locale and field; `wide` the ranges of letters that count double, where some do."""
    fields = {
        locale: {
            name: {"most": one.most, "advised": one.advised, "unit": one.unit or "characters"}
            for name, one in measures(market, locale, on).items()
        }
        for locale in locales
    }
    counted = {entry["unit"] for held in fields.values() for entry in held.values()}
    return {"fields": fields, "wide": wide_ranges() if "full-width" in counted else []}


@cache
def wide_ranges() -> list[tuple[int, int]]:
    """The ranges of letters that are full-width, as `length` counts them."""
    found: list[tuple[int, int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.east_asian_width(chr(code)) in "WFA":
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return found
