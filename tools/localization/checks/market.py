"""Promises that have to be true where a text is read: ways to pay that the market has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from knowledge.findings import Finding
from knowledge.locales import Locale, nearest_locale, payments
from tools.localization.found import found


def check_market(text: str, locale: str) -> list[Finding]:
    """Ways to pay a text names that the locale's market is not known to have. Claims are for tools/claims to check, in
    the market's jurisdiction; whoever localizes asks both.
    """
    meant = nearest_locale(locale)
    country = _country(locale, meant)
    return list(_unpayable(text, country, meant)) if country else []


def _country(locale: str, meant: Locale | None) -> str:
    named = re.search(r"[-_]([A-Z]{2})\b", locale)
    return named[1] if named else meant.market if meant else ""


def _unpayable(text: str, country: str, meant: Locale | None) -> Iterator[Finding]:
    listed = " ".join(meant.payments.names).lower() if meant and meant.market == country else ""
    for name, payment in payments().items():
        match = _named(payment.words).search(text)
        if match and country not in payment.also and not any(word.lower() in listed for word in (name, *payment.words)):
            usual = ", ".join(meant.payments.names) if listed and meant else "not known to us"
            yield found(
                "payment", f"{name} is not known as a way to pay in {country}; usual are: {usual}.",
                "Name only what the shop offers there.", match.span(), match.group(), "warn",
            )  # fmt: skip


@cache
def _named(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_whole(word) for word in longest))


def _whole(word: str) -> str:
    """Whole words where words stand apart, a Latin one also between kana; names that are words too (Swish, Alma) with
    their capital.
    """
    body = re.escape(word) if word != word.lower() else f"(?i:{re.escape(word)})"
    if word.isascii():
        return rf"(?<![A-Za-z0-9À-ɏ]){body}(?![A-Za-z0-9À-ɏ])"
    return rf"(?<!\w){body}(?!\w)" if word[0] < "\u3000" else body
