"""Files that are localized: what is read of them, and that everything else comes back as it was."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from integrations.localization import xlsx_files
from integrations.localization.documents import (
    Document,
    charset_notes,
    open_document,
    places_of,
    segments_for,
    table_of,
)
from integrations.localization.encoded import FileBroken, write_files
from integrations.localization.review import read_review, review_workbook
from knowledge.findings import Finding
from knowledge.localizing import Rendering, Segment

GERMAN = {"Red shirt": "Rotes Hemd", "Blue": "Blau", "One thing": "Ein Ding"}


def filled(
    document: Document, *locales: str, write: Callable[[str], str] = str.upper, skip: str = ""
) -> dict[str, bytes]:
    """A document whose texts are rendered in capitals, all but one."""
    by_locale = {
        locale: {
            one.id: Rendering(one.id, locale, *(("", "") if one.id == skip else (write(one.text), "person")))
            for one in segments_for(document, locale)
        }
        for locale in locales
    }
    return document.rendered(by_locale)


def opened(name: str, data: bytes, *locales: str, columns: tuple[str, ...] = ()) -> Document:
    return open_document(Path(name), locales or ("de-DE",), columns, data=data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_keeps_its_bytes_and_gets_a_column_a_text_and_locale(encoding: str, mark: str) -> None:
    rows = [
        ["sku", "title", "Übersicht", "price", "image_url", "brand"],
        ["A-1", "Red shirt", 'a "soft" shirt\r\nwith buttons', "19.90", "https://x.example/a.png", "Amberquay"],
        ["A-2", "Blue", "", "5", "", "Amberquay"],
    ]
    held = io.StringIO()
    csv.writer(held, delimiter=mark, lineterminator="\r\n").writerows(rows)
    data = held.getvalue().encode(encoding)
    document = opened("p.csv", data, "de-DE", "fr-FR", columns=("title", "Übersicht"))
    assert [one.id for one in document.segments] == ["2:title", "2:Übersicht", "3:title"]
    assert list(document.brands) == ["Amberquay"]
    out = filled(document, "de-DE", "fr-FR", skip="3:title")[""].decode(encoding)
    read = list(csv.reader(io.StringIO(out, newline=""), delimiter=mark))
    assert read[0][6:] == ["title_de-DE", "title_fr-FR", "Übersicht_de-DE", "Übersicht_fr-FR"]
    assert [row[:6] for row in read] == rows
    assert read[1][6:] == ["RED SHIRT", "RED SHIRT", *['A "SOFT" SHIRT\r\nWITH BUTTONS'] * 2]
    assert read[2][6:] == ["", "", "", ""]
    text = data.decode(encoding)
    assert out.startswith(text[: text.index("\r\n")] + mark)
    assert text[text.index("A-1") : text.index("\r\nA-2")] + mark in out
    assert data[:3] == filled(document, "de-DE")[""][:3]


def test_texts_are_told_from_codes_prices_and_addresses() -> None:
    rows = [
        "id,sku,handle,Title,body_html,Vendor,Price,Image Src,Material,status,Published,note,max_chars,whatever,extra",
        "1,A-1,red-shirt,Red shirt,<p>Soft</p>,Acme,9.9,https://x.example/a.png,Cotton,active,true,on a button,30,"
        "A long text here,x1",
    ]
    document = opened("p.csv", "\n".join(rows).encode())
    texts = {one.id.split(":")[1]: one for one in document.segments}
    assert set(texts) == {"Title", "body_html", "Material", "whatever"}
    assert texts["Title"].context == "Title: on a button"
    assert texts["Title"].limit == 30


def test_a_column_of_the_locale_is_filled_where_it_is_empty_and_kept_where_it_is_not() -> None:
    document = opened("p.csv", b"key,text,de-DE\nx,Red shirt,\ny,Blue,Himmelblau\n", "de-DE", "ja-JP")
    assert document.held == {("3:text", "de-DE"): "Himmelblau"}
    out = filled(document, "de-DE", "ja-JP")[""].decode()
    assert out == "key,text,de-DE,ja-JP\nx,Red shirt,RED SHIRT,RED SHIRT\ny,Blue,Himmelblau,BLUE\n"


def test_json_changes_nothing_but_its_texts() -> None:
    data = (
        b'{ "id": "A1",\n  "title": "Red shirt", "price": 1.10, "items": [{"name":"Blue","n":1e5}, "One thing"],\n'
        b' "url": "https://a.example" }\n'
    )
    document = opened("p.json", data)
    assert [one.id for one in document.segments] == ["title", "items[0].name", "items[1]"]
    out = filled(document, "de-DE", write=GERMAN.__getitem__, skip="items[1]")
    wanted = data.decode().replace("Red shirt", "Rotes Hemd").replace("Blue", "Blau").replace("One thing", "")
    assert out == {"de-DE": wanted.encode()}


def test_json_lines_get_values_beside_their_texts() -> None:
    data = (
        b'{"id": 1, "title": "Red shirt", "bullets": ["One thing", "Blue"], "n": 1.10}\n\n{"id": 2, "title": "Blue"}\n'
    )
    out = filled(opened("p.jsonl", data), "de-DE", write=GERMAN.__getitem__)[""].decode().splitlines()
    assert out[0].startswith(data.decode().splitlines()[0][:-1])
    assert json.loads(out[0])["bullets_de-DE"] == ["Ein Ding", "Blau"]
    assert [json.loads(line)["title_de-DE"] for line in (out[0], out[2])] == ["Rotes Hemd", "Blau"]
    again = opened("p.jsonl", "\n".join(out).encode())
    assert again.held[("1:title", "de-DE")] == "Rotes Hemd"
    assert len(again.segments) == 4


def workbook() -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["sku", "title", "total"])
    sheet.append(["A-1", "Red shirt", "=1+1"])
    sheet["B2"].font = Font(bold=True)
    book.create_sheet("stock").append(["sku", "quantity"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_workbook_keeps_sheets_formats_and_formulas() -> None:
    document = opened("p.xlsx", workbook(), "de-DE")
    assert [one.id for one in document.segments] == ["Sheet!2:title"]
    book = load_workbook(io.BytesIO(filled(document, "de-DE", write=lambda _: "=HYPERLINK(1)")[""]))
    sheet = book["Sheet"]
    assert book.sheetnames == ["Sheet", "stock"]
    assert sheet["C2"].value == "=1+1"
    assert (sheet["D1"].value, sheet["D2"].value, sheet["D2"].data_type) == ("de-DE", "=HYPERLINK(1)", "s")
    assert sheet["D2"].quotePrefix
    assert sheet["D2"].font.bold


PO = """# A catalogue
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#. On a button
#: cart.py:3
#, fuzzy, python-format
msgid "Buy %(name)s"
msgstr "alt"

