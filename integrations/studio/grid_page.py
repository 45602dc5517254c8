"""The grid: a row a field, locales side by side, a group a product, and beside it the panel about one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from integrations.database.studio_batches import Batch, Entry, Slot
from integrations.database.studio_cells import Cell, Counts
from integrations.markup import Html, Part, tag
from integrations.studio.cell_view import cell_view, field_label, locale_head, needs_a_look
from integrations.studio.counting import FREE, Measure
from integrations.studio.frame import chip
from integrations.studio.inspector import nothing_chosen
from integrations.studio.reader import Reader
from knowledge.facts import Facts

A_PAGE = 25
"""Products on a page."""

GROUPS = Html("<!-- groups -->")
"""Where the products' tables stand: they are sent one after the other, so that the first can be read at once."""

Measures = Mapping[tuple[str, str], Measure]


@dataclass(frozen=True)
class Sheet:
    """What a page of the grid shows."""

    batch: Batch
    channel: str
    names: Mapping[str, str]
    """The batch's channels and what they are called."""
    measures: Measures
    only: str = ""
    page: int = 1
    positions: Sequence[int] = ()
    """Places of the products that are shown on some page; of the review, of its texts."""
    most: int = A_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-len(self.positions) // self.most))

    @property
    def shown(self) -> Sequence[int]:
        """The products on this page."""
        return self.positions[(self.page - 1) * self.most : self.page * self.most]

    def link(self, view: str = "grid", **query: Any) -> str:
        """A page of this batch."""
        told = {"channel": self.channel, "only": self.only, **query}
        return f"/studio/batches/{self.batch.id}/{view}?{urlencode({k: v for k, v in told.items() if v})}"


@dataclass(frozen=True)
class Group:
    """A product's drafts for a channel."""

    entry: Entry
    facts: Facts
    slots: Sequence[Slot]
    cells: Sequence[Cell]

    @property
    def done(self) -> int:
        """How many of its drafts do not wait any more."""
        return sum(slot.state != "waiting" for slot in self.slots)


def grid_page(reader: Reader, sheet: Sheet, counts: Counts, progress: Html) -> list[Html]:
    """The page's parts; GROUPS stands where the products' tables are sent."""
    body = GROUPS if sheet.shown else tag("p", reader.say("nothing_here"), class_="hint")
    table = tag(
        "div", body, pager(reader, sheet), class_="sheet",
        data_sheet=sheet.link("limits.json", only=""), tabindex="0", role="region", aria_label=reader.say("grid"),
        **{f"data_{key}": reader.say(key) for key in ("saving", "not_saved")},
    )  # fmt: skip
    return [
        tag("div", _bar(reader, sheet, counts, progress), channel_tabs(reader, sheet, "grid"), class_="bar"),
        tag("div", table, nothing_chosen(reader), class_="work"),
        tag("div", "", id="tip", role="tooltip", class_="tip", hidden=True),
    ]


def _bar(reader: Reader, sheet: Sheet, counts: Counts, progress: Html) -> Html:
    return tag(
        "div", tag("h1", tag("bdi", sheet.batch.title)), progress, flagged_link(reader, sheet, counts),
        tag("a", reader.say("review"), href=sheet.link("review", only=""), class_="button"), class_="bar-line",
    )  # fmt: skip


def flagged_link(reader: Reader, sheet: Sheet, counts: Counts) -> Html:
    """To what needs a person, and how much it is."""
    return tag(
        "a", reader.say("only_flagged", count=reader.number(counts.flagged)), class_="chip-link", data_flagged=True,
        href=sheet.link(only="" if sheet.only else "flagged"), id="flagged",
        aria_current="true" if sheet.only else None,
    )  # fmt: skip


def channel_tabs(reader: Reader, sheet: Sheet, view: str) -> Html:
    """The batch's channels."""
    links = [
        tag("a", name, href=sheet.link(view, channel=channel, only=""),
            aria_current="page" if channel == sheet.channel else None)
        for channel, name in sheet.names.items()
    ]  # fmt: skip
    return tag("nav", links, class_="tabs", aria_label=reader.say("channels"))


def progress_view(
    reader: Reader, sheet: Sheet, progress: Mapping[str, int], left: str = "", job: Html | None = None
) -> Html:
    """How far the writing is; while it goes on, it asks for itself anew, and for the groups that changed. `job` tells
    of the job that writes.
    """
    total, waiting = sum(progress.values()), progress.get("waiting", 0)
    running = sheet.batch.state == "filling"
    told = tag("span", reader.say("progress", done=reader.number(total - waiting), total=reader.number(total)))
    bar = tag("progress", value=total - waiting, max=max(total, 1), aria_label=reader.say("state_filling"))
    turn = "pause" if running else "resume"
    button = tag(
        "button", reader.say(turn), type="button", class_="button quiet", hx_target="#progress", hx_swap="outerHTML",
        hx_include="#progress [name=budget]",
        hx_post=f"/studio/batches/{sheet.batch.id}/{turn}?{urlencode({'channel': sheet.channel})}",
    ) if sheet.batch.state in ("filling", "paused") else None  # fmt: skip
    asks: dict[str, str] = {
        "hx_get": sheet.link("progress"), "hx_trigger": "every 2s", "hx_swap": "outerHTML",
        "hx_include": ".group > input:enabled",
    } if running else {}  # fmt: skip
    parts: tuple[Part, ...] = (bar, told, tag("span", left, class_="hint") if left else None, job, button)
    return tag("div", parts if waiting else (told, job), id="progress", class_="progress", **asks)


