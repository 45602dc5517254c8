"""Saying things about actions: sentences of one language, and quotes line by line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from knowledge.locales import match_language
from knowledge.notation import Notation
from knowledge.service.words import sentences


class Speech(Notation):
    """A language's sentences about actions. `language` is that of the text, else the locale's, else English; the
    locale's territory decides how figures are written.
    """

    def __init__(self, language: str, locale: str = "") -> None:
        super().__init__(match_language(language) or match_language(locale) or "en", locale or language)
        self._held = sentences(self.language)

    def text(self, key: str) -> str | None:
        """A sentence as it stands in the file, or None."""
        return self._held.get(key)

    def say(self, key: str, **slots: str) -> str:
        """A sentence with its placeholders filled."""
        return self._held[key].format(**slots)

    def method(self, source: str, name: str = "", digits: str = "") -> str:
        """A payment method in words: by its kind, else by its name; one that has neither is the original one."""
        shown = source.replace("_", " ") or name
        word = self.text(f"methods.{source}") or self.say("money.other", name=shown)
        word = word if shown else self.say("methods.original")
        return self.say("money.ending", method=word, digits=digits) if digits else word


ONE_WAY = ("cash_on_delivery", "konbini", "boleto")
"""Ways to pay that cannot take money back: a refund goes to the bank."""


def quote_told(quote: dict[str, Any], language: str, locale: str = "") -> str:
    """A quote (`Quote.told`) in words, a line each: its lines, their total, by which method and when."""
    return "\n".join(quote_lines(quote, Speech(language, locale)))


def quote_lines(quote: dict[str, Any], speech: Speech) -> list[str]:
    """A quote, line by line."""
    return [*_lines(quote, speech), *_moves(quote, speech)]


def _lines(quote: dict[str, Any], speech: Speech) -> Iterator[str]:
    currency = quote["currency"]
    moved = any(Decimal(line["amount"]) for line in quote["lines"])
    for line, pieces in _alike(quote["lines"]):
        label = f"{pieces} × {_label(line, speech)}" if pieces > 1 else _label(line, speech)
        amount = speech.money(pieces * Decimal(line["amount"]), currency)
        yield "• " + (speech.say("quote.line", label=label, amount=amount) if moved else label)
    if moved:
        yield speech.say("quote.line", label=speech.say("quote.total"), amount=speech.money(quote["total"], currency))


def _alike(lines: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int]]:
    """Lines that follow each other and say the same, as one with their number."""
    for _, same in groupby(lines, key=lambda line: (line["kind"], line["label"], line["item_id"], line["amount"])):
        held = list(same)
        yield held[0], len(held)


def _label(line: dict[str, Any], speech: Speech) -> str:
    if line["kind"] == "new_item":
        return speech.say("quote.new_item", name=line["label"])
    return speech.text(f"quote.{line['kind']}") or str(line["label"])


def _moves(quote: dict[str, Any], speech: Speech) -> Iterator[str]:
    """Who gets or pays how much, by which method, and when."""
    methods = [method for method in quote["methods"] if Decimal(method["amount"])]
    for method in methods:
        amount = Decimal(method["amount"])
        key = "money.get" if amount > 0 else "money.pay"
        source = method.get("source", "")
        source = "bank_transfer" if amount > 0 and source in ONE_WAY else source
        word = speech.method(source, method["payment_method_id"], method.get("last_four", ""))
        later = "_later" if quote["when"] == "on_arrival" else ""
        yield speech.say(key + later, amount=speech.money(abs(amount), quote["currency"]), method=word)
    if not methods and quote["lines"]:
        yield from _unpaid(quote, speech)
    yield from _times(quote, [method for method in methods if Decimal(method["amount"]) > 0], speech)


def _unpaid(quote: dict[str, Any], speech: Speech) -> Iterator[str]:
    """Where no money moves now: an order that is not paid yet comes to more, or to less."""
    total = Decimal(quote["total"])
    if total:
        amount = speech.money(abs(total), quote["currency"])
        yield speech.say("money.due_less" if total > 0 else "money.due_more", amount=amount)
    elif any(Decimal(line["amount"]) for line in quote["lines"]):
        yield speech.say("money.nothing")


def _times(quote: dict[str, Any], refunds: list[dict[str, Any]], speech: Speech) -> Iterator[str]:
    """How long refunds take; the shop's days are not those of gift cards."""
    cards = [refund for refund in refunds if refund.get("source") == "gift_card"]
    if cards and quote["when"] == "now":
        yield speech.say("money.at_once")
    if len(cards) == len(refunds) or quote["business_days"] is None:
        return
    first, last = quote["business_days"]
    if last == 0:
        yield speech.say("money.same_day")
    elif last == 1:
        yield speech.say("money.one_day")
    elif first in (0, last):
        yield speech.say("money.days", last=speech.number(last))
    else:
        yield speech.say("money.day_range", first=speech.number(first), last=speech.number(last))
