"""The grid's routes: a page of it, how far the writing is, pausing it, and the limits to count by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from integrations.database.studio_batches import Batch
from integrations.listings.facts_files import facts_of_told
from integrations.markup import Html
from integrations.studio.counting import limit_table
from integrations.studio.desk import today
from integrations.studio.frame import page, part, replacing
from integrations.studio.grid_page import (
    A_PAGE,
    GROUPS,
    Group,
    Sheet,
    flagged_link,
    grid_page,
    group_view,
    progress_view,
)
from integrations.studio.job_view import dollars, job_view
from integrations.studio.reader import Reader
from integrations.studio.reception import Form, Held, Marketer, Page, Studio, refused, told
from knowledge.jobs import JobRefused

AT_ONCE = 3
"""Products whose cells are read together."""

MOST_SENT = 6
"""Most groups that one answer about progress brings."""


def add_grid(routes: APIRouter) -> None:
    """Put the routes on the studio's."""

    @routes.get("/batches/{batch_id}/grid")
    async def grid(  # noqa: PLR0913  (each is a part of the address)
        batch_id: str,
        reader: Marketer,
        studio: Held,
        channel: str = "",
        only: str = "",
        at: Page = 1,
        near: int = -1,
    ) -> StreamingResponse:
        """A page of the grid: the one with the product at the place `near`, where that is given."""
        sheet = await sheet_of(studio, await studio.batch(batch_id), channel, only, at)
        if near in sheet.positions:
            sheet = replace(sheet, page=list(sheet.positions).index(near) // A_PAGE + 1)
        counts = await studio.desk.cells.counts(batch_id, sheet.channel)
        shown = grid_page(reader, sheet, counts, await _progress(reader, studio, sheet))
        whole = page(reader, sheet.batch.title, *shown, kind="full")
        sent = _sent(reader, studio, sheet, bytes(whole.body).decode())
        return StreamingResponse(sent, media_type="text/html", headers=_without_length(whole))

    @routes.get("/batches/{batch_id}/limits.json")
    async def limits(batch_id: str, _: Marketer, studio: Held, channel: str = "") -> JSONResponse:
        batch = await studio.batch(batch_id)
        market = await studio.desk.market(_known(batch, channel))
        return JSONResponse(limit_table(market, batch.locales, today()), headers={"Cache-Control": "private, no-cache"})

    _add_progress(routes)


def _without_length(whole: HTMLResponse) -> dict[str, str]:
    return {name: value for name, value in whole.headers.items() if name not in ("content-length", "content-type")}


async def _sent(reader: Reader, studio: Studio, sheet: Sheet, whole: str) -> AsyncIterator[str]:
    """A page whose groups come one after the other; between two of them others are served."""
    before, _, after = whole.partition(GROUPS)
    yield before
    for start in range(0, len(sheet.shown), AT_ONCE):
        for group in await groups_of(studio, sheet, sheet.shown[start : start + AT_ONCE]):
            yield group_view(reader, sheet, group)
            await asyncio.sleep(0)
    yield after


def _add_progress(routes: APIRouter) -> None:
    @routes.get("/batches/{batch_id}/progress")
    async def progress(
        request: Request, batch_id: str, reader: Marketer, studio: Held, channel: str = "", only: str = ""
    ) -> HTMLResponse:
        """How far the writing is, with the groups of which more is done than the page shows (`waiting`, place:done)."""
        sheet = await sheet_of(studio, await studio.batch(batch_id), channel, only, 1, positions=False)
        shown = dict(_shown(one) for one in request.query_params.getlist("waiting")[:A_PAGE])
        groups = await groups_of(studio, sheet, list(shown)) if shown else []
        fresh = [group for group in groups if group.done > shown[group.entry.position]][:MOST_SENT]
        told = [replacing(f"g{one.entry.position}", group_view(reader, sheet, one)) for one in fresh]
        counts = await studio.desk.cells.counts(batch_id, sheet.channel)
        flagged = replacing("flagged", flagged_link(reader, sheet, counts))
        return part(await _progress(reader, studio, sheet), flagged, told)

    @routes.post("/batches/{batch_id}/pause")
    async def pause(batch_id: str, reader: Marketer, studio: Held, channel: str = "") -> HTMLResponse:
        await studio.filling.pause(await studio.batch(batch_id))
        return part(await _progress(reader, studio, await _plain(studio, batch_id, channel)))

    @routes.post("/batches/{batch_id}/resume")
    async def resume(batch_id: str, reader: Marketer, studio: Held, form: Form, channel: str = "") -> HTMLResponse:
        try:
            await studio.filling.resume(await studio.batch(batch_id), dollars(told(form, "budget")))
        except JobRefused as refusal:
            return refused(reader, refusal)
        return part(await _progress(reader, studio, await _plain(studio, batch_id, channel)))


def _shown(told: str) -> tuple[int, int]:
    place, _, done = told.partition(":")
    return (int(place), int(done)) if place.isdigit() and done.isdigit() and len(told) < 20 else (-1, 0)


async def _plain(studio: Studio, batch_id: str, channel: str) -> Sheet:
    return await sheet_of(studio, await studio.batch(batch_id), channel, "", 1, positions=False)


async def _progress(reader: Reader, studio: Studio, sheet: Sheet) -> Html:
    counts = await studio.desk.batches.progress(sheet.batch.id)
    standing = await studio.filling.look(sheet.batch, counts.get("waiting", 0))
    failed = await studio.filling.jobs.failures(standing.job) if studio.filling.jobs and standing.job else []
    told = job_view(reader, standing.job, [item.error for item in failed]) if standing.job else None
    left = left_words(reader, standing.seconds_left)
    return progress_view(reader, replace(sheet, batch=standing.batch), counts, left, told)


def left_words(reader: Reader, seconds: float | None) -> str:
    """How long writing will go on, in words; '' where nobody knows."""
    if seconds is None:
        return ""
    return reader.say("minutes_left", minutes=round(seconds / 60)) if seconds > 60 else reader.say("seconds_left")


def _known(batch: Batch, channel: str) -> str:
    return channel if channel in batch.channels else next(iter(batch.channels), "")


async def sheet_of(studio: Studio, batch: Batch, channel: str, only: str, at: int, *, positions: bool = True) -> Sheet:
    """What a page of the grid shows."""
    desk, known = studio.desk, _known(batch, channel)
    names = {one: (await desk.market(one)).name for one in batch.channels}
    measures = await desk.measures(batch, known) if known else {}
    sheet = Sheet(batch, known, names, measures, only="flagged" if only == "flagged" else "")
    places = await desk.cells.positions(batch.id, known, flagged=bool(sheet.only)) if positions else []
    sheet = replace(sheet, positions=places)
    return replace(sheet, page=min(at, sheet.pages))


async def groups_of(studio: Studio, sheet: Sheet, positions: Sequence[int]) -> list[Group]:
    """Products with their drafts and cells, in the order of the batch."""
    desk, batch = studio.desk, sheet.batch
    cells = await desk.cells.on(batch.id, sheet.channel, positions)
    slots = await desk.batches.slots(batch.id, sheet.channel, positions)
    return [
        Group(
            entry, facts_of_told(entry.facts), [one for one in slots if one.position == entry.position],
            [one for one in cells if one.position == entry.position],
        )
        for entry in await desk.batches.entries(batch.id, positions)
    ]  # fmt: skip
