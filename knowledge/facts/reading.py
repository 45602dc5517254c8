"""Facts from a shop's product and from records of a file. What cannot be read is named; nothing is dropped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from knowledge.commerce import Certificate, Product
from knowledge.facts import TEXTS, Attested, Facts, group_of
from knowledge.facts.days import read_day
from knowledge.facts.headings import read_column
from knowledge.facts.origins import read_origin


class FactsUnreadable(ValueError):
    """A record of facts cannot be used; the text says where and why."""


_UNTIL = re.compile(
    r"\b(?:valid[ _](?:until|to|till|thru|through)|expire[sd]?(?: on)?|expiry(?: date)?|expiration(?: date)?|until"
    r"|thru|gültig bis|läuft ab(?: am)?|abgelaufen(?: am)?|valable jusqu['’]au|expire le|válido hasta"
    r"|vence(?: el)?|válido até|berlaku (?:hingga|sampai))\b(.{4,28})",
    re.I,
)
_NUMBER = re.compile(
    r"(?:licen[cs]e|lizenz|number|no\.?|nr\.?|report)\s*:?\s*([A-Z]{1,4}[ -]?[\d-]{2,}|[\w-]*\d[\w-]*)", re.I
)
_UNTIL_NAMES = (
    "valid_until",
    "valid_to",
    "expires",
    "expires_on",
    "expiry",
    "expiry_date",
    "valid_through",
    "expired_on",
    "expiration",
    "expiration_date",
    "expires_at",
    "valid_till",
    "end_date",
    "until",
)
_FROM_NAMES = ("valid_from", "issued", "issued_on")


def facts_of_product(product: Product, day: date, brand: str = "", source: str = "shop") -> Facts:
    """A shop's product as facts. `brand` is the shop's own where the product names none."""
    own = {k: v for k, v in product.attributes.items() if v not in ("", None, [], {})}
    named: dict[str, Any] = {
        "name": product.name, "summary": product.summary, "category": product.category,
        **({"brand": brand} if brand and "brand" not in own else {}), **own, **product.facts,
        "in_the_box": product.in_the_box, "warnings": product.warnings, "keywords": product.keywords,
    }  # fmt: skip
    texts = {f"name.{language}": text for language, text in product.names.items()}
    texts |= {f"summary.{language}": text for language, text in product.summaries.items()}
    texts |= {f"faq.{place}": f"{entry.q} {entry.a}" for place, entry in enumerate(product.faq)}
    variants = product.variants
    native = [tag for tag, text in product.names.items()
              if (text, product.summaries.get(tag, "")) == (product.name, product.summary)]  # fmt: skip
    return _facts(
        product.product_id, {**named, **texts}, product.certificates, product.not_to_say, source, day,
        tuple(variant.sku for variant in variants), tuple(dict(variant.options) for variant in variants),
        native[0] if native else "en",
    )  # fmt: skip


def _facts(  # noqa: PLR0913  (each is a part of a product)
    product_id: str, named: Mapping[str, Any], certificates: list[Certificate], not_to_say: Iterable[str],
    source: str, day: date, skus: tuple[str, ...] = (), options: tuple[dict[str, str], ...] = (), language: str = "en",
) -> Facts:  # fmt: skip
    attested = [
        Attested(
            f"{product_id}#{name}", name, read_origin(value) if name == "origin" else value, source, day,
            group_of(name), _language(name, language),
        )
        for name, value in named.items() if value not in ("", None, [], {})
    ]  # fmt: skip
    return Facts(product_id, tuple(attested), tuple(certificates), tuple(not_to_say), skus, options)


def _language(name: str, own: str) -> str:
    """The language of a fact: a text's own, or that of the sheet's texts; of all else English."""
    stem, _, tag = name.partition(".")
    if stem in ("name", "summary"):
        return tag or own
    return own if name in TEXTS else "en"


def facts_of_record(record: Mapping[str, Any], source: str, day: date, alone: str = "", language: str = "en") -> Facts:
    """Facts of one record of a file: a flat row, or nested as in JSON and YAML ({"id", "facts": {...}}). `alone` is the
    id of a record without one, `language` that of its texts. Raises FactsUnreadable.
    """
    flat = _flattened(record)
    product_id = str(flat.pop("product_id", "") or flat.get("sku") or flat.get("model") or flat.get("name") or alone)
    if not product_id:
        raise FactsUnreadable(f"{source}: a product needs a product_id, a sku or a model.")
    kept = {name: value for name, value in flat.items() if name not in ("not_to_say", "certificates")}
    certificates = [_certificate(entry, f"{source}, {product_id}") for entry in _listed(flat.get("certificates") or [])]
    banned = [str(entry) for entry in _listed(flat.get("not_to_say") or [])]
    skus = (str(flat["sku"]),) if flat.get("sku") else ()
    return _facts(
        product_id, {k: _value(v) for k, v in kept.items()}, certificates, banned, source, day, skus, language=language
    )


def _flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its `facts` beside the rest and every fact under its own name."""
    flat = {k: v for k, v in record.items() if k != "facts"} | dict(record.get("facts") or {})
    for texts in ("names", "summaries"):
        held = flat.pop(texts, None)
        if isinstance(held, Mapping):
            flat |= {f"{'name' if texts == 'names' else 'summary'}.{tag}": text for tag, text in held.items()}
    read = (read_column(str(name), value) for name, value in flat.items())
    return dict(read)