msgctxt "menu"
msgid "Home"
msgstr "Start"

msgid "%d item"
msgid_plural "%d items"
msgstr[0] ""
msgstr[1] ""

#~ msgid "gone"
#~ msgstr "weg"
"""


def test_a_catalogue_keeps_its_lines_and_has_the_plural_forms_of_the_locale() -> None:
    document = opened("m.po", PO.encode(), "de-DE", "ru-RU", "ja-JP")
    assert document.held == {("3", "de-DE"): "Start"}
    assert document.segments[0].context == "On a button"
    assert [one.form for one in segments_for(document, "ru-RU")] == ["", "", "one", "few", "many"]
    out = filled(document, "de-DE", "ru-RU", "ja-JP")
    for locale, forms in (("de-DE", 2), ("ru-RU", 3), ("ja-JP", 1)):
        read = read_po(io.BytesIO(out[locale]))
        assert read.num_plurals == forms
        assert len(read["%d item"].string) == forms
        assert str(read.locale) == locale.replace("-", "_")
        assert not read["Buy %(name)s"].fuzzy
        assert read.get("Home", "menu").string == "HOME"
    assert "\n\n#. On a button\n#: cart.py:3\n#, python-format\nmsgid " in out["de-DE"].decode()
    assert out["de-DE"].decode().endswith('#~ msgid "gone"\n#~ msgstr "weg"\n')


def test_a_plural_that_lacks_a_form_stays_empty() -> None:
    out = filled(opened("m.po", PO.encode(), "ru-RU"), "ru-RU", skip="4[few]")["ru-RU"]
    assert read_po(io.BytesIO(out))["%d item"].string == ("", "", "")


XLIFF = """<?xml version="1.0" encoding="UTF-8"?>
<!-- for the shop -->
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:slr="urn:oasis:names:tc:xliff:sizerestriction:2.0"
       version="2.0" srcLang="en-US" trgLang="de-DE">
  <file id="f1">
    <unit id="u1" slr:sizeRestriction="40">
      <notes><note>A button</note></notes>
      <segment id="s1">
        <source>Buy <pc id="1"><ph id="2"/>it</pc> &amp; go</source>
      </segment>
      <ignorable><source> </source></ignorable>
      <segment id="s2" state="final"><source>Blue</source><target>Himmelblau</target></segment>
    </unit>
    <unit id="u2" translate="no"><segment><source>Amberquay</source></segment></unit>
  </file>
