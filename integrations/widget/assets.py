"""The widget's built files: compressed once, kept by browsers for good where their name holds their hash."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import Response

KINDS = {".js": "text/javascript; charset=utf-8", ".json": "application/json"}

SHARED = {
    "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding",
}  # fmt: skip
"""Any shop's page may load the widget: the files are public, and hold nothing of anybody."""

FOR_GOOD = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300, stale-while-revalidate=86400"


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    plain: bytes
    packed: bytes
    kind: str
    tag: str


def add_assets(api: FastAPI) -> None:
    """Add the loader, and what it loads."""

    @api.get("/widget.js", include_in_schema=False)
    async def loader(
        accept_encoding: Annotated[str, Header()] = "", if_none_match: Annotated[str, Header()] = ""
    ) -> Response:
        asset = assets()["widget.js"]
        if asset.tag in if_none_match:
            return Response(status_code=304, headers=SHARED | {"ETag": asset.tag, "Cache-Control": A_WHILE})
        return _send(asset, accept_encoding, A_WHILE)

    @api.get("/widget/{name}", include_in_schema=False)
    async def part(name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
        asset = assets().get(f"widget/{name}")
        if asset is None:
            raise HTTPException(404, {"code": "not_found", "message": "There is no such file of the widget."})
        return _send(asset, accept_encoding, FOR_GOOD)


@cache
def assets() -> dict[str, Asset]:
    """Every built file by its path; a name that is not among them reaches no file."""
    static = files("integrations.widget") / "static"
    found = {"widget.js": static / "widget.js"} | {f"widget/{f.name}": f for f in (static / "widget").iterdir()}
    return {name: _read(file.read_bytes(), name[name.rindex(".") :]) for name, file in found.items()}


def _read(plain: bytes, ending: str) -> Asset:
    tag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return Asset(plain, gzip.compress(plain, 9, mtime=0), KINDS[ending], tag)


def _send(asset: Asset, accepted: str, kept: str) -> Response:
    headers = SHARED | {"Cache-Control": kept, "ETag": asset.tag}
    if "gzip" not in accepted:
        return Response(asset.plain, media_type=asset.kind, headers=headers)
    return Response(asset.packed, media_type=asset.kind, headers=headers | {"Content-Encoding": "gzip"})
