"""Personal data is found in the languages we serve, and what only looks like it is left alone."""

import random
import re

import pytest

from knowledge import masking, personal
from knowledge.masking import mask_secrets
from knowledge.personal import find_personal


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_personal(text) if one.kind not in ("order", "link")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("my driver's license number is F162823540116", "F162823540116"),
        ("Meine Ausweisnummer lautet L01X00T47", "L01X00T47"),
        ("mon passeport n° 14AB12345", "14AB12345"),
        ("mi DNI es 12345678Z", "12345678Z"),
        ("CPF 529.982.247-25", "529.982.247-25"),
        ("52998224725", "52998224725"),
        ("マイナンバーは123456789018です", "123456789018"),
        ("身份证号码是11010519491231002X", "11010519491231002X"),
        ("رقم جواز السفر هو A12345678", "A12345678"),
        ("NIK saya 3171234567890123", "3171234567890123"),
        ("SSN 219-09-9999", "219-09-9999"),
        ("784-1990-1234567-6", "784-1990-1234567-6"),
    ],
)
def test_numbers_of_a_person(text: str, number: str) -> None:
    assert found(text) == [("id", number)]


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("ship to 12 Oak Street, Leeds LS1 4AB", "12 Oak Street"),
        ("Bitte an Lindenstraße 12a, 20357 Hamburg", "Lindenstraße 12a"),
        ("Lange Straße 5 in Ulm", "Lange Straße 5"),
        ("14 bis rue de la Paix, 75002 Paris", "14 bis rue de la Paix"),
        ("calle Mayor 7, Madrid", "calle Mayor 7"),
        ("Rua das Flores, 123, São Paulo", "Rua das Flores, 123"),
        ("شارع الملك فهد 12، الرياض", "شارع الملك فهد 12"),
        ("東京都渋谷区神南1-2-3です", "東京都渋谷区神南1-2-3"),
        ("寄到南京西路123号", "寄到南京西路123号"),
        ("Jl. Sudirman No. 5, Jakarta", "Jl. Sudirman No. 5"),
        ("P.O. Box 149", "P.O. Box 149"),
    ],
)
def test_street_and_house_without_the_town(text: str, street: str) -> None:
    assert found(text) == [("address", street)]


def test_an_account_without_an_iban() -> None:
    assert found("sort code 20-00-00, Kontonummer: 12345678") == [("account", "20-00-00"), ("account", "12345678")]


@pytest.mark.parametrize(
    "text",
    [
        "Where is my passport cover order AQ-10023?", "I paid by card for order #W5158064", "item 7907773809 please",
        "2 lamps for my street please", "spring 2026", "the address is wrong on AQ-10023", "gift card 6253568",
        "Earring 925 silver", "total 150000.00", "15 % off 3 for 2", "order 12345678901", "10 drive bays",
        "credit_card_3240550", "suite in oak, 3 m wide",
    ],
)  # fmt: skip
def test_orders_sums_and_wares_are_not_personal(text: str) -> None:
    assert found(text) == []


def test_what_was_found_stands_where_it_says_in_any_script() -> None:
    text = "メール：ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ、電話０９０ー１２３４ー５６７８"
    assert found(text) == [("email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ"), ("phone", "０９０ー１２３４ー５６７８")]


@pytest.mark.parametrize(
    "text",
    ["passport " * 800, "12 A " * 1500, "rue a " * 1000, "address: " * 800, "Str. " * 1500, "路1" * 3000, "区あ" * 2500,
     "card " * 900 + "1", "1 Aa" * 1500, "passport " + "no " * 1500],
)  # fmt: skip
def test_a_hostile_text_takes_no_longer_than_a_plain_one(text: str) -> None:
    import time

    started = time.process_time()
    find_personal(text)
    assert time.process_time() - started < 3


BITS = (
    "a@b.co", "ａ＠b.com", "x (at) y.org", "[AT] z.de", "12.3.4.5", "１２.３.４.５", "fe80:1:2:3:4:5", "10:20:30",
    "a:b:c:d:e", "sk-abcdefgh123", "eyJabcdefgh.abcdefgh", "akiaABCDEFGHIJKL12", "Bearer abcdefgh1", "://u:pw@h",
    "api_key=abcdef", "password: hunter2x", ".", ":", "1", "@", "at", "\n",
)  # fmt: skip


def test_what_is_looked_for_sooner_stands_in_all_that_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(4)
    texts = [
        "".join(dice.choice(BITS) + dice.choice(("", " ")) for _ in range(dice.randint(1, 6))) for _ in range(2000)
    ]
    sooner = [(find_personal(text), mask_secrets(text)) for text in texts]
    monkeypatch.setattr(personal, "_HINTS", {})
    monkeypatch.setattr(masking, "_MAY_OPEN", re.compile(""))
    assert sooner == [(find_personal(text), mask_secrets(text)) for text in texts]
    assert {"email", "ip"} <= {one.kind for found, _ in sooner for one in found}
