"""Figures that follow from what was told: by how much two prices differ, how many days there are between two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations

from assistant.guardrails.claim import Claim, Key
from assistant.guardrails.evidence import Evidence

APART = 7
"""Days up to which two days of one thing may be said to lie apart; more could be by chance."""


def is_derived(claim: Claim, beside: Iterable[Claim], evidence: Evidence) -> bool:
    """Whether an amount is what told products differ by in price, or days those from today, or from another told day,
    to a told day beside it, or the one day between two told days.
    """
    if claim.kind == "money":
        prices = {Decimal(str(one["price"])) for one in evidence.course.products if one.get("price")}
        return bool(_values(claim, "money") & {abs(one - other) for one, other in combinations(prices, 2)})
    if claim.kind != "duration":
        return False
    days = {value / 24 for value in _values(claim, "duration")}
    next_day = {1} if not any(c.isdigit() for c in claim.text) else set()
    return bool(days & (set(_days_beside(beside, evidence)) | next_day & set(_days_between(evidence))))


def _values(claim: Claim, kind: str) -> set[Decimal]:
    unit = "hour" if kind == "duration" else None
    return {key[1] for key in claim.keys if key[0] == kind and isinstance(key[1], Decimal) and unit in (None, key[2])}


def _days_beside(beside: Iterable[Claim], evidence: Evidence) -> Iterator[Decimal]:
    said = {key for claim in beside if claim.kind == "date" for key in claim.keys}
    for source in evidence.told():
        told = _dates(source.keys)
        for day in (day for day in told if _spoken(day) & said):
            if evidence.today:
                yield Decimal(abs((day - evidence.today).days))
            yield from (Decimal(apart) for other in told if 0 < (apart := abs((day - other).days)) <= APART)


def _spoken(day: date) -> set[Key]:
    return {("date", day.year, day.month, day.day), ("date", 0, day.month, day.day), ("date", 0, 0, day.day)}


def _days_between(evidence: Evidence) -> Iterator[Decimal]:
    for source in evidence.told():
        days = _dates(source.keys) if source.kind in ("order", "result") else set()
        yield from (Decimal(abs((one - other).days)) for one, other in combinations(days, 2))


def _dates(keys: Iterable[Key]) -> set[date]:
    found = [tuple(int(str(part)) for part in key[1:]) for key in keys if key[0] == "date" and key[1] != 0]
    return {date(year, month, day) for year, month, day in found}
