"""What a tool's result bears, source by source: an order, a product, a passage each speak for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from assistant.embedded.rows import around_table, table_rows
from assistant.guardrails.claim import Key
from assistant.guardrails.claims import figure_key, read
from assistant.guardrails.codes import plain_code
from assistant.guardrails.phrases import folded
from assistant.guardrails.sizes import letter_key
from assistant.guardrails.sources import Kind, Source, moment_keys
from knowledge.figures import Figure
from knowledge.product_passages import fact_label

ABOUT = {
    "cite",
    "closeness",
    "score",
    "url",
    "document",
    "locale",
    "kind",
    "token",
    "operation_id",
    "valid_from",
    "markets",
}
"""What a result says about itself; nothing there bears a statement."""

ECHOED = {"query", "question", "reason", "missing"}
"""What the model itself put into its call, told back: it would bear what it made up."""

AMOUNTS = {"price", "price_to", "amount", "total", "postage", "refund_amount", "price_difference", "refunded", "cost"}
"""Fields that hold money, in the currency beside them."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?")
_COUNT = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")


class Teller:
    """Reads results into sources, in a conversation's language."""

    def __init__(self, language: str, today: date | None) -> None:
        self._language = language
        self._today = today

    def sources(self, told: Mapping[str, Any]) -> Iterator[Source]:
        """What a tool's result bears."""
        rest = {name: value for name, value in told.items() if name not in ("passages", "products", "order", "orders")}
        refused = told.get("status") in ("refused", "missing", "invalid")
        if not refused:
            names = [str(told.get("order_id") or (told.get("quote") or {}).get("order_id") or "")]
            yield self._source("order" if names[0] else "result", names, rest)
        for passage in told.get("passages") or []:
            yield self._passage(passage)
        for product in told.get("products") or []:
            yield self._product(product)
        yield self._counted(told)
        for order in [*([told["order"]] if told.get("order") else []), *(told.get("orders") or [])]:
            yield from self._order(order)

    def _counted(self, told: Mapping[str, Any]) -> Source:
        """How many things were told."""
        source = Source("result")
        for name, noun in (("products", "item"), ("orders", "order")):
            if told.get(name):
                source.add(counted(noun, len(told[name])))
        for entry in told.get("returns") or []:
            source.add(counted("item", len(entry.get("item_ids") or [])))
        if isinstance(told.get("count"), int):
            source.add(counted("order", told["count"]))
        return source

    def _order(self, order: Mapping[str, Any]) -> Iterator[Source]:
        returns = [entry.get("return_id", "") for entry in order.get("returns") or []]
        names = [order.get("order_id", ""), *(order.get("tracking_numbers") or []), *returns]
        plain = {name: value for name, value in order.items() if name != "items"}
        whole = self._source("order", names, plain)
        items, parcels = order.get("items") or [], order.get("parcels") or []
        whole.add(counted("item", len(items)) | counted("item", sum(item.get("quantity", 1) for item in items)))
        whole.add(counted("parcel", len(parcels)))
        for item in items:
            named = [item.get("name", ""), item.get("sku", "")]
            source = self._source("product", named, {**item, "currency": order.get("currency", "")})
            source.add(packs_of(item))
            whole.add(packs_of(item))
            yield source
        yield whole

    def _product(self, product: Mapping[str, Any]) -> Source:
        facts = {name: value for name, value in (product.get("facts") or {}).items() if not isinstance(value, bool)}
        plain = {name: value for name, value in product.items() if name != "facts"}
        names = [product.get("name", ""), product.get("product_id", "")]
        names += [variant.get("sku", "") for variant in product.get("variants") or []]
        source = self._source("product", names, plain)
        for name, value in facts.items():
            self._add_fact(source, name, value)
        source.add(kinds_of(product.get("variants") or []))
        return source

    def _add_fact(self, source: Source, name: str, value: Any) -> None:
        unit = fact_label(name)[1]
        for part in value if isinstance(value, list) else [value]:
            source.add_text(f"{part} {unit}".strip(), ("en",))
        if name.startswith("age_") and (years := _number(value)) is not None:
            source.add({("number", years.normalize())})

    def _passage(self, passage: Mapping[str, Any]) -> Source:
        source = Source("passage", cite=passage["cite"], locale=passage.get("locale") or "en")
        if passage.get("product_id"):
            source.names = frozenset(_named([passage["product_id"], passage.get("title", "")]))
        for name in ("title", "heading", "text"):
            source.add_text(passage.get(name, ""), (source.locale,))
        if table := around_table(passage.get("text", ""))[1]:
            source.texts.append(folded("\n".join(table_rows(table))))  # a row as it is shown is a quotation
        return source

    def _source(self, kind: Kind, names: Iterable[str], told: Any) -> Source:
        source = Source(kind, frozenset(_named(names)), locale=self._language)
        self._gather(source, told, "", "")
        return source

    def _gather(self, source: Source, told: Any, name: str, currency: str) -> None:
        if name in ABOUT | ECHOED or told is None or isinstance(told, bool):
            return
        if isinstance(told, Mapping):
            currency = str(told.get("currency") or currency)
            for part, value in told.items():
                self._gather(source, value, part, currency)
        elif isinstance(told, list):
            for value in told:
                self._gather(source, value, name, currency)
        else:
            self._add_value(source, told, name, currency)

    def _add_value(self, source: Source, value: Any, name: str, currency: str) -> None:
        number = _number(value)
        if (name in AMOUNTS or name.endswith("_fee")) and number is not None:
            amount = abs(number).normalize()
            source.add({("money", amount, currency), ("value", amount)})
        elif name in _FIELDS and number is not None:
            source.add(_FIELDS[name](number))
        elif isinstance(value, str):
            if name == "size":
                source.add({letter_key(value)})
            self._add_text(source, value)
        elif number is not None:
            source.add({("number", number.normalize()), ("value", number.normalize())})

    def _add_text(self, source: Source, text: str) -> None:
        """Words of the shop's: in the shopper's language, or, as attested facts are, in English."""
        if _ISO.match(text):
            source.add(moment_keys(text))
        languages = (self._language, "en") if source.kind in ("product", "order") else (self._language,)
        source.add_text(text, languages)

    def shopper(self, text: str) -> Source:
        """What the shopper wrote: it may be said again."""
        source = Source("shopper", locale=self._language)
        source.add_text(text, (self._language,))
        source.add(key for claim in read(text, self._language, self._today).claims for key in claim.keys)
        return source


