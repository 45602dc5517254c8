"""Attachments over HTTP: a photo of what arrived broken, an invoice. For the conversation and the shop only."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from integrations.widget.attached import MEDIA_TYPES, MOST_FILE_BYTES, cleaned, file_name
from integrations.widget.errors import refuse
from integrations.widget.guests import address_of
from integrations.widget.reception import Reception, Speaker

if TYPE_CHECKING:
    from fastapi import FastAPI

    from integrations.database.attachments import Attachment

FILES_A_MINUTE = 10
MOST_FILES, MOST_BYTES_IN_ALL = 20, 40_000_000
"""What one conversation may keep here."""


def add_attachments(api: FastAPI, reception: Reception) -> None:
    """Add how files come in and are seen again."""
    store = reception.house.sessions.attachments
    # A thread of its own: those who wait for their file hold nobody else up.
    cleaning = ThreadPoolExecutor(1, "attachments")

    @api.post("/v1/attachments", status_code=201, max_body_size=MOST_FILE_BYTES)
    async def attach(request: Request, session: Speaker, name: str = "") -> dict[str, Any]:
        """Keep a file: its bytes are the body. What it is, its content says, not its name."""
        said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if said not in MEDIA_TYPES:
            raise refuse(415, "media_type", f"Content-Type must be one of: {', '.join(MEDIA_TYPES)}.")
        too_many = "Too many files. Try again in a minute."
        await reception.limit(FILES_A_MINUTE, f"files {session.id}", too_many)
        address = address_of(request, reception.house.settings.trusted_proxies)
        await reception.limit(3 * FILES_A_MINUTE, f"files {address}", too_many)
        count, size = await store.total(session.id)
        if count >= MOST_FILES or size >= MOST_BYTES_IN_ALL:
            raise refuse(409, "too_many_files", "This conversation holds as many files as it can.")
        sent = await request.body()
        media_type, content = await asyncio.get_running_loop().run_in_executor(cleaning, cleaned, sent)
        kept = await store.keep(session.id, file_name(name[:500], media_type), media_type, sent, content)
        return kept.told()

    @api.get("/v1/attachments/{attachment_id}")
    async def show(attachment_id: str, session: Speaker) -> Response:
        """A file of this conversation; one of another is as if it did not exist."""
        found = await store.find(attachment_id, session.id)
        if found is None:
            raise refuse(404, "not_found", "There is no such file in this conversation.")
        return _sent(*found)


def _sent(attachment: Attachment, content: bytes) -> Response:
    """A file as a browser may have it: to keep, never to run."""
    return Response(content, media_type=attachment.media_type, headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    })  # fmt: skip
