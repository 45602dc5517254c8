"""CSV exports as they are found in the wild: odd headings, Excel's marks, prices of every country, missing columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.shops.amounts import AmountUnclear, currency_in, decimal_mark, read_amount
from integrations.shops.csv_files import read_csv_shop
from integrations.shops.exports import ExportUnreadable
from integrations.shops.plain_orders import moment_in, state_of
from integrations.shops.sheets import plain, read_sheet
from integrations.shops.woocommerce_csv import read_woocommerce

GERMAN = "Artikelnr;Bezeichnung;Preis (EUR);Bestand;Gewicht (g);Beschreibung\r\n"
LAMP = 'LP-1;Hafenlampe;"1.299,00 €";4;900;Eine Lampe mit Leinenschirm\r\n'


def written(folder: Path, text: str | bytes, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_a_file_that_excel_saved_in_german(tmp_path: Path, coding: str, first: str) -> None:
    export = read_csv_shop(written(tmp_path, (first + GERMAN + LAMP).encode(coding)))
    [lamp] = export.products or []
    assert (lamp.product_id, lamp.name, lamp.names) == ("LP-1", "Hafenlampe", {"de": "Hafenlampe"})
    assert lamp.summaries["de"] == "Eine Lampe mit Leinenschirm"
    [variant] = lamp.variants
    assert (variant.prices, variant.stock, variant.available) == ({"EUR": Decimal("1299.00")}, 4, True)
    assert lamp.facts == {"weight_g": 900}
    assert export.facts == {"home_currency": "EUR"}
    assert "name from 'Bezeichnung'" in export.readings[0]
    assert "kept as facts: 'Gewicht (g)'" in export.readings[0]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("SKU,Name,Price", "L1,Lamp,59.00"),
        ("  sku , NAME ,Price ($)", "L1,Lamp,59"),
        ("Product ID\tProduct name\tRetail price", "L1\tLamp\t$59.00"),
        ("Référence;Désignation;Prix TTC", "L1;Lampe;59,00"),
        ("Código;Título;Precio", "L1;Lampara;59,00 €"),
        ("商品番号,商品名,販売価格", "L1,ランプ,¥59"),
        ("رقم المنتج,اسم المنتج,السعر", "L1,مصباح,59"),
        ("kode produk;nama produk;harga", "L1;Lampu;59"),
    ],
)
def test_columns_are_known_by_their_headings_in_many_languages(tmp_path: Path, heading: str, row: str) -> None:
    [lamp] = read_csv_shop(written(tmp_path, f"{heading}\n{row}\n"), currency="EUR").products or []
    assert lamp.variants[0].sku == "L1"
    assert lamp.product_id == "L1"
    assert {*lamp.variants[0].prices.values()} == {Decimal(59)}


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("1.299,00 €", "1299.00", "EUR"), ("€1,299.00", "1299.00", "EUR"), ("1 299,00 kr", "1299.00", ""),
        ("CHF 1'299.50", "1299.50", "CHF"),
        ("$12.5", "12.5", "USD"), ("12,5", "12.5", ""), ("59", "59", ""),
        ("59.-", "59", ""), ("EUR 0,99", "0.99", "EUR"), ("1.234.567,89", "1234567.89", ""),
        ("R$ 49,90", "49.90", "BRL"),
        ("¥3,980", "3980", "JPY"),
        ("Rp 1.250.000", "1250000", "IDR"), ("1\u202f299,00\u00a0€", "1299.00", "EUR"),
        ("-5.00", "-5.00", ""), ("£1,299", "1299", "GBP"),
    ],
)  # fmt: skip
def test_a_price_is_read_as_its_country_writes_it(cell: str, amount: str, currency: str) -> None:
    mark = decimal_mark([cell, *(["£5.50"] if currency == "GBP" else [])], currency)
    assert read_amount(cell, mark) == Decimal(amount)
    assert currency_in(cell) == currency


def test_one_column_says_what_one_cell_does_not() -> None:
    assert read_amount("1.299", decimal_mark(["1.299", "49,90"])) == Decimal(1299)
    assert read_amount("1.299", decimal_mark(["1.299", "49.90"])) == Decimal("1.299")
    with pytest.raises(AmountUnclear, match=r"may be 1299 or 1\.299"):
        read_amount("1.299", decimal_mark(["1.299", "59"]))
    with pytest.raises(AmountUnclear, match="some prices have a decimal point and some a comma"):
        decimal_mark(["1.299,00", "49.90"])
    for wrong in ("on request", "5 - 9", "", "n/a"):
        with pytest.raises(AmountUnclear, match="is no price"):
            read_amount(wrong, ".")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SKU;Preis\nL1;59,00\n", "has no column for the product's name. Its columns are: 'SKU', 'Preis'. Call one"),
        (GERMAN + "LP-1;;59,00;;;\n", "line 2: the product has no name"),
        ("id,name,price\n1,Lamp,on request\n", "line 2, column 'price': 'on request' is no price"),
        ("id,name,price\n1,Lamp,1.299\n", "may be 1299 or 1.299"),
        ("id,name,price\n1,Lamp,-5.00\n", "line 2: the price '-5.00' is below zero"),
        ("id,name,price\n1,Lamp,5,00,9\n", "line 2 has 5 cells, the header has 3"),
        ("", "is empty"),
        (b"PK\x03\x04xlsx", "not a table of text but a ZIP or Office file"),
        ("order number,email,status\n1,a@b.example,teleported\n", "line 2: the state 'teleported' is not known"),
        ("order number,email,status,date\n1,a@b.example,sent,31/02/26 noon\n", "is no day we can read for certain"),
        ("order number,email\n1,a@b.example\n", "has no column for the order's status"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_and_what_to_do(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(ExportUnreadable) as refused:
        read_csv_shop(written(tmp_path, text))
    assert told in str(refused.value)
    assert "products.csv" in str(refused.value)


def test_a_column_nobody_knows_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, "Nr;Ware;VK netto\nL1;Lampe;59,00\n")
    [lamp] = read_csv_shop(path, named={"id": "Nr", "name": "Ware", "price": "VK netto"}, currency="EUR").products or []
    assert (lamp.product_id, lamp.name, lamp.variants[0].prices) == ("L1", "Lampe", {"EUR": Decimal("59.00")})
    with pytest.raises(ExportUnreadable, match="has no column 'Preis'; it has: 'Nr', 'Ware', 'VK netto'"):
        read_csv_shop(path, named={"name": "Ware", "price": "Preis"})
    with pytest.raises(ExportUnreadable, match="there is no field 'prise'"):
        read_csv_shop(path, named={"prise": "VK netto"})


def test_rows_of_one_product_are_its_variants(tmp_path: Path) -> None:
    text = (
        "id,sku,name,size,colour,price,stock\n"
        "T1,T1-S,Tee,S,navy,19.00,3\nT1,T1-M,Tee,M,navy,19.00,0\nC1,C1,Cap,,red,9.00,\n"
    )
    tee, cap = read_csv_shop(written(tmp_path, text)).products or []
    assert [(v.sku, v.options, v.available) for v in tee.variants] == [
        ("T1-S", {"size": "S", "color": "navy"}, True), ("T1-M", {"size": "M", "color": "navy"}, False),
    ]  # fmt: skip
    assert (cap.facts, cap.variants[0].stock) == ({"colour": "red"}, None)


def test_a_product_without_price_or_id_is_kept_and_told(tmp_path: Path) -> None:
    export = read_csv_shop(written(tmp_path, "name,price\nLamp,\nRug,5.00\n"))
    assert [(p.product_id, len(p.variants)) for p in export.products or []] == [("Lamp", 1), ("Rug", 1)]
    assert "1 of 2 products have no price" in export.readings[0]
    assert "no currency is named" in export.readings[0]


WOO = (
    "ID,Type,SKU,Name,Published,Short description,Description,In stock?,Stock,Sale price,Date sale price starts,"
    "Date sale price ends,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s),Meta: _x\n"
)


def test_woocommerces_export_with_variations_sales_and_drafts(tmp_path: Path) -> None:
    rows = [
        '10,variable,TEE,Tee,1,"<p>Soft &amp; warm</p>",,1,,,,,,"Clothing > Shirts, Sale",t.jpg,,Size,"S, M",1',
        "11,variation,TEE-S,Tee - S,1,,,1,4,15,,2026-12-31,19,,,TEE,Size,S,",
        "12,variation,TEE-M,Tee - M,1,,,0,0,15,,2026-01-31,19,,,id:10,Size,M,",
        "20,simple,MUG,Mug,1,,,backorder,,,,,9.50,Kitchen,,,Material,Stoneware,",
        "30,simple,OLD,Draft,0,,,1,,,,,1,,,,,,",
    ]
    sheet = read_sheet(written(tmp_path, WOO + "\n".join(rows)))
    tee, mug = read_woocommerce(sheet, "EUR", date(2026, 11, 30)).products or []
    assert (tee.name, tee.summary, tee.category) == ("Tee", "Soft & warm", "Clothing / Shirts")
    assert [(v.sku, v.options, v.prices["EUR"], v.available) for v in tee.variants] == [
        ("TEE-S", {"Size": "S"}, 15, True), ("TEE-M", {"Size": "M"}, 19, False),
    ]  # fmt: skip
    assert (mug.facts, mug.variants[0].available) == ({"material": "Stoneware"}, True)


def test_orders_of_any_shop_and_a_folder_of_both(tmp_path: Path) -> None:
    written(tmp_path, GERMAN + LAMP)
    orders = (
        "Bestellnummer;E-Mail;Kunde;Bestellstatus;Bestelldatum;Artikel;Menge;Einzelpreis;PLZ;Land;Sendungsnummer\n"
        "1001;Ada@Example.com;Ada L;Versendet;12.11.2026;Hafenlampe;1;1.299,00;10115;Germany;DHL-1\n"
        "1001;Ada@Example.com;Ada L;Versendet;12.11.2026;Birne;2;4,50;10115;Germany;DHL-1\n"
    )
    written(tmp_path, orders, "bestellungen.csv")
    export = read_csv_shop(tmp_path)
    [order] = export.orders or []
    assert (order.customer_id, order.status, order.market) == ("ada@example.com", "shipped", "DE")
    assert [(i.name, i.price, i.quantity) for i in order.items] == [
        ("Hafenlampe", 1299, 1),
        ("Birne", Decimal("4.5"), 2),
    ]
    assert order.placed_at is not None
    assert (order.placed_at.date(), order.tracking_ids) == (date(2026, 11, 12), ["DHL-1"])
    [paid] = order.payment_history
    assert (paid["amount"], paid["payment_method_id"]) == ("1308.00", "original")
    [ada] = export.customers or []
    assert (ada.email, ada.address.zip, ada.orders) == ("ada@example.com", "10115", ["1001"])
    assert len(export.products or []) == 1


@pytest.mark.parametrize("cell", ["wc-completed", "Completed", "Abgeschlossen", "Enviado"])
def test_a_state_is_known_in_the_words_of_shops(cell: str) -> None:
    assert state_of(cell, "x") == "shipped"


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2026-11-12 10:00:00 +0100", "2026-11-12T10:00:00+01:00"), ("12.11.2026 10:00", "2026-11-12T10:00:00"),
        ("2026/11/12", "2026-11-12T00:00:00"), ("", None),
    ],
)  # fmt: skip
def test_a_day_is_read_where_it_can_be_read_in_one_way(cell: str, iso: Any) -> None:
    assert moment_in(cell, "x") == iso
    for unclear in ("11/12/2026", "tomorrow"):
        with pytest.raises(ExportUnreadable, match="write it like"):
            moment_in(unclear, "x")


def test_headings_are_compared_without_case_accents_and_brackets() -> None:
    assert plain(" Größe (EU) ") == "grosse"
    assert plain("E-Mail") == plain("e_mail") == "e mail"


@pytest.mark.parametrize(
    ("status", "total", "paid"),
    [("Shipped", "1.312,90", ["1312.90"]), ("Pending payment", "5,00", []), ("Sent", "", [])],
)
def test_what_was_paid_is_the_total_unless_nothing_was(
    tmp_path: Path, status: str, total: str, paid: list[str]
) -> None:
    text = f"order number;email;status;total;payment method\n1;a@b.example;{status};{total};Visa\n"
    [order] = read_csv_shop(written(tmp_path, text)).orders or []
    assert [entry["amount"] for entry in order.payment_history] == paid


@pytest.mark.parametrize(
    ("heading", "cell", "name", "value"),
    [
        ("Weight (kg)", "4,2", "weight_g", 4200), ("Gewicht", "900 g", "weight_g", 900),
        ("Peso", "1.1kg", "weight_g", 1100),
        ("Dimensions (cm)", "14 x 14 x 28", "dimensions_mm", [140, 140, 280]),
        ("Maße", "40 × 40 cm", "dimensions_mm", [400, 400]),
        ("Dimensions", "14 x 28", "dimensions", "14 x 28"), ("Herkunftsland", "PT", "origin", "PT"),
        ("Marke", "Lumen", "brand", "Lumen"), ("Spülmaschinenfest", "ja", "dishwasher_safe", True),
        ("Lava-loiça", "não", "dishwasher_safe", False), ("Cafeína", "sim", "cafeína", True),
        ("Fassungsvermögen (l)", "0,8", "capacity_ml", 800),
        ("Höhe des Schirms (cm)", "4,5", "höhe_des_schirms_cm", 4.5),
        ("Power (W)", "5", "power_w", 5), ("Weight", "about a kilo", "weight", "about a kilo"),
        ("Farbton", "4", "farbton", "4"),
    ],
)  # fmt: skip
def test_a_cell_is_the_fact_it_states(tmp_path: Path, heading: str, cell: str, name: str, value: Any) -> None:
    [lamp] = read_csv_shop(written(tmp_path, f"id;name;{heading}\nL1;Lamp;{cell}\n")).products or []
    assert lamp.facts == {name: value}


def test_a_short_name_is_in_the_language_of_its_file_and_another_script_speaks_for_itself(tmp_path: Path) -> None:
    """By itself 'Desk lamp Ada' reads Indonesian, and would then be found as a translation only."""
    rows = [
        "Desk lamp Ada",
        "Floor lamp Bo",
        "Night light for the hall",
        "Reading lamp with a brass foot",
        "Garden lantern",
        "デスクランプ",
        "Eine schöne Lampe für Ihr Wohnzimmer aus gutem Holz",
    ]
    path = tmp_path / "p.csv"
    path.write_text("SKU,Name,Price\n" + "".join(f"L-{n},{name},9\n" for n, name in enumerate(rows)), "utf-8")
    products = read_csv_shop(path).products or []
    assert [sorted(product.names) for product in products] == [[]] * 5 + [["ja"], ["de"]]


ORDERS_PT = """Número da encomenda;Email;Nome do cliente;Estado;Data;Artigo;Quantidade;Preço unitário;País
CB-501;lena@example.de;Lena Brandt;Em processamento;2026-11-12;Bule;1;64,00 €;DE
"""


def test_orders_in_european_portuguese_are_read(tmp_path: Path) -> None:
    [order] = read_csv_shop(written(tmp_path, ORDERS_PT)).orders or []
    assert (order.order_id, order.status, order.items[0].name) == ("CB-501", "pending", "Bule")


def test_a_table_with_peoples_addresses_is_never_read_as_products(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable, match="no column for the order's id"):
        read_csv_shop(written(tmp_path, ORDERS_PT.replace("Número da encomenda", "Chave")))


def test_a_colour_of_a_product_that_comes_in_one_is_a_fact_under_our_name_and_told(tmp_path: Path) -> None:
    text = "Artikelnummer;Bezeichnung;Preis;Farbe;Größe\nM-1;Mütze aus Merinowolle;24,90;grau;one size\n"
    export = read_csv_shop(written(tmp_path, text))
    [cap] = export.products or []
    assert cap.facts == {"colour": "grau", "size": "one size"}
    assert "kept as facts: 'Farbe', 'Größe'" in export.readings[0]
