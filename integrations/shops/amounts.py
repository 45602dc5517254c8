"""Prices as people write them: `1.299,00 €`, `$1,299.00`, `1 299,00 kr`, `CHF 1'299.–`. A column is read as a whole,
because one cell alone does not always say whether its point divides thousands or cents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "us$": "USD", "ca$": "CAD", "a$": "AUD", "r$": "BRL", "mx$": "MXN",
         "¥": "JPY", "円": "JPY", "元": "CNY", "rp": "IDR", "zł": "PLN", "kč": "CZK", "₩": "KRW", "₹": "INR",
         "﷼": "SAR", "ر.س": "SAR", "د.إ": "AED", "fr": "CHF", "฿": "THB", "₺": "TRY"}  # fmt: skip
"""Currencies by their sign. `kr` is of four countries, and says nothing."""

WHOLE = frozenset({"JPY", "KRW", "IDR", "VND", "CLP", "HUF"})
"""Currencies whose prices have no cents, so that a lone point or comma divides thousands."""

_NUMBER = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*")
_CENTS = re.compile(r"([.,])(\d{1,2}|\d{4,})$")

Mark = Literal[".", ","]


class AmountUnclear(ValueError):
    """A price that is none, or that can be read in two ways; the text says how to write it."""


def decimal_mark(cells: Iterable[str], currency: str = "") -> Mark | None:
    """What divides units from cents in a column; None where nothing in it says so. Raises AmountUnclear where cells
    disagree.
    """
    said = {mark: cell for cell in cells if (mark := _says(_digits(cell), currency))}
    if len(said) == 2:
        one, other = said.values()
        raise AmountUnclear(
            f"some prices have a decimal point and some a comma ({one!r}, {other!r}): write all one way"
        )
    return next(iter(said), None)


def read_amount(cell: str, mark: Mark | None) -> Decimal:
    """A price in a column with that mark. Raises AmountUnclear."""
    digits = _digits(cell)
    if not re.search(r"\d", digits) or re.search(r"\d\s*[-–]\s*\d", cell):
        raise AmountUnclear(f"{cell!r} is no price; write it like 1299.00")
    if mark is None and re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
        whole = re.sub(r"[.,]", "", digits)
        raise AmountUnclear(f"{cell!r} may be {whole} or {digits.replace(',', '.')}: write {whole}.00 or the like")
    mark = mark or "."
    units, _, cents = digits.partition(mark)
    sign = "-" if re.match(r"\D*[-−]\s*\D{0,3}\d", cell) else ""
    return Decimal(f"{sign}{re.sub(r'[.,]', '', units)}.{cents or '0'}")


def currency_in(text: str) -> str:
    """The currency that a price or a heading names; '' for none."""
    code = re.search(r"(?<![A-Z])([A-Z]{3})(?![A-Z])", text)
    if code and code[1] in _codes():
        return code[1]
    folded = text.casefold()
    found = [name for sign, name in SIGNS.items() if re.search(rf"(?<![a-z]){re.escape(sign)}(?![a-z])", folded)]
    return found[-1] if found else ""


def _codes() -> frozenset[str]:
    from knowledge.markets import CURRENCIES

    return frozenset({*CURRENCIES.values(), *SIGNS.values(), "USD", "EUR", "GBP"})


def _digits(cell: str) -> str:
    """The number in a cell: digits with points and commas, nothing else."""
    found = _NUMBER.search(cell)
    return re.sub(r"['’\s\u00a0\u202f]", "", found[0]).rstrip(".,") if found else ""


def _says(digits: str, currency: str) -> Mark | None:
    """What a number alone says of the decimal mark."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return "." if digits.rindex(".") > digits.rindex(",") else ","
    if points > 1 or commas > 1:
        return "," if points else "."
    if currency in WHOLE and re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
        return "," if points else "."
    found = _CENTS.search(digits)
    return None if not found else "." if found[1] == "." else ","
