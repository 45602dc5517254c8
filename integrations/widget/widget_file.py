"""The widget's file, for any shop's pages."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi.responses import Response

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_widget(api: FastAPI) -> None:
    """Add the widget's file."""

    @api.get("/widget.js", include_in_schema=False)
    async def widget() -> Response:
        script = (files("integrations.widget") / "static" / "widget.js").read_text("utf-8")
        return Response(script, media_type="text/javascript", headers={
            "Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
        })  # fmt: skip
