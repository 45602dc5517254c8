"""The facts of a text that code owns: what must come back in the locale's form, or as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation

from knowledge.locales import nearest_locale
from knowledge.localizing import Terms
from knowledge.quantities import NUMBER, Quantity, plain_digits, read_codes, read_quantities, unit
from tools.localization.clock import read_times
from tools.localization.converting import CUSTOMARY, METRIC, Measure
from tools.localization.days import read_days
from tools.localization.marks import ADDRESS, ENTITY, PLACEHOLDER, TAG
from tools.localization.sizing import sizes_in


@dataclass(frozen=True)
class Fact:
    """Something code owns, and where it stands. `kind`: kept (as it is), code, number, percent, money, day, measures
    (a run in one unit: 9.6 x 6.3 in), size or time.
    """

    kind: str
    start: int
    end: int
    text: str
    value: Decimal = Decimal(0)
    unit: str = ""
    """A currency for money; for measures the unit as it is named in units.toml; for a size its table's column."""
    day: date | None = None
    at: time | None = None
    measures: tuple[Measure, ...] = ()
    between: tuple[str, ...] = ()
    """What stands between the measures of a run."""
    written_unit: str = ""
    """The unit as the text writes it; '' for a figure whose unit stands behind a later one. 'term', 'code' for kept."""
    basis: Measure | None = None
    """The measure whose size chooses the unit for its whole run."""
    inches_too: bool = False
    """Whether the thing is known by its inches everywhere: a screen, a wheel."""