def _duration(unit: str, hours: int) -> Any:
    def keys(number: Decimal) -> set[Key]:
        return {figure_key(Figure("duration", (number * hours).normalize(), unit)), ("value", number.normalize())}

    return keys


_FIELDS = {
    "days": _duration("hour", 24), "business_days": _duration("business day", 1),
    "weekdays": lambda number: {("weekday", int(number))}, "stock": lambda number: counted("item", int(number)),
}  # fmt: skip
"""Fields whose name says what their number counts."""


def counted(noun: str, count: int) -> set[Key]:
    """So many of a thing."""
    return {("count", noun, Decimal(count).normalize()), ("number", Decimal(count).normalize())}


def packs_of(item: Mapping[str, Any]) -> set[Key]:
    """How many things an item of an order comes to, and how many packs, which some languages call parcels."""
    size = _COUNT.match(str((item.get("options") or {}).get("pack", "")))
    packs = int(item.get("quantity") or 1)
    if size is None:
        return counted("item", packs)
    return (
        counted("item", packs)
        | counted("item", packs * int(size[0]))
        | counted("parcel", packs)
        | counted("parcel", packs * int(size[0]))
    )


def kinds_of(variants: list[Mapping[str, Any]]) -> set[Key]:
    """How many kinds of a product there are: colours, sizes, variants in all."""
    options = [dict(variant.get("options") or {}) for variant in variants]
    names = {name for option in options for name in option}
    counts = {len({str(option.get(name)) for option in options}) for name in names} | {len(variants)}
    return {("number", Decimal(count).normalize()) for count in counts if count > 1}


def _number(value: Any) -> Decimal | None:
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    try:
        return Decimal(value) if isinstance(value, str) and value[:1] in "-0123456789" and value else None
    except InvalidOperation:
        return None


def _named(names: Iterable[str]) -> Iterator[str]:
    """What a thing is called by: its numbers by letters and digits alone, its name, and the name's first word that
    looks like a name of its own.
    """
    for name in names:
        if not name:
            continue
        yield plain_code(name) if any(c.isdigit() for c in name) and " " not in name else folded(name)
        first = next((word for word in _WORD.findall(name) if word[0].isascii() and word[0].isupper()), "")
        if len(first) > 3 and " " in name:
            yield folded(first)
