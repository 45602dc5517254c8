"""Figures of a text with their units, as listings write them: 28,5 x 16 cm, 1.5 lb, 3 panels; and codes: NV-28."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

from knowledge.measures import measured_languages, patterns_of


@dataclass(frozen=True)
class Quantity:
    """A figure: `values` it can be read as (1,450 is 1450, or 1.45), its unit's name ('' for a bare number) and where
    it stands. `lent`: the unit stands behind a later figure of the same run (11.2 x 6.3 in). `worded`: it is a word.
    """

    values: tuple[Decimal, ...]
    unit: str
    start: int
    end: int
    text: str
    lent: bool = False
    worded: bool = False

    @property
    def places(self) -> int:
        """Decimal places it is written with."""
        exponent = self.values[0].as_tuple().exponent
        return -exponent if isinstance(exponent, int) and exponent < 0 else 0


@dataclass(frozen=True)
class Unit:
    """A unit: the kind of quantity it measures, and its size in the kind's own unit."""

    name: str
    kind: str
    size: Decimal


@dataclass(frozen=True)
class _Words:
    units: dict[str, Unit]
    pattern: re.Pattern[str]
    exact: dict[str, str]
    loose: dict[str, str]

    def read(self, text: str) -> Unit | None:
        name = self.exact.get(text) or self.loose.get(text.lower())
        return self.units[name] if name else None


@cache
def _words(language: str) -> _Words:
    table = tomllib.loads((files("knowledge.quantities") / "units.toml").read_text("utf-8"))
    units = {name: Unit(name, entry["kind"], Decimal(str(entry["size"]))) for name, entry in table.items()}
    exact = {word: name for name, entry in table.items() for word in entry.get("exact", ())}
    loose = {word: name for name, entry in table.items() for word in entry.get("words", ())}
    loose |= {
        word: name for name, entry in table.items() for word, only in entry.get("only", {}).items() if only == language
    }
    longest = sorted([*exact, *loose], key=len, reverse=True)
    both = "|".join(_bounded(word, word not in exact) for word in longest)
    return _Words(units, re.compile(f"(?:{both})"), exact, loose)


def _bounded(word: str, any_case: bool) -> str:
    """A word as a pattern; one that ends in a Latin or Arabic letter ends there ('m' is not the start of 'mehr')."""
    body = f"(?i:{re.escape(word)})" if any_case else re.escape(word)
    last = word[-1]
    spaced = last.isalpha() and not "\u3040" <= last <= "\u9fff"
    return body + (r"(?![^\W\d_\u3040-\u9fff])" if spaced else "")


def unit(name: str) -> Unit | None:
    """A unit by its name in units.toml, or by a word for it ('w', 'mah', 'hours'); None for none."""
    words = _words("en")
    return words.units.get(name) or words.read(name) or words.read(name.upper())


NUMBER = r"(?<![\d.,])\d+(?:[.,٫'’\u00a0\u202f]\d+)*"
_NUMBER = re.compile(NUMBER)
_JOINED = re.compile(
    r"\s*(?:[x×*/~〜–—-]|to|bis(?: zu)?|und|and|or|oder|a|à|et|y|e|o|ou|hingga|sampai|dan|من|إلى|至|到|から)\s*", re.I
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{2,4} \d{4,}(?!\w)|[A-Za-z0-9][A-Za-z0-9._-]*)")
_CROSSED = re.compile(r"\d[\d.]*(?:x\d[\d.]*)+[A-Za-z]{0,4}")
_BEHIND = re.compile(r"(?<=\d)-[A-Za-z]{3,}$")
"""A word joined to a code or number: the panels of IP65-Panels."""
_GAP = re.compile(r"[ \u00a0\u202f\u2009-]?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+")