</xliff>
"""


def test_xliff_gets_targets_with_the_inline_codes_of_their_sources() -> None:
    document = opened("m.xlf", XLIFF.encode(), "de-DE", "fr-FR")
    assert [(one.id, one.limit) for one in document.segments] == [("u1#s1", 40), ("u1#s2", 40)]
    assert document.held == {("u1#s2", "de-DE"): "Himmelblau"}
    out = filled(document, "fr-FR", write=lambda text: text.replace("Buy", "Achetez"), skip="u1#s2")["fr-FR"]
    assert out.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- for the shop -->\n<xliff ')
    tree, name = etree.fromstring(out), "{urn:oasis:names:tc:xliff:document:2.0}"
    assert tree.get("trgLang") == "fr-FR"
    [target] = tree.iter(f"{name}target")
    assert etree.tostring(target, encoding="unicode", with_tail=False).partition(">")[2] == (
        'Achetez <pc id="1"><ph id="2"/>it</pc> &amp; go</target>'
    )
    assert [one.get("state") for one in tree.iter(f"{name}segment")] == ["translated", "initial", None]


def test_xliff_takes_no_target_whose_codes_are_not_those_of_its_source() -> None:
    document = opened("m.xlf", XLIFF.encode(), "fr-FR")
    out = filled(document, "fr-FR", write=lambda text: text.replace("<ph", "<sc"))["fr-FR"]
    assert b"Buy <pc" in out
    assert out.count(b"<target") == 1


PAGE = """<!DOCTYPE html>
<html lang="en" class="x">
<head><title>My shop</title><meta name="description" content='Soft &amp; warm'><script>var a = "b c";</script></head>
<body>
<p>
   <strong>Red shirt</strong>
