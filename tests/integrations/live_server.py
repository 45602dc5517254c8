"""Real `dragoman serve` processes, and clients that read their streams as they come."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from httpx import AsyncClient, Client

from tests.command_line import DRAGOMAN


class Served:
    """A process that serves, and where."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address

    def kill(self) -> None:
        """End it as a machine does that loses its power."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self) -> None:
        """Ask it to stop."""
        self.process.send_signal(signal.SIGTERM)

    def open(self, **body: Any) -> dict[str, str]:
        """Headers that speak for a new session, with its id."""
        with Client(base_url=self.address, timeout=30) as client:
            told = client.post("/v1/sessions", json=body).json()
        return {"authorization": f"Bearer {told['token']}", "x-session": told["session_id"]}


@contextmanager
def serve(home: Path, **settings: str) -> Iterator[Served]:
    """`dragoman serve` over a home, on a free port."""
    held = {"DRAGOMAN_HOME": str(home), "PATH": os.environ["PATH"], "OPENAI_API_KEY": "test", **settings}
    words = [DRAGOMAN, "serve", "--port", "0"]
    with subprocess.Popen(words, env=held, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "http://" in line:
                break
        assert "http://" in said[-1], "".join(said)
        Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield Served(process, "http://" + said[-1].split("http://")[1].split()[0])
        finally:
            process.kill()


class Stream:
    """An answer read frame by frame."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, dict[str, Any]]] = []
        self.status = 0
        self.error: dict[str, Any] = {}

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for _, event in self.frames]

    @property
    def text(self) -> str:
        return "".join(event["delta"] for _, event in self.frames if event["type"] == "TEXT_MESSAGE_CONTENT")

    @property
    def numbers(self) -> list[int]:
        return [number for number, _ in self.frames]

    def custom(self, name: str) -> list[dict[str, Any]]:
        return [event["value"] for _, event in self.frames if event.get("name") == name]


async def stream(address: str, headers: dict[str, str], after: int | None = None, **body: Any) -> AsyncIterator[Stream]:
    """A stream as it grows, with each frame; after its end once more. `after` follows from a number."""
    held = Stream()
    sent = headers if after is None else {**headers, "last-event-id": str(after)}
    async with AsyncClient(base_url=address, timeout=60) as client, client.stream(
        "POST", "/v1/chat", headers=sent, json=body
    ) as reply:  # fmt: skip
        held.status = reply.status_code
        if reply.status_code != 200:
            held.error = json.loads(await reply.aread())["error"]
            yield held
            return
        fields: dict[str, str] = {}
        async for line in reply.aiter_lines():
            name, _, value = line.partition(": ")
            if name in ("id", "data"):
                fields[name] = value
            if not line and "data" in fields:
                held.frames.append((int(fields["id"]), json.loads(fields["data"])))
                fields = {}
                yield held
    yield held


async def chat(address: str, headers: dict[str, str], message: str = "", **more: Any) -> Stream:
    """A whole answer."""
    body = {"message": message} if message else {}
    return [held async for held in stream(address, headers, **body, **more)][-1]


async def until(address: str, headers: dict[str, str], kind: str, **more: Any) -> Stream:
    """An answer up to its first frame of a kind; then the client is gone."""
    async with contextlib.aclosing(stream(address, headers, **more)) as growing:  # type: ignore[type-var]
        async for held in growing:
            if kind in held.kinds:
                return held  # type: ignore[no-any-return]
    raise AssertionError(f"the stream ended without {kind}: {held.kinds}")
