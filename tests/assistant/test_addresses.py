"""Addresses as people of a country write them."""

import pytest

from assistant.embedded.addresses import address_in


@pytest.mark.parametrize(
    ("text", "home", "street", "zip_code", "city", "country"),
    [
        ("Lindenweg 4, 28195 Bremen, Deutschland", "DE", "Lindenweg 4", "28195", "Bremen", "DE"),
        ("Hauptstr. 12, 28195 Bremen", "DE", "Hauptstr. 12", "28195", "Bremen", "DE"),
        ("Lindenweg 4, 28195 Bremen, Deutschland", "", "Lindenweg 4", "28195", "Bremen", "DE"),
        ("Send it to: 22 Mill Lane, LS1 4AB Leeds, United Kingdom", "DE", "22 Mill Lane", "LS1 4AB", "Leeds", "GB"),
        ("Keizersgracht 12, 1015 CX Amsterdam, Netherlands", "", "Keizersgracht 12", "1015 CX", "Amsterdam", "NL"),
        ("12 Mill Lane, Brighton BN1 1AA", "GB", "12 Mill Lane", "BN1 1AA", "Brighton", "GB"),
        ("12 Mill Lane, Brighton, BN1 1AA, UK", "FR", "12 Mill Lane", "BN1 1AA", "Brighton", "GB"),
        ("12 Mill Lane\nBrighton\nBN1 1AA", "GB", "12 Mill Lane", "BN1 1AA", "Brighton", "GB"),
        ("55 Palm Ave Apt 4, San Diego CA 92103", "US", "55 Palm Ave Apt 4", "92103", "San Diego", "US"),
        ("55 Palm Ave Apt 4, San Diego, CA 92103, USA", "DE", "55 Palm Ave Apt 4", "92103", "San Diego", "US"),
        ("Rua Augusta, 900, São Paulo/SP, 01310-100", "BR", "Rua Augusta, 900", "01310-100", "São Paulo", "BR"),
        ("12 rue des Lilas, 33000 Bordeaux", "FR", "12 rue des Lilas", "33000", "Bordeaux", "FR"),
        ("Calle Mayor 7, 28013, Madrid", "ES", "Calle Mayor 7", "28013", "Madrid", "ES"),
        ("2-21-1 Shibuya, Tokyo 150-0002", "JP", "2-21-1 Shibuya", "150-0002", "Tokyo", "JP"),
        ("〒150-0002 東京都渋谷区渋谷2-21-1", "JP", "渋谷2-21-1", "150-0002", "渋谷区", "JP"),
        ("200031 上海市徐汇区衡山路88号", "CN", "徐汇区衡山路88号", "200031", "上海市", "CN"),
    ],
)  # fmt: skip
def test_an_address_in_full_is_read(text: str, home: str, street: str, zip_code: str, city: str, country: str) -> None:
    found = address_in(text, "de", home)
    assert (found["address1"], found["zip"], found["city"], found["country"]) == (street, zip_code, city, country)


def test_what_belongs_to_a_street_and_a_state_are_kept() -> None:
    flat = address_in("12 Mill Lane, Flat 2, Brighton BN1 1AA", "en", "GB")
    assert (flat["address1"], flat["address2"]) == ("12 Mill Lane", "Flat 2")
    assert address_in("55 Palm Ave, San Diego, CA 92103", "en", "US")["state"] == "CA"


@pytest.mark.parametrize(
    "text",
    [
        "Lindenweg 4, Bremen", "22 Mill Lane", "AQ-10100 to 4 Road, 28195 Bremen, Germany", "a, b, c",
        "my office, please, thanks", "Brighton BN1 1AA", "12 Mill Lane, Brighton", "28195",
        "14 Mill Lane, LS1 4AP, thanks! oh and its in Leeds", "14 Mill Lane, LS1 4AP, and it is in Leeds please",
        "I ordered 2 lamps, 28195 times no, really, thanks a lot, bye",
        "AQ-10100 from 12 Mill Lane, Leeds LS1 4AP to 14 High Street, York YO1 7HH",
        "AQ-10100 to Jones, 12 Mill Lane, Leeds LS1 4AP", "AQ-10100 to 12 Mill Lane, Leeds",
        "AQ-10100 to 12 Mill Lane, LS1 4AP because I moved",
    ],
)  # fmt: skip
@pytest.mark.parametrize("home", ["", "DE", "GB"])
def test_an_address_is_never_guessed(text: str, home: str) -> None:
    assert address_in(text, "en", home) == {}


