"""What `dragoman doctor` says of where a shop's data is: the database with its revision, and the vectors."""

from __future__ import annotations

import asyncio
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.settings import Settings


async def check_stores(settings: Settings) -> list[dict[str, Any]]:
    """A finding for each store."""
    return [await _check_database(settings), await asyncio.to_thread(_check_vectors, settings)]


async def _check_database(settings: Settings) -> dict[str, Any]:
    from integrations.database.migrations import HEAD
    from integrations.database.moving import described

    place, revision, is_server = await described(settings.database)
    found = f"{place}, revision {revision}" + ("" if revision == HEAD else f"; this version needs {HEAD}")
    lacks_secret = is_server and not settings.signing_secret.get_secret_value()
    if lacks_secret and settings.environment == "production":
        found += "; DRAGOMAN_SIGNING_SECRET is not set: no machine confirms another's quotes"
    return {"what": "database", "ok": revision == HEAD, "found": found}


def _check_vectors(settings: Settings) -> dict[str, Any]:
    if not settings.chroma_url:
        return {"what": "vectors", "ok": True, "found": "in the home; a Chroma server is for several processes"}
    try:
        with urllib.request.urlopen(f"{settings.chroma_url}/api/v2/heartbeat", timeout=5):  # noqa: S310  (http, as set)
            return {"what": "vectors", "ok": True, "found": f"Chroma at {settings.chroma_url} answers"}
    except (OSError, ValueError) as error:
        found = f"Chroma at {settings.chroma_url} does not answer ({error}); see that it runs"
        return {"what": "vectors", "ok": False, "found": found}
