"""A draft as cells of the grid, and what the checks have to say of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from integrations.database.studio_batches import Slot
from integrations.database.studio_cells import Cell
from integrations.listings.workshop import Workshop
from integrations.studio.fixes import EDGES, phrases
from knowledge.facts import Facts
from knowledge.findings import SEVERITIES, Finding
from knowledge.listings import Claimed, Draft, Held, Listing
from knowledge.marketplaces import Marketplace
from tools.listings.check import NO_COPY, Checker

NO_CELLS = NO_COPY | {"handle"}
"""Fields that are no copy: identifiers, and what comes from the merchant's systems."""

UNTRANSLATED = "l10n.missing"
"""The mark of a text that could not be translated."""

Told = dict[str, Any]

CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no text of a listing has, and no workbook may."""


def cells_of(draft: Draft, slot: Slot, facts: Facts, market: Marketplace) -> tuple[list[Cell], Slot]:
    """A draft's texts as cells, and the slot with what is no text. A text the channel wants and no fact fills is an
    empty cell.
    """
    order = {name: place for place, name in enumerate([*(entry.name for entry in market.entries), *market.extras])}
    texts, rest = _texts(draft)
    wanted = {entry.name for entry in market.entries if entry.kind in ("text", "list")} - NO_CELLS
    empty = [(m.field, -1, "") for m in draft.missing if m.field in wanted and m.field not in draft.fields]
    cells = [
        Cell(
            0, slot.id, "", slot.position, slot.channel, slot.locale, name, item,
            order.get(name, 99) * 100 + item + 1, cleaned(text), live_text(facts, name, item, draft.locale),
            origin=_origin(draft, name) if text else "", model=draft.written_by if name in draft.by_model else "",
        )
        for name, item, text in [*texts, *empty]
    ]  # fmt: skip
    findings = [*draft.findings, *draft.advice]
    needed = [_missing(entry.field, entry.why) for entry in draft.missing]
    told = judged(sorted(cells, key=lambda cell: cell.place), findings, draft.claims, needed)
    by = draft.written_by
    missing = [asdict(entry) for entry in draft.missing]
    return told, replace(slot, state="written", written_by=by, rest=rest, missing=missing)


def cleaned(text: str) -> str:
    """A text as a cell holds it: one kind of line end, no letters that steer a terminal, nothing around it."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _texts(draft: Draft) -> tuple[list[tuple[str, int, str]], dict[str, Any]]:
    texts: list[tuple[str, int, str]] = []
    rest: dict[str, Any] = {}
    for name, held in draft.fields.items():
        if isinstance(held, str) and name not in NO_CELLS:
            texts.append((name, -1, held))
        elif isinstance(held, list) and name not in NO_CELLS and all(isinstance(one, str) for one in held):
            texts += [(name, item, one) for item, one in enumerate(held)]
        else:
            rest[name] = held
    return texts, rest


def _origin(draft: Draft, name: str) -> str:
    return f"model:{draft.written_by}" if name in draft.by_model else "templates"


def _missing(field: str, why: str) -> Finding:
    return Finding("limit.required", "block", (0, 0), "", why, "", "", field=field)


def live_text(facts: Facts, field: str, item: int, locale: str) -> str:
    """What the shop shows today where the field would stand."""
    kind = "name" if field.startswith("title") else "summary" if field.startswith("description") else ""
    language = locale if locale in ("pt-BR", "zh-CN") else locale.split("-")[0]
    found = facts.text_in(kind, language) if kind and item < 1 else None
    return str(found.value) if found else ""


def judged(
    cells: Sequence[Cell], findings: Iterable[Finding], claims: Iterable[Claimed], more: Iterable[Finding] = ()
) -> list[Cell]:
    """Cells with what was found in them and the facts that bear them. What is said of the whole stands at the first."""
    told = [*findings, *more]
    borne = list(claims)
    return [
        replace(
            cell, findings=(own := [_told(f) for f in told if _is_about(f, cell, cells)]), level=gravest(own),
            claims=[{"text": c.text, "facts": list(c.facts)} for c in borne
                    if (c.field, c.item) == (cell.field, cell.item) and c.facts],
        )
        for cell in cells
    ]  # fmt: skip


def _told(finding: Finding) -> Told:
    return {**asdict(finding), "span": list(finding.span), "evidence": list(finding.evidence)}


def _is_about(finding: Finding, cell: Cell, cells: Sequence[Cell]) -> bool:
    if finding.field != cell.field:
        return not finding.field and cell is cells[0]
    return finding.item == cell.item or (finding.item == -1 and cell.item == 0)


def gravest(findings: Iterable[Mapping[str, Any]]) -> str:
    """The gravest severity among findings, '' for none."""
    return min((str(f["severity"]) for f in findings), key=SEVERITIES.index, default="")


def fields_of(cells: Iterable[Cell], rest: Mapping[str, Any]) -> dict[str, Held]:
    """The fields of a listing, put together of its cells again."""
    fields: dict[str, Any] = dict(rest)
    for cell in cells:
        if cell.item >= 0:
            fields.setdefault(cell.field, []).append(cell.text)
        elif cell.text:
            fields[cell.field] = cell.text
    return fields


def judge(
    workshop: Workshop, cells: Sequence[Cell], slot: Slot, facts: Facts, market: Marketplace, on: date
) -> list[Cell]:
    """A draft's cells with what the checks say of them as they stand now."""
    fields = fields_of(cells, slot.rest)
    draft = workshop.check(Listing(fields), facts, market, slot.locale, on)
    tracer = Checker(market, slot.locale, on, workshop.rivals(facts)).tracer(facts)
    claims = [
        Claimed(cell.field, cell.item, said, borne.get(said) or tracer.bearing(said))
        for cell in cells
        for borne in [{str(one["text"]).strip(EDGES): tuple(one["facts"]) for one in cell.claims}]
        for start, end in phrases(cell.text) if (said := cell.text[start:end].strip(EDGES))
    ]  # fmt: skip
    advice = [finding for finding in draft.advice if finding.rule != "limit.required"]
    told = judged(cells, [*draft.findings, *advice], claims)
    return [_still_marked(*pair) for pair in zip(cells, told, strict=True)]


def untranslated(finding: Finding) -> Told:
    """Why a cell is empty, as it is kept: good to know, for an empty text is flagged anyway."""
    return _told(replace(finding, rule=UNTRANSLATED, severity="info"))


def _still_marked(before: Cell, after: Cell) -> Cell:
    """An empty cell that says still why no translation is in it."""
    marks = [found for found in before.findings if found["rule"] == UNTRANSLATED and not after.text]
    findings = [*after.findings, *marks]
    return replace(after, findings=findings, level=gravest(findings))


def blank(cells: Iterable[Cell], slot: Slot) -> list[Cell]:
    """The cells of a language that nobody writes: as the source has them, empty, for a person or a translation."""
    return [
        replace(cell, id=0, draft_id=slot.id, locale=slot.locale, text="", live="", version=1, origin="", model="",
                level="", findings=[], claims=[], state="open", decided_by="", decided_at=None, comments=0)
        for cell in cells if cell.text
    ]  # fmt: skip
