"""Order numbers as shops make them and shoppers write them."""

import pytest

from assistant.embedded.order_calls import bare_numbers
from assistant.embedded.slots import read_slots


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("Where is AQ-10095?", ("AQ-10095",)),
        ("Where is order #aq-10083?", ("#aq-10083",)),
        ("Where is my order CB-502?", ("CB-502",)),
        ("Wo ist meine Bestellung Nr. BF501?", ("BF501",)),
        ("pedido 2026/0107 não chegou", ("2026/0107",)),
        ("ma commande nº W-55", ("W-55",)),
        ("注文番号はCB501です", ("CB501",)),
        ("订单号 CB502 在哪", ("CB502",)),
        ("أين طلبي رقم CB-502", ("CB-502",)),
        ("pesanan saya nomor KS-77, pesanan KS-77", ("KS-77",)),
        ("CB-502, tom@example.org", ("CB-502",)),
        ("tom@example.org, SW1A 1AA", ()),
        ("Is the PD-100 in stock?", ()),
        ("How much is BUL-025?", ()),
        ("Bestellung vom 2026-11-20", ()),
        ("Can I order an A4-sized print?", ()),
        ("reorder-1000 is what I want", ()),
    ],
)
def test_a_number_is_an_orders_by_its_shape_or_by_what_stands_around_it(text: str, orders: tuple[str, ...]) -> None:
    assert read_slots(text, "en").order_ids == orders


@pytest.mark.parametrize(
    ("text", "number", "postcode"),
    [
        ("Where is order 743?", "743", ""),
        ("Bestellung 12!", "12", ""),
        ("order 1002, postcode 11122", "1002", "11122"),
        ("commande n° 88, c'est où", "88", ""),
        ("my order is 3 days late", "", ""),
        ("can I order 2 lamps", "", ""),
    ],
)
def test_bare_digits_are_an_orders_where_the_message_is_about_one(text: str, number: str, postcode: str) -> None:
    orders, code = bare_numbers(text, read_slots(text, "en"))
    assert (orders, code) == (((number,) if number else ()), postcode)
