"""CSV and its kin: rows of documents become documents, other tables stay tables."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.converters.convert import Converted, convert
from knowledge.converters.tables import DELIMITERS

FAQ = """id,Question,Answer,Language,Markets,Audience,Valid from,valid_until,URL,Team
f1,How long?,"Thirty days.

Unworn, ""as new"".",en_GB,gb; ie,Shopper,2026-01-01,2026-12-31,https://kite.example/f1,Returns
f2,送料は?,当店が負担します。,ja,JP,,,,,
f3,Nothing,,en,,,,,,
"""


def rows(text: str, name: str = "a.csv") -> list[Converted]:
    return convert(name, text.encode())


def test_rows_of_questions_are_each_a_document_with_what_they_state() -> None:
    first, second = rows(FAQ)
    assert first.header == {
        "id": "f1", "title": "How long?", "locale": "en-GB", "markets": ["GB", "IE"], "audience": "shopper",
        "valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31), "url": "https://kite.example/f1",
    }  # fmt: skip
    assert first.body == 'Thirty days.\n\nUnworn, "as new".\n\nTeam: Returns'
    assert second == Converted(
        {"id": "f2", "title": "送料は?", "locale": "ja", "markets": ["JP"]}, "当店が負担します。"
    )


def test_html_in_a_cell_is_markdown() -> None:
    found = rows("Title,Body (HTML)\nReturns,<p>Thirty <b>days</b>.</p><ul><li>Unworn</li></ul>\n")
    assert found == [Converted({"title": "Returns"}, "Thirty **days**.\n\n- Unworn")]
    assert rows("title;text\nT;a<br>b\n")[0].body == "a\nb"
    assert rows("title;text\nT;a < b > c\n")[0].body == "a < b > c"


def test_a_question_is_the_title_and_a_title_beside_it_is_not_lost() -> None:
    (found,) = rows("title,question,answer\nShipping,How long?,Three days\n")
    assert found == Converted({"title": "How long?"}, "Three days\n\ntitle: Shipping")


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_any_delimiter_is_found(delimiter: str) -> None:
    text = "Land,Tage,Preis\nDE,3,frei\nCH,5,frei\n".replace(",", delimiter)
    assert rows(text, "a.tsv") == [
        Converted({}, "| Land | Tage | Preis |\n| --- | --- | --- |\n| DE | 3 | frei |\n| CH | 5 | frei |")
    ]


def test_commas_in_prose_do_not_hide_semicolons() -> None:
    text = "Land;Hinweis\nDE;heute, morgen, übermorgen\nCH;bald, wie immer\n"
    assert rows(text)[0].body.splitlines()[2:] == ["| DE | heute, morgen, übermorgen |", "| CH | bald, wie immer |"]


def test_one_column_is_a_table_of_one_column() -> None:
    assert rows("Country\nDE\n\nCH\n")[0].body == "| Country |\n| --- |\n| DE |\n| CH |"


def test_cells_are_escaped_and_short_rows_filled() -> None:
    assert rows('A,B,C\n"x | y","one\ntwo"\n1,2,3,,\n')[0].body.splitlines()[2:] == [
        "| x \\| y | one two |  |",
        "| 1 | 2 | 3 |",
    ]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_letters_and_line_ends_of_any_program_are_read(charset: str, end: str) -> None:
    text = "title;text\nGröße;5 € – gültig\n".replace("\n", end)
    assert convert("a.csv", text.encode(charset)) == [Converted({"title": "Größe"}, "5 € – gültig")]


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("cp1252", "Größe"), ("cp1252", "Quel délai ?;Trente jours"), ("cp1252", "Crème brûlée;12 €\nL’été;où"),
        ("cp1252", "¿Cuánto cuesta el envío?;Señal"), ("cp1252", "Não há opções;três"), ("cp1252", "Perché?;è così"),
        ("cp1252", "Prøv på søndag;ærlig"), ("cp1252", "»Ärzte«;„Öl“"), ("cp1252", "Verð;Það kostar þúsund krónur"),
        ("cp1252", "m²;30 °C\n5 m³;½ l\nØ 30 mm;±5\nNº 5;10×20"), ("cp1252", "Bjørn & Señor Müller;Café Ærø Ñandú"),
        ("cp1252", "5 €"), ("cp1252", "é"), ("cp1251", "Сколько стоит доставка?;Доставка стоит 300 рублей."),
        ("cp1251", "Скільки коштує доставка?;Їжа"), ("cp1253", "Πόσο κοστίζει η αποστολή·;Κοστίζει 5 €"),
        ("cp1250", "Ile kosztuje przesyłka?;Przesyłka kosztuje 15 złotych, płatne z góry."),
        ("cp1250", "Kolik stojí doručení zásilky?;Doručení trvá tři dny během týdne"),
        ("cp1250", "Mennyibe kerül a szállítás?;A szállítási idő két nap, a költség nő a hűtőkre"),
        ("iso8859_2", "Ile kosztuje przesyłka?;Przesyłka ścieżką"), ("iso8859_15", "Prix 5 €;cœur"),
        ("cp1254", "Kargo ücreti ne kadar?;Kargo ücreti 50 liradır, iki gün içinde gönderilir, değişmez"),
        ("cp1257", "Kiek kainuoja pristatymas į namus?;Siuntų pristatymas šiandien nekainuoja, grąžinimas"),
        ("cp1255", "כמה עולה המשלוח;המשלוח עולה 30 שקלים"), ("cp1256", "كم تكلفة الشحن؟;الشحن مجاني"),
        ("cp874", "ค่าจัดส่งเท่าไร;ค่าจัดส่ง 50 บาท"), ("cp949", "배송비는 얼마인가요;배송비는 3000원입니다"),
        ("gbk", "运费是多少;运费是十五元\niPhone手机;T恤"), ("big5", "運費是多少;運費是一百元"),
        ("cp932", "送料はいくらですか;送料は500円です"),
    ],
)  # fmt: skip
def test_a_table_in_the_character_set_of_a_country_is_read(charset: str, text: str) -> None:
    lines = f"a;b\n{text}".split("\n")
    (found,) = convert("a.csv", "\n".join(lines).encode(charset))
    assert found.body.split("\n")[2:] == [f"| {' | '.join([*line.rsplit(';', 1), ''][:2])} |" for line in lines[1:]]


@pytest.mark.parametrize(
    "data",
    [
        "a;b\nGröße;für Männer\nWie groß?;schön".encode("cp850", "replace"),
        "a;b\nGröße;für Männer\nWie groß?;schön".encode("mac_roman"),
        "a;b\nСколько стоит;Доставка".encode("koi8-r"),
        "a;b\n货到付款;".encode("gbk"),  # as well Korean
        "a;b\nДа;Нет".encode("cp1251"),
        "a;b\nGröße;für Männer\nWie groß?;schön".encode() + b"\xff",
        "a;b\n运费是多少;运费是十五元".encode()[:-1],
    ],
)
def test_a_table_whose_character_set_is_not_sure_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(ValueError, match="its character set is not sure: save it again as CSV UTF-8"):
        convert("a.csv", data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A,B\n1,2\n1,2,3\n", "line 3 has 3 cells, the header has 2"),
        ('A,B\n"x\ny",2\n1,2,3\n', "line 4 has 3 cells"),
        ("title,text\n,\na,\n", "no row with a text in the column text"),
        ("title,text\n", "no row with a text"),
        ("text,valid_from\nx,01.02.2026\n", "line 2: valid_from '01.02.2026' is not a day like 2026-01-31"),
        ("text,locale\nx,the English\n", "line 2: 'the English' is not a language"),
        ('A,B\n"x,2\n', "check the quotes"),
        ("\n\n , \n", "is empty"),
        ("\ufeff", "is empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace(".", "\\.")):
        rows(text)


def test_a_cell_of_two_megabytes_is_read() -> None:
    (found,) = rows('title,text\nLong,"' + "word " * 400_000 + '"\n')
    assert len(found.body) == 5 * 400_000 - 1
