"""A burst of Slack's events: none lost, none doubled, each acknowledged in time, threads in order."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, TCPConnector

from integrations.bootstrap import open_dragoman
from integrations.cli.handoff import desk_of
from integrations.database.slack_records import Thread
from integrations.settings import Settings
from tests.command_line import command, one
from tests.integrations.live_server import serve
from tests.slack.desk import PEOPLE
from tests.slack.sender import SECRET, envelope, signed
from tests.slack.slack_server import TOKEN, Slack, slack_server
from tools.context import Session

A_SECOND, SECONDS, THREADS = 500, 10, 100


async def claimed_threads(home: Path) -> dict[str, str]:
    """Handoffs that Mia has claimed, with live threads: session by thread."""
    found = {}
    async with open_dragoman(Settings(home=home)) as dragoman:
        records = dragoman.slack[1]
        for number in range(THREADS):
            session = Session(f"burst-{number}", channel="widget")
            await dragoman.sessions.start(session)
            handoff = await dragoman.sessions.handoffs.open(session, "help")
            await desk_of(dragoman).claim(handoff.id, "Mia")
            ts = f"1700000000.{number:06d}"
            state = {"team": "T1", "channel": "CSUP", "ts": ts, "claimer": "U1", "live": True}
            await records.keep_thread(Thread(f"T1:CSUP:{ts}", "handoff", handoff.id, state))
            found[ts] = session.id
    return found


def events(threads: dict[str, str]) -> list[dict[str, Any]]:
    """Every message once, a fifth of them twice, a moment later."""
    sent, again, chance = [], [], random.Random(7)
    for number in range(A_SECOND * SECONDS):
        thread = list(threads)[number % len(threads)]
        ts = f"{1_700_000_100 + number // 1000}.{number % 1000:06d}"
        event = {"type": "message", "channel": "CSUP", "user": "U1", "text": f"message {number}.", "ts": ts,
                 "event_ts": ts, "thread_ts": thread, "channel_type": "channel", "team": "T1"}  # fmt: skip
        sent.append(envelope(event, f"EvB{number:06d}"))
        if chance.random() < 0.2:
            again.append((number + chance.randrange(1, 400), sent[-1]))
    for place, told in sorted(again, key=lambda one: -one[0]):
        sent.insert(min(place, len(sent)), told)
    return sent


async def burst(address: str, told: list[dict[str, Any]]) -> list[float]:
    """Send at an even pace over ten seconds, whatever the answers take; the times they took. What is not acknowledged
    within three seconds is sent again, as Slack does.
    """
    acks: list[float] = []
    async with ClientSession(connector=TCPConnector(limit=100), timeout=ClientTimeout(3)) as client:

        async def send(one: dict[str, Any]) -> None:
            body = json.dumps(one).encode()
            for attempt in range(4):
                headers = signed(body, **{"content-type": "application/json", "x-slack-retry-num": str(attempt)})
                began = time.perf_counter()
                try:
                    async with client.post(f"{address}/slack/events", data=body, headers=headers) as answer:
                        acks.append(time.perf_counter() - began)
                        if answer.status == 200:
                            return
                except TimeoutError:
                    acks.append(time.perf_counter() - began)
            raise AssertionError("no acknowledgement")

        began, pending = time.perf_counter(), []
        for number, one in enumerate(told):
            ahead = began + number * SECONDS / len(told) - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            pending.append(asyncio.create_task(send(one)))
        await asyncio.gather(*pending)
    return acks


async def worked_through(home: Path, seconds: float) -> dict[str, int]:
    ends, counts = time.monotonic() + seconds, {}
    async with open_dragoman(Settings(home=home)) as dragoman:
        queue = dragoman.slack[0]
        while time.monotonic() < ends:
            counts = await queue.counts()
            if not counts.get("waiting") and not counts.get("running"):
                return counts
            await asyncio.sleep(0.5)
    raise AssertionError(f"not worked through: {counts}")


async def said(home: Path, threads: dict[str, str]) -> dict[str, list[int]]:
    """What each shopper reads, in order, from the frames of their stream."""
    found = {}
    async with open_dragoman(Settings(home=home)) as dragoman:
        for thread, session in threads.items():
            frames = [json.loads(data) for _, data in await dragoman.turns.frames_after(session, 0)]
            texts = [one["value"]["text"] for one in frames if one.get("name") == "person_message"]
            found[thread] = [int(text.removeprefix("message ").rstrip(".")) for text in texts]
    return found


@pytest.mark.prove
@pytest.mark.alone
def test_a_burst_loses_nothing_doubles_nothing_and_keeps_order(demo_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    threads = asyncio.run(claimed_threads(home))
    told = events(threads)
    with slack_server() as slack:
        slack.faults.failed, slack.faults.lost, slack.faults.limited = 0.02, 0.02, 0.01
        with serve(home, **environment(slack)) as server:
            acks = asyncio.run(burst(server.address, told))
            counts = asyncio.run(worked_through(home, 600))
        faults = dict(slack.counts)
    p50, p99 = statistics.quantiles(acks, n=100)[49], statistics.quantiles(acks, n=100)[98]
    measured = f"acknowledged p50 {p50:.3f} s, p99 {p99:.3f} s, most {max(acks):.3f} s; {counts}; Slack: {faults}"
    print(measured)  # noqa: T201
    assert counts == {"done": A_SECOND * SECONDS}
    expected = {
        thread: [n for n in range(A_SECOND * SECONDS) if n % THREADS == place] for place, thread in enumerate(threads)
    }
    assert asyncio.run(said(home, threads)) == expected
    assert max(acks) < 3, measured
    assert p99 < 0.5, measured


def environment(slack: Slack) -> dict[str, str]:
    return {
        "SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": f"{slack.address}/api/",
        "DRAGOMAN_SLACK_PEOPLE": json.dumps(PEOPLE), "DRAGOMAN_SLACK_SUPPORT_CHANNEL": "CSUP",
    }  # fmt: skip


def test_dragoman_slack_says_what_is_set_up(home: Path) -> None:
    with slack_server() as slack:
        slack.scopes = "chat:write"
        done = command(home, "slack", "check", "--json", **environment(slack))
    found = {check["what"]: check for check in one(done)["checks"]}
    assert done.returncode == 1
    assert found["support channel"]["ok"]
    assert "lacks" in found["token of T1"]["found"]
    assert not found["approvals channel"]["ok"]
    told = command(home, "slack", "manifest", "--address", "https://x.example")
    settings = json.loads(told.stdout)["settings"]
    assert settings["event_subscriptions"]["request_url"] == "https://x.example/slack/events"