def _value(value: Any) -> Any:
    """A cell's value: numbers and yes or no are read; all else stays as it is."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.lower() in ("true", "yes", "false", "no"):
        return text.lower() in ("true", "yes")
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return [part.strip() for part in text.split("|")] if "|" in text else text


def _listed(value: Any) -> list[Any]:
    """A cell's entries: parted by |, or by semicolons where there is none."""
    if isinstance(value, str):
        read = _value(value) if value.strip()[:1] in "[{" else value
        if isinstance(read, str):
            return [part.strip() for part in read.split("|" if "|" in read else ";") if part.strip()]
        value = read
    return list(value) if isinstance(value, list | tuple) else [value]


def _certificate(entry: Any, where: str) -> Certificate:
    """A certificate from a mapping, or from a text that may tell its number and end."""
    if isinstance(entry, Certificate):
        return entry
    if isinstance(entry, Mapping):
        told = dict(entry)
        for names, own in ((_UNTIL_NAMES, "valid_until"), (_FROM_NAMES, "valid_from")):
            given = next((told.pop(name) for name in names if told.get(name)), None)
            if given:
                told[own] = read_day(str(given)) or str(given)
        told["name"] = str(told.get("name") or told.get("type") or told.get("certificate") or told.get("id") or "")
        told["number"] = str(told.get("number") or told.get("licence") or told.get("license") or "")
        try:
            return Certificate.model_validate(told)
        except ValidationError as error:
            fault = error.errors()[0]
            raise FactsUnreadable(
                f"{where}: certificate {told['name']!r}: {fault['loc'][-1]}: {fault['msg']}"
            ) from error
    text = str(entry)
    until, number = _UNTIL.search(text), _NUMBER.search(text)
    return Certificate(
        name=text, number=number.group(1) if number else "",
        valid_until=read_day(until.group(1)) if until else None,
    )  # fmt: skip


def facts_of_records(data: Any, source: str, day: date, language: str = "en") -> list[Facts]:
    """The facts of every product of a file that was read: a list of records, {"products": [...] or {...}}, a mapping
    of ids to records, or one record; their texts are in `language`. Raises FactsUnreadable.
    """
    if isinstance(data, Mapping) and "products" in data:
        data = data["products"]
    if (
        isinstance(data, Mapping)
        and data
        and all(isinstance(v, Mapping) for v in data.values())
        and "facts" not in data
    ):
        data = [{"product_id": key, **entry} for key, entry in data.items()]
    records = data if isinstance(data, list) else [data]
    if not all(isinstance(record, Mapping) for record in records):
        raise FactsUnreadable(f"{source}: facts are a list of objects, or an object.")
    alone = "product" if len(records) == 1 else ""
    return [
        facts_of_record(record, f"{source}, entry {place}", day, alone, language)
        for place, record in enumerate(records, 1)
    ]


def merged(older: Facts, newer: Facts) -> Facts:
    """A product's facts with newer ones over them: a fact of the same name gives way, the rest stays."""
    names = {fact.name for fact in newer.attested}
    kept = tuple(fact for fact in older.attested if fact.name not in names)
    moved = tuple(Attested(f"{older.product_id}#{f.name}", f.name, f.value, f.source, f.as_of, f.group, f.language)
                  for f in newer.attested)  # fmt: skip
    return Facts(
        older.product_id, (*moved, *kept), newer.certificates or older.certificates,
        tuple(dict.fromkeys([*older.not_to_say, *newer.not_to_say])), older.skus or newer.skus, older.options,
    )  # fmt: skip
