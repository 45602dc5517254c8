"""Each request bears one id, from its line in the log to the error its answer shows."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from assistant.tracing import begin_request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class RequestNotes:
    """Gives requests their id and logs how they went: the route, never its arguments, and who asked not at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, and log it when its answer has ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace, began, status = begin_request(), time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-trace-id", trace.encode())]}
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            seconds = round(time.perf_counter() - began, 3)
            log.info("request", extra={**_about(scope), "status": status, "seconds": seconds})


def _about(scope: Scope) -> dict[str, Any]:
    route = getattr(scope.get("route"), "path", "none")
    return {"method": scope["method"], "route": route}
