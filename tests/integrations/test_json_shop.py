"""A shop read from a JSON file: whole, or not at all and with the reason."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from integrations.shops.exports import ExportUnreadable
from integrations.shops.json_file import read_json_shop
from tests.command_line import command


def written(folder: Path, data: Any) -> Path:
    """A file that holds this."""
    path = folder / "shop.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return path


@pytest.mark.shared
async def test_a_whole_retail_database_is_imported(shared_data: Path, tmp_path: Path) -> None:
    export = read_json_shop(shared_data / "retail_policy" / "db.json")
    assert [len(part or []) for part in (export.products, export.customers, export.orders)] == [50, 500, 1000]
    async with open_dragoman(Settings(home=tmp_path / "home", model="embedded")) as dragoman:
        await dragoman.adopt_shop(export)
        order = await dragoman.shop.order("w2611340")
        assert order is not None
        assert (order.customer_id, order.tracking_ids) == ("james_li_5688", ["357962501027"])
        assert [item.price for item in order.items] == [Decimal("47.84"), Decimal("488.81")]
        assert [entry.order_id for entry in await dragoman.shop.orders_of("james_li_5688")] != []
        shirt = await dragoman.shop.product("9612497925")
        assert shirt is not None
        assert shirt.name == "T-Shirt"
        assert len(await dragoman.shop.products()) == 50


@pytest.mark.shared
def test_every_order_of_the_retail_database_keeps_its_customer_and_its_goods(shared_data: Path) -> None:
    source = json.loads((shared_data / "retail_policy" / "db.json").read_text("utf-8"))
    export = read_json_shop(shared_data / "retail_policy" / "db.json")
    assert {order.order_id: order.customer_id for order in export.orders or []} == {
        number: order["user_id"] for number, order in source["orders"].items()
    }
    assert {product.product_id: len(product.variants) for product in export.products or []} == {
        key: len(product["variants"]) for key, product in source["products"].items()
    }
    assert {customer.customer_id: customer.email for customer in export.customers or []} == {
        key: user["email"] for key, user in source["users"].items()
    }


@pytest.mark.shared
def test_a_catalogue_in_another_systems_words_is_understood(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / "catalog" / "dummyjson_products.jsonl").read_text("utf-8").splitlines()
    rows = {str(row["id"]): row for row in map(json.loads, lines)}
    export = read_json_shop(written(tmp_path, {"products": rows}))
    assert export.products is not None
    assert (len(export.products), export.orders, export.customers) == (194, None, None)
    for product in export.products:
        row = rows[product.product_id]
        variant = product.variants[0]
        assert (product.name, product.summary) == (row["title"], row["description"])
        assert (variant.price, variant.stock, variant.sku) == (Decimal(str(row["price"])), row["stock"], row["sku"])
        assert variant.available is (row["stock"] > 0)
        assert product.attributes["rating"] == row["rating"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"products": {', r"shop\.json is not valid JSON \(line 1, column"), ("", "not valid JSON"),
        ("[]", "holds none of"), ("3", "holds none of"), ('{"goods": {}}', "holds none of"),
        ('{"products": 3}', "neither an object nor a list"), ('{"orders": ["a"]}', "neither an object nor a list"),
    ],
)  # fmt: skip
def test_what_is_no_shop_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ExportUnreadable, match=reason):
        read_json_shop(written(tmp_path, text))


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_bytes('{"products": {"1": {"name": "Müsli"}}}'.encode("latin-1"))
    with pytest.raises(ExportUnreadable, match="not UTF-8"):
        read_json_shop(path)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"products": {"P9": {"summary": "no name"}}}, "product P9: name"),
        ({"products": {"P9": {"name": "x", "price": "dear"}}}, "product P9: variants.0.price"),
        ({"products": {"P9": None}}, "product P9: not an object"),
        ({"orders": {"O9": {"user_id": "u"}}}, "order O9: status"),
        ({"orders": {"O9": {"user_id": "u", "status": "new", "placed_at": "yesterday"}}}, "order O9: placed_at"),
        ({"orders": {"O9": {"status": "new"}}}, "order O9: user_id"),
        ({"customers": {"c9": {"email": 5}}}, "customer c9: email"),
    ],
)
def test_a_wrong_record_is_named_with_its_field(tmp_path: Path, data: Any, named: str) -> None:
    with pytest.raises(ExportUnreadable) as caught:
        read_json_shop(written(tmp_path, data))
    assert named in str(caught.value)


def test_of_many_wrong_records_five_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable) as caught:
        read_json_shop(written(tmp_path, {"products": {f"P{i}": {} for i in range(8)}}))
    assert "product P0" in str(caught.value)
    assert "product P4" in str(caught.value)
    assert "product P5" not in str(caught.value)
    assert str(caught.value).endswith("(and 3 more)")


def test_records_may_be_a_list_that_carries_its_keys(tmp_path: Path) -> None:
    data = {
        "products": [{"product_id": "P1", "name": "Lamp"}, {"id": 2, "title": "Mug"}],
        "users": [{"user_id": "ann"}],
        "orders": [{"order_id": "1", "user_id": "ann", "status": "new"}],
    }
    export = read_json_shop(written(tmp_path, data))
    assert [(product.product_id, product.name) for product in export.products or []] == [("P1", "Lamp"), ("2", "Mug")]
    assert [customer.customer_id for customer in export.customers or []] == ["ann"]
    assert [order.order_id for order in export.orders or []] == ["1"]


def test_a_product_without_variants_is_one_variant(tmp_path: Path) -> None:
    records = {"P1": {"name": "Lamp", "price": 50.88, "stock": 0}, "P2": {"name": "Mug", "sku": "M-2"}}
    lamp, mug = read_json_shop(written(tmp_path, {"products": records})).products or []
    assert [(v.sku, v.price, v.available) for v in lamp.variants] == [("P1", Decimal("50.88"), False)]
    assert [(v.sku, v.price, v.available) for v in mug.variants] == [("M-2", None, True)]


def test_the_shops_own_facts_are_read(tmp_path: Path) -> None:
    about = {"name": "Corner", "currency": "EUR", "desk": {"email": "x@example.org"}}
    policy = {"returns": {"days": 14}}
    facts = read_json_shop(written(tmp_path, {"products": {}, "shop": about, "service_policy": policy})).facts
    assert facts == {"name": "Corner", "home_currency": "EUR", "service_policy": policy, "about": about}


def test_from_a_broken_file_nothing_is_imported(home: Path, tmp_path: Path) -> None:
    path = written(tmp_path, {"products": {"P1": {"name": "Lamp"}, "P2": {}}})
    done = command(home, "shop", "import", str(path), "--format", "json")
    assert done.returncode == 2
    assert "Nothing was imported" in done.stderr
    assert "product P2: name" in done.stderr
    shown = command(home, "shop", "show", "AQ-10083", "--json")
    assert json.loads(shown.stdout)["order_id"] == "AQ-10083"
