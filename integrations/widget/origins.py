"""Whose pages may talk to this server. CORS keeps a foreign page from reading an answer; this keeps it from asking."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

REFUSED = {"error": {"code": "origin_refused", "message": "Pages of this address may not talk to this server."}}


class KnownOrigins:
    """Refuses what a page of an address not named here posts to the API; the server's own pages always may."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self._app, self._allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, or refuse it before anything of it is read."""
        asks = scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith("/v1/")
        if asks and not self._may_ask(Headers(scope=scope)):
            await JSONResponse(REFUSED, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may_ask(self, headers: Headers) -> bool:
        """A program sends no Origin: it is held by its token alone."""
        origin = headers.get("origin")
        if origin is None or "*" in self._allowed or origin in self._allowed:
            return True
        return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == headers.get("host")
