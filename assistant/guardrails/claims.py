"""What a text states, by kind: money, shares, durations, sizes, dates, times, counts, codes and plain numbers. The same
reading is made of what tools told and of what an answer says, so that the two can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache, partial

from assistant.guardrails.claim import Claim, Key, without
from assistant.guardrails.clock import time_keys
from assistant.guardrails.codes import codes_in
from assistant.guardrails.moments import moments_in
from assistant.guardrails.phrases import phrases_of, same_letters
from assistant.guardrails.sizes import letter_sizes_in, number_of, size_key, sizes_in, worded_sizes_in
from knowledge.figures import Figure, Stated, plain, stated_in
from knowledge.measures import UNSPACED, has_number, number_words, patterns_of

_NUMBER = re.compile(r"(?<![a-z0-9])(?<!\d[.,])(?:\d{1,3}(?:[., '٬]\d{3})+(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)?)(?![a-z0-9])")
_NUMBER_WRITTEN = re.compile(r"\d+(?:[.,]\d+)*")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{2})")
_COUNTED = re.compile(r"[^\S\n]?[^\W\d_]")
"""A number with a word behind it counts something; one without may repeat any figure."""

_CURRENCY = re.compile(
    r"[^\S\n]?(?:thb|vnd|sgd|hkd|nzd|myr|php|try|zar|czk|huf|nok|ils|clp|cop|ars|pen|kwd|qar|bhd|omr|egp)\b"
)
"""Codes of currencies that no file of measures knows: an amount in one repeats a bare value."""


@dataclass(frozen=True)
class Reading:
    """A plain text and what it states, in order."""

    text: str
    claims: tuple[Claim, ...]


@lru_cache(2048)
def read(text: str, language: str, today: date | None = None) -> Reading:
    """What a text states. `today` makes days of 'tomorrow' and 'yesterday'."""
    shown = rest = plain(text)
    claims = list(codes_in(shown))
    rest = without(rest, claims)
    moments: Callable[[str, str], Iterator[Claim]] = partial(moments_in, today=today)
    for found in (moments, *(_NUMBERED if has_number(shown, language) else _UNNUMBERED)):
        own = list(found(rest, language))
        rest = without(rest, own)
        claims += own
    if today and phrases_of(language).says("days", "left", same_letters(shown)):
        claims = [_until(claim, today) for claim in claims]
    if any(claim.kind == "money" for claim in claims):
        claims = [_as_amount(claim) for claim in claims]
    return Reading(shown, tuple(sorted(claims, key=lambda claim: claim.start)))


def _until(claim: Claim, today: date) -> Claim:
    """Days that are left lead to a day: where that was told, they need not have been."""
    hours = [key[1] for key in claim.keys if key[0] == "duration" and key[2] == "hour"]
    days = {today + timedelta(hours=int(value)) for value in hours if isinstance(value, Decimal) and 0 < value < 9600}
    more = {("date", day.year, day.month, day.day) for day in days}
    return replace(claim, keys=claim.keys | more) if more else claim


def _as_amount(claim: Claim) -> Claim:
    """A number beside an amount may be one, too, though a word stands behind it: '149 each and 917 yuan in all'."""
    more = {("value", key[1]) for key in claim.keys if claim.kind == "number" and isinstance(key[1], Decimal)}
    return replace(claim, keys=claim.keys | more) if more else claim


def _figures_in(text: str, language: str) -> Iterator[Claim]:
    """Money, durations and shares; the ends of a range are two claims."""
    for stated in stated_in(text, language):
        if text[stated.start - 1 : stated.start] == "第":  # the second day, not two days
            continue
        for figure in stated.figures:
            yield _claimed(figure, stated, text)


def _claimed(figure: Figure, stated: Stated, text: str) -> Claim:
    """A figure as a claim; an amount is borne by one that was told without a currency, too."""
    key = figure_key(figure)
    keys: set[Key] = {key, ("money", key[1], "")} if figure.kind == "money" else {key}
    return Claim(figure.kind, frozenset(keys), stated.start, stated.end, text[stated.start : stated.end])


def figure_key(figure: Figure) -> Key:
    """A figure as it is compared: without saying which end of a range it is."""
    if figure.kind in ("weight", "length"):
        return size_key(figure.kind, figure.value)
    return (figure.kind, figure.value.normalize(), figure.unit)


def _counts_in(text: str, language: str) -> Iterator[Claim]:
    """So many orders, items, parcels; one alone is no claim: 'a parcel', 'un colis'."""
    number = _number_before(language)
    for kind, noun in phrases_of(language).sections["counts"].items():
        for match in noun.finditer(text):
            before = number.search(text, max(0, match.start() - LONGEST_NUMBER), match.start())
            value = _value(before["number"], language) if before else None
            if before and value is not None and value != 1:
                start = before.start()
                yield Claim("count", frozenset({("count", kind, value)}), start, match.end(), text[start : match.end()])


SEVERAL = 4
"""From here on a number in words counts something that must have been told; fewer are often just said."""


def _several_in(text: str, language: str) -> Iterator[Claim]:
    """A number in words that counts anything: 'twelve meals'."""
    pattern = _any_number(language) if language not in UNSPACED else None
    for match in pattern.finditer(text) if pattern else ():
        value = _value(match.group(), language)
        if value is not None and value >= SEVERAL and _COUNTED.match(text, match.end()):
            yield Claim("number", frozenset({("number", value)}), match.start(), match.end(), match.group())


LONGEST_NUMBER = 32
"""Letters before a noun in which the number that counts it stands, with a word between."""


def _value(text: str, language: str) -> Decimal | None:
    if text[0].isdigit():
        return number_of(text, patterns_of(language).decimal)
    return next((Decimal(value) for pattern, value in number_words(language) if pattern.fullmatch(text)), None)


@cache
def _number_before(language: str) -> re.Pattern[str]:
    words = "|".join(pattern.pattern for pattern, _ in number_words(language))
    number = rf"(?<!\d)(?<!\d[.,])(?P<number>\d{{1,3}}(?![.,]?\d){'|' + words if words else ''})"
    return re.compile(number + (r" ?$" if language in UNSPACED else r" (?:\w+ )?$"))


def _numbers_in(text: str, language: str) -> Iterator[Claim]:
    decimal = patterns_of(language).decimal
    for match in _NUMBER.finditer(text):
        value = number_of(match.group(), decimal)
        if value is not None:
            yield Claim("number", frozenset(_meant(value, match, text)), match.start(), match.end(), match.group())


def _meant(value: Decimal, match: re.Match[str], text: str) -> set[Key]:
    keys: set[Key] = {("number", value.normalize())}
    behind = _COUNTED.match(text, match.end())
    if behind is None or _CURRENCY.match(text, match.end()):
        keys.add(("value", value.normalize()))
    if 2000 <= value < 2100 and value == int(value):
        keys.add(("year", int(value)))
    if (dotted := _DOTTED.fullmatch(match.group())) and int(dotted[1]) < 24 and int(dotted[2]) < 60:
        keys |= time_keys(int(dotted[1]), int(dotted[2]))
    return keys


def numbers_said(text: str, language: str) -> Iterator[Key]:
    """The numbers a plain text says in words: 'up to six meals'."""
    pattern = _any_number(language)
    for word in {match.group() for match in pattern.finditer(text)} if pattern else ():
        if value := _value(word, language):
            yield ("number", value)


@cache
def _any_number(language: str) -> re.Pattern[str] | None:
    words = sorted((pattern.pattern for pattern, _ in number_words(language)), key=len, reverse=True)
    return re.compile("|".join(words)) if words else None


def values_of(claims: Iterable[Claim]) -> Iterator[Key]:
    """The bare values of claims, whatever their unit."""
    for claim in claims:
        yield from (("value", value) for value in _bare_values(claim))
        for key in claim.keys:
            value = (
                key[1] if key[0] in ("money", "percent", "duration", "number") else key[2] if key[0] == "size" else None
            )
            if isinstance(value, Decimal):
                yield ("value", value)


def _bare_values(claim: Claim) -> Iterator[Decimal]:
    """The numbers of a size as they are written: 3.7 litres, not 3,700 ml."""
    for number in _NUMBER_WRITTEN.findall(claim.text) if claim.kind == "size" else ():
        if (value := number_of(number, ".")) is not None:
            yield value.normalize()


_UNNUMBERED: tuple[Callable[[str, str], Iterator[Claim]], ...] = (letter_sizes_in, _figures_in)
"""What may be stated without a number: a size by letters, a fortnight."""

_NUMBERED: tuple[Callable[[str, str], Iterator[Claim]], ...] = (
    letter_sizes_in,
    sizes_in,
    worded_sizes_in,
    _figures_in,
    _counts_in,
    _several_in,
    _numbers_in,
)
