"""Amounts that follow from told ones: what several cost together, by how much two differ, what is left of a sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations

from assistant.guardrails.claim import Claim
from assistant.guardrails.claims import numbers_said, read
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.sources import Source

Amount = tuple[Decimal, str]
"""A sum of money and its currency."""

MOST = 12
"""As many of a thing may be priced together."""

TOGETHER = 4
"""As many lines of an order may be added up."""


def amounts_of(claim: Claim) -> set[Amount]:
    """The amounts a claim states, in no currency where it names none; a number beside an amount may be one."""
    found = {(key[1], str(key[2]) if key[0] == "money" else "") for key in claim.keys
             if key[0] in ("money", "value") and isinstance(key[1], Decimal)}  # fmt: skip
    return {(value, currency) for value, currency in found if currency} or found


def is_sum(claim: Claim, text: str, beside: Iterable[Claim], evidence: Evidence) -> bool:
    """Whether an amount follows from what was told and from the amounts and numbers beside it in a plain text."""
    wanted = amounts_of(claim)
    others = [other for other in beside if other is not claim and other.kind == "money"]
    said = {amount for other in others for amount in amounts_of(other)}
    prices, together = evidence.course.prices, set(_together(text, evidence))
    pairs = [*combinations(prices | said, 2), *((one, other) for one in together for other in said)]
    differ = {(abs(one - other), currency) for (one, currency), (other, also) in pairs if currency == also}
    added = {(one + other, currency) for (one, currency), (other, also) in combinations(said, 2) if currency == also}
    reckoned = together | differ | added | set(_apart(others, evidence))
    return _meet(wanted, reckoned - prices - said)


def _meet(wanted: Iterable[Amount], found: set[Amount]) -> bool:
    values = {value for value, _ in found}
    return any((value, currency) in found if currency else value in values for value, currency in wanted)


def _together(text: str, evidence: Evidence) -> Iterator[Amount]:
    """Prices of as many as a text says, lines of an order and what some of them come to."""
    counts = {value for _, value in _numbers(text, evidence) if 1 < value <= MOST and value == int(value)}
    for price, currency in evidence.course.prices:
        yield from ((price * count, currency) for count in counts)
    for lines, currency in evidence.course.lines:
        for some in range(1, min(len(lines), TOGETHER) + 1):
            yield from ((sum(held, Decimal(0)), currency) for held in combinations(lines, some))


def _numbers(text: str, evidence: Evidence) -> Iterator[tuple[str, Decimal]]:
    for claim in read(text, evidence.language, evidence.today).claims:
        if claim.kind in ("number", "count"):
            yield from (("number", part) for key in claim.keys for part in key if isinstance(part, Decimal))
    for key in numbers_said(text.lower(), evidence.language):
        if isinstance(key[1], Decimal):
            yield "number", key[1]


def _apart(said: Iterable[Claim], evidence: Evidence) -> Iterator[Amount]:
    """By how much an amount beside it differs from others of the same passage."""
    for claim in said:
        for source in evidence.bearing(claim, ()):
            if source.kind == "passage":
                yield from _differences(amounts_of(claim), source)


def _differences(said: set[Amount], source: Source) -> Iterator[Amount]:
    for value, currency in said:
        for key in source.keys:
            if key[0] == "money" and isinstance(key[1], Decimal) and currency in ("", key[2]):
                yield abs(value - key[1]), currency
