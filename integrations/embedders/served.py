"""An embedder behind an OpenAI-compatible server."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from integrations.embedders.answers import MALFORMED, explain, read_rows
from knowledge.embeddings import Part, clean_text

if TYPE_CHECKING:
    from openai import OpenAI
    from pydantic import SecretStr

    from knowledge.embeddings import Vectors

OPENAI_URL = "https://api.openai.com/v1"
"""Where an embedder is asked that names no other address."""

PASSAGES_TIMEOUT_S = 120.0
"""Longest wait for a batch of passages; a small machine takes a minute for one."""

QUERY_TIMEOUT_S = 15.0
"""Longest wait for a question's vector, while a shopper waits."""

BATCH_TEXTS = 64
BATCH_CHARACTERS = 100_000
"""Most that is sent in one request; OpenAI refuses more than 300,000 tokens."""

PROBE = "How long do I have to return an order?"
"""Sent to learn the dimension, and whether the server answers."""


class EmbedderUnavailable(Exception):
    """The embedder gives no vectors; the text says what to do, and holds neither key nor any text that was sent."""


class EmbedderChanged(EmbedderUnavailable):
    """The server's model gives other vectors than those in the index, which must be built again."""


class ServedEmbedder:
    """A model behind an OpenAI-compatible /v1/embeddings.

    Its dimension is asked for once and remembered in the home, so that opening a home needs no network. Which languages
    it was made for nobody says. Texts leave this machine: documents when they are indexed, questions when asked.
    """

    languages: frozenset[str] = frozenset()

    def __init__(self, model: str, base_url: str, api_key: SecretStr, home: Path, prefixes: bool = False) -> None:
        self._model, self._url, self._prefixes = model, base_url or OPENAI_URL, prefixes
        self._host = _host(self._url)
        self._key = api_key
        self._memory = Memory(home / "embedder.json", f"{model} {self._host}{urlsplit(self._url).path.rstrip('/')}")
        self.dimension = self._memory.read() or self._first_dimension()
        self.parts: tuple[Part, ...] = (Part(self.dimension),)
        self.identity = f"openai:{model}/{self.dimension}/{self._host}" + ("/prefixed" if prefixes else "")
        self._remembered = lru_cache(maxsize=512)(self._query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, unit length. Raises EmbedderUnavailable, EmbedderChanged."""
        clean = [self._prefixed("passage", clean_text(text)) for text in texts]
        parts = [self._same_dimension(self._ask(batch, self._client)) for batch in _batches(clean)]
        return np.concatenate(parts) if parts else np.empty((0, self.dimension), np.float32)

    def query(self, text: str) -> Vectors:
        """The vector of a question, unit length; the last 512 are remembered. Raises EmbedderUnavailable,
        EmbedderChanged.
        """
        return self._remembered(text)

    def check(self) -> None:
        """Ask the server once. Raises EmbedderUnavailable, EmbedderChanged."""
        self._query(PROBE)

    def _query(self, text: str) -> Vectors:
        hasty = self._client.with_options(timeout=QUERY_TIMEOUT_S, max_retries=1)
        asked = self._prefixed("query", clean_text(text)[:2000])
        row: Vectors = self._same_dimension(self._ask([asked], hasty))[0]
        return row

    def _prefixed(self, kind: str, text: str) -> str:
        return f"{kind}: {text}" if self._prefixes else text

    def _first_dimension(self) -> int:
        dimension: int = self._ask([PROBE], self._client.with_options(timeout=QUERY_TIMEOUT_S)).shape[1]
        self._memory.write(dimension)
        return dimension

    def _same_dimension(self, rows: Vectors) -> Vectors:
        if rows.shape[1] != self.dimension:
            self._memory.write(None)
            raise EmbedderChanged(
                f"The embedding server {self._host} now gives {rows.shape[1]} numbers a text for {self._model}; the"
                f" index was built with {self.dimension}. Build the index again: dragoman knowledge sync"
            )
        return rows

    @cached_property
    def _client(self) -> OpenAI:
        from openai import OpenAI

        key = self._key.get_secret_value()
        if not key and self._url == OPENAI_URL:
            raise EmbedderUnavailable(
                f"No key for the embedder openai:{self._model}: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server"
                " without keys, or DRAGOMAN_EMBEDDER=default to need neither."
            )
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise EmbedderUnavailable(
                "OPENAI_API_KEY holds a blank, a line break or a letter no key has; set it again."
            )
        return OpenAI(api_key=key or "none", base_url=self._url, timeout=PASSAGES_TIMEOUT_S, max_retries=2)

    def _ask(self, texts: list[str], client: OpenAI) -> Vectors:
        from openai import OpenAIError

        # Base64, the client's own choice, is not understood by many compatible servers.
        try:
            answer = client.embeddings.create(model=self._model, input=texts, encoding_format="float")
        except OpenAIError as error:
            fault = explain(error, self._model)
        except ValueError:
            fault = MALFORMED
        else:
            rows = read_rows(answer, len(texts))
            if not isinstance(rows, str):
                return rows
            fault = rows
        raise EmbedderUnavailable(f"The embedding server {self._host} {fault}")


def _host(url: str) -> str:
    """Host and port of an address, without what else may stand in it: a password, for one."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts.hostname + (f":{parts.port}" if parts.port else "")
    except ValueError:
        pass
    raise EmbedderUnavailable(
        "OPENAI_BASE_URL is not the address of a server; it looks like https://api.example.com/v1"
    ) from None


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        if len(batch) == BATCH_TEXTS or (batch and sum(map(len, batch)) + len(text) > BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


class Memory:
    """The dimension of one server's model, in a file of the home; what cannot be read is asked again."""

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, key

    def read(self) -> int | None:
        """The dimension, or None when it was never asked for."""
        held = self._all().get(self._key)
        return held if isinstance(held, int) and held > 0 else None

    def write(self, dimension: int | None) -> None:
        """Remember a dimension, or forget it (None)."""
        held = {**self._all(), self._key: dimension}
        kept = {key: value for key, value in held.items() if value is not None}
        handle, scratch = tempfile.mkstemp(dir=self._path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=2)
        Path(scratch).replace(self._path)

    def _all(self) -> dict[str, Any]:
        try:
            held = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}
