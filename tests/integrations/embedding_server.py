"""A real server on loopback that speaks /v1/embeddings, and can be told to fail."""

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np

from tests.http_server import running


def hashed(text: str, dimension: int) -> list[float]:
    """A vector by the words of a text: texts that share words are near each other. Not of unit length."""
    vector = np.full(dimension, 0.01)
    for word in re.findall(r"\w{3,}", text.lower()):
        vector[int(hashlib.sha256(word[:6].encode()).hexdigest(), 16) % dimension] += 3.0
    return [float(number) for number in vector]


@dataclass
class EmbeddingServer:
    """What the server was asked, and how it is to behave.

    `statuses` are answered first, one a request; `fault` names how an answer is spoilt.
    """

    address: str = ""
    dimension: int = 64
    statuses: list[int] = field(default_factory=list)
    fault: str = ""
    slow_s: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """Every text that was sent, in order."""
        return [text for request in self.requests for text in request["input"]]

    def answer(self, body: dict[str, Any]) -> bytes:
        """The body of an answer, spoilt as told."""
        rows = [hashed(text, self.dimension) for text in body["input"]]
        data: list[dict[str, Any]] = [{"object": "embedding", "index": i, "embedding": r} for i, r in enumerate(rows)]
        if self.fault == "shuffled":
            data.reverse()
        if self.fault == "too few":
            data.pop()
        if self.fault == "numbered twice":
            data[-1]["index"] = 0
        if self.fault in SPOILT:
            data[0]["embedding"] = SPOILT[self.fault]
        text = json.dumps({"object": "list", "model": body["model"], "data": data, "usage": {"total_tokens": 1}})
        return {"no json": "{'oh no", "a page": "<html>Welcome</html>", "no data": "{}"}.get(self.fault, text).encode()


SPOILT: dict[str, Any] = {
    "not a number": [float("nan")] * 64, "infinite": [float("inf")] * 64, "null": [None] * 64, "zero": [0.0] * 64,
    "ragged": [1.0], "words": ["one"] * 64, "base64": "AAAA", "huge": [1e300] * 64, "empty": [],
}  # fmt: skip


def handler(state: EmbeddingServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.requests.append({**body, "path": self.path, "authorization": self.headers["authorization"]})
            if state.slow_s:
                time.sleep(state.slow_s)
            if state.statuses:
                self.refuse(state.statuses.pop(0))
                return
            said = state.answer(body)
            self.send_response(200)
            self.send_header("content-type", "text/html" if state.fault == "a page" else "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said[: len(said) // 2] if state.fault == "cut" else said)

        def refuse(self, status: int) -> None:
            """An error that quotes key and texts, as some servers do."""
            quoted = f"wrong: {self.headers['authorization']} {state.requests[-1]['input']}"
            said = json.dumps({"error": {"message": quoted, "code": "scripted"}}).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    return Handler


@contextmanager
def embedding_server(port: int = 0) -> Iterator[EmbeddingServer]:
    """A running server, on a free port unless one is named."""
    state = EmbeddingServer()
    with running(handler(state), port) as address:
        state.address = f"{address}/v1"
        yield state