</p><!-- note -->
<p>Buy <a href="/x?a=1&amp;b=2">two shirts</a> &amp; use <code>SAVE10</code> now.<br>Thanks</p>
<ul><li>One thing<li>Blue</ul><img src=a.png alt="A red shirt">
<div translate="no">Do <b>not</b></div><p>12345</p>
</body></html>
"""


def test_a_page_keeps_its_markup_and_says_its_language() -> None:
    document = opened("p.html", PAGE.encode(), "ar-SA")
    assert [one.text for one in document.segments] == [
        "My shop", "Soft & warm", "Red shirt",
        'Buy <a href="/x?a=1&amp;b=2">two shirts</a> & use <code>SAVE10</code> now.<br>Thanks', "One thing", "Blue",
        "A red shirt",
    ]  # fmt: skip
    out = filled(document, "ar-SA", write=lambda text: text.replace("s", "z"), skip="9:li~2")["ar-SA"].decode()
    wanted = PAGE.replace('<html lang="en" class="x">', '<html lang="ar-SA" dir="rtl" class="x">')
    for old, new in (
        (">My shop<", ">My zhop<"), ("<strong>Red shirt", "<strong>Red zhirt"),
        ("<li>Blue", '<li><span lang="en-US" data-untranslated>Blue</span>'),
        ('alt="A red shirt"', 'alt="A red zhirt"'),
    ):  # fmt: skip
        wanted = wanted.replace(old, new)
    kept = [line for line in wanted.splitlines() if "two shirts" not in line]
    assert [line for line in out.splitlines() if "hirtz" not in line and "SAVE10" not in line] == kept


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Quel délai"),
        ("cp1250", "Darmowa przesyłka"),
        ("cp1251", "Доставка завтра"),
        ("cp932", "送料は無料です"),
    ],
)
def test_a_short_text_in_an_old_encoding_is_read(encoding: str, text: str) -> None:
    document = opened("p.csv", f"sku,title\nA-1,{text}\n".encode(encoding), "de-DE", columns=("title",))
    assert [one.text for one in document.segments] == [text]


def test_a_page_in_an_old_encoding_stays_in_it() -> None:
    page = '<meta charset="iso-8859-1"><p>Café crème au lait, sélectionné à la main</p>'.encode("cp1252")
    out = filled(opened("p.html", page, "ja-JP"), "ja-JP", write=lambda _: "コーヒー")["ja-JP"]
    assert b"&#12467;&#12540;" in out


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("p.csv", b"a,title\n1,Red shirt\n2,a,b,c\n", "row 3"),
        ("p.csv", b'a,title\n1,"Red\n', "line 2"),
        ("p.csv", b"", "empty"),
        ("p.json", b'{"title": "x",\n "b": }', "line 2, column 7"),
        ("p.jsonl", b'{"title": "Red shirt"}\n{"title": }\n', "line 2"),
        ("p.jsonl", b"[1]\n", "line 1"),
        ("p.xlsx", b"PK\x03\x04 no", "no whole XLSX"),
        ("m.po", b'msgid "a"\nmsgstr "b"\nwhat is this\n', "line 3"),
        ("m.po", b'msgid "a"\n\nmsgid "b"\nmsgstr ""\n', "entry 1"),
        ("m.xlf", b'<?xml version="1.0"?>\n<xliff>\n<file></xliff>', "line 3"),
        ("m.xlf", b"<html/>", "no XLIFF"),
        ("p.html", b"no page", "no HTML"),
        ("p.doc", b"x", "none of the files"),
        ("p.csv", b"a\0b", "no text file"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_the_place(name: str, data: bytes, says: str) -> None:
    with pytest.raises(FileBroken, match=says) as raised:
        opened(name, data)
    assert name in str(raised.value)


def test_a_workbook_that_unpacks_to_more_than_it_may_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_files, "MOST_UNPACKED", 1_000)
    with pytest.raises(FileBroken, match="unpacks to more"):
        opened("p.xlsx", workbook())


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(FileBroken, match="'titel'; it has sku, title"):
        opened("p.csv", b"sku,title\n1,Red\n", columns=("titel",))


def test_nothing_is_half_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    with pytest.raises(FileBroken):
        write_files({tmp_path / "a.csv": b"new", tmp_path / "none" / "b.csv": b"new"})
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_never_takes_the_place_of_its_original(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"sku,title\n1,Red shirt\n")
    document = open_document(path, ("de-DE",))
    with pytest.raises(FileBroken, match="the file itself"):
        places_of(path, path, document, ("de-DE",))
    assert places_of(path, None, document, ("de-DE",)) == {"": tmp_path / "p.localized.csv"}
    (tmp_path / "out").mkdir()
    assert places_of(path, tmp_path / "out", document, ("de-DE",)) == {"": tmp_path / "out" / "p.localized.csv"}


def test_the_review_comes_back_as_it_was_written_and_no_cell_runs() -> None:
    segments = [Segment("2:title", "=1+1 shirts", context="title"), Segment("3:title", "Blue")]
    finding = Finding("l10n.number", "warn", (0, 1), "1", "A figure differs.", "checks", "")
    renderings = [
        Rendering("2:title", "de-DE", "=cmd|' /C calc'!A0", "person", (finding,)),
        Rendering("3:title", "de-DE", "", "", suggestion="+Blau"),
    ]
    data = review_workbook(segments, {"de-DE": renderings}, ("p", [["title"], ["@x"]]))
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["p", "review", "how to"]
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "@")))
    first, second = read_review(data, "r.xlsx")
    assert (first.source, first.rendering, first.written) == ("=1+1 shirts", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0")
    assert not first.is_approved
    assert not second.is_approved


@pytest.mark.parametrize(
    ("name", "data", "ids"),
    [
        ("p.csv", b"sku,title,title\nB1,Add to cart,Sold out\n", ["2:title", "2:title (2)"]),
        ("p.csv", b"sku,title,title (2),Title\nB1,Hi,Ho,Hu\n", ["2:title", "2:title (2)", "2:Title (3)"]),
        ("p.json", b'{"a": "Add to cart", "b": {"a": "Cotton"}, "a": "Sold out"}', ["a", "b.a", "a (2)"]),
        ("p.json", b'{"a.b": "Add to cart", "a": {"b": "Sold out"}}', ["a.b", "a.b (2)"]),
    ],
)
def test_texts_under_equal_names_are_told_apart(name: str, data: bytes, ids: list[str]) -> None:
    document = opened(name, data, "de-DE")
    assert [one.id for one in document.segments] == ids
    [written] = filled(document, "de-DE").values()
    for one in document.segments:
        assert written.count(one.text.upper().encode()) == 1, written


def test_a_table_with_equal_headings_is_known_again() -> None:
    document = opened("p.csv", b"title,title\nAdd to cart,Sold out\n", "de-DE")
    written = filled(document, "de-DE")[""]
    again = opened("p.csv", written, "de-DE")
    assert [one.id for one in again.segments] == [one.id for one in document.segments]
    assert len(again.held) == 2
    assert len(opened("p.csv", b"title,title\na b,c d\n", "de-DE", columns=("title",)).segments) == 2


def test_a_line_that_holds_a_key_twice_is_named() -> None:
    with pytest.raises(FileBroken, match="line 2 holds the same key twice"):
        opened("p.jsonl", b'{"title": "a"}\n{"title": "Add to cart", "title": "Sold out"}\n', "de-DE")


@pytest.mark.parametrize(
    ("charset", "rows"),
    [
        ("cp1252", 'B1,Café crème – 5 €,"Add to cart"\nB2,Jalapeño,"Material: Cotton"\n'),
        ("cp1252", "E1,Niño feliz,Camiseta de algodón para niños\nE3,Algodón,Añadir al carrito\n"),
        ("cp1252", "D1,Wasserkocher groß,Für die Küche\nD2,Gemüseschäler,spülmaschinenfest\n"),
    ],
)
def test_a_small_file_is_read_as_its_language_spells_and_what_was_read_is_said(
    tmp_path: Path, charset: str, rows: str
) -> None:
    path, data = tmp_path / "p.csv", f"sku,title,description\n{rows}".encode(charset)
    path.write_bytes(data)
    document = open_document(path, ("ja-JP",))
    assert all(one.text in rows for one in document.segments)
    written = filled(document, "ja-JP", write=lambda _: "日本")[""]
    table = table_of(document, written)
    assert table
    assert table[1][-1] == "日本"
    assert table[1][1] in rows
    told = charset_notes(path, {tmp_path / "p.localized.csv": written})
    assert told[0].startswith(f"p.csv was read as {charset}")
    assert told[1].startswith("p.localized.csv is written as UTF-8")
    path.write_text("sku,title\nA,Größe\n", "utf-8")
    assert charset_notes(path, {}) == []
