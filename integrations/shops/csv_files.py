"""CSV exports: one file or a folder of them, of Shopify, WooCommerce or any other shop, told apart by their columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from integrations.shops.exports import Export, ExportUnreadable
from integrations.shops.plain_csv import read_products
from integrations.shops.plain_orders import read_orders
from integrations.shops.sheets import Sheet, columns_of, fields_of, read_sheet
from integrations.shops.shopify_csv import is_shopify, read_shopify
from integrations.shops.woocommerce_csv import is_woocommerce, read_woocommerce

Kind = Literal["auto", "shopify", "woocommerce", "csv"]


def read_csv_shop(
    path: Path, kind: Kind = "auto", named: Mapping[str, str] | None = None, currency: str = ""
) -> Export:
    """Read a file, or all of a folder. `named` says which column holds a field, `currency` what prices are in that name
    none. Raises ExportUnreadable, OSError.
    """
    named = named or {}
    known = {*fields_of("product"), *fields_of("order")}
    if wrong := set(named) - known:
        raise ExportUnreadable(f"there is no field {sorted(wrong)[0]!r}; a column can hold: {', '.join(sorted(known))}")
    found = (
        sorted(file for file in path.iterdir() if file.suffix.lower() in (".csv", ".tsv", ".txt"))
        if path.is_dir()
        else [path]
    )
    if not found:
        raise ExportUnreadable(f"{path} holds no CSV file, neither of products nor of orders")
    whole = Export()
    for file in found:
        whole.add(_read(read_sheet(file), kind, named, currency))
    if whole.products is None and whole.orders is None:
        raise ExportUnreadable(f"{path.name} is neither a Shopify product export nor an order export")
    return whole


def _read(sheet: Sheet, kind: Kind, named: Mapping[str, str], currency: str) -> Export:
    if kind == "shopify" or (kind == "auto" and is_shopify(sheet)):
        return read_shopify(sheet)
    if kind == "woocommerce" or (kind == "auto" and is_woocommerce(sheet)):
        return read_orders(sheet, named, currency) if _holds_orders(sheet, named) else read_woocommerce(sheet, currency)
    return read_orders(sheet, named, currency) if _holds_orders(sheet, named) else read_products(sheet, named, currency)


def _holds_orders(sheet: Sheet, named: Mapping[str, str]) -> bool:
    """A table with an e-mail address and anything only orders have is one of orders, whatever else it names: read as
    products, it would show people's addresses to everybody.
    """
    here = {field: heading for field, heading in named.items() if heading in sheet.headings}
    held = columns_of(sheet, "order", here).keys()
    return "email" in held and not held.isdisjoint(("id", "name", "placed_at", "delivered_at", "zip"))
