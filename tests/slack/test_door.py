"""What comes in: proven, kept, acknowledged, done once and in order; also after a crash, also by several processes."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from integrations.database.engine import Sessions, open_engine, prepare
from integrations.database.slack_queue import SlackQueue, Taken
from integrations.slack.calls import SlackRefused
from integrations.slack.door import TALK, Door, arrived
from integrations.slack.worker import Worker
from tests.slack.sender import SECRET, envelope, signed

BODY = json.dumps({"type": "url_verification", "challenge": "a challenge"}).encode()
JSON = {"content-type": "application/json"}


async def knock(sessions: Sessions, headers: dict[str, str], body: bytes = BODY) -> tuple[int, str]:
    answer = await Door(SECRET, SlackQueue(sessions), lambda: None).receive(headers, body)
    return answer.status, answer.body


@pytest.fixture
async def sessions(database_url: str) -> Any:
    engine = open_engine(database_url)
    yield await prepare(engine)
    await engine.dispose()


async def test_only_slacks_own_requests_come_in(sessions: Sessions) -> None:
    now = time.time()
    good = signed(BODY, **JSON)
    assert await knock(sessions, good) == (200, "a challenge")
    bad: list[dict[str, str]] = [
        {}, {**good, "x-slack-signature": "v0=00"}, signed(BODY, "another secret", **JSON),
        signed(BODY, at=now - 301, **JSON), signed(BODY, at=now + 301, **JSON),
        {**good, "x-slack-request-timestamp": "soon"}, {**good, "x-slack-request-timestamp": "１２３"},
        {**good, "x-slack-request-timestamp": ""}, {**good, "x-slack-request-timestamp": "9" * 400},
        {name: value for name, value in good.items() if name != "x-slack-signature"},
        {**good, "x-slack-signature": "v0=ü"}, signed(BODY + b" ", **JSON),
    ]  # fmt: skip
    assert [(await knock(sessions, headers))[0] for headers in bad] == [401] * len(bad)
    assert (await Door("", SlackQueue(sessions), print).receive(signed(BODY, "", **JSON), BODY)).status == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff\xfe", b'"text"', b"{}"])
async def test_what_is_no_request_is_refused(sessions: Sessions, body: bytes) -> None:
    assert (await knock(sessions, signed(body, **JSON), body))[0] == 400


@pytest.mark.parametrize("body", [b"payload=%7B", b"payload=[]", b"%ff%fe"])
async def test_a_broken_form_is_refused(sessions: Sessions, body: bytes) -> None:
    headers = signed(body, **{"content-type": "application/x-www-form-urlencoded"})
    assert (await knock(sessions, headers, body))[0] in (200, 400)


def message(ts: str, thread: str = "1.1", text: str = "", channel: str = "C1") -> dict[str, Any]:
    return {
        "type": "message",
        "channel": channel,
        "user": "U1",
        "ts": ts,
        "event_ts": ts,
        "thread_ts": thread,
        "text": text,
    }


async def test_an_event_is_kept_once_however_often_and_wherever_it_comes(sessions: Sessions) -> None:
    queues = [SlackQueue(sessions), SlackQueue(sessions)]
    told = envelope(message("2.1"), "Ev1")
    await asyncio.gather(*(queues[n % 2].receive(arrived(told)) for n in range(20)))
    assert len(await queues[0].take(TALK, 10)) == 1
    assert await queues[1].take(TALK, 10) == []


async def test_a_thread_is_worked_through_in_order_one_at_a_time(sessions: Sessions) -> None:
    queue = SlackQueue(sessions)
    for ts in ("2.000003", "2.000001", "2.000002"):  # late ones among them
        await queue.receive(arrived(envelope(message(ts))))
    await queue.receive(arrived(envelope(message("1.5", thread="9.9"))))
    first = await queue.take(TALK, 10)
    assert sorted(one.body["event"]["ts"] for one in first) == ["1.5", "2.000001"]
    assert await queue.take(TALK, 10) == []
    await queue.receive(arrived(envelope(message("1.000001"))))  # later still, while one of its thread is worked on
    assert await queue.take(TALK, 10) == []
    for one in first:
        await queue.finish(one.position)
    [again] = await queue.take(TALK, 10)
    assert again.body["event"]["ts"] == "1.000001"


async def test_a_modal_is_not_kept_waiting_by_questions(sessions: Sessions) -> None:
    queue = SlackQueue(sessions)
    for number in range(30):
        await queue.receive(arrived(envelope(message(f"3.{number}", thread=f"4.{number}"))))
    click = {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "container": {"channel_id": "C1"}}
    await queue.receive(arrived(click))
    assert [one.body["type"] for one in await queue.take("click", 5)] == ["block_actions"]


async def test_what_a_dead_process_had_is_taken_up_by_another(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from integrations.database import slack_queue

    monkeypatch.setattr(slack_queue, "LEASE", timedelta(seconds=0.3))
    queue = SlackQueue(sessions)
    await queue.receive(arrived(envelope(message("2.1"), "EvDead")))
    [lost] = await queue.take(TALK, 5)
    assert (await queue.take(TALK, 5), lost.tries) == ([], 0)
    await asyncio.sleep(0.35)
    [found] = await queue.take(TALK, 5)
    assert (found.event_id, found.tries) == ("EvDead", 1)
    await queue.finish(found.position)
    await queue.receive(arrived(envelope(message("2.1"), "EvDead")))
    assert await queue.take(TALK, 5) == []


async def test_a_fault_is_tried_again_and_what_slack_refuses_is_not(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from integrations.slack import worker

    monkeypatch.setattr(worker, "AGAIN", 0.01)
    seen: list[str] = []

    async def work(event: Taken) -> None:
        seen.append(event.event_id)
        if event.event_id == "EvRefused":
            raise SlackRefused("chat.postMessage", "channel_not_found")
        if event.event_id == "EvPasses" and seen.count("EvPasses") < 3:
            raise OSError("the line broke")
        if event.event_id == "EvNever":
            raise ValueError("never")

    queue = SlackQueue(sessions)
    for number, name in enumerate(("EvRefused", "EvPasses", "EvNever", "EvAfter")):
        await queue.receive(
            arrived(envelope(message(f"2.{number}", thread=name if name != "EvAfter" else "EvNever"), name))
        )
    working = Worker(queue, TALK, work, 4)
    task = asyncio.create_task(working.run())
    while set(await queue.counts()) != {"done", "failed"}:
        working.knock()
        await asyncio.sleep(0.02)
    await working.close(1)
    task.cancel()
    assert (seen.count("EvRefused"), seen.count("EvPasses"), seen.count("EvNever")) == (1, 3, 6)
    assert seen[-1] == "EvAfter"
    assert await queue.counts() == {"done": 2, "failed": 2}


async def test_what_cannot_be_kept_is_not_acknowledged() -> None:
    class Broken:
        async def receive(self, _: Any) -> None:
            raise OSError("no space left")

    body = json.dumps(envelope(message("2.1"))).encode()
    answer = await Door(SECRET, Broken(), lambda: None).receive(signed(body, **JSON), body)  # type: ignore[arg-type]
    assert answer.status == 503