def plain_digits(text: str) -> str:
    """A text with digits of any script as ASCII digits; every offset stays."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text)


def read_quantities(text: str, language: str = "en") -> list[Quantity]:
    """The figures of a text in order: numbers with their unit, and bare ones. Codes (NV-28, IP65) are left to
    `read_codes`.
    """
    return list(_quantities_in(text, language))


@lru_cache(maxsize=512)
def _quantities_in(text: str, language: str) -> tuple[Quantity, ...]:
    plain = plain_digits(text)
    words = _words(language)
    codes = [(start, start + len(code)) for start, code in _codes_in(plain, language)]
    found = [
        _one(plain, match, words) for match in _NUMBER.finditer(plain)
        if not any(start <= match.start() < end for start, end in codes)
    ]  # fmt: skip
    return (*_lend(plain, found), *_in_words(plain, language, words))


def _one(text: str, match: re.Match[str], words: _Words) -> Quantity:
    behind = _GAP.match(text, match.end())
    after = behind.end() if behind else match.end()
    named = words.pattern.match(text, after)
    own = words.read(named.group()) if named else None
    end = named.end() if named and own else match.end()
    return Quantity(_values(match.group()), own.name if own else "", match.start(), end, text[match.start() : end])


def _values(written: str) -> tuple[Decimal, ...]:
    """What a number can mean: marks of thousands and of decimals look alike."""
    plain = re.sub(r"['’\u00a0\u202f]", "", written).replace("٫", ".")
    marks = [c for c in plain if c in ".,"]
    if not marks:
        return (Decimal(plain),)
    last = marks[-1]
    if len(set(marks)) > 1:
        other = "," if last == "." else "."
        return (Decimal(plain.replace(other, "").replace(last, ".")),)
    whole = Decimal(plain.replace(last, "")) if _GROUPED.fullmatch(plain) else None
    if len(marks) > 1:
        return (whole,) if whole is not None else (Decimal(plain.replace(last, "")),)
    decimal = Decimal(plain.replace(last, "."))
    return (decimal, whole) if whole is not None else (decimal,)


def _lend(text: str, found: list[Quantity]) -> list[Quantity]:
    """Figures of a run before one with a unit are in that unit: 28.5 x 16 x 3.5 cm, 2 to 12 mm."""
    for place in range(len(found) - 2, -1, -1):
        one, after = found[place], found[place + 1]
        if not one.unit and after.unit and _JOINED.fullmatch(text[one.end : after.start]):
            found[place] = Quantity(one.values, after.unit, one.start, one.end, one.text, lent=True)
    return found


def _in_words(text: str, language: str, words: _Words) -> Iterator[Quantity]:
    """Numbers from two on that are written as words, where the language's words are known."""
    for match, value in _number_words(text, language):
        if value < 2:
            continue
        behind = _GAP.match(text, match.end())
        named = words.pattern.match(text, behind.end() if behind else match.end())
        own = words.read(named.group()) if named else None
        end = named.end() if named and own else match.end()
        yield Quantity(
            (Decimal(value),), own.name if own else "", match.start(), end, text[match.start() : end], worded=True
        )


def _number_words(text: str, language: str) -> Iterator[tuple[re.Match[str], int]]:
    pattern = _worded(language)
    if pattern is None:
        return
    patterns = patterns_of(language)
    for match in pattern.finditer(text.lower() if len(text.lower()) == len(text) else text):
        value = patterns.word_value(match.group())
        if value is not None:
            yield match, value


@cache
def _worded(language: str) -> re.Pattern[str] | None:
    """The words for numbers of a language whose words stand apart."""
    if language not in measured_languages() or language in ("ja", "zh-CN", "ar"):
        return None
    table = tomllib.loads((files("knowledge.measures") / f"{language}.toml").read_text("utf-8"))
    longest = sorted(table.get("numbers", {}), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(f"(?:{word})" for word in longest) + r")\b") if longest else None


def read_codes(text: str, language: str = "en") -> list[tuple[int, str]]:
    """Codes of a text with their offsets: letters and digits that are no number with a unit (NV-28, CU 000000)."""
    return list(_codes_in(plain_digits(text), language))


@lru_cache(maxsize=256)
def _codes_in(text: str, language: str) -> tuple[tuple[int, str], ...]:
    tokens = ((match.start(), _BEHIND.sub("", match.group()).rstrip("._-")) for match in _TOKEN.finditer(text))
    return tuple((start, code) for start, code in tokens if _is_code(code, _words(language)))


def _is_code(token: str, words: _Words) -> bool:
    if not any(c.isdigit() for c in token) or not any(c.isalpha() for c in token):
        return False
    number = _NUMBER.match(token)
    if number is None:
        return True
    rest = token[number.end() :].lstrip("-")
    if words.pattern.match(rest) or _CROSSED.fullmatch(token):
        return False
    return not re.match(r"-[A-Za-z]{3,}", token[number.end() :])
