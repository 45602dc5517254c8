"""Figures that follow from what was told: by how much two prices differ, how many days there are between two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations

from assistant.guardrails.claim import Claim, Key
from assistant.guardrails.evidence import Evidence

APART = 3
"""Days up to which any two days of one thing may be said to lie apart; more could be by chance."""


def is_derived(claim: Claim, beside: Iterable[Claim], evidence: Evidence) -> bool:
    """Whether an amount is what told products differ by in price, or days those from today to a told day beside it, or
    the few between two told days.
    """
    if claim.kind == "money":
        prices = {Decimal(str(one["price"])) for one in evidence.course.products if one.get("price")}
        return bool(_values(claim, "money") & {abs(one - other) for one, other in combinations(prices, 2)})
    if claim.kind != "duration":
        return False
    days = {value / 24 for value in _values(claim, "duration")}
    return bool(days & (set(_days_ahead(beside, evidence)) | set(_days_between(evidence))))


def _values(claim: Claim, kind: str) -> set[Decimal]:
    unit = "hour" if kind == "duration" else None
    return {key[1] for key in claim.keys if key[0] == kind and isinstance(key[1], Decimal) and unit in (None, key[2])}


def _days_ahead(beside: Iterable[Claim], evidence: Evidence) -> Iterator[Decimal]:
    told = {day for source in evidence.told() for day in _dates(source.keys)}
    said = {key for claim in beside if claim.kind == "date" for key in claim.keys}
    for day in told if evidence.today else ():
        if evidence.today and {("date", day.year, day.month, day.day), ("date", 0, day.month, day.day)} & said:
            yield Decimal(abs((day - evidence.today).days))


def _days_between(evidence: Evidence) -> Iterator[Decimal]:
    for source in evidence.told():
        if source.kind in ("order", "result"):
            for one, other in combinations(_dates(source.keys), 2):
                if abs((one - other).days) <= APART:
                    yield Decimal(abs((one - other).days))


def _dates(keys: Iterable[Key]) -> set[date]:
    found = [tuple(int(str(part)) for part in key[1:]) for key in keys if key[0] == "date" and key[1]]
    return {date(year, month, day) for year, month, day in found}
