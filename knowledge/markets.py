"""Countries as markets: which belong to the EU, and what currency a shopper there pays in."""

from functools import cache

EU = frozenset([
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT",
    "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
])  # fmt: skip
"""Member states of the European Union, 2026."""

EURO = EU - {"CZ", "DK", "HU", "PL", "RO", "SE"}
"""Members whose currency is the euro; Bulgaria since 2026-01-01 (CLDR 48.2)."""

CURRENCIES = {
    "US": "USD", "GB": "GBP", "BR": "BRL", "JP": "JPY", "CN": "CNY", "SA": "SAR", "AE": "AED", "ID": "IDR",
    "MX": "MXN", "PL": "PLN", "SE": "SEK", "DK": "DKK", "CZ": "CZK", "HU": "HUF", "RO": "RON", "CH": "CHF",
    "KR": "KRW", "TW": "TWD", "IN": "INR", "AU": "AUD", "CA": "CAD", "TR": "TRY", "TH": "THB", "VN": "VND",
    "MY": "MYR", "IL": "ILS",
}  # fmt: skip


def currency_of(market: str) -> str:
    """ISO currency of a market (ISO country code), or '' where we do not know."""
    return "EUR" if market in EURO else CURRENCIES.get(market, "")


def market_groups(market: str) -> list[str]:
    """The market itself and the groups a rule may name instead: DE → ['DE', 'EU']."""
    return [market, "EU"] if market in EU else [market] if market else []


_NAMES = {
    "USA": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US", "UK": "GB", "UNITED KINGDOM": "GB",
    "GERMANY": "DE", "FRANCE": "FR", "SPAIN": "ES", "PORTUGAL": "PT", "ITALY": "IT", "BRAZIL": "BR", "JAPAN": "JP",
    "CHINA": "CN", "SAUDI ARABIA": "SA", "UNITED ARAB EMIRATES": "AE", "INDONESIA": "ID", "CANADA": "CA",
}  # fmt: skip


def market_of(country: str) -> str:
    """The ISO code of a country as shops write it ('DE', 'USA', 'Germany'); '' where it is not known."""
    name = country.strip().upper()
    return _NAMES.get(name, name if len(name) == 2 and name.isalpha() else "")


def market_code(said: str) -> str:
    """The ISO code, or EU, of a market as people write it ('de', 'UK', 'Germany'); '' where there is no such market."""
    code = market_of(said)
    return code if code in _codes() else ""


@cache
def _codes() -> frozenset[str]:
    """Countries and EU: all that CLDR knows a currency of."""
    from babel.core import get_global

    return frozenset(get_global("territory_currencies"))
