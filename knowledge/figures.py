"""What a text promises in figures: durations, money, percentages, weights, lengths; in the words of nine languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge.measures import Patterns, has_number, patterns_of

_SCALES = {
    "minute": ("duration", Decimal(1) / 60, "hour"), "hour": ("duration", Decimal(1), "hour"),
    "day": ("duration", Decimal(24), "hour"), "week": ("duration", Decimal(168), "hour"),
    "business_day": ("duration", Decimal(1), "business day"),
    "month": ("duration", Decimal(1), "month"), "year": ("duration", Decimal(12), "month"),
    "percent": ("percent", Decimal(1), "%"),
    "gram": ("weight", Decimal(1), "g"), "kilogram": ("weight", Decimal(1000), "g"),
    "pound_weight": ("weight", Decimal("453.59237"), "g"), "ounce": ("weight", Decimal("28.349523125"), "g"),
    "millimetre": ("length", Decimal(1), "mm"), "centimetre": ("length", Decimal(10), "mm"),
}  # fmt: skip
"""A unit as written: what kind it is, how many of the unit it is compared in, and that unit. A business day is no day
and a month is not 30 days: they are compared among themselves only."""

LONGEST_YEARS = 100
"""More years than that are the year of a date."""

_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\*\*|__")
_OTHER_DIGITS = re.compile(r"[^\D0-9]")
_ROW = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_RULE = re.compile(r"^[\s|:-]+$")


@dataclass(frozen=True, order=True)
class Figure:
    """One figure. `kind` duration, money, percent, weight or length; `value` in `unit` (hour, business day, month, an
    ISO currency, %, g, mm); `bound` 'from' or 'to' for the ends of a range, else ''.
    """

    kind: str
    value: Decimal
    unit: str
    bound: str = ""

    def __str__(self) -> str:
        """As people write it: 336 hours are 14 days, 24 months 2 years."""
        larger = {"hour": (24, "day"), "month": (12, "year"), "g": (1000, "kg"), "mm": (10, "cm")}
        size, name = larger.get(self.unit, (0, ""))
        if size and self.value >= 2 * size and self.value % size == 0:
            value, unit = self.value / size, name
        else:
            value, unit = self.value, self.unit
        plural = "s" if self.kind == "duration" and value != 1 else ""
        rounded = value.quantize(Decimal("0.01"))
        number = f"{rounded:,.2f}" if self.kind == "money" and rounded % 1 else f"{rounded.normalize():,f}"
        return f"{unit} {number}" if self.kind == "money" else f"{number} {unit}{plural}"


@dataclass(frozen=True)
class Cell:
    """A cell of a table, under its column's `header`, beside the `first` cell of its `row`."""

    start: int
    text: str
    header: str
    first: str
    row: str


@dataclass(frozen=True)
class Stated:
    """Where a text states a figure: `figures` one, or the two ends of a range; offsets are into `plain(text)`."""

    figures: tuple[Figure, ...]
    start: int
    end: int
    cell: Cell | None = None


def figures(text: str, locale: str) -> frozenset[Figure]:
    """The figures a text states. Dates, times of day, counts without a unit and opening around the clock are none."""
    return frozenset(figure for stated in stated_in(plain(text), locale) for figure in stated.figures)


def plain(text: str) -> str:
    """A text as figures are read in it: lower case, ASCII digits, one kind of space, no vowel marks."""
    return lowered(folded(text))


def folded(text: str) -> str:
    """A plain text but for its capitals, which tell where a sentence begins; `lowered` keeps its offsets."""
    if text.isascii():
        return _MARKS.sub("", text) if "**" in text or "__" in text else text
    shown = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return _OTHER_DIGITS.sub(lambda digit: str(unicodedata.decimal(digit.group())), shown)


