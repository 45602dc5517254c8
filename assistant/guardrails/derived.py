"""Figures that follow from what was told: amounts, and how many days there are between two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations

from assistant.guardrails.claim import Claim, Key
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.phrases import phrases_of, same_letters
from assistant.guardrails.sums import is_sum
from knowledge.figures import plain

APART = 7
"""Days up to which two days of one thing may be said to lie apart; more could be by chance."""


AROUND = 12
"""Signs before and behind a duration in which a word says that it has passed."""


def is_derived(claim: Claim, text: str, beside: Iterable[Claim], evidence: Evidence) -> bool:
    """Whether an amount follows from told ones, or a duration is the days from today to a told day beside it or since
    one ('five days ago'), those between two told days, or what two durations differ by; or a number is a told day's.
    """
    beside = list(beside)
    if claim.kind == "money":
        return is_sum(claim, text, beside, evidence)
    if claim.kind == "number":
        kinds = {other.kind for other in beside}
        return ("date" in kinds and _is_day(claim, evidence)) or (
            "money" in kinds and is_sum(claim, text, beside, evidence)
        )
    if claim.kind != "duration":
        return False
    days = {value / 24 for value in _hours(claim)}
    next_day = {1} if not any(c.isdigit() for c in claim.text) else set()
    known = set(_days_beside(beside, evidence)) | (next_day & set(_days_between(evidence)))
    return bool(days & known) or _is_since(claim, text, days, evidence) or _is_rest(claim, beside, evidence)


def _hours(claim: Claim) -> set[Decimal]:
    return {key[1] for key in claim.keys if key[0] == "duration" and key[2] == "hour" and isinstance(key[1], Decimal)}


def _is_day(claim: Claim, evidence: Evidence) -> bool:
    """Whether a number alone is the day of a told date: '12, 13 and 14 November'."""
    days = {key[1] for key in claim.keys if key[0] == "number" and isinstance(key[1], Decimal) and 1 <= key[1] <= 31}
    return any(evidence.names(("of month", int(day))) for day in days if day == int(day))


def _is_since(claim: Claim, text: str, days: set[Decimal], evidence: Evidence) -> bool:
    """Whether so many days have passed since something told: weeks may be a day more or less."""
    around = same_letters(plain(text))[max(0, claim.start - AROUND) : claim.end + AROUND]
    if phrases_of(evidence.language).says("days", "later", around) and days & set(_days_between(evidence)):
        return True
    if evidence.today is None or not phrases_of(evidence.language).says("days", "ago", around):
        return False
    past = {(evidence.today - day).days for source in evidence.told() if source.kind in ("order", "result")
            for day in _dates(source.keys)}  # fmt: skip
    return any(abs(day - known) <= (1 if day >= 14 and day % 7 == 0 else 0) for day in days for known in past)


def _is_rest(claim: Claim, beside: Iterable[Claim], evidence: Evidence) -> bool:
    """Whether a duration is what another in the sentence and a told one differ by."""
    told = {key for source in evidence.told() for key in source.keys if key[0] == "duration"}
    return any(
        ("duration", abs(one[1] - other[1]), one[2]) in claim.keys
        for beside_it in beside if beside_it is not claim
        for one in beside_it.keys if one[0] == "duration" and isinstance(one[1], Decimal)
        for other in told if other[2] == one[2] and isinstance(other[1], Decimal)
    )  # fmt: skip


def _days_beside(beside: Iterable[Claim], evidence: Evidence) -> Iterator[Decimal]:
    said = {key for claim in beside if claim.kind == "date" for key in claim.keys}
    for source in evidence.told():
        told = _dates(source.keys)
        for day in (day for day in told if _spoken(day) & said):
            if evidence.today:
                yield Decimal(abs((day - evidence.today).days))
            yield from (Decimal(apart) for other in told if 0 < (apart := abs((day - other).days)) <= APART)


def _spoken(day: date) -> set[Key]:
    return {("date", day.year, day.month, day.day), ("date", 0, day.month, day.day), ("date", 0, 0, day.day),
            ("day", day.month, day.day, day.weekday())}  # fmt: skip


def _days_between(evidence: Evidence) -> Iterator[Decimal]:
    for source in evidence.told():
        days = _dates(source.keys) if source.kind in ("order", "result") else set()
        yield from (Decimal(abs((one - other).days)) for one, other in combinations(days, 2))


def _dates(keys: Iterable[Key]) -> set[date]:
    found = [tuple(int(str(part)) for part in key[1:]) for key in keys if key[0] == "date" and key[1] != 0]
    return {date(year, month, day) for year, month, day in found}
