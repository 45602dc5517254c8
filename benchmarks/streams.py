"""What a streamed answer costs over HTTP, beside a proxy that passes the same bytes on.

`dragoman serve` answers by a fake model in another process; the plain proxy (raw asyncio, no HTTP library) stands
before the same server. Asked in turn, one at a time:
  all at once         the model says all at once, so that the gate waits for nothing: what is added is ours
  60 tokens a second  the first sentence has 13 tokens: what is added is ours and the gate's wait for its end
Then N chats at once, 300 ms to the first token, 60 tokens a second, 80 tokens: CPU of the serving process a turn, and
how many such streams a core carries: seconds of a turn over CPU seconds of a turn. Last, more chats than may run at
once: all are answered, those in line are told so.

Run: python -m benchmarks.streams [--chats 30] [--turns 120]
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from integrations.settings import Settings
from integrations.threads import calm_threads

calm_threads()

from benchmarks.fake_server import serving  # noqa: E402
from integrations.bootstrap import open_dragoman  # noqa: E402
from tools.context import Session  # noqa: E402

QUESTION = "How do you do?"
ROOT = Path(__file__).parents[1]
FAST, STEADY = "fake+n=80", "fake+n=80+ttft=300+tps=60"


async def post(port: int, path: str, body: dict[str, object], token: str = "") -> tuple[asyncio.StreamReader, object]:
    """Send a request; the reader stands at the response's head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    data = json.dumps(body).encode()
    bearer = f"authorization: Bearer {token}\r\n" if token else ""
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{bearer}connection: close\r\n"
    writer.write(f"{head}content-length: {len(data)}\r\n\r\n".encode() + data)
    return reader, writer


async def until(reader: asyncio.StreamReader, wanted: bytes, end: bytes) -> tuple[float, bytes]:
    """The moment something was first read, and all that was read to the end."""
    read, seen = b"", 0.0
    while end not in read and (piece := await reader.read(65536)):
        read += piece
        if not seen and wanted in read:
            seen = time.perf_counter()
    return seen, read


async def ask_proxy(port: int, model: str) -> float:
    """Seconds to the first token through the plain proxy."""
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    started = time.perf_counter()
    reader, writer = await post(port, "/v1/chat/completions", body)
    seen, _ = await until(reader, b'"content":"Thank', b"[DONE]")
    writer.close()  # type: ignore[attr-defined]
    return seen - started


async def open_sessions(home: Path, number: int) -> Iterator[str]:
    """The tokens of new conversations: written into the home, for the server limits how many an address may open."""
    async with open_dragoman(Settings(home=home)) as opened:
        await opened.ready()
        sessions = [Session(id=uuid.uuid4().hex, channel="widget", language="en", market="DE") for _ in range(number)]
        return iter([await opened.sessions.start(session) for session in sessions])


async def ask(port: int, token: str) -> tuple[float, float, bytes]:
    """Seconds to the first word of an answer and to its end, and all frames."""
    started = time.perf_counter()
    reader, writer = await post(port, "/v1/chat", {"message": QUESTION}, token)
    seen, read = await until(reader, b"TEXT_MESSAGE_CONTENT", b"RUN_FINISHED")
    writer.close()  # type: ignore[attr-defined]
    assert b"RUN_FINISHED" in read, read[-400:]
    return seen - started, time.perf_counter() - started, read


class Through(asyncio.Protocol):
    """One end of the proxy: what it reads, the other end writes."""

    def __init__(self, other: asyncio.Transport | None = None) -> None:
        self.other = other
        self.early = b""

    def data_received(self, data: bytes) -> None:
        if self.other:
            self.other.write(data)
        else:
            self.early += data

    def connection_lost(self, _: Exception | None) -> None:
        if self.other:
            self.other.close()


class Front(Through):
    """The end of the proxy that clients see."""

    upstream = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        asyncio.ensure_future(self.join(transport))  # type: ignore[arg-type]

    async def join(self, transport: asyncio.Transport) -> None:
        loop = asyncio.get_running_loop()
        made = await loop.create_connection(lambda: Through(transport), "127.0.0.1", self.upstream)
        self.other = made[0]
        self.other.write(self.early)


