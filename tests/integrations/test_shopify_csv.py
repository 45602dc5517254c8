"""Shopify's CSV exports, with the headers of either generation."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from integrations.shops.csv_files import read_csv_shop
from integrations.shops.exports import Export, ExportUnreadable
from integrations.shops.shopify_csv import text_of_html

OLD = {
    "handle": "Handle", "title": "Title", "description": "Body (HTML)", "vendor": "Vendor", "type": "Type",
    "tags": "Tags", "name1": "Option1 Name", "value1": "Option1 Value", "name2": "Option2 Name",
    "value2": "Option2 Value", "sku": "Variant SKU", "grams": "Variant Grams", "quantity": "Variant Inventory Qty",
    "policy": "Variant Inventory Policy", "price": "Variant Price", "barcode": "Variant Barcode",
}  # fmt: skip
"""Product headers until 2024."""

NEW = {
    **OLD, "handle": "URL handle", "description": "Description", "name1": "Option1 name", "value1": "Option1 value",
    "name2": "Option2 name", "value2": "Option2 value", "sku": "SKU", "grams": "Weight value (grams)",
    "quantity": "Inventory quantity", "policy": "Continue selling when out of stock", "price": "Price",
    "barcode": "Barcode",
}  # fmt: skip
"""Product headers since."""

BODY = '<p>A <strong>warm</strong> lamp.</p>\n<ul><li>Dims &amp; glows</li><li class="x">2 W</li></ul>'

LAMP = [
    {
        "handle": "amber-lamp", "title": "Amber Lamp", "description": BODY, "vendor": "Amberquay", "type": "Lamps",
        "tags": "light, home", "name1": "Color", "value1": "Black", "name2": "Plug", "value2": "EU", "sku": "AL-BK",
        "quantity": "5", "policy": "deny", "price": "44.90", "barcode": "5601234101010",
    },
    {"handle": "amber-lamp", "value1": "White", "value2": "UK", "sku": "AL-WH", "quantity": "0", "policy": "deny",
     "price": "46.90"},
    {"handle": "amber-lamp"},
]  # fmt: skip
MUG = [{"handle": "mug", "title": "Mug", "name1": "Title", "value1": "Default Title", "quantity": "", "price": "9.00"}]


def read_shopify_csv(path: Path) -> Export:
    """An export, said to be Shopify's."""
    return read_csv_shop(path, "shopify")


def products(folder: Path, headers: dict[str, str], rows: list[dict[str, str]], name: str = "products.csv") -> Path:
    """A product export."""
    return table(folder / name, [{headers[key]: value for key, value in row.items()} for row in rows])


def orders(folder: Path, rows: list[dict[str, str]], name: str = "orders.csv") -> Path:
    """An order export."""
    return table(folder / name, rows)


