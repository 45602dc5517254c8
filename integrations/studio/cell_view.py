"""A cell of the grid as a page shows it: its text with what is found and borne in it marked, its length, its chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.database.studio_cells import Cell
from integrations.markup import Html, Part, tag
from integrations.studio.counting import FREE, Measure
from integrations.studio.fixes import fixed
from integrations.studio.frame import chip
from integrations.studio.reader import Reader, direction_of, locale_name

MOST_CHIPS = 3
"""Most findings that a cell names; the panel has all."""

NEAR = 0.9
"""From which part of its limit on a length is warned of."""


def cell_view(reader: Reader, cell: Cell, measure: Measure = FREE) -> Html:
    """A cell of the grid. Its text becomes a field where it is written at."""
    text = tag(
        "div", marked(cell), class_="text", role="textbox", aria_readonly="true", tabindex=0, lang=cell.locale,
        dir=direction_of(cell.locale), aria_labelledby=f"r{cell.position}-{cell.place} h{cell.position}-{cell.locale}",
        aria_multiline="true",
    )  # fmt: skip
    kind = "cell flagged" if needs_a_look(cell) else f"cell {cell.state}"
    return tag("div", text, foot(reader, cell, measure), id=f"c{cell.id}", class_=kind, data_cell=cell.id,
               data_locale=cell.locale, data_field=cell.field, role="cell")  # fmt: skip


def needs_a_look(cell: Cell) -> bool:
    """Whether a cell is among those that somebody has to look at."""
    return cell.state != "approved" and (cell.is_flagged or not cell.text)


def foot(reader: Reader, cell: Cell, measure: Measure, *more: Part) -> Html:
    """What stands beneath a text: its length, how it stands, what is found in it."""
    facts = {fact for claim in cell.claims for fact in claim["facts"]}
    borne = chip("good", reader.say("facts_count", count=len(facts))) if facts and not cell.is_flagged else None
    said = chip("info", str(cell.comments), title=reader.say("comments")) if cell.comments else None
    parts = counter(cell.text, measure), _state(reader, cell), borne, said, _chips(reader, cell, measure), more
    return tag("div", parts, class_="foot", id=f"f{cell.id}", data_version=cell.version, data_state=cell.state)


def counter(text: str, measure: Measure) -> Html:
    """How long a text is, of how long it may be."""
    size = measure.length(text)
    told = f"{size:g}/{measure.most}" if measure.most else f"{size:g}"
    over = measure.most is not None and size > measure.most
    near = measure.most is not None and size >= NEAR * measure.most
    return tag("bdi", told, class_="count over" if over else "count near" if near else "count", dir="ltr")


def _state(reader: Reader, cell: Cell) -> Html | None:
    if cell.state != "open":
        mark = chip("good" if cell.state == "approved" else "block", reader.say(cell.state))
        return tag("span", mark, tag("b", cell.decided_by, dir="auto"), class_="decided")
    return None if cell.text else chip("idle", reader.say("not_written"))


def _chips(reader: Reader, cell: Cell, measure: Measure) -> list[Html]:
    open_ones = [finding for finding in cell.findings if finding["severity"] != "info"]
    shown = list({(str(f["rule"]).split(".")[0] == "limit", *f["span"]): f for f in reversed(open_ones)}.values())[::-1]
    told = [_finding_chip(reader, cell, finding, measure) for finding in shown[:MOST_CHIPS]]
    return [*told, chip("warn", f"+{len(shown) - MOST_CHIPS}")] if len(shown) > MOST_CHIPS else told


def _finding_chip(reader: Reader, cell: Cell, finding: Mapping[str, Any], measure: Measure) -> Html:
    shown = chip(str(finding["severity"]), finding_words(reader, finding), title=str(finding["why"]))
    return tag("span", shown, fix_button(reader, cell, finding, measure, tabindex="-1"), class_="found")


def finding_words(reader: Reader, finding: Mapping[str, Any]) -> list[Part]:
    """What a finding is about, in a word or two and the words it is about."""
    rule = str(finding["rule"])
    kind = next((name for name in ("limit", "facts", "l10n") if rule.startswith(f"{name}.")), "claim")
    words = str(finding["text"])
    about = tag("bdi", f"“{words[:28]}{'…' if len(words) > 28 else ''}”") if words and kind != "limit" else None
    return [reader.say(f"kind_{kind}"), ": " if about else None, about]


def fix_button(
    reader: Reader, cell: Cell, finding: Mapping[str, Any], measure: Measure, tabindex: str | None = None
) -> Html | None:  # fmt: skip
    """A button that puts a finding right, where saying less does."""
    better = fixed(finding, cell.text, measure.most, measure.unit)
    if not better or better == cell.text:
        return None
    words = reader.say("shorten" if str(finding["rule"]).startswith("limit.") else "fix")
    return tag(
        "button", words, type="button", class_="fix", tabindex=tabindex, title=better, data_fix=True,
        hx_post=f"/studio/cells/{cell.id}/fix", hx_swap="none", name="rule", value=str(finding["rule"]),
        hx_vals=f'{{"version":{cell.version}}}',
    )  # fmt: skip


def marked(cell: Cell) -> list[Part]:
    """A text in pieces: what a finding is about is underlined, what a fact bears can be asked for it."""
    found = [(f["span"][0], f["span"][1], f["severity"]) for f in cell.findings if _stands_in(f, cell.text)]
    borne = _borne(cell)
    cuts = sorted({0, len(cell.text), *(place for start, end, _ in [*found, *borne] for place in (start, end))})
    pieces: list[Part] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        piece: Part = cell.text[start:end]
        grave = next((severity for a, b, severity in found if a <= start and end <= b), "")
        facts = next((facts for a, b, facts in borne if a <= start and end <= b), "")
        if facts:
            piece = tag("span", piece, class_="borne", data_facts=facts)
        pieces.append(tag("mark", piece, class_=grave) if grave else piece)
    return pieces


def _stands_in(finding: Mapping[str, Any], text: str) -> bool:
    start, end = finding["span"]
    words = text[start:end]
    return 0 <= start < end and words.startswith(str(finding["text"])[:20]) and not finding["rule"].startswith("limit.")


def _borne(cell: Cell) -> Sequence[tuple[int, int, str]]:
    """Where facts bear the text: each claim after the one before."""
    told, at = [], 0
    for claim in cell.claims:
        start = cell.text.find(claim["text"], at)
        if claim["text"] and start >= 0:
            at = start + len(claim["text"])
            told.append((start, at, "\n".join(claim["facts"])))
    return told


def field_label(reader: Reader, field: str, item: int) -> str:
    """What a field is called; a list's entries are counted."""
    name = reader.say(f"field_{field}") if reader.knows(f"field_{field}") else field.replace("_", " ").capitalize()
    return f"{name} {item + 1}" if item >= 0 else name


def locale_head(reader: Reader, locale: str, *, is_source: bool) -> list[Part]:
    """What a column is called."""
    mark = tag("span", reader.say("source"), class_="mark") if is_source else None
    return [tag("bdi", locale_name(locale), lang=locale), tag("small", tag("bdi", locale, dir="ltr"), mark)]
