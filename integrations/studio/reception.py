"""The studio's reception: what its rooms work with, who asks, and whether they may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from integrations.database.journal import Journal
from integrations.database.studio_batches import Batch
from integrations.markup import Html, tag
from integrations.studio.desk import Desk, Refused
from integrations.studio.door import Door, is_own
from integrations.studio.filling import Filling
from integrations.studio.frame import part, replacing
from integrations.studio.reader import Reader, reader_of

MOST_FORM_BYTES = 1024 * 1024
MOST_FILE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Studio:
    """An open studio."""

    desk: Desk
    filling: Filling
    door: Door
    journal: Journal

    async def batch(self, batch_id: str) -> Batch:
        """A batch. Raises Refused where there is none."""
        found = await self.desk.batches.find(batch_id)
        if found is None:
            raise Refused("gone")
        return found


def studio_of(request: Request) -> Studio:
    """The studio of the server that a request came to."""
    held: Studio = request.app.state.studio
    return held


async def _reading(request: Request) -> Reader:
    return await reader_of(request, studio_of(request).door)


async def _marketer(request: Request) -> Reader:
    """Who signed in; anybody else is led to the door. What changes something comes from our own pages."""
    reader = await _reading(request)
    if not reader.name:
        where = (
            {"HX-Redirect": "/studio/sign-in"} if "hx-request" in request.headers else {"Location": "/studio/sign-in"}
        )
        raise HTTPException(401 if "HX-Redirect" in where or request.method != "GET" else 303, "Sign in first.", where)
    if request.method != "GET" and not is_own(request):
        raise HTTPException(403, {"code": "origin_refused", "message": "This form belongs to our own pages."})
    return reader


Anybody = Annotated[Reader, Depends(_reading)]
Marketer = Annotated[Reader, Depends(_marketer)]
Held = Annotated[Studio, Depends(studio_of)]
Page = Annotated[int, Query(alias="page", ge=1, le=100_000)]


async def _form(request: Request) -> list[tuple[str, str]]:
    return parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20_000)


Form = Annotated[list[tuple[str, str]], Depends(_form)]


def told(form: list[tuple[str, str]], name: str) -> str:
    """A field of a form; '' where it has none."""
    return next((value for key, value in form if key == name), "")


def number(form: list[tuple[str, str]], name: str) -> int:
    """A number in a form; -1 where there is none."""
    value = told(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def saying(words: str) -> Html:
    """A sentence for who looks, wherever on the page."""
    return replacing("said", tag("p", words, role="status", id="said", class_="toast"))


def refusal(reader: Reader, refused: Refused, status: int = 422) -> HTMLResponse:
    """Why something was not done."""
    return part(saying(reader.say(refused.key, **refused.slots)), status=status)


def refused(reader: Reader, why: Exception) -> HTMLResponse:
    """Why work was not begun, as whoever does it says it."""
    return part(saying(reader.say("fault", why=str(why))), status=422)


@asynccontextmanager
async def sent_file(request: Request, name: str) -> AsyncIterator[Path]:
    """A file that was sent as a request's body, under the end of its name; it is gone afterwards."""
    ending = Path(name).suffix.lower()[:8]
    with TemporaryDirectory(prefix="studio-") as folder:
        plain = "".join(c for c in Path(name).stem if c.isalnum() or c in " -_.")[:60].strip() or "sheet"
        path = Path(folder) / f"{plain}{ending if ending.strip('.').isalnum() else ''}"
        path.write_bytes(await request.body())
        yield path
