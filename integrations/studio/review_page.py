"""Review and export: the live text beside the proposed one, who decided when, and the ways out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from integrations.database.studio_cells import Cell, Counts
from integrations.markup import Html, Part, tag
from integrations.studio.cell_view import counter, field_label, finding_words, fix_button
from integrations.studio.counting import FREE
from integrations.studio.frame import chip
from integrations.studio.grid_page import Sheet, channel_tabs, pager
from integrations.studio.inspector import decisions, difference
from integrations.studio.reader import Reader, direction_of

KINDS = ("flagged", "clean", "approved", "rejected", "all")
ROWS = 50
"""Cells on a page."""


def review_page(
    reader: Reader, sheet: Sheet, cells: Sequence[Cell], skus: Mapping[int, str], counts: Counts
) -> list[Html]:  # fmt: skip
    """The page's parts."""
    heads = [tag("th", reader.say(key), scope="col")
             for key in ("text_place", "live_now", "proposed", "facts_used", "decision")]  # fmt: skip
    rows = [review_row(reader, sheet, cell, skus.get(cell.position, "")) for cell in cells]
    table = tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows), class_="review")
    body = table if rows else tag("p", reader.say("nothing_here"), class_="hint")
    return [
        tag("div", _bar(reader, sheet, counts), channel_tabs(reader, sheet, "review"), _kinds(reader, sheet, counts),
            class_="bar"),
        tag("div", body, pager(reader, sheet, "review"), class_="review-side", tabindex="0", role="region",
            aria_label=reader.say("review")),
        tag("p", reader.say("export_note"), class_="hint"),
    ]  # fmt: skip


def _bar(reader: Reader, sheet: Sheet, counts: Counts) -> Html:
    title = reader.say("review_title", flagged=reader.number(counts.flagged), clean=reader.number(counts.clean))
    clean = tag(
        "form", tag("button", reader.say("approve_clean", count=reader.number(counts.clean)), type="submit",
                    class_="button quiet", disabled=not counts.clean, id="approve-clean"),
        method="post", action=sheet.link("approve-clean", only=""))  # fmt: skip
    upload = tag("label", tag("input", type="file", accept=".xlsx", class_="unseen", autocomplete="off",
                 data_upload=sheet.link("import", only="", channel="")), reader.say("import"), class_="button quiet",
                 data_reading=reader.say("reading"))  # fmt: skip
    return tag(
        "div", tag("h1", title), tag("a", reader.say("grid"), href=sheet.link("grid", only=""), class_="chip-link"),
        clean, upload, tag("a", reader.say("export_csv"), href=sheet.link("export.csv", only="", channel=""),
                           download=True, class_="button quiet"),
        tag("a", reader.say("export_xlsx"), href=sheet.link("export.xlsx", only="", channel=""), download=True,
            class_="button quiet", id="export"),
        tag("a", reader.say("export_approved", count=reader.number(counts.approved)), class_="button",
            href=sheet.link("export.xlsx", only="approved", channel=""), download=True, id="export-approved")
        if counts.approved else None, class_="bar-line",
    )  # fmt: skip


def _kinds(reader: Reader, sheet: Sheet, counts: Counts) -> Html:
    sizes = {"flagged": counts.flagged, "clean": counts.clean, "approved": counts.approved, "rejected": counts.rejected,
             "all": counts.all}  # fmt: skip
    links = [
        tag("a", said[:1].upper() + said[1:], " ", tag("b", reader.number(sizes[kind])), class_="chip-link",
            href=sheet.link("review", only=kind), aria_current="page" if kind == (sheet.only or "flagged") else None)
        for kind in KINDS for said in [reader.say(kind)]
    ]  # fmt: skip
    return tag("nav", links, class_="kinds", aria_label=reader.say("review"))


def review_row(reader: Reader, sheet: Sheet, cell: Cell, sku: str) -> Html:
    """A cell as it is decided about."""
    told = {"lang": cell.locale, "dir": direction_of(cell.locale)}
    measure = sheet.measures.get((cell.locale, cell.field), FREE)
    place = tag("th", tag("bdi", sku), tag("small", field_label(reader, cell.field, cell.item), " · ", cell.locale),
                scope="row")  # fmt: skip
    gone = [tag("del", one) if kind == "-" else one for kind, one in _sides(cell)[0]]
    came = [tag("ins", one) if kind == "+" else one for kind, one in _sides(cell)[1]]
    found = [
        tag("span", chip(str(f["severity"]), finding_words(reader, f), title=str(f["why"])),
            fix_button(reader, cell, f, measure), class_="found")
        for f in cell.findings if f["severity"] != "info"
    ]  # fmt: skip
    facts = dict.fromkeys(name.partition("#")[2] for claim in cell.claims for name in claim["facts"])
    edit = tag(
        "a", reader.say("edit"), class_="plain", href=f"{sheet.link('grid', only='', near=cell.position)}#c{cell.id}"
    )
    parts: list[Part] = [tag("p", came, **told), tag("div", counter(cell.text, measure), found, class_="foot")]
    return tag(
        "tr", place, tag("td", tag("p", gone, **told) if cell.live else "–"), tag("td", parts),
        tag("td", [tag("code", name) for name in facts], class_="codes"), tag("td", decisions(reader, cell), edit),
        id=f"c{cell.id}", data_row=True,
    )  # fmt: skip


def _sides(cell: Cell) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The live text and the proposed one, each in pieces: what only it has is marked."""
    if not cell.live:
        return [], [("+" if cell.origin else "", cell.text)]
    before: list[tuple[str, str]] = []
    after: list[tuple[str, str]] = []
    for piece in difference(cell.live, cell.text):
        if isinstance(piece, Html):
            side, mark = (before, "-") if piece.startswith("<del") else (after, "+")
            side.append((mark, piece))
        else:
            before.append(("", piece))
            after.append(("", piece))
    return before, after
