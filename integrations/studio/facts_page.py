"""Facts in: what is asked for, and for each product every fact with its source and state; then channels and locales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from integrations.database.studio_batches import Batch, Entry
from integrations.listings.facts_files import facts_of_told
from integrations.markup import Html, tag
from integrations.studio.frame import chip
from integrations.studio.grid_page import Sheet, pager, shown
from integrations.studio.reader import Reader, is_worded, locale_name
from knowledge.facts import wanted_facts
from knowledge.locales import match_language, served_locales

MOST_OPEN = 4
"""Facts of a product that are shown at once where nothing is wrong with them."""

MOST_PASTED = 400
"""SKUs that are shown again in the field they were pasted into."""

OTHERS = ("en-GB", "de-AT", "de-CH", "fr-CA", "es-MX", "pt-PT", "it-IT", "nl-NL", "pl-PL", "sv-SE", "tr-TR", "ko-KR",
          "th-TH", "vi-VN", "hi-IN", "zh-TW")  # fmt: skip
"""Locales that are offered besides the served ones."""


def intake_form(reader: Reader, skus: Sequence[str] = (), counts: Mapping[str, int] | None = None) -> Html:
    """Where SKUs are pasted and a sheet is dropped."""
    area = tag("textarea", "\n".join(skus[:MOST_PASTED]), name="skus", rows=10, required=True, id="skus",
               spellcheck="false", autocomplete="off", dir="ltr")  # fmt: skip
    sheet = tag(
        "label", tag("input", type="file", accept=".csv,.tsv,.xlsx,.json,.jsonl,.yaml", data_upload="/studio/sheets",
                     autocomplete="off", class_="unseen"),
        tag("b", reader.say("upload")), tag("small", reader.say("drop_hint")), class_="drop",
        data_reading=reader.say("reading"),
    )  # fmt: skip
    told = tag("p", count_words(reader, counts), class_="hint", id="counts") if counts else None
    paste = tag("form", tag("label", reader.say("skus_label"), for_="skus"), area, told,
                tag("button", reader.say("look_up"), type="submit", class_="button"), method="post",
                action="/studio/batches", class_="paste")  # fmt: skip
    return tag("div", sheet, paste, class_="intake")


def count_words(reader: Reader, counts: Mapping[str, int]) -> str:
    """How many lines are what."""
    ready, conflict = counts.get("ready", 0), counts.get("conflict", 0)
    missing, duplicate = counts.get("unknown", 0), counts.get("duplicate", 0)
    told = reader.say(
        "counts", found=reader.number(ready + conflict), ready=reader.number(ready), missing=reader.number(missing),
        duplicate=reader.number(duplicate),
    )  # fmt: skip
    return f"{told}, {reader.say('in_conflict', count=conflict)}" if conflict else told


def facts_page(
    reader: Reader, sheet: Sheet, entries: Sequence[Entry], skus: Sequence[str], counts: Mapping[str, int]
) -> list[Html]:
    """The page's parts."""
    heads = [tag("th", reader.say(key), scope="col") for key in ("sku", "fact", "value", "source", "state")]
    table = tag(
        "table", tag("thead", tag("tr", heads)), [entry_rows(reader, sheet.batch, entry) for entry in entries],
        class_="facts-table",
    )  # fmt: skip
    bar = tag(
        "div", tag("div", tag("h1", reader.say("facts_in")), tag("p", reader.say("facts_lead"), class_="hint")),
        next_step(reader, sheet.batch, counts), class_="bar-line",
    )  # fmt: skip
    body = tag("div", table, pager(reader, sheet, "facts"), class_="facts-side", tabindex="0", role="region",
               aria_label=reader.say("facts_in"))  # fmt: skip
    return [bar, tag("div", intake_form(reader, skus, counts), body, class_="two")]


def next_step(reader: Reader, batch: Batch, counts: Mapping[str, int]) -> Html:
    """The way on, where something is ready."""
    ready = counts.get("ready", 0)
    words = reader.say("next_choose", count=reader.number(ready))
    if not ready:
        return tag("span", words, class_="button off", id="next", aria_disabled="true")
    return tag("a", words, href=f"/studio/batches/{batch.id}/choose", class_="button", id="next")


def entry_rows(reader: Reader, batch: Batch, entry: Entry) -> Html:
    """A product's facts, what needs a person first."""
    if entry.state in ("unknown", "duplicate"):
        kind = "block" if entry.state == "unknown" else "idle"
        mark = chip(kind, reader.say(f"fact_{entry.state}"))
        rows = [tag("tr", _sku(entry), tag("td", entry.name, colspan=3, dir="auto"), tag("td", mark))]
        return tag("tbody", rows, id=f"p{entry.position}", class_=entry.state)
    facts = facts_of_told(entry.facts)
    open_names = {conflict["name"] for conflict in entry.conflicts}
    rows = [_conflict(reader, batch, entry, conflict) for conflict in entry.conflicts]
    rows += [
        tag("tr", tag("td", tag("code", name)), tag("td", "–"), tag("td", ""),
            tag("td", chip("warn", reader.say("fact_missing"))))
        for name in wanted_facts([]) if facts.get(name) is None
    ]  # fmt: skip
    rows += [_fact(reader, fact.name, shown(fact.value), fact.source, str(fact.as_of))
             for fact in facts.attested if fact.name not in open_names]  # fmt: skip
    first, rest = rows[:MOST_OPEN], rows[MOST_OPEN:]
    count = len(first) + (1 if rest else 0)
    lines = [Html(str(first[0]).replace("<tr>", f"<tr>{_sku(entry, count)}", 1)), *first[1:]] if first else []
    more = tag(
        "details", tag("summary", reader.say("more_facts", count=len(rest))),
        tag("table", tag("tbody", rest), class_="inner"),
    ) if rest else None  # fmt: skip
    folded = tag("tr", tag("td", more, colspan=4, class_="folded")) if more else None
    return tag("tbody", lines, folded, id=f"p{entry.position}", class_=entry.state)