def table(path: Path, rows: list[dict[str, str]]) -> Path:
    """A CSV file of these rows, with every column any of them names."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
    return path


def order(**more: str) -> dict[str, str]:
    """The first row of an order."""
    return {
        "Name": "#1001", "Email": "Ann.Lee@Example.org", "Financial Status": "paid", "Fulfillment Status": "fulfilled",
        "Currency": "EUR", "Total": "53.90", "Created at": "2024-01-31 10:22:33 -0500", "Cancelled at": "",
        "Lineitem quantity": "2", "Lineitem name": "Amber Lamp - Black / EU", "Lineitem price": "44.90",
        "Lineitem sku": "AL-BK", "Shipping Name": "Ann Lee", "Shipping Street": "Main St 1", "Shipping City": "Berlin",
        "Shipping Zip": "'10115", "Shipping Province": "BE", "Shipping Country": "DE", "Payment Method": "Klarna",
        "Source": "web", **more,
    }  # fmt: skip


@pytest.mark.parametrize("headers", [OLD, NEW], ids=["old", "new"])
def test_a_product_is_read_from_headers_of_either_generation(tmp_path: Path, headers: dict[str, str]) -> None:
    [lamp, mug] = read_shopify_csv(products(tmp_path, headers, [*LAMP, *MUG])).products or []
    assert (lamp.product_id, lamp.name, lamp.category) == ("amber-lamp", "Amber Lamp", "Lamps")
    assert lamp.summary == "A warm lamp. Dims & glows 2 W"
    assert lamp.attributes == {"vendor": "Amberquay", "type": "Lamps", "tags": "light, home"}
    assert [(v.sku, v.price, v.stock, v.available, v.gtin) for v in lamp.variants] == [
        ("AL-BK", Decimal("44.90"), 5, True, "5601234101010"), ("AL-WH", Decimal("46.90"), 0, False, ""),
    ]  # fmt: skip
    assert [v.options for v in lamp.variants] == [{"Color": "Black", "Plug": "EU"}, {"Color": "White", "Plug": "UK"}]
    assert [(v.options, v.stock, v.available) for v in mug.variants] == [({}, None, True)]


def test_a_variant_without_a_sku_is_named_by_its_place(tmp_path: Path) -> None:
    [mug] = read_shopify_csv(products(tmp_path, OLD, MUG)).products or []
    assert [variant.sku for variant in mug.variants] == ["mug-1"]


def test_a_variant_sold_beyond_its_stock_is_available(tmp_path: Path) -> None:
    rows = [{**LAMP[0], "quantity": "-2", "policy": "continue"}, {**LAMP[1], "quantity": "-2"}]
    [lamp] = read_shopify_csv(products(tmp_path, OLD, rows)).products or []
    assert [(variant.stock, variant.available) for variant in lamp.variants] == [(-2, True), (-2, False)]


def test_metafields_become_attributes(tmp_path: Path) -> None:
    headers = {**OLD, "care": "Care (product.metafields.custom.care)"}
    [lamp] = read_shopify_csv(products(tmp_path, headers, [{**LAMP[0], "care": "Wipe dry"}])).products or []
    assert lamp.attributes["care"] == "Wipe dry"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = products(tmp_path, OLD, LAMP)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [product.product_id for product in read_shopify_csv(path).products or []] == ["amber-lamp"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>a</p><p>b</p>", "a b"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<p>open", "open"),
    ],
)
def test_html_is_read_as_its_words(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_an_order_is_read_with_all_its_lines(tmp_path: Path) -> None:
    second = {"Name": "#1001", "Lineitem quantity": "1", "Lineitem name": "Mug", "Lineitem price": "9.00"}
    export = read_shopify_csv(orders(tmp_path, [order(), second]))
    [found] = export.orders or []
    assert (found.order_id, found.customer_id, found.status) == ("#1001", "ann.lee@example.org", "shipped")
    assert (found.currency, found.market, found.channel) == ("EUR", "DE", "web")
    assert [(item.name, item.sku, item.price, item.quantity) for item in found.items] == [
        ("Amber Lamp - Black / EU", "AL-BK", Decimal("44.90"), 2), ("Mug", "", Decimal("9.00"), 1),
    ]  # fmt: skip
    assert (found.address.address1, found.address.city, found.address.zip) == ("Main St 1", "Berlin", "10115")
    assert found.payment_history[0]["amount"] == "53.90"
    assert found.placed_at is not None
    assert found.placed_at.isoformat() == "2024-01-31T10:22:33-05:00"
    assert export.facts["home_currency"] == "EUR"
    assert export.products is None


def test_the_newer_street_header_is_read_too(tmp_path: Path) -> None:
    row = {("Shipping Address1" if key == "Shipping Street" else key): value for key, value in order().items()}
    [found] = read_shopify_csv(orders(tmp_path, [row])).orders or []
    assert found.address.address1 == "Main St 1"


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ({"Fulfillment Status": ""}, "pending"), ({"Fulfillment Status": "unfulfilled"}, "pending"),
        ({"Fulfillment Status": "partial"}, "partially shipped"), ({}, "shipped"),
        ({"Financial Status": "refunded"}, "refunded"),
        ({"Cancelled at": "2024-02-01 08:00:00 -0500"}, "cancelled"),
        ({"Cancelled at": "2024-02-01 08:00:00 -0500", "Financial Status": "refunded"}, "cancelled"),
    ],
)  # fmt: skip
def test_an_orders_state_is_read_from_shopifys_columns(tmp_path: Path, columns: dict[str, str], status: str) -> None:
    [found] = read_shopify_csv(orders(tmp_path, [order(**columns)])).orders or []
    assert found.status == status


def test_a_customer_is_one_person_whatever_the_case_of_their_email(tmp_path: Path) -> None:
    rows = [order(), order(Name="#1002", Email="ann.lee@example.org"), order(Name="#1003", Email="bob@example.org")]
    export = read_shopify_csv(orders(tmp_path, rows))
    assert {person.customer_id: person.orders for person in export.customers or []} == {
        "ann.lee@example.org": ["#1001", "#1002"], "bob@example.org": ["#1003"],
    }  # fmt: skip


def test_guests_without_an_email_are_not_one_person(tmp_path: Path) -> None:
    export = read_shopify_csv(orders(tmp_path, [order(Email=""), order(Name="#1002", Email="")]))
    assert len({found.customer_id for found in export.orders or []}) == 2


def test_a_folder_brings_products_and_orders_together(tmp_path: Path) -> None:
    products(tmp_path, NEW, LAMP)
    orders(tmp_path, [order()])
    (tmp_path / "discounts.csv").write_text("Code,Value\nTEN,10\n", "utf-8")
    export = read_shopify_csv(tmp_path)
    assert [product.product_id for product in export.products or []] == ["amber-lamp"]
    assert [found.order_id for found in export.orders or []] == ["#1001"]


def test_products_in_several_files_join(tmp_path: Path) -> None:
    products(tmp_path, OLD, LAMP, "1.csv")
    products(tmp_path, NEW, MUG, "2.csv")
    assert [product.product_id for product in read_shopify_csv(tmp_path).products or []] == ["amber-lamp", "mug"]


@pytest.mark.parametrize("text", ["Code,Value\nTEN,10\n", "Handle\nx\n", "just words"])
def test_what_is_neither_export_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ExportUnreadable, match=r"other\.csv is neither"):
        read_shopify_csv(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable, match="neither"):
        read_shopify_csv(tmp_path)


def test_a_file_in_the_character_set_of_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("Handle,Title\nmüsli,Müsli\n".encode("cp1252"))
    assert [product.name for product in read_shopify_csv(tmp_path / "x.csv").products or []] == ["Müsli"]
    (tmp_path / "x.csv").write_bytes(b"")
    with pytest.raises(ExportUnreadable, match="is empty"):
        read_shopify_csv(tmp_path / "x.csv")


def test_a_wrong_price_is_named_with_its_product(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable, match=r"product amber-lamp: variants\.0\.price"):
        read_shopify_csv(products(tmp_path, OLD, [{**LAMP[0], "price": "a lot"}]))


async def test_an_imported_order_is_found_by_its_number_and_its_customer(tmp_path: Path) -> None:
    orders(tmp_path, [order()])
    export = read_shopify_csv(tmp_path / "orders.csv")
    async with open_dragoman(Settings(home=tmp_path / "home", model="embedded")) as dragoman:
        await dragoman.adopt_shop(export)
        found = await dragoman.shop.order("1001")
        assert found is not None
        assert found.order_id == "#1001"
        assert await dragoman.shop.orders_of("ann.lee@example.org") == [found]
