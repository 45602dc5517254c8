"""Review and export: what is open, what is decided, and the files people publish from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from integrations.listings.tables import FileUnreadable
from integrations.studio.frame import HEADERS, page
from integrations.studio.grid_room import sheet_of
from integrations.studio.reception import MOST_FILE_BYTES, Held, Marketer, Page, sent_file
from integrations.studio.review_page import KINDS, ROWS, review_page
from integrations.studio.workbooks import exported, import_workbook, table, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add_review(routes: APIRouter) -> None:
    """Put the routes on the studio's."""

    @routes.get("/batches/{batch_id}/review")
    async def review(
        batch_id: str, reader: Marketer, studio: Held, channel: str = "", only: str = "", at: Page = 1
    ) -> HTMLResponse:
        kind = only if only in KINDS else "flagged"
        sheet = await sheet_of(studio, await studio.batch(batch_id), channel, "", 1, positions=False)
        cells = await studio.desk.cells.some(batch_id, sheet.channel, kind, (at - 1) * ROWS, ROWS)
        counts = await studio.desk.cells.counts(batch_id, sheet.channel)
        size = counts.all if kind == "all" else getattr(counts, kind)
        sheet = replace(sheet, only=kind, page=at, positions=range(size), most=ROWS)
        skus = await studio.desk.skus(sheet.batch, list({cell.position for cell in cells}))
        return page(reader, reader.say("review"), *review_page(reader, sheet, cells, skus, counts), kind="wide")

    @routes.post("/batches/{batch_id}/approve-clean")
    async def approve_clean(batch_id: str, reader: Marketer, studio: Held, channel: str = "") -> Response:
        sheet = await sheet_of(studio, await studio.batch(batch_id), channel, "", 1, positions=False)
        count = await studio.desk.cells.approve_clean(batch_id, sheet.channel, reader.name)
        await studio.journal.add(reader.name, "copy approved", f"studio {batch_id}", f"{sheet.channel}: {count} clean")
        return RedirectResponse(sheet.link("review", only="approved"), 303)

    _add_files(routes)


def _add_files(routes: APIRouter) -> None:
    @routes.get("/batches/{batch_id}/export.{kind}")
    async def export(batch_id: str, kind: str, reader: Marketer, studio: Held, only: str = "") -> Response:
        batch, moment = await studio.batch(batch_id), datetime.now(UTC)
        rows = await exported(studio.desk, batch, "approved" if only == "approved" else "")
        form, content = ("text/csv; charset=utf-8", table(rows)) if kind == "csv" else (XLSX, workbook(rows, moment))
        await studio.journal.add(
            reader.name, "copy exported", f"studio {batch.id}", f"{sum(map(len, rows.values()))} texts"
        )
        name = f"studio-{batch.id}.{'csv' if kind == 'csv' else 'xlsx'}"
        told = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=form, headers=HEADERS | told)

    @routes.post("/batches/{batch_id}/import", max_body_size=MOST_FILE_BYTES)
    async def take_back(request: Request, batch_id: str, reader: Marketer, studio: Held) -> JSONResponse:
        """An edited workbook is the request's body; what it came to is the answer."""
        batch = await studio.batch(batch_id)
        try:
            async with sent_file(request, "edited.xlsx") as path:
                done = await import_workbook(studio.desk, batch, path, reader.name)
        except FileUnreadable as fault:
            return JSONResponse({"message": reader.say("fault", why=str(fault))}, 422)
        await studio.journal.add(reader.name, "copy imported", f"studio {batch.id}", f"{done.changed} texts changed")
        told = {name: reader.number(count) for name, count in vars(done).items()}
        return JSONResponse({"message": reader.say("imported", **told), **vars(done)})
