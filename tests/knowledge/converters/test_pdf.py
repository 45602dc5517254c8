"""PDF: text in reading order under its headings, lists and tables whole, the edges of pages left out."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from knowledge.converters.convert import Converted, convert
from knowledge.converters.pdf_blocks import joined_lines
from knowledge.converters.pdf_lines import phrase_of

STYLES = getSampleStyleSheet()
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
LONG = (
    "You may send back what you bought within thirty days of the day on which it reached you, as long as it is unworn. "
)


def said(text: str, style: str = "BodyText") -> Paragraph:
    return Paragraph(text, STYLES[style])


def built(story: list[Any], **options: Any) -> bytes:
    def edges(canvas: Canvas, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 810, "Kite & Co · Policies 2026")
        canvas.drawRightString(520, 30, f"Page {document.page} of 3")

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, **options).build(story, onFirstPage=edges, onLaterPages=edges)
    return out.getvalue()


def drawn(draw: Callable[[Canvas], None], **options: Any) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, **options)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def body(data: bytes) -> str:
    return read(data).body


def read(data: bytes) -> Converted:
    (found,) = convert("a.pdf", data)
    return found


def policy() -> list[Any]:
    return [
        said("Return policy", "Title"), said("How long you have", "Heading2"), said(LONG * 3), said("Gifts too."),
        ListFlowable([said("Gift cards"), said("Earrings, " + LONG)], bulletType="bullet", start="•"),
        said("What it costs", "Heading2"),
        Table([["Country", "Cost"], ["Germany", "free"], ["Japan", "12 | 15 EUR"]], style=GRID), said("After it."),
        PageBreak(), said("Damages", "Heading2"), said("Send us a picture."), PageBreak(), said("The end."),
    ]  # fmt: skip


def test_a_policy_of_three_pages_is_its_text_without_their_edges() -> None:
    found = read(built(policy(), title="Microsoft Word - policy.doc", lang="en-GB"))
    assert found.header == {"title": "Return policy", "locale": "en-GB"}
    assert found.body == (
        f"# Return policy\n\n## How long you have\n\n{(LONG * 3).strip()}\n\nGifts too.\n\n"
        f"- Gift cards\n- Earrings, {LONG.strip()}\n\n## What it costs\n\n"
        "| Country | Cost |\n| --- | --- |\n| Germany | free |\n| Japan | 12 \\| 15 EUR |\n\nAfter it.\n\n"
        "## Damages\n\nSend us a picture.\n\nThe end."
    )


def test_a_sensible_title_of_the_file_is_its_title() -> None:
    assert read(built(policy(), title="Returns at Kite")).header == {"title": "Returns at Kite"}


@pytest.mark.parametrize("made_up", ["(anonymous)", "untitled", "(untitled)", "Unknown", "Sem título", "无标题"])
def test_a_title_that_a_program_made_up_gives_way_to_the_first_heading(made_up: str) -> None:
    assert read(built(policy(), title=made_up)).header == {"title": "Return policy"}


def test_a_title_in_the_middle_and_a_heading_of_its_size_at_the_left_are_two() -> None:
    story = [said("Shipping tariff", "Title"), said("Zone 1", "Heading1"), said(LONG), PageBreak(), said("The end.")]
    found = read(built(story))
    assert found.header == {"title": "Shipping tariff"}
    assert found.body == f"# Shipping tariff\n\n# Zone 1\n\n{LONG.strip()}\n\nThe end."


@pytest.mark.parametrize("style", ["Title", "Heading1"])
def test_a_heading_of_two_lines_is_one_heading(style: str) -> None:
    name = "What we do for you when a parcel with a kite or a lamp in it comes late or is lost in the post"
    assert f"# {name}\n\n" in body(built([said(name, style), said(LONG)]))


@pytest.mark.parametrize("zone", ["Zone {}", "{}. Versandzone", "Zona {} e ilhas", "配送エリア{}"])
def test_headings_that_differ_in_a_figure_are_each_kept_with_what_stands_beneath(zone: str) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

    def draw(canvas: Canvas) -> None:
        for number in range(1, 5):
            for at, (size, text) in enumerate([(18, zone.format(number)), (10, f"A parcel costs {number}.90 EUR.")]):
                canvas.setFont("HeiseiMin-W3" if zone[0] > "z" else "Helvetica", size)
                canvas.drawString(72, 800 - 24 * at, text)
            canvas.showPage()

    wanted = [f"# {zone.format(number)}\n\nA parcel costs {number}.90 EUR." for number in range(1, 5)]
    assert body(drawn(draw)) == "\n\n".join(wanted)


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Kite & Co · Policies 2026", "Confidential - page {}"),
        ("Kite & Co · Richtlinien 2026", "Vertraulich, Seite {} von 4"),
        ("Kite & Co · Políticas 2026", "Página {}"),
    ],
)
def test_running_heads_and_feet_in_large_letters_go(head: str, foot: str) -> None:
    texts = [f"What {letter} costs is told by our shop in every country we serve." for letter in "abcd"]

    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(texts, 1):
            canvas.setFont("Helvetica", 12)
            canvas.drawString(72, 810, head)
            canvas.drawString(72, 30, foot.format(number))
            canvas.setFont("Helvetica", 10)
            canvas.drawString(72, 600, text)
            canvas.showPage()

    assert body(drawn(draw)).split("\n\n") == [f"# {head}", *texts]  # the first may be the title


def test_a_table_without_lines_is_a_table() -> None:
    table = Table([["Country", "Days", "Carrier"], ["Germany", "3", "DHL"], ["Japan", "9", "Yamato"]], colWidths=120)
    assert body(built([said(LONG * 2), table, said("After it.")])).split("\n\n")[2:] == [
        "| Country | Days | Carrier |\n| --- | --- | --- |\n| Germany | 3 | DHL |\n| Japan | 9 | Yamato |",
        "After it.",
    ]


def test_cells_that_span_are_said_in_every_row_and_column() -> None:
    cells = [["Zone", "Days", ""], ["", "Std", "Fast"], ["EU", "3", "1"], ["", "none", ""]]
    spans = [("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), ("SPAN", (0, 2), (0, 3)), ("SPAN", (1, 3), (2, 3))]
    data = built([said(LONG), Table(cells, style=GRID + spans, colWidths=90)])
    assert body(data).split("\n\n")[2].splitlines() == [
        "| Zone | Days | Days |", "| --- | --- | --- |", "| Zone | Std | Fast |", "| EU | 3 | 1 |",
        "| EU | none | none |",
    ]  # fmt: skip


def test_a_table_that_goes_on_on_the_next_page_is_one_table() -> None:
    rows = [["Country", "Days"], *([f"Country {number}", str(number)] for number in range(60))]
    found = body(built([Spacer(1, 300), Table(rows, style=GRID, repeatRows=1, colWidths=150)])).splitlines()
    assert found == ["| Country | Days |", "| --- | --- |", *(f"| Country {n} | {n} |" for n in range(60))]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"Left line number {n} fills its column" for n in range(6)]
    right = [f"and right line {n} fills that one too" for n in range(6)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for at, (one, other) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(72, 700 - 12 * at, one)
            canvas.drawString(320, 700 - 12 * at, other)

    assert body(drawn(draw)) == " ".join(left + right)


def test_words_cut_at_the_end_of_a_line_are_whole_again() -> None:
    lines = ["The goods must be unworn and in their origi-", "nal box; the cross-border", "fee is ours, the cross-",
             "border duty too."]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        for at, line in enumerate(lines):
            canvas.drawString(72, 700 - 14 * at, line)

    assert body(drawn(draw)) == (
        "The goods must be unworn and in their original box; the cross-border fee is ours, the cross-border duty too."
    )


def test_a_bold_line_of_its_own_is_a_heading_and_numbers_are_a_list() -> None:
    story = [said(LONG * 3), said("<b>Who pays</b>"), said("We do."), said("1. Pack it."), said("2. Send it.")]
    assert body(built(story)).split("\n\n")[2:] == ["# Who pays", "We do.", "1. Pack it.\n2. Send it."]


def test_japanese_is_joined_without_spaces() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("HeiseiMin-W3", 20)
        canvas.drawString(72, 740, "返品について")
        canvas.setFont("HeiseiMin-W3", 11)
        for at, line in enumerate(["商品到着後、三十日以内にご連絡ください。未使", "用の商品に限ります。"]):
            canvas.drawString(72, 700 - 14 * at, line)

    found = read(drawn(draw, lang="ja"))
    assert found == Converted(
        {"title": "返品について", "locale": "ja"},
        "# 返品について\n\n商品到着後、三十日以内にご連絡ください。未使用の商品に限ります。",
    )


def test_arabic_is_read_from_the_right() -> None:
    shown = ["اموي", "30", "لالخ"]  # as letters stand on the page from the left
    words = [{"text": text, "x0": 50.0 * at, "x1": 50.0 * at + 40, "size": 10} for at, text in enumerate(shown)]
    assert phrase_of(words) == "خلال 30 يوما"


def test_joining_lines_keeps_what_is_no_cut_word() -> None:
    assert joined_lines("size S-", "XL fits", set()) == "size S- XL fits"
    assert joined_lines("from 5-", "7 days", set()) == "from 5- 7 days"


def test_a_file_under_a_password_is_told_from_a_damaged_one() -> None:
    locked = drawn(lambda canvas: canvas.drawString(72, 700, "Secret"), encrypt=StandardEncryption("open", "own"))
    with pytest.raises(ValueError, match="is protected by a password"):
        convert("a.pdf", locked)


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    open_to_read = drawn(lambda canvas: canvas.drawString(72, 700, "Open."), encrypt=StandardEncryption("", "own"))
    assert body(open_to_read) == "Open."


def test_a_scan_is_told_from_a_damaged_file() -> None:
    with pytest.raises(ValueError, match=r"holds no text \(a scan\?\)"):
        convert("a.pdf", drawn(lambda canvas: canvas.rect(72, 72, 300, 300, fill=1)))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_cut_file_is_read_as_far_as_it_goes_or_refused_in_words(part: float) -> None:
    data = built(policy())
    try:
        found = body(data[: int(part * len(data))])
    except ValueError as error:
        found = str(error)
    assert found.startswith(("damaged or not a PDF", "holds no text", "# Return policy"))


def test_a_stream_that_unpacks_to_a_trap_is_refused() -> None:
    once = zlib.compress(bytes(70_000_000))
    for packed in (once, zlib.compress(once)):
        data = b"%PDF-1.4\n1 0 obj\n<< /Length 9 >>\nstream\n" + packed + b"\nendstream\nendobj\n%%EOF"
        with pytest.raises(ValueError, match="unpacked"):
            convert("a.pdf", data)
