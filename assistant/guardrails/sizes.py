"""Weights, lengths, volumes and other sizes as nine languages write them, compared in one unit of each kind."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.guardrails.claim import Claim, Key
from knowledge.measures import number_words, patterns_of

_NUMBER = r"\d{1,3}(?:[., ]\d{3})+(?:[.,٫]\d+)?(?!\d)|\d+(?:[.,٫]\d+)?"
_TIMES = r"\s?(?:mm |cm )?[x×*]\s?"
_TO = r"\s?(?:[-‐-—−~〜]|to|bis|à|a|até|hingga|sampai|إلى|から|到|至)\s?"


def sizes_in(text: str, language: str) -> Iterator[Claim]:
    """The sizes a plain text states, each number of '190 × 190 × 315 mm' and of '3 to 12 mm'."""
    pattern, units = _patterns()
    for match in pattern.finditer(text):
        kind, factor = next(unit for own, unit in units if own.fullmatch(match["unit"]))
        keys = [size_key(kind, value * factor) for value in _values(match["numbers"], language)]
        for key in dict.fromkeys(keys):
            yield Claim("size", frozenset({key}), match.start(), match.end(), match.group())


def worded_sizes_in(text: str, language: str) -> Iterator[Claim]:
    """The sizes whose number is a word: 'five litres'. A unit of one letter is none there."""
    for pattern, value in _worded(language):
        for match in pattern.finditer(text):
            kind, factor = next(unit for own, unit in _patterns()[1] if own.fullmatch(match["unit"]))
            yield Claim("size", frozenset({size_key(kind, value * factor)}), match.start(), match.end(), match.group())


_LETTERED = re.compile(
    r"(?:\b(?:sizes?|größen?|grösse|tailles?|tallas?|tamanhos?|ukuran(?:nya)?)(?: (?:is|are|ist|est|es|é|adalah))?|"
    r"مقاس\w*|サイズは?|尺[码寸](?:是|为)?)[ :]*(?P<one>x{0,3}[sml])(?![a-z0-9'’])|"
    r"(?<![a-z0-9])(?P<other>x{0,3}[sml])(?:サイズ|码|号码)"
)


_SIZED = ("size", "größe", "grösse", "taille", "talla", "tamanho", "ukuran", "مقاس", "サイズ", "尺", "码")
"""One of these stands in what the pattern finds, and is found sooner."""


def letter_sizes_in(text: str, _: str) -> Iterator[Claim]:
    """The sizes of clothes a plain text states by letters, beside a word for size."""
    for match in _LETTERED.finditer(text) if any(word in text for word in _SIZED) else ():
        yield Claim("letters", frozenset({letter_key(match["one"] or match["other"])}), *match.span(), match.group())


def letter_key(text: str) -> Key:
    """A size by letters as it is compared."""
    return ("letters", text.strip().lower())


@cache
def _worded(language: str) -> tuple[tuple[re.Pattern[str], Decimal], ...]:
    units = "|".join(word for word in _unit_words() if len(word) > 1)
    behind = rf"[\s-]?(?P<unit>{units})(?![a-zà-ÿ\u0621-\u064a])"
    # "ein Zoll" is customs more often than an inch
    return tuple(
        (re.compile(word.pattern + (r"(?!\szoll)" if value == 1 else "") + behind), Decimal(value))
        for word, value in number_words(language)
    )


def size_key(kind: str, value: Decimal) -> Key:
    """A size as it is compared: to three digits behind the point."""
    return ("size", kind, value.quantize(Decimal("0.001")).normalize())


@cache
def _units() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = tomllib.loads((files("assistant.guardrails") / "sizes.toml").read_text("utf-8"))[
        "unit"
    ]
    return read


def _unit_words() -> list[str]:
    return sorted((word for unit in _units() for word in unit["words"]), key=len, reverse=True)


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], tuple[str, Decimal]], ...]]:
    listed, words = _units(), _unit_words()
    several = rf"(?P<numbers>(?:{_NUMBER})(?:(?:{_TIMES}|{_TO})(?:{_NUMBER}))*)"
    # a unit ends where its own letters end: "5 m" and "5 mm" differ, and so do "5 l" and "5 laptops"
    pattern = rf"(?<![a-z0-9])(?<!\d[.,]){several}[\s-]?(?P<unit>{'|'.join(words)})(?![a-zà-ÿ\u0621-\u064a])"
    units = tuple(
        (re.compile("|".join(unit["words"])), (str(unit["kind"]), Decimal(unit["factor"]))) for unit in listed
    )
    return re.compile(pattern), units


def _values(text: str, language: str) -> Iterator[Decimal]:
    for number in re.findall(_NUMBER, text):
        value = number_of(number, patterns_of(language).decimal)
        if value is not None:
            yield value


def number_of(text: str, decimal: str) -> Decimal | None:
    """A number of a plain text; a last group of three digits is a thousand, save behind the language's decimal sign."""
    parts = re.split(r"[.,٫٬' ]", text)
    if len(parts) > 1:
        sign = text[-len(parts[-1]) - 1]
        fraction = len(parts[-1]) != 3 or (len(parts) == 2 and sign in (decimal, "٫"))
        text = "".join(parts[:-1]) + "." + parts[-1] if fraction else "".join(parts)
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