def group_view(reader: Reader, sheet: Sheet, group: Group) -> Html:
    """A product's table. While drafts of it wait, it says how many are done, so that it is sent again when more are."""
    position, source = group.entry.position, sheet.batch.locales[0]
    heads = [
        tag("div", locale_head(reader, locale, is_source=locale == source), role="columnheader",
            id=f"h{position}-{locale}")
        for locale in sheet.batch.locales
    ]  # fmt: skip
    name = tag("small", tag("bdi", group.entry.name))
    title = tag("div", tag("h2", tag("bdi", group.entry.sku)), name, role="columnheader", class_="first sku")
    waits = tag("input", type="hidden", name="waiting", value=f"{position}:{group.done}") if _is_open(group) else None
    body = _rows(reader, sheet, group)
    head = tag("div", title, heads, role="row", class_="row head")
    told = tag("div", head, body, role="table", aria_label=group.entry.sku)
    return tag("section", waits, told, _facts(group), class_="group", id=f"g{position}", aria_label=group.entry.sku)


def _is_open(group: Group) -> bool:
    return group.done < len(group.slots)


def _rows(reader: Reader, sheet: Sheet, group: Group) -> list[Html]:
    rows: dict[int, dict[str, Cell]] = {}
    for cell in group.cells:
        rows.setdefault(cell.place, {})[cell.locale] = cell
    if sheet.only:
        rows = {place: held for place, held in rows.items() if any(needs_a_look(cell) for cell in held.values())}
    slots, locales = {slot.locale: slot for slot in group.slots}, sheet.batch.locales
    if not rows:
        return [
            tag(
                "div",
                tag("div", "", role="rowheader", class_="first"),
                [_absent(reader, slots.get(one)) for one in locales],
                role="row",
                class_="row",
            )
        ]
    return [_row(reader, sheet, held, slots) for _, held in sorted(rows.items())]


def _row(reader: Reader, sheet: Sheet, held: Mapping[str, Cell], slots: Mapping[str, Slot]) -> Html:
    some = next(iter(held.values()))
    measure = sheet.measures.get((some.locale, some.field), FREE)
    unit = reader.say(f"unit_{measure.unit or 'characters'}")
    most = tag("small", reader.say("max", count=measure.most or 0), " ", unit if measure.unit != "characters" else None)
    cells = [
        cell_view(reader, held[locale], sheet.measures.get((locale, some.field), FREE)) if locale in held
        else _absent(reader, slots.get(locale))
        for locale in sheet.batch.locales
    ]  # fmt: skip
    name = field_label(reader, some.field, some.item)
    head = tag("div", name, most if measure.most else None, role="rowheader", class_="first",
               id=f"r{some.position}-{some.place}")  # fmt: skip
    return tag("div", head, cells, role="row", class_="row")


def _absent(reader: Reader, slot: Slot | None) -> Html:
    """Where a locale has no such text."""
    if slot is None or slot.state == "written":
        return tag("div", tag("span", "–", class_="hint"), class_="absent", role="cell")
    if slot.state == "waiting":
        return tag("div", tag("span", reader.say("waiting"), class_="hint"), class_="absent waits", role="cell")
    key = "not_written" if slot.state == "unwritten" else "refused"
    return tag("div", chip("warn", reader.say(key), title=slot.why), class_="absent", role="cell")


def _facts(group: Group) -> Html:
    """The facts that the group's texts are tied to, for the tip over a claim."""
    named = {fact for cell in group.cells for claim in cell.claims for fact in claim["facts"]}
    told = [
        tag("li", f"{fact.name} = {shown(fact.value)} · {fact.source}, {fact.as_of}", data_fact=fact.id)
        for fact in group.facts.attested if fact.id in named
    ]  # fmt: skip
    return tag("ul", told, class_="facts", hidden=True)


def shown(value: Any) -> str:
    """A fact's value in a line."""
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(one)}" for name, one in value.items())
    return str(value)[:300]


def pager(reader: Reader, sheet: Sheet, view: str = "grid") -> Html | None:
    """The way to other pages, where there are some."""
    if sheet.pages == 1:
        return None
    before, after = sheet.page - 1, sheet.page + 1
    return tag(
        "nav", tag("a", reader.say("previous"), href=sheet.link(view, page=before)) if before else None,
        tag("span", reader.say("page_of", page=reader.number(sheet.page), pages=reader.number(sheet.pages))),
        tag("a", reader.say("next"), href=sheet.link(view, page=after)) if after <= sheet.pages else None,
        class_="pager", aria_label=reader.say("page_of", page=sheet.page, pages=sheet.pages),
    )  # fmt: skip
