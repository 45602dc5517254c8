"""The nouns of trade."""

from decimal import Decimal

from knowledge.commerce import Order, Variant, normal_order_id


def test_a_float_price_keeps_its_shortest_decimal() -> None:
    assert Variant.model_validate({"item_id": "1", "price": 50.88}).price == Decimal("50.88")


def test_unknown_fields_are_kept_as_attributes() -> None:
    order = Order.model_validate({"order_id": "#W1", "user_id": "u", "status": "pending", "gift_note": "Hello"})
    assert order.attributes == {"gift_note": "Hello"}


def test_an_order_number_is_found_however_it_is_typed() -> None:
    assert {normal_order_id(text) for text in ("#w1234", " W1234. ", "W 1234", "(#W1234)")} == {"W1234"}


def test_a_price_is_never_converted() -> None:
    variant = Variant.model_validate({"item_id": "1", "prices": {"EUR": "10.00"}})
    assert variant.price_in("USD", "EUR") == (Decimal("10.00"), "EUR")
    assert Variant.model_validate({"item_id": "1"}).price_in("USD", "EUR") is None
