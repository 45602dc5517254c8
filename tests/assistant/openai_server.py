"""A real server on loopback that speaks /v1/chat/completions as a stream, by script, and can be told to fail."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.http_server import running

Delta = dict[str, Any]


@dataclass
class Spoilt:
    """An answer that is not as it should be: its status and headers, its lines as they go over the wire, and how it
    ends: "drop" breaks the connection, "stall" says nothing for `stall_s` seconds.
    """

    status: int = 200
    lines: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    ends: str = ""
    stall_s: float = 2.0
    drip_s: float = 0.0
    """Seconds before each line."""


Said = list[Delta] | int | Spoilt
Script = Callable[[dict[str, Any]], Said]
"""What the server says to a request: pieces of a streamed message, the status of an error, or a spoilt answer."""


class _Handler(BaseHTTPRequestHandler):
    script: Script
    seen: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.seen.append({**body, "path": self.path, "authorization": self.headers["authorization"]})
        said = type(self).script(body)
        if isinstance(said, int):
            said = Spoilt(said, body=json.dumps({"error": {"message": "scripted fault", "type": "test"}}))
        self._answer(said if isinstance(said, Spoilt) else Spoilt(lines=list(frames(said))))

    def _answer(self, said: Spoilt) -> None:
        text = said.body or "".join(f"data: {line}\n\n" for line in said.lines)
        self.send_response(said.status)
        self.send_header("content-type", "text/event-stream" if said.lines else "application/json")
        if said.ends == "drop":
            self.send_header("content-length", str(len(text.encode()) + 100))
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a client that has waited long enough hangs up
            for line in text.encode().splitlines(keepends=True) if said.drip_s else [text.encode()]:
                time.sleep(said.drip_s)
                self.wfile.write(line)
        if said.ends == "stall":
            time.sleep(said.stall_s)

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""


@contextmanager
def serving(script: Script) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A chat completions server on a free port: its address, and the requests it got."""
    seen: list[dict[str, Any]] = []
    handler = type("Handler", (_Handler,), {"script": staticmethod(script), "seen": seen})
    with running(handler) as address:
        yield f"{address}/v1", seen


USAGE = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}


def piece(delta: Delta | None, reason: str | None = None) -> str:
    """One line of a stream."""
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test-2026"}
    return json.dumps({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})


def frames(deltas: list[Delta]) -> Iterator[str]:
    """A whole stream of these pieces, as it should be."""
    yield from (piece(delta) for delta in deltas)
    yield piece({}, "tool_calls" if any("tool_calls" in delta for delta in deltas) else "stop")
    yield json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "t", "choices": [],
                      "usage": USAGE})  # fmt: skip
    yield "[DONE]"


def part(name: str, arguments: str, call_id: str = "call_1", index: int = 0) -> Delta:
    """A piece of a tool call, its arguments as they stand."""
    function = {"name": name, "arguments": arguments}
    asked = {"index": index, "id": call_id, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [asked]}


def call(name: str, **arguments: str) -> list[Delta]:
    """A message that calls a tool."""
    return [part(name, json.dumps(arguments))]


def say(text: str, size: int = 7) -> list[Delta]:
    """A message of text, in pieces of `size` letters."""
    return [{"content": text[i : i + size]} for i in range(0, len(text), size)]


def told(body: dict[str, Any]) -> dict[str, Any] | None:
    """What the last tool said, out of its fence; None where the last message is not a tool's."""
    last = body["messages"][-1]
    if last["role"] != "tool":
        return None
    return dict(json.loads(str(last["content"]).split("\n", 1)[1].removesuffix("\n</data>")))


def asked_anew(body: dict[str, Any]) -> str:
    """The note with the sentences that were kept back, where a model is asked to write them anew; else ''."""
    last = body["messages"][-1]
    return str(last["content"]) if last["role"] == "user" and "kept back" in str(last["content"]) else ""


def asked(message: dict[str, Any]) -> str:
    """What a message says, without the notes that the last one of a shopper carries."""
    return str(message["content"]).split("\n\n<context>\n")[0]


UNWANTED = part("hand_to_person", json.dumps({"reason": "nobody asked for this"}))
"""A call that must not run where the answer it stands in is spoilt."""

_ERROR = {"error": {"message": "scripted fault", "type": "server_error", "code": None}}
_QUOTA = json.dumps({"error": {"message": "pay", "type": "insufficient_quota", "code": "insufficient_quota"}})
_TOO_LONG = json.dumps({"error": {"message": "too much", "type": "invalid", "code": "context_length_exceeded"}})

FAULTS: dict[str, Spoilt] = {
    "rate limit without end": Spoilt(429, body=json.dumps(_ERROR), headers={"retry-after": "3600"}),
    "no quota": Spoilt(429, body=_QUOTA),
    "server error": Spoilt(500, body=json.dumps(_ERROR)),
    "error page": Spoilt(503, body="<html>Bad gateway</html>"),
    "bad request": Spoilt(400, body=json.dumps(_ERROR)),
    "no key": Spoilt(401, body=json.dumps(_ERROR)),
    "no such model": Spoilt(404, body=json.dumps(_ERROR)),
    "context too long": Spoilt(400, body=_TOO_LONG),
    "page with status 200": Spoilt(200, body="<html>Welcome</html>"),
    "dropped": Spoilt(lines=[piece(UNWANTED)], ends="drop"),
    "ends early": Spoilt(lines=[piece(UNWANTED)]),
    "ends before it begins": Spoilt(lines=["[DONE]"]),
    "ends with no reason": Spoilt(lines=[piece(UNWANTED), "[DONE]"]),
    "out of length": Spoilt(lines=[piece(UNWANTED), piece({}, "length"), "[DONE]"]),
    "filtered": Spoilt(lines=[piece(UNWANTED), piece({}, "content_filter"), "[DONE]"]),
    "error in the stream": Spoilt(lines=[piece(UNWANTED), json.dumps(_ERROR)]),
    "no JSON in the stream": Spoilt(lines=[piece(UNWANTED), '{"choices": [{"del']),
    "choices are null": Spoilt(lines=[piece(UNWANTED), '{"id": "1", "choices": null}', piece({}, "tool_calls")]),
    "arguments cut": Spoilt(lines=[*frames([part("hand_to_person", '{"reason": "x')])]),
    "arguments no object": Spoilt(lines=[*frames([part("hand_to_person", '["x"]')])]),
    "a call without a name": Spoilt(lines=[*frames([part("", '{"reason": "x"}')])]),
    "called nothing": Spoilt(lines=[piece({}, "tool_calls"), "[DONE]"]),
    "said nothing": Spoilt(lines=[*frames([{"content": " \n"}])]),
    "stalls": Spoilt(lines=[piece(UNWANTED)], ends="stall"),
}
"""All that a server does wrong with an answer, by name. None of these may end in a tool being run."""
