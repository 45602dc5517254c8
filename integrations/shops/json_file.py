"""The shop's own `json` format (DESIGN 8): one file with customers, products, orders and its service policy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from integrations.shops.exports import Export, ExportUnreadable, read_records
from knowledge.commerce import Customer, Order, Product


def read_json_shop(path: Path) -> Export:
    """Read a shop from a JSON file. Raises ExportUnreadable."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except RecursionError as error:
        raise ExportUnreadable(f"{path.name} is nested too deep") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ExportUnreadable(f"{path.name} is not valid JSON ({where}: {error.msg})") from error
    except UnicodeDecodeError as error:
        raise ExportUnreadable(f"{path.name} is not UTF-8 text") from error
    if not isinstance(data, dict) or not data.keys() & {"products", "orders", "customers", "users"}:
        raise ExportUnreadable(f"{path.name} holds none of 'products', 'orders', 'customers'")
    try:
        return shop_of(data)
    except (TypeError, AttributeError, RecursionError) as error:
        raise ExportUnreadable(f"{path.name} is not of the format: {error}") from error


def shop_of(data: Mapping[str, Any]) -> Export:
    """A shop from the format's object. Raises ExportUnreadable."""
    customers = data.get("customers", data.get("users"))
    about = data.get("shop") or {}
    return Export(
        products=_some(Product, _with_variants(_keyed(data.get("products"), "product_id")), "product_id"),
        customers=_some(Customer, _keyed(customers, "user_id"), "user_id"),
        orders=_some(Order, _keyed(data.get("orders"), "order_id"), "order_id"),
        facts=_facts(about, data),
    )


def _facts(about: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says of the shop as a whole; what it does not say stays as it was."""
    facts = {"name": about.get("name"), "home_currency": about.get("currency"), "about": about or None}
    facts["service_policy"] = data.get("service_policy")
    return {name: value for name, value in facts.items() if value is not None}


def _some(kind: Any, records: Mapping[str, Any] | None, key: str) -> Any:
    return None if records is None else read_records(kind, records, key)


def _keyed(records: Any, key: str) -> dict[str, Any] | None:
    """Records by key, from an object or from a list of records that carry their key (or 'id')."""
    if records is None or isinstance(records, dict):
        return records
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise ExportUnreadable(f"the records with {key} are neither an object nor a list of objects")
    return {str(record.get(key, record.get("id", position))): record for position, record in enumerate(records)}


def _with_variants(records: dict[str, Any] | None) -> dict[str, Any] | None:
    """Products as the noun wants them: variants as a list, common other names of fields understood."""
    return None if records is None else {key: _product(key, record) for key, record in records.items()}


def _product(key: str, record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    known = {"name": record.get("title"), "summary": record.get("description")}
    variants = record.get("variants")
    if isinstance(variants, dict):
        variants = [{"item_id": name, **variant} for name, variant in variants.items()]
    if variants is None:
        variants = [_single_variant(key, record)]
    spare = {"title", "description", "price", "stock", "sku", "lowest_30_days"}
    rest = {name: value for name, value in record.items() if name not in spare}
    return {**{k: v for k, v in known.items() if v}, **rest, "variants": variants}


def _single_variant(key: str, record: dict[str, Any]) -> dict[str, Any]:
    stock = record.get("stock")
    return {
        "item_id": str(record.get("sku") or key), "price": record.get("price"), "stock": stock,
        "available": record.get("available", stock is None or stock > 0),
        "lowest_30_days": record.get("lowest_30_days") or {},
    }  # fmt: skip
