"""Drafts as files: JSON, a workbook with a sheet a channel, flat files for channels. No cell runs as a formula."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from integrations.listings.cells import Row, Written, safe
from integrations.listings.feeds import (
    amazon_flat_file,
    ebay_csv,
    google_feed,
    shopify_csv,
    tiktok_csv,
    woocommerce_csv,
)
from knowledge.listings import Draft


class NoSuchFormat(ValueError):
    """A draft cannot be written as asked; the text says what can be."""


def flat(draft: Draft) -> Row:
    """A draft's fields in one row: a list has a column an entry, named values one each."""
    row: Row = {"product_id": draft.product_id, "marketplace": draft.marketplace, "locale": draft.locale}
    for name, held in draft.fields.items():
        if isinstance(held, list) and all(isinstance(entry, str) for entry in held):
            row |= {f"{name}_{place}": entry for place, entry in enumerate(held, 1)}
        elif isinstance(held, str):
            row[name] = held
        else:
            row[name] = json.dumps(held, ensure_ascii=False)
    told = draft.provenance
    return {**row, "written_by": told["written_by"], "ai_fields": ", ".join(told["ai_fields"]),
            "findings": "; ".join(f"{f.rule} ({f.field})" for f in draft.findings),
            "missing": "; ".join(entry.field for entry in draft.missing)}  # fmt: skip


def as_json(written: Sequence[Written]) -> bytes:
    """Drafts as one JSON object, with findings, facts and provenance."""
    told = {"listings": [draft.told() for draft, _, _ in written]}
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()


def as_workbook(written: Sequence[Written]) -> bytes:
    """A workbook with a sheet a channel; every cell is text."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for name in dict.fromkeys(draft.marketplace for draft, _, _ in written):
        rows = [flat(draft) for draft, _, _ in written if draft.marketplace == name]
        columns = list(dict.fromkeys(key for row in rows for key in row))
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
            sheet.set_column(place, place, 40 if column in ("description", "description_html") else 22)
            for line, row in enumerate(rows, 1):
                sheet.write_string(line, place, safe(row.get(column, ""))[:32767], wrapped)
    book.close()
    return held.getvalue()


FORMATS: dict[str, tuple[str, Callable[[Sequence[Written]], bytes]]] = {
    "json": ("", as_json),
    "xlsx": ("", as_workbook),
    "amazon": ("amazon", amazon_flat_file),
    "shopify": ("shopify", shopify_csv),
    "woocommerce": ("shopify", woocommerce_csv),
    "google": ("google_merchant", google_feed),
    "ebay": ("ebay", ebay_csv),
    "tiktok": ("tiktok_shop", tiktok_csv),
}
"""Formats by name: the channel whose drafts they take ('' for any), and what writes them."""


def write_drafts(written: Sequence[Written], kind: str, path: Path) -> int:
    """Write drafts as a file, whole or not at all. Returns how many. Raises NoSuchFormat."""
    if kind not in FORMATS:
        raise NoSuchFormat(f"There is no format {kind!r}. There are: {', '.join(FORMATS)}.")
    channel, form = FORMATS[kind]
    taken = [entry for entry in written if channel in ("", entry[0].marketplace)]
    if not taken:
        raise NoSuchFormat(f"The format {kind} takes drafts for {channel}; there is none.")
    fresh = path.with_name(f".{path.name}.tmp")
    fresh.write_bytes(form(taken))
    fresh.replace(path)
    return len(taken)
