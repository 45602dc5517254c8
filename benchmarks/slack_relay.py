"""How long a word takes between the widget and Slack: a shopper's message to the call that posts it, an operator's
event to the frame the shopper reads. With Slack's mock on loopback, in one process and across two.

    python -m benchmarks.slack_relay
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from httpx import AsyncClient

from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from integrations.threads import calm_threads
from tests.integrations.live_server import serve
from tests.slack.desk import Desk, open_desk
from tests.slack.sender import Sender
from tests.slack.slack_server import Slack, slack_server
from tests.slack.test_burst import environment

TIMES = 15
"""Messages of a shopper: more in a minute are refused."""
SHOPPERS = 3
PAUSE = 0.05


async def filled() -> Path:
    """A demo home."""
    home = Path(tempfile.mkdtemp()) / "home"
    async with open_dragoman(Settings(home=home)) as dragoman:
        await dragoman.ready()
    return home


async def arrived(slack: Slack, words: str) -> float:
    """When Slack has some words."""
    while not any(words in json.dumps(one) for one in slack.messages["CSUP"][-4:]):  # noqa: ASYNC110
        await asyncio.sleep(0.002)
    return time.perf_counter()


async def to_slack(client: AsyncClient, headers: dict[str, str], slack: Slack) -> list[float]:
    """Seconds from a shopper's request to Slack's receipt of the post."""
    found = []
    for number in range(TIMES):
        words = f"word-{number}-of-the-shopper"
        began = time.perf_counter()
        sending = asyncio.create_task(client.post("/v1/chat", headers=headers, json={"message": words}))
        found.append(await arrived(slack, words) - began)
        await sending
        await asyncio.sleep(PAUSE)
    return found


async def to_shopper(sender: Sender, frames: Callable[[], Awaitable[object]], thread: str) -> list[float]:
    """Seconds from Slack's event to the frame in the shopper's stream."""
    found = []
    for number in range(TIMES):
        words = f"word-{number}-of-mia"
        began = time.perf_counter()
        await sender.say("CSUP", "U1", f"&gt; {words}", thread_ts=thread)
        while words not in str(await frames()):  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        found.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    return found


def told(name: str, seconds: list[float]) -> None:
    """Print a row."""
    tail = statistics.quantiles(seconds, n=20)[18]
    print(
        f"{name:34} median {statistics.median(seconds) * 1000:6.0f} ms   p95 {tail * 1000:6.0f} ms   n={len(seconds)}"
    )


async def one_process(home: Path) -> None:
    """Widget and Slack in one process."""
    with slack_server() as slack:
        async with open_desk(home, slack) as desk:
            there, back = [], []
            for _ in range(SHOPPERS):
                headers, thread = await taken(desk)
                there += await to_slack(desk.client, headers, slack)
                back += await to_shopper(desk.sender, frames_of(desk, headers), thread)
            told("one process, widget to Slack", there)
            told("one process, Slack to widget", back)


async def taken(desk: Desk) -> tuple[dict[str, str], str]:
    """A shopper whose conversation Mia has."""
    headers, _, thread = await desk.claimed("U1")
    return headers, thread


async def two_processes(home: Path) -> None:
    """The widget in a server of its own, which knows Slack too; another process answers Slack."""
    with slack_server() as slack:
        async with open_desk(home, slack) as desk:
            there, back = [], []
            with serve(home, **environment(slack)) as server:
                async with AsyncClient(base_url=server.address, timeout=30) as client:
                    for _ in range(SHOPPERS):
                        headers, thread = await taken(desk)
                        there += await to_slack(client, headers, slack)
                        back += await to_shopper(Sender(client), frames_of(desk, headers), thread)
            told("two processes, widget to Slack", there)
            told("two processes, Slack to widget", back)


def frames_of(desk: Desk, headers: dict[str, str]) -> Callable[[], Awaitable[object]]:
    """The last frames of a shopper's stream, as they are kept before they are shown."""

    async def frames() -> object:
        return (await desk.dragoman.turns.frames_after(headers["x-session"], 0))[-12:]

    return frames


async def main() -> None:
    """Both."""
    home = await filled()
    for name, run in (("one", one_process), ("two", two_processes)):
        copy = home.with_name(name)
        shutil.copytree(home, copy)
        await run(copy)


if __name__ == "__main__":
    calm_threads()
    asyncio.run(main())
