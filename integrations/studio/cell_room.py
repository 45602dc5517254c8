"""A cell's routes: the panel about it, its text, fixes, decisions, its history and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from integrations.database.studio_cells import Cell, Outdated
from integrations.markup import Html, tag
from integrations.studio.cell_view import cell_view, foot
from integrations.studio.counting import FREE, Measure
from integrations.studio.desk import Refused
from integrations.studio.frame import part, replacing
from integrations.studio.grid_page import Sheet
from integrations.studio.inspector import About, inspector
from integrations.studio.reader import Reader, direction_of
from integrations.studio.reception import MOST_FORM_BYTES, Form, Held, Marketer, Studio, number, refusal, saying, told
from integrations.studio.review_page import review_row

MOST_COMMENT = 2000
STATES = ("approved", "rejected", "open")


def add_cells(routes: APIRouter) -> None:
    """Put the routes on the studio's."""

    @routes.get("/cells/{cell_id}")
    async def show(cell_id: int, reader: Marketer, studio: Held) -> HTMLResponse:
        """The panel about a cell."""
        return part(await _panel(reader, studio, await studio.desk.cell(cell_id)))

    @routes.get("/cells/{cell_id}/view")
    async def view(cell_id: int, reader: Marketer, studio: Held) -> HTMLResponse:
        """The cell as it stands."""
        return part(await _views(reader, studio, [await studio.desk.cell(cell_id)]))

    @routes.post("/cells/{cell_id}/comments")
    async def comment(cell_id: int, reader: Marketer, studio: Held, form: Form) -> HTMLResponse:
        cell, words = await studio.desk.cell(cell_id), told(form, "text").strip()[:MOST_COMMENT]
        if words:
            await studio.desk.cells.comment(cell.id, reader.name, words)
        return part(await _panel(reader, studio, await studio.desk.cell(cell_id)))

    _add_texts(routes)
    _add_steps(routes)


def _add_texts(routes: APIRouter) -> None:
    @routes.post("/cells/{cell_id}/text", max_body_size=MOST_FORM_BYTES)
    async def text(cell_id: int, reader: Marketer, studio: Held, form: Form) -> HTMLResponse:
        """A text that was written (`text`, over `version`). While it is still written at (`open`), only what stands
        beneath it is sent back.
        """
        cell, mine = await studio.desk.cell(cell_id), told(form, "text")
        try:
            cells = await studio.desk.write(cell, number(form, "version"), mine, reader.name)
        except Outdated:
            return await _clash(reader, studio, cell_id, mine)
        except Refused as refused:
            return refusal(reader, refused)
        if not told(form, "open"):
            return part(await _views(reader, studio, cells))
        first, *others = cells
        measure = await _measure(studio, first)
        under = replacing(f"f{first.id}", foot(reader, first, measure))
        return part(under, await _views(reader, studio, others))

    @routes.post("/cells/{cell_id}/fix")
    async def fix(cell_id: int, reader: Marketer, studio: Held, form: Form) -> HTMLResponse:
        cell = await studio.desk.cell(cell_id)
        return await _step(
            reader, studio, studio.desk.fix(cell, number(form, "version"), told(form, "rule"), reader.name)
        )


def _add_steps(routes: APIRouter) -> None:
    @routes.post("/cells/{cell_id}/decision")
    async def decide(cell_id: int, reader: Marketer, studio: Held, form: Form) -> HTMLResponse:
        cell, state = await studio.desk.cell(cell_id), told(form, "state")
        if state not in STATES:
            return refusal(reader, Refused("gone"))

        async def decided() -> list[Cell]:
            return [await studio.desk.decide(cell, number(form, "version"), state, reader.name)]

        return await _step(reader, studio, decided())

    @routes.post("/cells/{cell_id}/undo")
    async def undo(cell_id: int, reader: Marketer, studio: Held, form: Form) -> HTMLResponse:
        cell = await studio.desk.cell(cell_id)
        return await _step(reader, studio, studio.desk.undo(cell, number(form, "version"), reader.name))

    @routes.post("/cells/{cell_id}/restore")
    async def restore(cell_id: int, reader: Marketer, studio: Held, form: Form) -> HTMLResponse:
        cell, wanted = await studio.desk.cell(cell_id), number(form, "number")
        return await _step(reader, studio, studio.desk.restore(cell, number(form, "version"), wanted, reader.name))


async def _step(reader: Reader, studio: Studio, doing: object) -> HTMLResponse:
    """Do something with a cell, and show what it changed."""
    try:
        cells: list[Cell] = await doing  # type: ignore[misc]
    except Outdated:
        return part(saying(reader.say("clash")), status=409)
    except Refused as refused:
        return refusal(reader, refused)
    return part(await _views(reader, studio, cells))


async def _views(reader: Reader, studio: Studio, cells: Sequence[Cell]) -> list[Html]:
    """Cells for wherever they are shown: in the grid, or a row of the review."""
    told_ = []
    for cell in cells:
        measure = await _measure(studio, cell)
        told_.append(replacing(f"c{cell.id}:is(div)", cell_view(reader, cell, measure)))
        batch = await studio.batch(cell.batch_id)
        sheet = Sheet(batch, cell.channel, {}, {(cell.locale, cell.field): measure})
        sku = (await studio.desk.skus(batch, [cell.position])).get(cell.position, "")
        told_.append(replacing(f"c{cell.id}:is(tr)", review_row(reader, sheet, cell, sku)))
    return told_


async def _measure(studio: Studio, cell: Cell) -> Measure:
    from integrations.studio.counting import measures
    from integrations.studio.desk import today

    return measures(await studio.desk.market(cell.channel), cell.locale, today()).get(cell.field, FREE)


async def _panel(reader: Reader, studio: Studio, cell: Cell) -> Html:
    desk = studio.desk
    around, batch = await desk.around(cell), await studio.batch(cell.batch_id)
    beside = await desk.cells.on(cell.batch_id, cell.channel, [cell.position])
    source = next((c for c in beside if c.locale == batch.locales[0] and c.place == cell.place), None)
    sku = (await desk.skus(batch, [cell.position])).get(cell.position, "")
    comments, history = await desk.cells.comments(cell.id), await desk.cells.history(cell.id)
    measure = await _measure(studio, cell)
    return inspector(reader, About(cell, sku, source, around.facts, measure, comments, history))


async def _clash(reader: Reader, studio: Studio, cell_id: int, mine: str) -> HTMLResponse:
    """Both texts, where a cell was changed by somebody else meanwhile: nothing is lost."""
    cell = await studio.desk.cell(cell_id)
    as_written = {"lang": cell.locale, "dir": direction_of(cell.locale)}
    over = f'{{"version":{cell.version}}}'
    keep = tag("button", reader.say("keep_mine"), type="button", class_="button", name="text", value=mine,
               hx_post=f"/studio/cells/{cell.id}/text", hx_vals=over, hx_swap="none")  # fmt: skip
    take = tag("button", reader.say("take_theirs"), type="button", class_="button quiet", hx_swap="none",
               hx_get=f"/studio/cells/{cell.id}/view")  # fmt: skip
    both = tag("dl", tag("dt", reader.say("theirs")), tag("dd", cell.text, **as_written), tag("dt", reader.say("mine")),
               tag("dd", mine, **as_written))  # fmt: skip
    shown = tag("div", tag("p", reader.say("clash")), both, keep, take, class_="clash", role="alert")
    return part(replacing(f"f{cell.id}", foot(reader, cell, await _measure(studio, cell), shown)), status=409)
