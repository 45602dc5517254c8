"""Dates, weekdays and days near today as nine languages write them, and with them the times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from assistant.guardrails.claim import Claim, Key, claim_at, without
from assistant.guardrails.clock import times_in
from assistant.guardrails.phrases import phrases_of, same_letters
from knowledge.figures import lowered
from knowledge.locales import served_locales
from knowledge.measures import UNSPACED

RANGE = (
    r"(?:[-‐-—−~〜]|to|and|or|until|through|bis(?: zum)?|und(?: dem)?|à|au|et(?: le)?|al|y(?: el)?|a|e|até|sampai"
    r"|hingga|dan|و|إلى|حتى|から|至|到)"
)
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_ISO = re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})([./-])(\d{1,2})(?:\2(20\d\d|\d\d)(?![\d]))?(?P<dot>\.)?(?![\d/])(?!,\d)")
_HAN = re.compile(
    r"(?:(?P<y>20\d\d) ?年 ?)?(?<![\dか個ヶ])(?P<m>\d{1,2}) ?月 ?(?P<d1>\d{1,2}) ?[日号]?"
    rf"(?: ?{RANGE} ?(?P<d2>\d{{1,2}}) ?[日号])?(?!\d)"
)
_HAN_MONTH = re.compile(r"(?:(?P<y>20\d\d) ?年 ?)?(?<![\dか個ヶ])(?P<m>\d{1,2}) ?月(?![\d分間])")
_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"[\s,،、(]*(?:den |dem |el |le |der |the |o |tanggal )?")


def day_keys(day: date) -> set[Key]:
    """All the ways a known day can be spoken of."""
    return {
        ("date", day.year, day.month, day.day), ("date", 0, day.month, day.day), ("year", day.year),
        ("month", day.year, day.month), ("month", 0, day.month), ("weekday", day.weekday()),
        ("day", day.month, day.day, day.weekday()), ("of month", day.day),
    }  # fmt: skip


def moments_in(text: str, language: str, today: date | None) -> Iterator[Claim]:
    """The dates, weekdays, days near `today` and times that a plain text states."""
    if not _DIGIT.search(text):
        yield from _undated(text, language, today)
        return
    written = list(_written_days(text, language))
    rest = without(text, written)
    named = list(_named_days(rest, _patterns(language), language))
    dated = without(rest, named)
    clock = list(times_in(dated))
    yield from (*written, *_with_weekdays(named, rest, language), *clock)
    rest = without(dated, clock)
    alone = list(_days_of_month(rest, language))
    yield from alone
    if today:
        yield from _near_days(without(rest, alone), language, today)


def _undated(text: str, language: str, today: date | None) -> Iterator[Claim]:
    """The months, weekdays and days near `today` that a text without a digit states."""
    named = list(_named_days(text, _patterns(language)[3:], language))
    yield from _with_weekdays(named, text, language)
    if today:
        yield from _near_days(without(text, named), language, today)


def _date(year: str | None, month: int, day: int) -> Key | None:
    valid = 1 <= month <= 12 and 1 <= day <= 31
    full = int(year) if year else 0
    return ("date", full + 2000 if 0 < full < 100 else full, month, day) if valid else None


def _written_days(text: str, language: str) -> Iterator[Claim]:
    """2026-11-03, 3.11.2026, 11/3/2026: where day and month cannot be told apart, either may be meant."""
    for match in _ISO.finditer(text):
        if key := _date(match[1], int(match[2]), int(match[3])):
            yield claim_at("date", {key}, match)
    for match in _NUMERIC.finditer(_ISO.sub(lambda m: "\x00" * len(m.group()), text)):
        first, second, year = int(match[1]), int(match[3]), match[4]
        dotted = match[2] == "." and match["dot"] and language == "de"  # elsewhere '3.7.' ends a sentence
        if not year and not dotted and match[2] != "/":
            continue
        order = [(second, first)] if match[2] == "." else [(second, first), (first, second)]
        if keys := {key for month, day in order if (key := _date(year, month, day))}:
            yield claim_at("date", keys, match)


def _named_days(text: str, patterns: Sequence[re.Pattern[str]], language: str) -> Iterator[Claim]:
    """3 November 2026, November 3rd, 3–5 November, 2026年11月3日, and months alone."""
    rest = text
    for pattern in patterns:
        for match in pattern.finditer(rest):
            yield from _month_days(match, language)
            rest = rest[: match.start()] + "\x00" * len(match.group()) + rest[match.end() :]


def _month_days(match: re.Match[str], language: str) -> Iterator[Claim]:
    groups = match.groupdict()
    month = int(groups["m"]) if groups["m"].isdigit() else _months(language)[groups["m"]]
    days = [groups.get("d1"), groups.get("d2")]
    if not any(days):
        if month <= 12:
            yield claim_at("month", {("month", int(groups.get("y") or 0), month)}, match)
        return
    for day in days:
        if day and (key := _date(groups.get("y"), month, int(day))):
            yield claim_at("date", {key}, match)


@cache
def _months(language: str) -> dict[str, int]:
    from babel import Locale

    locale = Locale.parse(served_locales()[language].locale.replace("-", "_"))
    forms = [locale.months[use][width] for use in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    named = {lowered(name).strip("."): number for form in forms for number, name in form.items()}
    return {name: number for name, number in named.items() if len(name) > 2 and not name[0].isdigit()}


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """What finds named days, then, where words stand apart, months alone: the one that needs no digit."""
    if language in UNSPACED:
        return (_HAN, _HAN_MONTH)
    month = rf"(?<!\w)(?P<m>{'|'.join(sorted(map(re.escape, _months(language)), key=len, reverse=True))})(?!\w)\.?"
    year = r"(?P<y>20\d\d)(?!\d)"
    first = rf"(?<![\d.,/:-])(?P<d1>\d{{1,2}}){_ORDINAL}(?:\s?{RANGE}\s?(?P<d2>\d{{1,2}}){_ORDINAL})?"
    second = rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?{RANGE}\s?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)?(?!\d|[.,]\d|:)"
    return (
        re.compile(rf"{first}[\s-]?(?:of |de |d')?{month}(?:[\s,-]*(?:de |del |do )?{year})?"),
        re.compile(rf"{month}\s{second}(?:,?\s{year})?"),
        re.compile(rf"{month},? (?:de |del )?{year}"),
        re.compile(rf"(?:(?<=\bin )|(?<=\bim )|(?<=\bem )|(?<=\ben )|(?<=في )|(?<=bulan )){month}"),
    )


@cache
def _weekdays(language: str) -> re.Pattern[str]:
    names = sorted(_weekday_names(language), key=len, reverse=True)
    edges = ("", "") if language in UNSPACED else (r"(?<!\w)(?:hari )?(?:ال)?", r"s?(?!\w)")
    return re.compile(f"{edges[0]}(?P<name>{'|'.join(map(re.escape, names))}){edges[1]}")


@cache
def _weekday_names(language: str) -> dict[str, int]:
    from babel import Locale

    locale = Locale.parse(served_locales()[language].locale.replace("-", "_"))
    days = {lowered(name): number for number, name in locale.days["format"]["wide"].items()}
    days.pop("minggu", None)  # a week, too
    short = {lowered(n): k for k, n in locale.days["format"]["abbreviated"].items()} if language == "zh-CN" else {}
    return days | short


def _with_weekdays(found: list[Claim], text: str, language: str) -> Iterator[Claim]:
    """Dates, and weekdays; a weekday beside a date is that date's."""
    named = list(_weekdays(language).finditer(text))
    taken = set()
    for claim in found:
        beside = next((m for m in named if _beside(m.span(), claim, text)), None)
        if beside is None or claim.kind != "date":
            yield claim
            continue
        taken.add(beside.start())
        weekday = _weekday_names(language)[beside["name"]]
        keys = {("day", key[2], key[3], weekday) for key in claim.keys}
        yield Claim("date", frozenset(keys), claim.start, claim.end, f"{beside.group()} {claim.text}")
    for match in named:
        if match.start() not in taken:
            yield claim_at("weekday", {("weekday", _weekday_names(language)[match["name"]])}, match)


def _beside(span: tuple[int, int], claim: Claim, text: str) -> bool:
    before = 0 <= claim.start - span[1] <= 8 and _BETWEEN.fullmatch(text[span[1] : claim.start])
    behind = 0 <= span[0] - claim.end <= 2 and not text[claim.end : span[0]].strip(" (")
    return bool(before) or behind


def _days_of_month(text: str, language: str) -> Iterator[Claim]:
    """A day of some month: 'on the 25th'."""
    for match in phrases_of(language).sections["days"]["of_month"].finditer(same_letters(text)):
        if 1 <= int(match["d"]) <= 31:
            yield claim_at("date", {("of month", int(match["d"]))}, match)


_NEAR = {"yesterday": -1, "tomorrow": 1, "after_tomorrow": 2}


def _near_days(text: str, language: str, today: date) -> Iterator[Claim]:
    """Tomorrow, yesterday: as the day they are."""
    for said in phrases_of(language).find("days", same_letters(text)):
        if said.kind not in _NEAR:
            continue
        day = today + timedelta(days=_NEAR[said.kind])
        yield Claim("date", frozenset({("date", day.year, day.month, day.day)}), said.start, said.end,
                    text[said.start : said.end])  # fmt: skip
