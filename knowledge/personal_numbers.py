"""Numbers of persons, accounts and cards: known by the words before them, or proven by their own check digits."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

LEAST_DIGITS = 5
"""Digits of a number that a word before it makes personal."""

_NUMBER = r"([A-Z]{0,3}-?\d[A-Z0-9]*(?:[ ./-][A-Z0-9]*\d[A-Z0-9]*){0,6})"


@cache
def words(name: str) -> str:
    """The alternatives of one list of `personal.toml`, for a pattern that ignores case: longest first."""
    text = (files("knowledge") / "personal.toml").read_text("utf-8")
    held = tomllib.loads(text.replace("ー", "-"))[name]  # as `find_personal` reads the texts
    return "|".join(re.escape(word) + _end(word) for word in sorted(held, key=len, reverse=True))


def _end(word: str) -> str:
    """A word of letters with spaces around ends where its letters end; Chinese and Japanese put none."""
    return "" if "\u3040" <= word[-1] <= "\u9fff" or not word[-1].isalpha() else r"(?!\w)"


def numbered(name: str) -> re.Pattern[str]:
    """A number after one of the words of a list, with nothing between but words like "number is"."""
    gap = rf"(?:[\s:#.°º'=-]|{words('between')}){{0,12}}"
    return re.compile(rf"(?<![^\W_\u3040-\u9fff])(?:{words(name)}){gap}(?<![A-Z0-9]){_NUMBER}", re.IGNORECASE)


_PROVEN = re.compile(
    r"(?<![\w.+-])(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{11}|(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}|[XYZ]?-?\d{7,8}-?[A-Z]"
    r"|784-?\d{4}-?\d{7}-?\d|[12](?: ?\d{2}){3} ?\d{3} ?\d{3} ?\d{2}|\d{17}[\dX])(?![\w-])",
    re.IGNORECASE,
)


def proven_ids() -> re.Pattern[str]:
    """What may be a CPF, a US, Spanish, Emirati, French or Chinese person's number; `is_proven` tells."""
    return _PROVEN


def has_digits(_: str, match: re.Match[str]) -> bool:
    """Whether a number that a word announced is long enough to be one."""
    return len(re.sub(r"\D", "", match[1])) >= LEAST_DIGITS


def is_proven(_: str, match: re.Match[str]) -> bool:
    """Whether a number's form, or its check digits, leave no doubt what it is."""
    said = re.sub(r"[\s.-]", "", match[0]).upper()
    if "-" in match[0] and re.fullmatch(r"\d{9}", said):
        return True
    checks = {8: _is_spanish, 9: _is_spanish, 11: _is_cpf, 15: _is_fifteen, 18: _is_chinese}
    return checks[len(said)](said) if len(said) in checks else False


def _is_spanish(said: str) -> bool:
    """DNI and NIE: the letter is the number's remainder by 23."""
    digits = said[:-1].translate(str.maketrans("XYZ", "012"))
    return len(said) == 9 and digits.isdecimal() and said[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23]


def _is_cpf(said: str) -> bool:
    """CPF: the last two digits are weighted sums of those before."""
    digits = [int(digit) for digit in said]
    sums = [sum(d * w for d, w in zip(digits, range(n + 1, 1, -1), strict=False)) * 10 % 11 % 10 for n in (9, 10)]
    return len(set(digits)) > 1 and sums == digits[9:]


def _is_fifteen(said: str) -> bool:
    """An Emirati number by its beginning and Luhn's digit, a French one by its remainder by 97."""
    return (said.startswith("784") and luhn(said)) or int(said[:13]) % 97 == 97 - int(said[13:])


def _is_chinese(said: str) -> bool:
    """The last sign is a weighted sum of the seventeen digits."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(said[:17]))
    return said[17] == "10X98765432"[total % 11]


def luhn(digits: str) -> bool:
    """Whether the last digit proves the others."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def is_card(_: str, match: re.Match[str]) -> bool:
    """Whether the last digit proves the others (Luhn), or they stand in fours as on a card."""
    said = match[match.lastindex or 0]
    fours = re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}", said)
    digits = re.sub(r"\D", "", said)
    return bool(fours) or (12 <= len(digits) <= 19 and luhn(digits))
