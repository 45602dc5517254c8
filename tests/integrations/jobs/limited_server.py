"""A chat completions server with a limit, as providers have: so many requests a second from a bucket, whole seconds in
Retry-After, some faults. A process of its own, so that it outlives whoever asks it, and counts who asked what.

Run:  python -m tests.integrations.jobs.limited_server '{"rate": 50, "burst": 50, ...}'; it prints its address.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from aiohttp import web

MARK = "cell "
"""What stands before the name of what is asked for."""


@dataclass
class Limit:
    """What a server takes and how it answers: requests a second, how many at once, seconds of an answer, the share of
    faults, whether it tells its limits in headers.
    """

    rate: float = 50.0
    burst: float = 50.0
    latency_s: float = 0.8
    faults: float = 0.005
    tells: bool = False
    seed: int = 7


class Bucket:
    """Takes so many a second."""

    def __init__(self, limit: Limit) -> None:
        self._limit, self.left, self._at = limit, limit.burst, time.monotonic()

    def take(self) -> float:
        """0 where another may come, else the seconds until one may."""
        now = time.monotonic()
        self.left = min(self._limit.burst, self.left + (now - self._at) * self._limit.rate)
        self._at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self._limit.rate


class Server:
    """The server's state: its bucket, and who was answered when."""

    def __init__(self, limit: Limit) -> None:
        self.limit, self.bucket, self.dice = limit, Bucket(limit), random.Random(limit.seed)
        self.asked: Counter[str] = Counter()
        self.answered: dict[str, int] = {}
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []

    async def complete(self, request: web.Request) -> web.Response:
        body = await request.json()
        if wait := self.bucket.take():
            return self._said(429, {"error": {"message": "slow down"}}, {"retry-after": str(math.ceil(wait))})
        if self.dice.random() < self.limit.faults:
            return self._said(500, {"error": {"message": "scripted fault"}})
        name = str(body["messages"][-1]["content"]).partition(MARK)[2].split()[0]
        self.asked[name] += 1
        await asyncio.sleep(self.limit.latency_s * self.dice.uniform(0.9, 1.1))
        self.answered[name] = self.answered.get(name, 0) + 1
        self.times.append(time.monotonic())
        message = {"role": "assistant", "content": f"done {name}"}
        usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
        return self._said(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})

    def _said(self, status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        self.statuses[status] += 1
        told = dict(headers or {})
        if self.limit.tells:
            limit, left = round(self.limit.burst), self.bucket.left
            told |= {
                "x-ratelimit-limit-requests": str(limit), "x-ratelimit-remaining-requests": str(int(left)),
                "x-ratelimit-reset-requests": f"{(limit - int(left)) / self.limit.rate * 1000:.0f}ms",
            }  # fmt: skip
        return web.json_response(body, status=status, headers=told)

    async def counts(self, _: web.Request) -> web.Response:
        return web.json_response({
            "asked": self.asked, "answered": self.answered, "statuses": self.statuses, "times": self.times,
        })  # fmt: skip

    async def total(self, _: web.Request) -> web.Response:
        return web.json_response(self.asked.total())


def app(server: Server) -> web.Application:
    """The server's routes."""
    made = web.Application()
    made.router.add_post("/v1/chat/completions", server.complete)
    made.router.add_get("/counts", server.counts)
    made.router.add_get("/total", server.total)
    return made


async def main(limit: Limit) -> None:
    """Serve until standard input ends."""
    runner = web.AppRunner(app(Server(limit)), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[union-attr]  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


@dataclass
class Running:
    """A server that runs: its address."""

    address: str

    def counts(self) -> dict[str, Any]:
        """Who asked what, how often, and when it was answered."""
        with urlopen(self.address.removesuffix("/v1") + "/counts") as answer:
            return dict(json.load(answer))

    async def asked(self, more: int, seconds: float = 30.0) -> None:
        """Wait until so many more cells were asked for, or nothing is asked any more."""
        begun, ends = self._total(), time.monotonic() + seconds
        while self._total() < begun + more and time.monotonic() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def _total(self) -> int:
        with urlopen(self.address.removesuffix("/v1") + "/total") as answer:
            return int(json.load(answer))


@contextlib.contextmanager
def limited(limit: Limit) -> Iterator[Running]:
    """A server in a process of its own."""
    root = Path(__file__).resolve().parents[3]
    words = [sys.executable, "-m", "tests.integrations.jobs.limited_server", json.dumps(asdict(limit))]
    with subprocess.Popen(words, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Running(f"http://127.0.0.1:{process.stdout.readline().strip()}/v1")
        finally:
            process.communicate(timeout=20)


if __name__ == "__main__":
    asyncio.run(main(Limit(**json.loads(sys.argv[1]))))
