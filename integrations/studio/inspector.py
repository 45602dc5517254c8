"""The panel about one text: its source, findings with their fix, facts, what is live, comments, history."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from integrations.database.studio_cells import Cell, Version
from integrations.markup import Html, Part, tag
from integrations.studio.cell_view import counter, field_label, finding_words, fix_button
from integrations.studio.counting import Measure
from integrations.studio.frame import chip
from integrations.studio.reader import Reader, direction_of, locale_name
from knowledge.facts import Facts
from knowledge.localizing import ORIGINS


@dataclass(frozen=True)
class About:
    """What the panel tells of a cell."""

    cell: Cell
    sku: str
    source: Cell | None
    facts: Facts
    measure: Measure
    comments: Sequence[tuple[str, datetime, str]]
    history: Sequence[Version]


def nothing_chosen(reader: Reader) -> Html:
    """The panel before a text is chosen."""
    return _panel(reader, None, tag("p", reader.say("inspector_empty"), class_="hint"), _keys(reader))


def inspector(reader: Reader, about: About) -> Html:
    """The panel about a text."""
    cell = about.cell
    place = f"{about.sku} · {field_label(reader, cell.field, cell.item)}"
    head = tag("div", tag("h2", place, id="about", tabindex="-1", dir="auto"),
               tag("p", tag("bdi", locale_name(cell.locale), lang=cell.locale), " ", counter(cell.text, about.measure),
                   class_="hint"), class_="about-head")  # fmt: skip
    return _panel(
        reader, cell, head, decisions(reader, cell), _source(reader, about), _findings(reader, about),
        _facts(reader, about), _live(reader, cell), _comments(reader, about), _history(reader, about), _keys(reader),
    )  # fmt: skip


def _panel(reader: Reader, cell: Cell | None, *parts: Part) -> Html:
    told = {"data_about": cell.id, "data_version": cell.version} if cell else {}
    return tag("aside", *parts, id="inspector", class_="inspector", aria_label=reader.say("inspector"), tabindex="0",
               **told)  # fmt: skip


def decisions(reader: Reader, cell: Cell) -> Html:
    """The buttons that decide about a text."""

    def button(state: str, key: str, kind: str, *, off: bool = False) -> Html:
        return tag(
            "button", reader.say(key), type="button", class_=kind, disabled=off, hx_swap="none",
            hx_post=f"/studio/cells/{cell.id}/decision", name="state", value=state,
            hx_vals=f'{{"version":{cell.version}}}',
        )  # fmt: skip

    if cell.state != "open":
        return tag("div", _decided(reader, cell), button("open", "reopen", "button quiet"), class_="actions")
    blocked = cell.level == "block" or not cell.text
    yes, no = button("approved", "approve", "button", off=blocked), button("rejected", "reject", "button quiet")
    return tag("div", yes, no, class_="actions")


def _decided(reader: Reader, cell: Cell) -> Html:
    mark = chip("good" if cell.state == "approved" else "block", reader.say(cell.state))
    at = reader.moment(cell.decided_at) if cell.decided_at else ""
    return tag("span", mark, " ", tag("b", cell.decided_by, dir="auto"), f", {at}" if at else None, class_="decided")


def _source(reader: Reader, about: About) -> Html | None:
    source = about.source
    if source is None or source.id == about.cell.id:
        return None
    told = tag("p", source.text, lang=source.locale, dir=direction_of(source.locale), class_="quote")
    return tag("section", tag("h3", reader.say("source_text")), told)


def _findings(reader: Reader, about: About) -> Html:
    told = [
        tag("li", tag("p", chip(str(f["severity"]), reader.say(str(f["severity"]))), " ", finding_words(reader, f)),
            tag("p", f["why"], dir="auto"), tag("p", f["suggestion"], dir="auto") if f["suggestion"] else None,
            tag("small", tag("code", f["rule"]), " ", str(f["source"])[:300], dir="auto"),
            fix_button(reader, about.cell, f, about.measure), class_=f"finding {f['severity']}")
        for f in about.cell.findings
    ]  # fmt: skip
    body = tag("ul", told, class_="plain-list") if told else tag("p", reader.say("no_findings"), class_="hint")
    return tag("section", tag("h3", reader.say("findings")), body)


def _facts(reader: Reader, about: About) -> Html:
    known = {fact.id: fact for fact in about.facts.attested}
    ids = dict.fromkeys(name for claim in about.cell.claims for name in claim["facts"])
    told = [
        tag("li", tag("code", name.partition("#")[2] or name), " = ", tag("bdi", _value(known[name].value)),
            tag("small", f"{known[name].source}, {known[name].as_of}", dir="auto"))
        if name in known else tag("li", tag("code", name))
        for name in ids
    ]  # fmt: skip
    body = tag("ul", told, class_="plain-list facts-list") if told else tag("p", reader.say("no_facts"), class_="hint")
    return tag("section", tag("h3", reader.say("facts_used")), body)


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)[:200]


def _live(reader: Reader, cell: Cell) -> Html | None:
    if not cell.live:
        return None
    told = tag("p", difference(cell.live, cell.text), class_="quote", lang=cell.locale, dir=direction_of(cell.locale))
    return tag("section", tag("h3", reader.say("live_now")), told)


def difference(before: str, after: str) -> list[Html | str]:
    """What went and what came, word by word."""
    old, new = _words(before), _words(after)
    told: list[Html | str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            told.append("".join(old[a:b]))
            continue
        if b > a:
            told.append(tag("del", "".join(old[a:b])))
        if d > c:
            told.append(tag("ins", "".join(new[c:d])))
    return told


def _words(text: str) -> list[str]:
    """Words and what stands between; in scripts that run words together each letter."""
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|\w+|\s+|.", text[:4000], re.DOTALL)


def _comments(reader: Reader, about: About) -> Html:
    told = [
        tag("li", tag("p", tag("b", by, dir="auto"), " ", tag("small", reader.moment(at))), tag("p", text, dir="auto"))
        for by, at, text in about.comments
    ]  # fmt: skip
    field = tag("textarea", name="text", rows=2, required=True, maxlength=2000)
    form = tag(
        "form", tag("label", tag("span", reader.say("comment_label")), field),
        tag("button", reader.say("send"), type="submit", class_="button quiet"), hx_target="#inspector",
        hx_post=f"/studio/cells/{about.cell.id}/comments", hx_swap="outerHTML", class_="comment",
    )  # fmt: skip
    return tag(
        "section", tag("h3", reader.say("comments")), tag("ul", told, class_="plain-list") if told else None, form
    )


def _history(reader: Reader, about: About) -> Html:
    cell = about.cell
    undo = tag("button", reader.say("undo"), type="button", class_="button quiet", hx_swap="none",
               hx_post=f"/studio/cells/{cell.id}/undo", hx_vals=f'{{"version":{cell.version}}}')  # fmt: skip
    told = [
        tag("li", tag("p", tag("b", origin_words(reader, one.origin, one.by), dir="auto"), " ",
                      tag("small", reader.moment(one.at))),
            tag("p", one.text, lang=cell.locale, dir=direction_of(cell.locale), class_="old"),
            None if one.number == cell.version else tag(
                "button", reader.say("restore"), type="button", class_="plain", name="number", value=one.number,
                hx_swap="none", hx_post=f"/studio/cells/{cell.id}/restore", hx_vals=f'{{"version":{cell.version}}}'))
        for one in about.history
    ]  # fmt: skip
    return tag("section", tag("h3", reader.say("history"), f" ({len(told)})"), undo if len(told) > 1 else None,
               tag("ol", told, class_="plain-list"))  # fmt: skip


def origin_words(reader: Reader, origin: str, by: str) -> str:
    """Where a text comes from, in words."""
    kind, _, more = origin.partition(":")
    known = dict.fromkeys(ORIGINS, reader.say("kind_l10n")) | {"person": by, "": by}
    who = {**known, "templates": reader.say("by_templates"), "model": reader.say("by_model", name=more)}.get(kind, by)
    how = {"fix": reader.say("by_fix", rule=more), "import": reader.say("by_import")}.get(kind, "")
    return f"{who} · {how}" if how else who


def _keys(reader: Reader) -> Html:
    known = (("Tab", "key_tab"), ("Ctrl Enter", "key_approve"), ("Alt ↓", "key_flag"), ("Alt Enter", "key_fix"),
             ("Esc", "key_panel"))  # fmt: skip
    told = [tag("div", tag("dt", tag("kbd", key)), tag("dd", reader.say(word))) for key, word in known]
    return tag("details", tag("summary", reader.say("keys")), tag("dl", told), class_="keys", open=True)
