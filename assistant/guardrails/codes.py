"""Numbers that name a thing: orders, parcels, items, returns; and addresses of e-mail and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.guardrails.claim import Claim

CURRENCIES = (
    "rp", "r", "eur", "usd", "us", "gbp", "brl", "jpy", "cny", "rmb", "sar", "aed", "idr", "chf", "sek", "dkk", "pln",
    "cad", "aud", "mxn", "krw", "inr",
)  # fmt: skip
"""What stands before an amount and begins no code."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CODE = re.compile(
    rf"(?<![a-z0-9@.,/-])#?(?!(?:{'|'.join(CURRENCIES)})\d)"
    r"(?:[a-z]{1,8}[-_]?\d[a-z0-9]*(?:[-_][a-z0-9]+)*|\d{1,3}(?:-\d{4,})+|\d{9,})(?![a-z0-9@]|[.,]\d)",
    re.ASCII,
)
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+\d{1,3}|\(?0\d{1,4}\)?)(?:[ -]?\(?\d{2,5}\)?){2,6}(?![\w.,]*\d)")
_DIGIT = re.compile(r"\d")
LEAST_DIGITS = 2
"""A code has at least so many digits: 'a4' and 'mp3' name no order."""


def codes_in(text: str) -> Iterator[Claim]:
    """The codes, e-mail addresses and telephone numbers of a plain text, each by its letters and digits alone."""
    if "@" not in text and not _DIGIT.search(text):
        return
    for pattern, kind in ((_EMAIL, "email"), (_CODE, "code"), (_PHONE, "code")):
        for match in pattern.finditer(text):
            if sum(c.isdigit() for c in match.group()) >= LEAST_DIGITS or kind == "email":
                key = ("code", plain_code(match.group()))
                yield Claim(kind, frozenset({key}), match.start(), match.end(), match.group())
        text = pattern.sub(lambda match: "\x00" * len(match.group()), text)


def plain_code(text: str) -> str:
    """Letters and digits of a code."""
    return "".join(c for c in text.casefold() if c.isalnum())