@pytest.mark.parametrize(
    ("language", "text", "home", "street"),
    [
        ("en", "please make it 14 Mill Lane, Leeds, LS1 4AP", "GB", "14 Mill Lane"),
        ("en", "new one is 500 Harbor Drive, San Diego CA 92101", "US", "500 Harbor Drive"),
        ("de", "die neue ist Gartenstr. 12, 50674 Köln", "DE", "Gartenstr. 12"),
        ("es", "la nueva es Calle Mayor 7, 28013 Madrid", "ES", "Calle Mayor 7"),
        ("de", "bitte auf Gartenstr. 12, 50674 Köln", "DE", "Gartenstr. 12"),
        ("de", "Auf der Heide 4, 50674 Köln", "DE", "Auf der Heide 4"),
        ("fr", "c'est 8 bis rue des Lilas, 69003 Lyon", "FR", "8 bis rue des Lilas"),
        ("es", "es Calle Mayor 7, 28013 Madrid", "ES", "Calle Mayor 7"),
        ("pt-BR", "é Rua Augusta 900, São Paulo/SP, 01310-100", "BR", "Rua Augusta 900"),
        ("ja", "新しい住所は〒150-0002 東京都渋谷区渋谷2-21-1", "JP", "渋谷2-21-1"),
    ],
)
def test_what_leads_to_an_address_is_no_part_of_it(language: str, text: str, home: str, street: str) -> None:
    assert address_in(text, language, home)["address1"] == street


@pytest.mark.parametrize(
    ("language", "text", "home", "street", "city"),
    [
        ("de", "bitte Bestellung AQ-10100 an Gartenstr. 12, 50674 Köln liefern", "DE", "Gartenstr. 12", "Köln"),
        ("de", "Bestellung 10100 an Am Markt 3, 20095 Hamburg liefern", "DE", "Am Markt 3", "Hamburg"),
        ("de", "auf Gartenstr. 12, 50674 Köln ändern", "DE", "Gartenstr. 12", "Köln"),
        ("en", "change AQ-10100 to 12 Mill Lane, Brighton BN1 1AA please", "GB", "12 Mill Lane", "Brighton"),
        ("en", "AQ-10100 to 5 Palm Ave, San Diego, CA 92103. I moved.", "US", "5 Palm Ave", "San Diego"),
        ("fr", "livrez AQ-10100 au 12 rue des Lilas, 33000 Bordeaux, merci", "FR", "12 rue des Lilas", "Bordeaux"),
        ("es", "envíe el pedido AQ-10100 a Calle Mayor 7, 28013 Madrid", "ES", "Calle Mayor 7", "Madrid"),
        ("ja", "AQ-10100の住所を〒150-0002 東京都渋谷区渋谷2-21-1に変えてください", "JP", "渋谷2-21-1", "渋谷区"),
        ("zh-CN", "把AQ-10100的地址改成200031 上海市徐汇区衡山路88号，谢谢", "CN", "徐汇区衡山路88号", "上海市"),
        ("id", "kirim AQ-10100 ke Jl. Melati No. 5, Bandung 40115 ya", "ID", "Jl. Melati No. 5", "Bandung"),
    ],
)
def test_an_address_is_read_within_a_request(language: str, text: str, home: str, street: str, city: str) -> None:
    found = address_in(text, language, home)
    assert (found["address1"], found["city"], found["country"]) == (street, city, home)
    assert not {"liefern", "please", "merci"} & set(" ".join(found.values()).split())


def test_the_district_and_the_flat_of_a_brazilian_address_are_kept() -> None:
    text = "mude o endereço para Rua Augusta, 900, apto 12, Consolação, São Paulo - SP, CEP 01310-100, por favor"
    assert address_in(text, "pt-BR", "BR") == {
        "address1": "Rua Augusta, 900", "address2": "apto 12, Consolação", "city": "São Paulo", "state": "SP",
        "zip": "01310-100", "country": "BR",
    }  # fmt: skip
    flat = address_in("AQ-10100 to Flat 3, 12 Mill Lane, Leeds LS1 4AP", "en", "GB")
    assert (flat["address1"], flat["address2"]) == ("Flat 3", "12 Mill Lane")
