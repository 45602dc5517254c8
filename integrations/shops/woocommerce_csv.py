"""WooCommerce's product export (Products → Export): simple and variable products with their variations."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from integrations.shops.cells import fact_name, fact_of
from integrations.shops.exports import Export, ExportUnreadable, read_records
from integrations.shops.languages import with_languages
from integrations.shops.plain_csv import Cells, Prices, stock_in
from integrations.shops.sheets import Sheet, plain
from integrations.shops.shopify_csv import text_of_html
from knowledge.commerce import Product

SAID = {"id", "type", "sku", "name", "published", "short description", "description", "in stock", "stock",
        "regular price", "sale price", "categories", "tags", "images", "parent", "gtin upc ean or isbn",
        "date sale price starts", "date sale price ends", "position", "visibility in catalogue", "is featured",
        "tax status", "tax class", "backorders allowed", "sold individually", "allow customer reviews", "purchase note",
        "shipping class", "upsells", "cross sells", "external url", "button text", "grouped products", "brands",
        "download limit", "download expiry days", "low stock amount", "visibility in catalog"}  # fmt: skip
"""Columns that are read, or that say nothing to a shopper; all others are facts."""

MARKS = {"id", "type", "sku", "name", "regular price"}
"""Columns by which the export is known; it has English headings whatever the language of the shop's pages."""


def is_woocommerce(sheet: Sheet) -> bool:
    """Whether a table is WooCommerce's product export."""
    return {plain(heading) for heading in sheet.headings} >= MARKS


def read_woocommerce(sheet: Sheet, currency: str = "", today: date | None = None) -> Export:
    """The products of an export; what is not published is left out. Raises ExportUnreadable."""
    if not is_woocommerce(sheet):
        raise ExportUnreadable(f"{sheet.name} is no product export of WooCommerce: it lacks {_missing(sheet)}")
    rows = [(line, {plain(heading): cell for heading, cell in row.items()}) for line, row in sheet.rows]
    read = _Reading(sheet, currency, today or date.today())  # noqa: DTZ011
    parents = {key: row["id"] for _, row in rows for key in (f"id:{row.get('id')}", row.get("sku", "")) if "id" in row}
    children: dict[str, list[tuple[int, Cells]]] = {}
    for line, row in rows:
        if row.get("type") == "variation":
            children.setdefault(parents.get(row.get("parent", ""), ""), []).append((line, row))
    records = {
        row["id"]: read.product(line, row, children.get(row["id"], []))
        for line, row in rows if row.get("type") != "variation" and row.get("published", "1") == "1" and "id" in row
    }  # fmt: skip
    facts = {"home_currency": currency} if currency else {}
    told = f"{sheet.name}: WooCommerce's product export"
    told += "" if currency else "; it names no currency: the shop's own counts, or say --currency EUR"
    return Export(products=read_records(Product, with_languages(records), "product_id"), facts=facts, readings=[told])


def _missing(sheet: Sheet) -> str:
    return ", ".join(sorted(MARKS - {plain(heading) for heading in sheet.headings}))


class _Reading:
    """How this file writes prices, and what day it is."""

    def __init__(self, sheet: Sheet, currency: str, today: date) -> None:
        columns = {plain(heading): heading for heading in sheet.headings}
        self._today = today
        self._regular = Prices(sheet, columns["regular price"], "", currency)
        self._regular.column = "regular price"
        self._sale = Prices(sheet, columns.get("sale price", columns["regular price"]), "", currency)
        self._sale.column = "sale price"

    def product(self, line: int, row: Cells, children: list[tuple[int, Cells]]) -> dict[str, Any]:
        name, texts = row.get("name", ""), (row.get("short description", ""), row.get("description", ""))
        summary = text_of_html(" ".join(re.sub(r"\\[rn]", " ", text) for text in texts if text))
        return {
            "name": name, "summary": summary, "category": row.get("categories", "").split(",")[0].replace(">", "/"),
            "keywords": [tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()],
            "image_hint": row.get("images", "").split(",")[0], "facts": _facts(row, bool(children)),
            "variants": [self._variant(*child) for child in children or [(line, row)]],
        }  # fmt: skip

    def _variant(self, line: int, row: Cells) -> dict[str, Any]:
        stock, sold = stock_in(row.get("stock", "")), row.get("in stock", "1").lower()
        variant = {
            "item_id": row.get("sku") or row["id"], "options": _attributes(row), "stock": stock,
            "available": sold in ("1", "yes", "true", "backorder"), "gtin": row.get("gtin upc ean or isbn", ""),
            **(self._sale if self._is_on_sale(row) else self._regular).of(line, row),
        }  # fmt: skip
        return {name: value for name, value in variant.items() if value is not None}

    def _is_on_sale(self, row: Cells) -> bool:
        begins, ends = (row.get(f"date sale price {word}", "")[:10] for word in ("starts", "ends"))
        return bool(row.get("sale price")) and begins <= self._today.isoformat() <= (ends or "9999")


def _attributes(row: Cells) -> dict[str, str]:
    """What a variation is of its product: 'Attribute 1 name' and 'Attribute 1 value(s)'."""
    names = {n: row[f"attribute {n} name"] for n in range(1, 20) if f"attribute {n} name" in row}
    values = {n: row.get(f"attribute {n} value", "") for n in names}
    return {name: values[n] for n, name in names.items() if values[n] and row.get("type") == "variation"}


def _facts(row: Cells, has_variants: bool) -> dict[str, Any]:
    stated = {fact_name(heading): cell for heading, cell in row.items() if heading not in SAID}
    plain_facts = {name: cell for name, cell in stated.items() if not name.startswith(("attribute_", "meta_"))}
    names = {n: row[f"attribute {n} name"] for n in range(1, 20) if f"attribute {n} name" in row}
    told = {} if has_variants else {fact_name(name): row.get(f"attribute {n} value", "") for n, name in names.items()}
    return {name: fact_of(name, cell)[1] for name, cell in {**plain_facts, **told}.items() if cell}