_SYMBOLS = {
    "US$": "USD", "R$": "BRL", "NT$": "TWD", "HK$": "HKD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "MX$": "MXN", "S$": "SGD", "£": "GBP", "€": "EUR", "₹": "INR", "₩": "KRW", "₺": "TRY", "฿": "THB", "₫": "VND",
    "₪": "ILS", "zł": "PLN", "₽": "RUB", "Rp": "IDR", "RM": "MYR",
}  # fmt: skip
_CODES = (
    "USD|EUR|GBP|JPY|CNY|KRW|BRL|MXN|INR|TRY|PLN|SEK|NOK|DKK"
    "|CHF|CAD|AUD|NZD|THB|VND|IDR|MYR|TWD|HKD|SGD|SAR|AED|ILS|RUB"
)  # fmt: skip
_SYMBOL = "|".join(map(re.escape, sorted([*_SYMBOLS, "$", "¥", "￥"], key=len, reverse=True)))
_NUMBER = r"\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,٫]\d+)?"
_MONEY = re.compile(
    rf"(?P<before>{_SYMBOL}|\b(?:{_CODES})\b)[ \u00a0\u202f]?(?P<amount>{_NUMBER})(?![\d%])"
    rf"|(?<![\d.,])(?P<sum>{_NUMBER})[ \u00a0\u202f]?(?P<behind>{_SYMBOL}|(?:{_CODES})\b)"
)
_PERCENT = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)[ \u00a0\u202f]?[%٪％](?![\w{(])")
_AS_IS = re.compile(r"(?<![\w.,])(?:\d+(?:[:/]\d+)+|\d+(?:\.\d+){2,}|0\d+|\+?\d[\d -]{8,}\d)(?![\w])")
"""Times, fractions, versions, numbers with a nought in front, telephone numbers."""
_BARE = re.compile(NUMBER)
_SIGNS = re.compile(r"\s*[x×*/~–—-]\s*")
_INCHES = re.compile(r"[^\w\s]|\s*$|\s+(?:[^\w\s]|(?:x|by|long|wide|tall|high|deep|thick|screen|display)\b)", re.I)
_BY_INCHES = re.compile(r"(?i)screen|display|monitor|laptop|notebook|tablet|\btvs?\b|television|wheel|rim\b|bike")
_BELOW = re.compile(r"(?<![\w\d])[-−]\Z")
"""A minus before degrees."""
_DEGREES = re.compile(r"[cf℃℉م]|摄氏", re.I)
_SPOKEN = {"time", "months"}
"""Kinds whose words are left to the translator: 30 days needs its plural."""


def read_facts(text: str, locale: str, terms: Terms | None = None) -> list[Fact]:
    """The facts of a text in order, none within another. `locale`: how it writes numbers and days."""
    taken: list[Fact] = []
    for reader in _READERS:
        for fact in reader(text, locale, terms):
            if not any(fact.start < other.end and other.start < fact.end for other in taken):
                taken.append(fact)
    return sorted(taken, key=lambda fact: fact.start)


def _kept(text: str, _: str, terms: Terms | None) -> Iterator[Fact]:
    """What no one translates: tags, addresses, placeholders, entities, the marks facts are shown by, kept terms."""
    for pattern in (_MARKS, TAG, ADDRESS, PLACEHOLDER, ENTITY):
        for match in pattern.finditer(text):
            yield Fact("kept", match.start(), match.end(), match.group())
    for word in terms.kept if terms else ():
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            yield Fact("kept", match.start(), match.end(), match.group(), written_unit="term")


_MARKS = re.compile(r"[⟦⟧]")


def _sizes(text: str, _: str, __: Terms | None) -> Iterator[Fact]:
    for start, end, column, value in sizes_in(text):
        yield Fact("size", start, end, text[start:end], Decimal(value), column)


def _days(text: str, locale: str, _: Terms | None) -> Iterator[Fact]:
    for start, end, day in read_days(text, locale):
        yield Fact("day", start, end, text[start:end], day=day)


def _times(text: str, locale: str, _: Terms | None) -> Iterator[Fact]:
    for start, end, at in read_times(text, locale):
        yield Fact("time", start, end, text[start:end], at=at)


def _money(text: str, locale: str, _: Terms | None) -> Iterator[Fact]:
    for match in _MONEY.finditer(text):
        amount = read_number(match["amount"] or match["sum"], locale)
        if amount is not None:
            currency = _currency(match["before"] or match["behind"], locale)
            yield Fact("money", match.start(), match.end(), match.group(), amount, currency)


def _currency(symbol: str, locale: str) -> str:
    """What a symbol means where the text was written: $ is the locale's own dollar or peso, else the US dollar."""
    if symbol in _SYMBOLS or len(symbol) == 3 and symbol.isalpha():
        return _SYMBOLS.get(symbol, symbol)
    meant = nearest_locale(locale)
    own = meant.currency if meant else ""
    if symbol == "$":
        return own if own in ("USD", "AUD", "MXN", "TWD") else "USD"
    return "CNY" if own == "CNY" else "JPY"


def _percents(text: str, locale: str, _: Terms | None) -> Iterator[Fact]:
    for match in _PERCENT.finditer(text):
        share = read_number(match[1], locale)
        if share is not None:
            yield Fact("percent", match.start(), match.end(), match.group(), share / 100)


def _as_is(text: str, _: str, __: Terms | None) -> Iterator[Fact]:
    for match in _AS_IS.finditer(text):
        yield Fact("kept", match.start(), match.end(), match.group())


def _measures(text: str, locale: str, _: Terms | None) -> Iterator[Fact]:
    run: list[Quantity] = []
    for found in read_quantities(text, _language(locale)):
        if found.worded or not found.unit:
            continue
        run.append(found)
        if not found.lent:
            yield from _run(text, run, locale)
            run = []


def _run(text: str, run: list[Quantity], locale: str) -> Iterator[Fact]:
    """Figures in one unit: those between signs (9.6 x 6.3 in) are one fact, those between words (2 to 12 mm) one each;
    none where the unit is a word to translate, or none at all.
    """
    read = [_measured(text, found, locale) for found in run]
    last = run[-1]
    written = text[read[-1][1] : last.end].strip(" -\u00a0\u202f")
    basis = read[-1][0]
    if any(measure is None for measure, _ in read) or basis is None or not _is_unit(text, last, written):
        return
    begun = 0
    for place in range(1, len(run) + 1):
        if place == len(run) or not _SIGNS.fullmatch(text[run[place - 1].end : run[place].start]):
            group = run[begun:place]
            between = tuple(text[one.end : after.start] for one, after in zip(group, group[1:], strict=False))
            start, end = group[0].start - (read[begun][0] or basis).value.is_signed(), group[-1].end
            yield Fact(
                "measures", start, end, text[start:end], unit=last.unit, basis=basis, between=between,
                measures=tuple(measure for measure, _ in read[begun:place] if measure),
                written_unit=written if place == len(run) else "",
                inches_too=last.unit == "in" and bool(_BY_INCHES.search(text[max(0, start - 30) : end + 30])),
            )  # fmt: skip
            begun = place


def _measured(text: str, found: Quantity, locale: str) -> tuple[Measure | None, int]:
    """A figure as its locale reads it, and where its digits end."""
    match = _BARE.match(plain_digits(text), found.start)
    value = read_number(match.group(), locale) if match else None
    if value is not None and found.unit in ("C", "F") and _BELOW.search(text[: found.start]):
        value = -value
    return (Measure(value, found.unit) if value is not None else None), match.end() if match else found.start


def _is_unit(text: str, found: Quantity, written: str) -> bool:
    known = unit(found.unit)
    if known is None or known.kind in _SPOKEN or known.kind == "share" or len(known.kind) == 3 and known.kind.isupper():
        return False
    if found.unit in ("C", "F"):
        return bool(_DEGREES.search(written))
    if written == "in":
        return bool(_INCHES.match(text, found.end))
    return found.unit in CUSTOMARY | METRIC or len(written) <= 4 or not written.isalpha()


def _codes(text: str, locale: str, _: Terms | None) -> Iterator[Fact]:
    for start, code in read_codes(text, _language(locale)):
        end = start + len(code)
        yield Fact("kept", start, end, text[start:end], written_unit="code")


def _numbers(text: str, locale: str, _: Terms | None) -> Iterator[Fact]:
    for match in _BARE.finditer(plain_digits(text)):
        value = read_number(match.group(), locale)
        kind = "kept" if value is None else "number"
        yield Fact(kind, match.start(), match.end(), text[match.start() : match.end()], value or Decimal(0))


_READERS: tuple[Callable[[str, str, Terms | None], Iterator[Fact]], ...] = (
    _kept, _sizes, _days, _times, _money, _codes, _percents, _as_is, _measures, _numbers,
)  # fmt: skip


def read_number(written: str, locale: str) -> Decimal | None:
    """A number as its locale writes it: 1,450 is 1450 in English and 1.45 in German; None for what is neither."""
    meant = nearest_locale(locale)
    decimal = meant.conventions.decimal if meant else "."
    plain = re.sub(r"['’\u00a0\u202f\u2009 ]", "", plain_digits(written)).replace("٫", decimal).replace("٬", "")
    group = "," if decimal == "." else "."
    whole, *rest = plain.split(decimal)
    grouped = whole.split(group)
    if len(rest) > 1 or any(group in part for part in rest) or any(len(part) != 3 for part in grouped[1:]):
        return None
    try:
        return Decimal("".join(grouped) + ("." + rest[0] if rest else ""))
    except InvalidOperation:
        return None


def _language(locale: str) -> str:
    language = locale.replace("_", "-").split("-")[0]
    return {"pt": "pt-BR", "zh": "zh-CN"}.get(language, language)
