"""The demo shop, moved to today: its orders are written around one day and keep their distance from now."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from integrations.shops.exports import read_records
from integrations.shops.json_file import shop_of
from knowledge.commerce import Product

if TYPE_CHECKING:
    from integrations.shops.exports import Export

FAMILIES = ("home", "pet", "fashion", "care")
"""The demo's families, in the order of its shelves."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_demo_shop(today: date) -> Export:
    """The demo shop as if its data had been written today."""
    folder = files("knowledge.demo_shop")
    data = json.loads((folder / "orders.json").read_text("utf-8"))
    days = (today - date.fromisoformat(data.pop("as_of"))).days
    about = tomllib.loads((folder / "shop.toml").read_text("utf-8"))
    policy = tomllib.loads((folder / "service_policy.toml").read_text("utf-8"))
    export = shop_of({**_moved(data, timedelta(days=days)), "shop": about, "service_policy": policy})
    export.products = read_demo_products()
    export.facts["is_demo"] = True
    return export


def read_demo_products() -> list[Product]:
    """The demo's catalogue, family by family."""
    products: list[Product] = []
    for family in FAMILIES:
        entry = files("knowledge.demo_shop") / "products" / f"{family}.toml"
        records = tomllib.loads(entry.read_text("utf-8"))["product"]
        products += read_records(Product, {r["product_id"]: {"family": family, **r} for r in records}, "product_id")
    return [_stocked(product) for product in products]


def _stocked(product: Product) -> Product:
    for variant in product.variants:
        variant.available = variant.stock is None or variant.stock > 0
    return product


def _moved(value: Any, by: timedelta) -> Any:
    """The same data with every date in it moved."""
    if isinstance(value, dict):
        return {key: _moved(part, by) for key, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    if isinstance(value, str) and _DATE.match(value) and len(value) in (10, 16, 19, 20, 25):
        return (datetime.fromisoformat(value) + by).isoformat()[: 10 if len(value) == 10 else None]
    return value
