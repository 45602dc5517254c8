"""The copy studio at `/studio`: its rooms put on a server."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from integrations.markup import tag
from integrations.studio.cell_room import add_cells
from integrations.studio.desk import Refused
from integrations.studio.frame import page
from integrations.studio.grid_room import add_grid
from integrations.studio.intake_room import add_intake
from integrations.studio.reader import reader_of
from integrations.studio.reception import Studio, refusal
from integrations.studio.review_room import add_review

STATIC = {"studio.css": "text/css", "studio.js": "text/javascript", "htmx.min.js": "text/javascript"}


def add_copy_studio(api: FastAPI, studio: Studio) -> None:
    """Put the studio's pages on a server."""
    api.state.studio = studio
    routes = APIRouter(prefix="/studio", include_in_schema=False)
    for add_room in (add_intake, add_grid, add_cells, add_review, _add_files):
        add_room(routes)
    api.include_router(routes)

    @api.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> HTMLResponse:
        reader = await reader_of(request, studio.door)
        if "hx-request" in request.headers:
            return refusal(reader, error, 404)
        words = reader.say(error.key, **error.slots)
        return page(reader, words, tag("h1", words), status=404)


def _add_files(routes: APIRouter) -> None:
    @routes.get("/")
    async def home() -> RedirectResponse:
        return RedirectResponse("/studio", 308)

    @routes.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404, {"code": "not_found", "message": "There is nothing here."})
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(_static(name), media_type=STATIC[name], headers=headers)


@cache
def _static(name: str) -> bytes:
    return (files("integrations.studio") / "static" / name).read_bytes()