def lowered(text: str) -> str:
    """Lower case, letter by letter, so that offsets stay."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def stated_in(text: str, locale: str) -> list[Stated]:
    """Each statement of a figure in a plain text, in order."""
    patterns = patterns_of(locale)
    if patterns.ignored:
        text = patterns.ignored.sub(lambda match: "\x00" * len(match.group()), text)
    found = list(_in_words(text, patterns))
    if has_number(text, locale):
        found += [*_behind(text, patterns), *_in_front(text, patterns)]
    cells = _cells_of(text)
    found += _in_columns(cells, patterns)
    kept: list[Stated] = []
    for stated in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or stated.start >= kept[-1].end:
            kept.append(stated)
    return [replace(stated, cell=_cell_at(cells, stated.start)) for stated in kept]


def _cell_at(cells: list[Cell], at: int) -> Cell | None:
    return next((cell for cell in cells if cell.start <= at <= cell.start + len(cell.text)), None)


def _in_words(text: str, patterns: Patterns) -> Iterator[Stated]:
    for match in patterns.wholes.finditer(text) if patterns.wholes else ():
        value, unit = patterns.whole_of(match.group()).split()
        yield Stated((_figure(Decimal(value), unit),), *match.span())


def _behind(text: str, patterns: Patterns) -> Iterator[Stated]:
    for match in patterns.after.finditer(text):
        yield from _stated(match, patterns.unit_of(match["unit"]), match.span(), patterns)


def _in_front(text: str, patterns: Patterns) -> Iterator[Stated]:
    for match in patterns.before.finditer(text):
        yield from _stated(match, patterns.unit_of(match["unit"]), match.span(), patterns)


def _in_columns(cells: list[Cell], patterns: Patterns) -> Iterator[Stated]:
    """Numbers in a table whose unit stands in the column's header only."""
    for cell in cells:
        match, unit = patterns.bare.fullmatch(cell.text), patterns.unit.search(cell.header)
        if match and unit:
            yield from _stated(
                match, patterns.unit_of(unit["unit"]), (cell.start, cell.start + len(cell.text)), patterns
            )


def _cells_of(text: str) -> list[Cell]:
    """The cells of a text's tables, below their headers."""
    found: list[Cell] = []
    header: list[str] = []
    follows = -1
    for row in _ROW.finditer(text):
        pieces = _pieces(row.group())
        if row.start() != follows:
            header = [piece for _, piece in pieces]
        elif not _RULE.match(row.group()):
            first = pieces[1][1] if len(pieces) > 1 else ""
            found += [Cell(row.start() + at, piece, name, first, row.group())
                      for (at, piece), name in zip(pieces, header, strict=False)]  # fmt: skip
        follows = row.end() + 1
    return found


def _pieces(row: str) -> list[tuple[int, str]]:
    """What stands between the bars of a table's row, each with its offset."""
    found, at = [], 0
    for piece in row.split("|"):
        found.append((at + len(piece) - len(piece.lstrip()), piece.strip()))
        at += len(piece) + 1
    return found


def _stated(match: re.Match[str], unit: str, span: tuple[int, int], patterns: Patterns) -> Iterator[Stated]:
    low = _figure(_value(match["low"], unit, patterns), unit)
    if not _is_said(low, unit):
        return
    high = _figure(_value(match["high"], unit, patterns), unit) if match["high"] else None
    ends: tuple[Figure, ...]
    if high and high.value > low.value:
        ends = (_bounded(low, "from"), _bounded(high, "to"))
    else:
        ends = (low, high) if high and high != low else (low,)
    yield Stated(ends, *span)


def _is_said(figure: Figure, unit: str) -> bool:
    return not (unit == "year" and figure.value > 12 * LONGEST_YEARS) and figure.value < 10**15


def _bounded(figure: Figure, bound: str) -> Figure:
    return Figure(figure.kind, figure.value, figure.unit, bound)


def _figure(value: Decimal, unit: str) -> Figure:
    kind, scale, base = _SCALES.get(unit, ("money", Decimal(1), unit))
    return Figure(kind, (value * scale).normalize(), base)


def _value(text: str, unit: str, patterns: Patterns) -> Decimal:
    bare = text.strip()
    word = patterns.word_value(bare) if not bare[0].isdigit() else None
    if word is None and not bare[0].isdigit():
        word = patterns.word_value(bare[1:])  # an Arabic prefix: and, for, by
    if word is not None:
        return Decimal(word)
    digits = bare.removesuffix("万").replace(" ", "").replace("'", "")
    return _read_digits(digits, unit, patterns.decimal) * (10_000 if bare.endswith("万") else 1)


def _read_digits(text: str, unit: str, decimal: str) -> Decimal:
    """A number whose separators are told apart by what follows them: two digits or one are a fraction, three a
    thousand, save for measures and shares with the language's own decimal sign.
    """
    parts = re.split(r"[.,٫٬]", text)
    if len(parts) == 1:
        return Decimal(text)
    last = text[-len(parts[-1]) - 1]
    measured = _SCALES.get(unit, ("money",))[0] in ("percent", "weight", "length")
    fraction = len(parts[-1]) != 3 or last == "٫" or (measured and len(parts) == 2 and last == decimal)
    whole = "".join(parts[:-1]) if fraction else "".join(parts)
    return Decimal(f"{whole}.{parts[-1]}" if fraction else whole)