async def proxy(upstream: int) -> None:
    """Serve as the plain proxy."""
    Front.upstream = upstream
    server = await asyncio.get_running_loop().create_server(Front, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def running(*command: str, told: str, **environment: str) -> Iterator[tuple[int, int]]:
    """A process that tells its port in a line: the port, and the process's id."""
    env = {**os.environ, **environment}
    with subprocess.Popen(
        [*command], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            assert process.stdout
            found = next(match for line in process.stdout if (match := re.search(told, line)))
            yield int(found[1]), process.pid
        finally:
            process.terminate()


@contextmanager
def dragoman(address: str, model: str, home: Path, **more: str) -> Iterator[tuple[int, int]]:
    """The product over a home, its pace of messages as it is: each chat is a conversation of its own."""
    settings = {"DRAGOMAN_HOME": str(home), "DRAGOMAN_MODEL": f"openai:{model}", "OPENAI_BASE_URL": address, **more}
    with running(
        str(Path(sys.executable).parent / "dragoman"),
        "serve",
        "--port",
        "0",
        told=r"at http://127\.0\.0\.1:(\d+)",
        **settings,
    ) as served:
        yield served


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def first_words(
    ours: int, plain: int, model: str, tokens: Iterator[str], rounds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds to the first word, ours and the proxy's in turn; the first three rounds warm up."""
    mine, theirs = [], []
    for _ in range(rounds + 3):
        mine.append((await ask(ours, next(tokens)))[0] * 1000)
        theirs.append(await ask_proxy(plain, model) * 1000)
    return mine[3:], theirs[3:]


async def many(served: tuple[int, int], chats: int, tokens: list[str]) -> tuple[float, list[float], list[float], int]:
    """CPU seconds a turn, seconds to the first word and to the end, and how many were told to wait."""
    port, pid = served
    firsts, totals, told = [], [], 0
    left = iter(tokens)

    async def chat(delay: float) -> None:
        nonlocal told
        await asyncio.sleep(delay)
        for token in left:
            first, total, read = await ask(port, token)
            firsts.append(first)
            totals.append(total)
            told += b'"notice"' in read

    before = cpu_of(pid)
    await asyncio.gather(*(chat(2 * number / chats) for number in range(chats)))
    return (cpu_of(pid) - before) / len(tokens), firsts, totals, told


async def main() -> None:
    """Print the question, the figures and how they were taken."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--chats", type=int, default=30)
    reader.add_argument("--turns", type=int, default=120)
    reader.add_argument("--rounds", type=int, default=40)
    reader.add_argument("--proxy", type=int, default=0, help="(serve as the plain proxy before this port)")
    asked = reader.parse_args()
    if asked.proxy:
        return await proxy(asked.proxy)
    print(__doc__)
    middle = statistics.median
    with serving() as address, tempfile.TemporaryDirectory() as scratch:
        home, port = Path(scratch, "home"), urlsplit(address).port
        tokens = await open_sessions(home, 2 * asked.rounds + asked.turns + 100)
        with running(sys.executable, "-m", "benchmarks.streams", "--proxy", str(port), told=r"(\d+)") as (plain, _):
            for label, model in (("all at once", FAST), ("60 tokens a second", "fake+n=80+tps=60")):
                with dragoman(address, model, home) as (ours, _):
                    mine, theirs = await first_words(ours, plain, model, tokens, asked.rounds)
                added, least = middle(mine) - middle(theirs), min(mine) - min(theirs)
                print(f"first word, {label:20} ours {middle(mine):6.1f} ms, proxy {middle(theirs):6.1f} ms,"
                      f" added {added:6.1f} ms (least {least:.1f})")  # fmt: skip
        with dragoman(address, STEADY, home) as served:
            await many(served, 5, [next(tokens) for _ in range(10)])
            cpu, firsts, totals, _ = await many(served, asked.chats, [next(tokens) for _ in range(asked.turns)])
        length = 0.3 + 80 / 60
        print(f"{asked.chats} chats at once: {cpu * 1000:.1f} CPU ms a turn, {length / cpu:.0f} streams a core;"
              f" first word {middle(firsts) * 1000:.0f} ms, whole {middle(totals) * 1000:.0f} ms")  # fmt: skip
        with dragoman(address, STEADY, home, DRAGOMAN_ACTIVE_TURNS="10") as served:
            _, firsts, totals, told = await many(served, 40, [next(tokens) for _ in range(80)])
        print(f"40 chats where 10 may run: {len(totals)} of 80 answered, {told} told to wait,"
              f" whole at most {max(totals):.1f} s")  # fmt: skip
    return None


if __name__ == "__main__":
    asyncio.run(main())
