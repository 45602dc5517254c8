"""A server of chat completions that costs next to nothing: what is measured beside it is the client.

What it does stands in the model's name, with no comma, which separates models in our settings:
    fake+n=80+tps=60+ttft=300+tool=show_order+fail=20
n tokens of an answer, tps tokens a second (0: all at once), ttft milliseconds before the first, tool called before the
answer (none: answers at once), fail how many of a hundred requests are answered 500.
Run: python -m benchmarks.fake_server   (prints its port)
"""

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ARGUMENTS = {
    "show_order": '{"order_id":"AQ-10100"}',
    "show_product": '{"product":"AQ-P-001"}',
}
CHOSEN = (
    ("Thank",), ("you",), ("so", "very", "most", "quite"), ("much", "warmly", "kindly", "dearly"), ("and", "while"),
    ("we",), ("are", "feel", "were"), ("happy", "glad", "pleased"), ("to",), ("read", "hear"), ("from",), ("you",),
    ("again.", "here.", "now."),
)  # fmt: skip
"""The words of a sentence that states nothing, chosen anew for each: nobody may know it from the answer before."""
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
FAILED = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\n{}"
USAGE = {"prompt_tokens": 100, "completion_tokens": 80, "total_tokens": 180}


@cache
def behaviour(model: str) -> dict[str, str]:
    """What a model's name asks for."""
    return dict(part.split("=") for part in model.split("+")[1:])


def chunked(data: bytes) -> bytes:
    """A chunk of the response."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def frame(delta: dict[str, object], reason: str | None = None, **more: object) -> bytes:
    """A piece of a streamed answer."""
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1750000000, "model": "fake"}
    choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
    said = {**head, "choices": choices, **more}
    return chunked(b"data: " + json.dumps(said, separators=(",", ":")).encode() + b"\n\n")


END = frame({}, "x", choices=[], usage=USAGE) + chunked(b"data: [DONE]\n\n") + b"0\r\n\r\n"


def call(tool: str, number: int) -> list[bytes]:
    """A tool call, its arguments in pieces."""
    function = {"name": tool, "arguments": ""}
    asked = {"index": 0, "id": f"call_{number}_{os.getpid()}", "type": "function", "function": function}
    text = ARGUMENTS[tool]
    pieces = [text[i : i + 8] for i in range(0, len(text), 8)]
    return [
        frame({"role": "assistant", "content": None, "tool_calls": [asked]}),
        *(frame({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in pieces),
        frame({}, "tool_calls") + END,
    ]


@cache
def spoken(word: str) -> bytes:
    """The frame of a token."""
    return frame({"content": f"{word} "})


def answer(tokens: int) -> tuple[bytes, ...]:
    """An answer, a frame for each token."""
    words = [spoken(random.choice(CHOSEN[i % len(CHOSEN)])) for i in range(tokens)]
    return (frame({"role": "assistant", "content": ""}) + words[0], *words[1:], frame({}, "stop") + END)


class Chat(asyncio.Protocol):
    """One connection."""

    numbers = iter(range(1 << 60))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.read = b""

    def data_received(self, data: bytes) -> None:
        self.read += data
        head, found, body = self.read.partition(b"\r\n\r\n")
        length = re.search(rb"content-length:\s*(\d+)", head, re.IGNORECASE)
        if found and length and len(body) >= int(length[1]):
            self.read = body[int(length[1]) :]
            self.reply(json.loads(body[: int(length[1])]))

    def reply(self, body: dict) -> None:  # type: ignore[type-arg]
        asked = behaviour(body["model"])
        tool = asked.get("tool")
        wanted = tool and body["messages"][-1]["role"] != "tool"
        if random.random() * 100 < float(asked.get("fail", 0)):
            return self.transport.write(FAILED)
        frames = call(tool, next(self.numbers)) if wanted else answer(int(asked.get("n", 80)))
        tps, ttft = float(asked.get("tps", 0)), float(asked.get("ttft", 0))
        if tps or ttft:
            self.task = asyncio.ensure_future(self.drip(frames, ttft / 1000, 1 / tps if tps and not wanted else 0))
            return None
        return self.transport.write(HEAD + b"".join(frames))

    async def drip(self, frames: list[bytes], first_s: float, each_s: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + first_s
        for number, one in enumerate(frames):
            await asyncio.sleep(max(0.0, due - loop.time()))
            if self.transport.is_closing():
                return
            self.transport.write(one if number else HEAD + one)
            due += each_s


@contextmanager
def serving() -> Iterator[str]:
    """The server in a process of its own; its address."""
    command = [sys.executable, "-m", "benchmarks.fake_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


async def main() -> None:
    """Serve until the parent ends."""
    server = await asyncio.get_running_loop().create_server(Chat, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    await server.serve_forever()


def _end_with_parent() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        threading.Event().wait(1)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
