"""Products from any table of products: columns are known by their headings, in many languages; the rest are facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from integrations.shops.amounts import AmountUnclear, currency_in, decimal_mark, read_amount
from integrations.shops.cells import facts_of
from integrations.shops.exports import Export, ExportUnreadable, read_records
from integrations.shops.languages import with_languages
from integrations.shops.sheets import Sheet, columns_of, facts_in, lacking, options_of
from integrations.shops.shopify_csv import text_of_html
from knowledge.commerce import Product

Cells = dict[str, str]


def read_products(sheet: Sheet, named: Mapping[str, str], currency: str = "") -> Export:
    """The products of a table. `currency` is of prices that name none. Raises ExportUnreadable."""
    columns = columns_of(sheet, "product", named)
    if "name" not in columns:
        raise lacking(sheet, "product", "name")
    prices = Prices(sheet, columns.get("price", ""), columns.get("currency", ""), currency)
    groups: dict[str, list[tuple[int, Cells]]] = {}
    for line, row in sheet.rows:
        groups.setdefault(_key(row, columns), []).append((line, row))
    records = {key: _record(sheet, rows, columns, prices) for key, rows in groups.items() if key}
    if not records:
        raise ExportUnreadable(f"{sheet.name} has no row with a product's name")
    facts = {"home_currency": found} if (found := currency or prices.currency) else {}
    export = Export(products=read_records(Product, with_languages(records), "product_id"), facts=facts)
    export.readings.append(_reading(sheet, columns, prices, export))
    return export


class Prices:
    """The prices of a table, read as a whole column."""

    def __init__(self, sheet: Sheet, column: str, currency_column: str, currency: str) -> None:
        self.name, self.column, self._currency_column = sheet.name, column, currency_column
        cells = sheet.column(column) if column else []
        named = [currency_in(cell) for cell in cells] + sheet.column(currency_column)
        self.currency = next(filter(None, named), "") or currency_in(column) or currency
        try:
            self.mark = decimal_mark(cells, self.currency)
        except AmountUnclear as unclear:
            raise ExportUnreadable(f"{sheet.name}, column {column!r}: {unclear}") from unclear

    def of(self, line: int, row: Cells) -> dict[str, Any]:
        """A row's price as a variant has it; {} where it states none. Raises ExportUnreadable that names the line."""
        cell = row.get(self.column, "")
        if not cell:
            return {}
        try:
            amount = read_amount(cell, self.mark)
        except AmountUnclear as unclear:
            raise ExportUnreadable(f"{self.name}, line {line}, column {self.column!r}: {unclear}") from unclear
        if amount < 0:
            raise ExportUnreadable(f"{self.name}, line {line}: the price {cell!r} is below zero")
        currency = (row.get(self._currency_column) or currency_in(cell) or self.currency).upper()
        return {"prices": {currency: str(amount)}} if currency else {"price": str(amount)}


def _key(row: Cells, columns: Mapping[str, str]) -> str:
    """What a row's product is known by: variants name their parent; else its id, SKU or name."""
    fields = ("parent", "id", "sku", "name")
    return next((row[columns[field]] for field in fields if field in columns and row.get(columns[field])), "")


def _record(sheet: Sheet, rows: list[tuple[int, Cells]], columns: Mapping[str, str], prices: Prices) -> dict[str, Any]:
    line, first = next(((line, row) for line, row in rows if row.get(columns["name"])), rows[0])
    told = {field: first[column] for field, column in columns.items() if first.get(column)}
    if "name" not in told:
        raise ExportUnreadable(f"{sheet.name}, line {line}: the product has no name (column {columns['name']!r})")
    options = options_of(sheet) if len(rows) > 1 else {}
    whole: dict[str, Any] = {"name": told["name"], "summary": text_of_html(told.get("summary", "")),
             "category": told.get("category", ""), "image_hint": told.get("image_hint", "")}  # fmt: skip
    spare = {*columns.values(), *options.values()}
    alone = {} if options else {"colour" if name == "color" else name: it for name, it in options_of(sheet).items()}
    facts = facts_of(
        {heading: cell for heading, cell in first.items() if heading not in spare}, {**facts_in(sheet), **alone}
    )
    variants = [_variant(line, row, columns, options, prices) for line, row in _sold(rows, columns)]
    return {**whole, "facts": facts, "variants": variants}


def _sold(rows: list[tuple[int, Cells]], columns: Mapping[str, str]) -> list[tuple[int, Cells]]:
    """The rows that can be bought: of a product with variants those that name it as their parent."""
    children = [(line, row) for line, row in rows if row.get(columns.get("parent", ""))]
    return children or rows


def _variant(
    line: int, row: Cells, columns: Mapping[str, str], options: Mapping[str, str], prices: Prices
) -> dict[str, Any]:
    told = {field: row[column] for field, column in columns.items() if row.get(column)}
    stock = stock_in(told.get("stock", ""))
    sku = told.get("sku") or told.get("id") or told["name"]
    chosen = {option: row[column] for option, column in options.items() if row.get(column)}
    variant = {"item_id": sku, "options": chosen, "stock": stock, "available": stock is None or stock > 0,
               "gtin": re.sub(r"\s", "", told.get("gtin", "")), **prices.of(line, row)}  # fmt: skip
    return {name: value for name, value in variant.items() if value is not None}


def stock_in(cell: str) -> int | None:
    """Pieces in stock; None where a cell states no count."""
    digits = re.match(r"\s*(-?\d+)(?:[.,]0+)?\s*(?:\D*)$", cell)
    return int(digits[1]) if digits else None


def _reading(sheet: Sheet, columns: Mapping[str, str], prices: Prices, export: Export) -> str:
    """How the file was read, in words, so that a column taken for another is seen at once."""
    chosen = any(variant.options for product in export.products or [] for variant in product.variants)
    known = {*columns.values(), *(options_of(sheet).values() if chosen else ())}
    kept = [heading for heading in sheet.headings if heading and heading not in known]
    parts = [f"{field} from {column!r}" for field, column in columns.items()]
    products = export.products or []
    unpriced = sum(not any(v.price or v.prices for v in product.variants) for product in products)
    told = [f"{sheet.name}: {', '.join(parts)}"]
    told += [f"kept as facts: {', '.join(map(repr, kept))}"] if kept else []
    told += [f"{unpriced} of {len(products)} products have no price"] if unpriced else []
    unnamed = prices.column and not prices.currency
    told += ["no currency is named: the shop's own counts, or say --currency EUR"] if unnamed else []
    return "; ".join(told)
