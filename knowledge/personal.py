"""Finding personal data in text: what it is and where it stands. Names of people and of towns are not recognised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from knowledge.addresses import street_patterns
from knowledge.personal_numbers import has_digits, is_card, is_proven, numbered, proven_ids

Kind = Literal["email", "link", "account", "id", "card", "ip", "address", "phone", "order"]


@dataclass(frozen=True)
class Found:
    """A piece of personal data in a text."""

    kind: Kind
    start: int
    end: int


_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Letters and digits of scripts that put spaces between words: in the others an address ends where a word begins."""

_EMAIL = re.compile(
    rf"(?:{_LETTER}|[._%+'-]){{1,64}}\s?(?:@|[(\[]\s?at\s?[)\]])\s?(?:(?:{_LETTER}|-){{1,63}}\.)+{_LETTER}{{1,63}}",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_IBAN = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|[ -][A-Z0-9]{4}(?:[ -](?=[A-Z]*\d)[A-Z0-9]{1,4}){2,7})(?![A-Z0-9])",
    re.IGNORECASE,
)
_IP = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE
)
_LONG = re.compile(r"(?<![\d+])\d(?:[ -]?\d){12,18}(?!\d)")
_PHONE = re.compile(
    r"(?<![\d.,])\+?[ ]?\(?\d{1,5}\)?(?:[ ./-]{0,2}\(?\d{1,8}\)?){1,7}(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?(?![\d%])"
)
_ORDER = re.compile(
    r"(?<![A-Z0-9])#?[A-Z]{1,4}-?\d{4,}(?:-\d+)*(?![A-Z0-9])|#[A-Z]{0,2}\d{3,}|(?<![\d.,])\d{5,}(?![.,]\d)",
    re.IGNORECASE,
)

_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}([./-])\d{1,2}\2\d{1,2}|\d{4}[-–/]\d{4}")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")
_SIGN = r"[€$£¥₹﷼円元]|R\$|Rp|rb|ribu|juta|IDR|EUR|USD|GBP|JPY|CNY|RMB|BRL|SAR|AED|CHF|euros?|dollars?|yen|reais|rupiah"
_PRICE_BEFORE = re.compile(rf"(?:{_SIGN})\s?$", re.IGNORECASE)
_PRICE_AFTER = re.compile(rf"\s?(?:{_SIGN}|ريال|درهم|万|块)", re.IGNORECASE)

_DIGIT = re.compile(r"\d")

_AT = re.compile(r"@|[(\[]\s?at\s?[)\]]", re.IGNORECASE)
_JOINED = re.compile(r"\d\.\d{1,3}\.\d|:[0-9a-f]{1,4}:[0-9a-f]{1,4}:", re.IGNORECASE)
_HINTS: dict[Kind, re.Pattern[str]] = {"email": _AT, "ip": _JOINED}
"""What stands in all of a kind, and is found sooner: most texts have none of it."""

BLOT = "\x00"
"""Stands where something was found, so that nothing else is found there."""


def find_personal(text: str) -> list[Found]:
    """Personal data of a text, in the order it stands there, none over another. Digits of any script count as digits;
    sums of money and dates are not personal.
    """
    plain = text if text.isascii() else "".join(map(_plain, text))
    found: list[Found] = []
    for kind, pattern, holds in _kinds() if _DIGIT.search(plain) else _kinds_of_letters():
        if kind in _HINTS and not _HINTS[kind].search(plain):
            continue
        here = [match for match in pattern.finditer(plain) if holds(plain, match)]
        spans = [_trimmed(plain, *match.span(match.lastindex or 0)) for match in here]
        found += [Found(kind, start, end) for start, end in spans]
        for start, end in spans:
            plain = plain[:start] + BLOT * (end - start) + plain[end:]
    return sorted(found, key=lambda one: one.start)


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    said = plain[start:end]
    return start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())


def _plain(letter: str) -> str:
    """A digit of any script, a full-width letter or sign, as ASCII; one letter for one, so that places agree."""
    if letter.isascii():
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if "\uff01" <= letter <= "\uff5e":
        return chr(ord(letter) - 0xFEE0)
    return "-" if letter in "‐‑‒–—−ー" else " " if letter in "\u3000\u00a0\u202f" else letter


def _is_price(plain: str, match: re.Match[str]) -> bool:
    before = plain[max(0, match.start() - 8) : match.start()]
    return bool(_PRICE_BEFORE.search(before) or _PRICE_AFTER.match(plain, match.end()))


def _is_phone(plain: str, match: re.Match[str]) -> bool:
    """Whether digits in groups are a phone number, rather than a date, a sum, sizes or one plain number."""
    said = match[0].strip()
    if not 7 <= len(re.sub(r"\D", "", said)) <= 17 or _is_price(plain, match):
        return False
    if _DATE.fullmatch(said) or _DECIMAL.fullmatch(said):
        return False
    begins = said.startswith(("+", "0", "("))
    groups = re.findall(r"\d+", said)
    pairs = len(groups) > 3 and re.fullmatch(r"[\d.-]+", said)
    return begins or bool(pairs) or (len(groups) > 1 and max(map(len, groups)) >= 3)


def _is_order(plain: str, match: re.Match[str]) -> bool:
    return not match[0].isdecimal() or not _is_price(plain, match)


def _always(_: str, __: re.Match[str]) -> bool:
    return True


@cache
def _kinds_of_letters() -> tuple[tuple[Kind, re.Pattern[str], Callable[[str, re.Match[str]], bool]], ...]:
    """Those that can stand in a text without a digit; to look for the others there takes as long as finding them."""
    return tuple(one for one in _kinds() if one[0] in ("email", "link", "ip"))


@cache
def _kinds() -> tuple[tuple[Kind, re.Pattern[str], Callable[[str, re.Match[str]], bool]], ...]:
    """In this order: what is told apart best goes first."""
    streets: list[tuple[Kind, re.Pattern[str], Callable[[str, re.Match[str]], bool]]] = [
        ("address", pattern, _always) for pattern in street_patterns()
    ]
    return (
        ("email", _EMAIL, _always), ("link", _LINK, _always), ("account", _IBAN, _always),
        ("id", numbered("id"), has_digits), ("id", proven_ids(), is_proven),
        ("account", numbered("account"), has_digits),
        ("card", _LONG, is_card), ("card", numbered("card"), is_card), ("ip", _IP, _always), *streets,
        ("phone", _PHONE, _is_phone), ("order", _ORDER, _is_order),
    )  # fmt: skip
