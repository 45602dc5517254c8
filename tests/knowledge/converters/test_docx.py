"""Word documents: headings, lists, tables, bold; traps are refused."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document

from knowledge.converters.convert import Converted, convert


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def policy() -> Any:
    document = Document()
    document.core_properties.title = "Rückgabe und Umtausch"
    document.core_properties.language = "de-DE"
    document.add_paragraph("Rückgabe", style="Title")
    document.add_heading("Fristen", 1)
    document.add_paragraph("Sie haben ").add_run("dreißig Tage").bold = True
    document.add_paragraph("Ungetragen", style="List Bullet")
    document.add_paragraph("Mit Etikett", style="List Bullet")
    document.add_heading("So geht es", 2)
    document.add_paragraph("Anmelden", style="List Number")
    document.add_paragraph("Einpacken", style="List Number")
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate([("Land", "Tage", "Preis"), ("DE", "3", "frei | gratis"), ("CH", "", "5 CHF")]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(2, 0).merge(table.cell(2, 1))
    document.add_paragraph("日本からの返品もできます。")
    return document


def repacked(data: bytes, **parts: bytes) -> bytes:
    """A document with parts replaced or added; two underscores stand for a slash, one for a dot."""
    out = io.BytesIO()
    named = {name.replace("__", "/").replace("_", "."): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, named.pop(name, old.read(name)))
        for name, content in named.items():
            new.writestr(name, content)
    return out.getvalue()


def test_a_document_is_its_headings_lists_and_tables() -> None:
    assert convert("a.docx", saved(policy())) == [
        Converted(
            {"title": "Rückgabe und Umtausch", "locale": "de-DE"},
            "# Rückgabe\n\n# Fristen\n\nSie haben **dreißig Tage**\n\n- Ungetragen\n- Mit Etikett\n\n## So geht es\n\n"
            "1. Anmelden\n2. Einpacken\n\n"
            "| Land | Tage | Preis |\n| --- | --- | --- |\n| DE | 3 | frei \\| gratis |\n| CH | CH | 5 CHF |\n\n"
            "日本からの返品もできます。",
        )
    ]


def test_a_table_in_a_cell_is_said_within_its_row() -> None:
    document = Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate([("Peça", "Preço", "Prazo"), ("Junta", "12 EUR", "6 dias"), ("Válvula", "15 EUR", "")]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    inner = table.cell(2, 2).add_table(rows=2, cols=2)
    for row, (name, time) in enumerate([("Expresso", "3 dias"), ("Normal", "5 dias")]):
        inner.cell(row, 0).text, inner.cell(row, 1).text = name, time
    (found,) = convert("a.docx", saved(document))
    assert found.body.splitlines()[2:] == [
        "| Junta | 12 EUR | 6 dias |", "| Válvula | 15 EUR | Expresso: 3 dias; Normal: 5 dias |",
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["", "Microsoft Word - x.doc", "untitled"])
def test_without_a_title_of_its_own_the_first_heading_is_the_title(title: str) -> None:
    document = policy()
    document.core_properties.title = title
    assert convert("a.docx", saved(document))[0].header["title"] == "Rückgabe"


def test_without_a_language_of_its_own_that_of_its_styles_is_taken() -> None:
    document = policy()
    document.core_properties.language = ""
    assert convert("a.docx", saved(document))[0].header["locale"] == "en-US"


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no text"):
        convert("a.docx", saved(Document()))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ValueError, match="too large unpacked"):
        convert("a.docx", repacked(saved(policy()), word__media__a_png=bytes(160_000_000)))
    with pytest.raises(ValueError, match="too large unpacked"):
        convert("a.docx", repacked(saved(policy()), word__document_xml=b" " * 50_000_000))


def test_entities_are_refused() -> None:
    xml = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    with pytest.raises(ValueError, match="declares entities"):
        convert("a.docx", repacked(saved(policy()), word__document_xml=xml))


@pytest.mark.parametrize(
    "data",
    [
        saved(policy())[:4000],
        repacked(saved(policy()), word__document_xml=b"<w:document"),
        repacked(saved(policy()), word__document_xml=b"<a/>"),
        b"PK\x03\x04" + bytes(range(256)) * 20,
        b"not a document",
    ],
)
def test_a_damaged_document_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ValueError, match="damaged or not a Word document"):
        convert("a.docx", data)


def test_a_document_under_a_password_is_told_from_a_damaged_one() -> None:
    with pytest.raises(ValueError, match="is protected by a password"):
        convert("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
