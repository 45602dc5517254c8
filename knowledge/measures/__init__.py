"""How each language writes durations, money, shares and weights, a file each; `common.toml` holds what all share."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

UNSPACED = {"ja", "zh-CN"}
"""Languages whose words run together, so that a unit needs no end."""

COMPOUNDING = {"ar", "de"}
"""Languages that put more in front of a word without a space."""

DIGITS = r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,'٫٬]\d+)*"
"""A number in digits, in groups of thousands by space, point or comma."""


_APART = r"(?<![\da-z])(?<!\d[.,])"
"""Before a number: not the middle of another, and no code such as HS6."""


class Measures(BaseModel):
    """The words of one language. Each entry is a fragment of a regular expression over plain lower-case text.

    `units` and `currencies` by unit, `numbers` their value, `wholes` a phrase to the figure it says ("2 week"),
    `ranges` what stands between two ends, `ignored` what looks like a figure and promises none, `matters` stems that
    tell what a figure is about ("$": at the end of a word).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    decimal: str
    units: dict[str, list[str]] = {}
    currencies: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}
    wholes: dict[str, str] = {}
    ranges: list[str] = []
    ignored: list[str] = []
    matters: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Patterns:
    """What finds figures in one language: `after` a unit behind its number, `before` a currency in front of it."""

    after: re.Pattern[str]
    before: re.Pattern[str]
    bare: re.Pattern[str]
    unit: re.Pattern[str]
    wholes: re.Pattern[str] | None
    ignored: re.Pattern[str] | None
    decimal: str
    _units: tuple[tuple[re.Pattern[str], str], ...]
    _numbers: tuple[tuple[re.Pattern[str], int], ...]
    _wholes: tuple[tuple[re.Pattern[str], str], ...]

    def unit_of(self, text: str) -> str:
        """The unit a matched word names."""
        return next(unit for pattern, unit in self._units if pattern.fullmatch(text))

    def word_value(self, text: str) -> int | None:
        """The value of a number written as a word, or None for digits."""
        return next((value for pattern, value in self._numbers if pattern.fullmatch(text)), None)

    def whole_of(self, text: str) -> str:
        """The figure a matched phrase says, as 'value unit'."""
        return next(said for pattern, said in self._wholes if pattern.fullmatch(text))


@cache
def measured_languages() -> frozenset[str]:
    """Languages whose words for figures we know."""
    names = {entry.name.removesuffix(".toml") for entry in files(__name__).iterdir() if entry.name.endswith(".toml")}
    return frozenset(names - {"common"})


@cache
def patterns_of(language: str) -> Patterns:
    """The patterns of a language; one we have no words for still reads codes and signs (EUR, %, kg)."""
    common = _read("common")
    own = _read(language) if language in measured_languages() else Measures(decimal=".")
    # a language's own words first: in Chinese the sign of the yen is the yuan's
    units = _merged(own.units, common.units) + _merged(own.currencies, common.currencies)
    amount = _amount(own, common.ranges, language)
    money = _merged(own.currencies, common.currencies)
    begin, end = ("", "") if language in UNSPACED else (r"(?<!\w)(?:ال)?", r"(?!\w)")
    unit = rf"(?P<unit>{_any(fragment for fragment, _ in units)})"
    # common fragments end at a word's end in every language: "g" is not the beginning of a word
    gap = r"(?:\s?\([^()]{1,24}\))?[\s-]{0,2}(?:(?:de|d'|von) )?"
    return Patterns(
        after=re.compile(rf"{amount}{gap}{unit}{end}(?![a-z])"),
        before=re.compile(
            rf"(?<![a-z])(?P<unit>{_any(fragment for fragment, _ in money)})\s?{amount.replace(_APART, '')}"
        ),
        bare=re.compile(rf"\D{{0,5}}?{amount}"),
        unit=re.compile(f"{begin}{unit}{end}"),
        wholes=re.compile(rf"(?<!\w)[وفبل]?(?:{_any(own.wholes)}){end}") if own.wholes else None,
        ignored=re.compile(_any(own.ignored)) if own.ignored else None,
        decimal=own.decimal,
        _units=tuple((re.compile(fragment), name) for fragment, name in units),
        _numbers=tuple((re.compile(fragment), value) for fragment, value in own.numbers.items()),
        _wholes=tuple((re.compile(rf"[وفبل]?(?:{fragment})"), said) for fragment, said in own.wholes.items()),
    )


@cache
def number_words(language: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """What finds a number written as a word in a plain text, and its value; none in other languages."""
    own = _read(language).numbers if language in measured_languages() else {}
    begin, end = ("(?<![一二三四五六七八九十百])", "") if language in UNSPACED else (r"(?<![\w-])[وفبل]?", r"(?![\w-])")
    return tuple((re.compile(f"{begin}(?:{fragment}){end}"), value) for fragment, value in own.items())


@cache
def _numbered(language: str) -> re.Pattern[str]:
    own = _read(language).numbers if language in measured_languages() else {}
    begin = "(?<![一二三四五六七八九十百])" if language in UNSPACED else r"(?<![\w-])[وفبل]?"
    return re.compile(rf"\d|{begin}(?:{_any(own)})" if own else r"\d")


def has_number(text: str, language: str) -> bool:
    """Whether a plain text may hold a number, in digits or in words: where not, none is to be looked for."""
    return _numbered(language).search(text) is not None


def matters_in(text: str, language: str) -> frozenset[str]:
    """The matters of a shop's policies that a plain text names: refund, warranty, express; none in other languages."""
    return frozenset(matter for matter, pattern in _matter_patterns(language).items() if pattern.search(text))


@cache
def _matter_patterns(language: str) -> dict[str, re.Pattern[str]]:
    begin = "" if language in UNSPACED | COMPOUNDING else r"(?<!\w)"
    own = _read(language).matters if language in measured_languages() else {}
    stems = {name: [re.sub(r"\$$", r"(?!\\w)", stem) for stem in listed] for name, listed in own.items()}
    return {name: re.compile(f"{begin}(?:{_any(listed)})") for name, listed in stems.items()}


def _read(name: str) -> Measures:
    return Measures.model_validate(tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8")))


def _merged(*tables: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(fragment, unit) for table in tables for unit, fragments in table.items() for fragment in fragments]


def _any(fragments: Iterable[str]) -> str:
    """Any of some fragments, the longest first."""
    return "|".join(sorted(fragments, key=len, reverse=True))


def _amount(own: Measures, ranges: list[str], language: str) -> str:
    """A number, or two with a range between them, as the groups `low` and `high`."""
    words = _any(own.numbers)
    if language in UNSPACED:
        number = rf"(?:{_APART}(?:{DIGITS}) ?万?|(?<![一二三四五六七八九十百])(?:{words}))"
        between = rf"\s?(?:{_any([*ranges, *own.ranges])})\s?"
    else:
        # a word after a hyphen is the end of a number we do not know: thirty-two
        word = rf"|(?<![\w-])[وفبل]?(?:{words})" if words else ""
        number = rf"(?:{_APART}(?:{DIGITS}){word})"
        spoken = rf"|\s(?:{_any(own.ranges)})\s" if own.ranges else ""
        between = rf"(?:\s?(?:{_any(ranges)})\s?{spoken})"
    low = rf"(?P<low>{number})"
    return rf"{low}(?:{between}(?P<high>{number}))?"
