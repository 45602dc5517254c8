"""Vectors in ChromaDB, one collection a locale: in a folder of one generation, or on a server that several processes
share. The only home of ChromaDB.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from knowledge.embeddings import Vectors

BATCH = 2000
"""Vectors in one request."""

GRAPH = {"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200, "max_neighbors": 24}}
"""How finely the vectors are linked: among 50,000 passages the ten nearest are found to 99 % (benchmarks/search.py)."""

TIMEOUT_S = 60.0
"""Longest wait for one answer of the server."""

Rows = npt.NDArray[np.int64]


class ServerUnreachable(Exception):
    """The Chroma server did not answer; the text says which, and what to do."""


class VectorsLost(Exception):
    """The Chroma server no longer holds vectors it was given."""


class Collections:
    """The vectors of an index, by locale and row number."""

    def __init__(self, client: Any, prefix: str, where: str) -> None:
        self._client, self._prefix, self._where = client, prefix, where
        self._opened: dict[str, Any] = {}

    def add(self, locale: str, rows: Rows, vectors: Vectors) -> None:
        """Enter vectors; a row entered before is overwritten."""
        collection = self._open(locale, create=True)
        for start in range(0, len(rows), BATCH):
            part = slice(start, start + BATCH)
            self._try(collection.upsert, ids=[str(row) for row in rows[part]], embeddings=vectors[part])

    def remove(self, locale: str, rows: Rows) -> None:
        """Take vectors out; rows that are not there are no fault."""
        collection = self._open(locale, create=True)
        for start in range(0, len(rows), BATCH):
            self._try(collection.delete, ids=[str(row) for row in rows[start : start + BATCH]])

    def nearest(self, locale: str, vector: Vectors, limit: int) -> tuple[Rows, Vectors]:
        """Rows nearest to a unit vector, best first, and their cosines."""
        found = self._try(
            self._open(locale).query, query_embeddings=[vector], n_results=limit, include=["distances"]
        )  # fmt: skip
        rows = np.array([int(row) for row in found["ids"][0]], np.int64)
        return rows, 1 - np.array(found["distances"][0], np.float32)

    def count(self, locale: str) -> int:
        """How many vectors a locale has."""
        try:
            return int(self._try(self._open(locale).count))
        except VectorsLost:
            return 0

    def forget_others(self, kept: set[str]) -> None:
        """Delete this index's collections of other builds than those named."""
        shop = self._prefix.rsplit(".", 1)[0] + "."
        builds = tuple(shop + build + "." for build in kept)
        names = [held.name for held in self._try(self._client.list_collections)]
        for name in names:
            if name.startswith(shop) and not name.startswith(builds):
                self._try(self._client.delete_collection, name)

    def close(self) -> None:
        """Let go of files and connections."""
        for session in _sessions(self._client) if self._where else ():
            session.close()
        self._client.close()

    def _open(self, locale: str, create: bool = False) -> Any:
        if locale not in self._opened:
            name = f"{self._prefix}.{_tag(locale)}"
            get = self._client.get_or_create_collection if create else self._client.get_collection
            settings = {"configuration": GRAPH} if create else {}
            self._opened[locale] = self._try(get, name, embedding_function=None, **settings)
        return self._opened[locale]

    def _try(self, call: Any, *values: Any, **named: Any) -> Any:
        try:
            return call(*values, **named)
        except Exception as error:
            if self._where and _is_connection(error):
                raise ServerUnreachable(unreachable(self._where)) from error
            if type(error).__name__ == "NotFoundError":
                where = self._where or "the index"
                raise VectorsLost(f"{where} has lost vectors; enter them again: dragoman knowledge sync") from error
            raise


def _tag(locale: str) -> str:
    """A locale as part of a collection's name; front matter may hold anything."""
    plain = re.sub(r"[^A-Za-z0-9-]", "", locale)[:20]
    return plain if plain == locale and plain else f"x{hashlib.sha256(locale.encode()).hexdigest()[:12]}x"


def _is_connection(error: Exception) -> bool:
    """Chroma lets errors of its HTTP library through, or wraps them in a bare ValueError."""
    return type(error).__module__.startswith(("httpx", "httpcore")) or "onnect" in str(error)


def unreachable(url: str) -> str:
    """What to say where a server does not answer."""
    return (
        f"The Chroma server {url} does not answer. Start it (chroma run --path FOLDER --port PORT), correct"
        " DRAGOMAN_CHROMA_URL, or unset it to keep the index in the home and sync again."
    )


def open_folder(folder: Path) -> Collections:
    """The vectors kept in a folder; one process writes there, and only before others read."""
    import chromadb

    return Collections(chromadb.PersistentClient(str(folder), settings=_settings()), "passages.local", "")


def open_server(url: str, shop: str, build: str) -> Collections:
    """The vectors kept on a server, apart from those of other shops and builds. Raises ServerUnreachable."""
    import chromadb

    address = urlsplit(url)
    secure = address.scheme == "https"
    try:
        host, port = address.hostname or "", address.port or (443 if secure else 8000)
        _knock(f"{address.scheme}://{host}:{port}")
        client = chromadb.HttpClient(host=host, port=port, ssl=secure, settings=_settings())
    except Exception as error:  # Chroma raises ValueError for a refused connection and others for the rest
        raise ServerUnreachable(unreachable(url)) from error
    for session in _sessions(client):
        session.timeout = TIMEOUT_S
    return Collections(client, f"dragoman.{shop}.{build}", url)


def _knock(url: str) -> None:
    """See that a Chroma server answers: its client would wait for ever, and leave connections open where it fails."""
    from urllib.request import urlopen

    with urlopen(f"{url}/api/v2/heartbeat", timeout=TIMEOUT_S) as answer:  # noqa: S310  (settings let http(s) through)
        json.load(answer)


def _sessions(client: Any) -> list[Any]:
    """The HTTP sessions of a client, for data and for tenants: Chroma gives them no time limit and closes neither."""
    return [part._server._session for part in (client, client._admin_client)]


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