def _sku(entry: Entry, rows: int = 1) -> Html:
    name, scope = tag("small", tag("bdi", entry.name)), "rowgroup" if rows > 1 else "row"
    return tag("th", tag("bdi", entry.sku), name, scope=scope, rowspan=rows if rows > 1 else None)


def _fact(reader: Reader, name: str, value: str, source: str, day: str) -> Html:
    sources = source.count(" + ") + 1
    words = reader.say("fact_agree", count=sources) if sources > 1 else reader.say("fact_ok")
    cells = tag("code", name), tag("bdi", value), tag("bdi", f"{source}, {day}"), chip("good", words)
    return tag("tr", [tag("td", cell) for cell in cells])


def _conflict(reader: Reader, batch: Batch, entry: Entry, conflict: Mapping[str, Any]) -> Html:
    name, values = conflict["name"], conflict["values"]
    picks = [
        tag("button", tag("bdi", shown(told["value"])), tag("small", str(told["source"]), dir="auto"), type="button",
            class_="pick", name="choice", value=place, hx_target=f"#p{entry.position}", hx_swap="outerHTML",
            hx_post=f"/studio/batches/{batch.id}/facts/{entry.position}", hx_vals=_named(str(name)),
            aria_label=reader.say("pick", value=shown(told["value"]), source=str(told["source"])))
        for place, told in enumerate(values)
    ]  # fmt: skip
    return tag("tr", tag("td", tag("code", name)), tag("td", tag("div", picks, class_="picks"), colspan=2),
               tag("td", chip("block", reader.say("fact_conflict"))))  # fmt: skip


def language_of_names(entries: Iterable[Entry]) -> str:
    """The language most products are named in, by their facts; English where none is told."""
    told: Counter[str] = Counter()
    for entry in entries:
        names = {fact["name"]: fact for fact in entry.facts.get("attested", ()) if fact["name"].startswith("name")}
        if own := names.pop("name", None):
            same = (fact["language"] for fact in names.values() if fact["value"] == own["value"])
            told[next(same, own["language"])] += 1
    return told.most_common(1)[0][0] if told else "en"


def _named(name: str) -> str:
    import json

    return json.dumps({"name": name})


def choose_page(  # noqa: PLR0913
    reader: Reader, batch: Batch, channels: Mapping[str, str], ready: int, *, models: bool, own: str = "en",
    fault: str = "",
) -> list[Html]:  # fmt: skip
    """What is to be written for whom; the source is offered in the language `own` of the products' texts."""
    places = [_box("channels", name, title) for name, title in channels.items()]
    served = [one.locale for one in served_locales().values()]
    first = next((one for one in served if match_language(one) == reader.language), served[0])
    offered = [*dict.fromkeys(["en-US", *served, *OTHERS])]
    written = next((one for one in served if match_language(one) == own), "en-US")
    source = tag("select", [tag("option", f"{locale_name(one)} ({one})", value=one, selected=one == written)
                            for one in offered], name="source", id="source")  # fmt: skip
    locales = [_box("locales", one, locale_name(one), "" if is_worded(one) else reader.say("unworded"),
                    on=one == first) for one in offered]  # fmt: skip
    writer = tag("fieldset", tag("legend", reader.say("who_writes")), tag("div", _radio("templates", reader, on=True),
                 _radio("model", reader), class_="boxes")) if models else None  # fmt: skip
    form = tag(
        "form", tag("p", fault, role="alert", class_="fault") if fault else None,
        tag("fieldset", tag("legend", reader.say("channels")), tag("div", places, class_="boxes")),
        tag("fieldset", tag("legend", reader.say("locales")),
            tag("p", tag("label", reader.say("source_locale"), for_="source"), " ", source, class_="source-line"),
            tag("div", locales, class_="boxes"),
            tag("label", reader.say("more_locales"), for_="more"), tag("input", name="more", id="more", dir="ltr")),
        writer, tag("button", reader.say("begin", count=reader.number(ready)), type="submit", class_="button"),
        method="post", action=f"/studio/batches/{batch.id}/write", class_="choosing",
    )  # fmt: skip
    return [tag("div", tag("div", tag("h1", reader.say("choose")), tag("p", reader.say("choose_lead"), class_="hint")),
                class_="bar-line"), form]  # fmt: skip


def _box(name: str, value: str, words: str, note: str = "", *, on: bool = False) -> Html:
    small = tag("small", note) if note else None
    held = tag("span", tag("bdi", words), small)
    return tag("label", tag("input", type="checkbox", name=name, value=value, checked=on), held, class_="box")


def _radio(value: str, reader: Reader, *, on: bool = False) -> Html:
    held = tag("span", reader.say(value))
    return tag("label", tag("input", type="radio", name="writer", value=value, checked=on), held, class_="box")
