"""Rates of exchange an operator states for a day. Money is converted by them or kept in its currency, never guessed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path


class RatesWrong(ValueError):
    """A rates file that cannot be used, told so that it can be mended."""


@dataclass(frozen=True)
class Rates:
    """What one of `base` was in other currencies on a day."""

    base: str
    as_of: date
    source: str
    rates: Mapping[str, Decimal]

    def convert(self, amount: Decimal, currency: str, wanted: str) -> Decimal | None:
        """A sum in another currency, not rounded; None where the rates do not name both."""
        here, there = self._rate(currency), self._rate(wanted)
        return None if here is None or there is None else amount / here * there

    def _rate(self, currency: str) -> Decimal | None:
        return Decimal(1) if currency == self.base else self.rates.get(currency)

    def told(self, currency: str, wanted: str) -> str:
        """Where a conversion is from, for whoever asks later."""
        one = self.convert(Decimal(1), currency, wanted)
        rate = "" if one is None else f"1 {currency} = {one.normalize():.6g} {wanted}, "
        return f"{rate}{self.source}, {self.as_of.isoformat()}"


def read_rates(path: Path) -> Rates:
    """A TOML file: base = "USD", as_of = 2026-11-20, source = "ECB", and [rates] EUR = 0.92. Raises RatesWrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RatesWrong(f"{path.name} cannot be read as rates: {error}") from None
    base, day, source, rates = (table.get(name) for name in ("base", "as_of", "source", "rates"))
    if not isinstance(base, str) or not isinstance(day, date) or not isinstance(source, str):
        raise RatesWrong(f'{path.name} needs base = "USD", as_of = 2026-11-20 and source = "who says so"')
    if not isinstance(rates, dict) or not rates:
        raise RatesWrong(f"{path.name} needs a table [rates] with lines like EUR = 0.92")
    return Rates(base, day, source, {name: _rate(path, name, value) for name, value in rates.items()})


def _rate(path: Path, name: str, value: object) -> Decimal:
    try:
        rate = Decimal(str(value))
    except InvalidOperation:
        rate = Decimal(0)
    if not rate.is_finite() or rate <= 0:
        raise RatesWrong(f"{path.name}: the rate of {name} is {value!r}, not a number above 0")
    return rate
