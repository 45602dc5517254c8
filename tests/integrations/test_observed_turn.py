"""One id leads from the request to the log, the trace and the error a shopper sees, and nothing personal goes along."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from opentelemetry import _logs
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from pydantic import SecretStr

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.models.chain import Patience
from integrations.observing.logs import begin_logs
from integrations.settings import Settings
from integrations.widget.house import House
from integrations.widget.server import create_app
from tests.assistant.openai_server import Said, call, say, serving, told
from tests.integrations.test_http import begin, chat, text
from tests.integrations.test_logs import logging_alone

__all__ = ["logging_alone"]

KEY = "sk-proj-Ab12Cd34Ef56Gh78Ij90"
DIRTY = (
    "anna.k@example.com",
    "4111 1111 1111 1111",
    "4111111111111111",
    "0171 2345678",
    KEY,
    "sk-live-Zz9yXw8VuTabcdef",
)
MESSAGE = f"I am {DIRTY[0]}, card {DIRTY[1]}, phone {DIRTY[3]}, key {DIRTY[5]}. How long may I return an order?"

pytestmark = pytest.mark.usefixtures("logging_alone")


def script(body: dict[str, Any]) -> Said:
    """Calls a tool with all it was told, then fails, so that the next model answers."""
    found = told(body)
    if body["model"] == "a":
        said = " ".join(message["content"] or "" for message in body["messages"] if message["role"] == "user")
        return call("search_policies", question=said) if found is None else 500
    return say("You have 30 days. It costs EUR 999. Write to evil@example.org.")


@pytest.fixture
async def opened(home: Path) -> AsyncIterator[Dragoman]:
    """A home with two models behind a server."""
    with serving(script) as (address, _):
        settings = Settings(
            home=home, model="openai:a,openai:b", openai_base_url=address, openai_api_key=SecretStr(KEY)
        )
        async with open_dragoman(settings) as dragoman:
            yield dragoman


async def client_of(dragoman: Dragoman) -> AsyncClient:
    begin_logs("debug", as_json=True, secrets=dragoman.settings.secrets)
    assistant = await dragoman.assistant()
    dragoman.model.patience = Patience(retries=0)
    house = House(
        assistant, dragoman.sessions, dragoman.turns, dragoman.shop, dragoman.library.retriever, dragoman.settings,
        dragoman.context,
    )  # fmt: skip
    return AsyncClient(
        transport=ASGITransport(await create_app(house), raise_app_exceptions=False), base_url="http://shop.test"
    )


async def test_nothing_personal_and_no_secret_is_in_logs_traces_or_metrics(
    opened: Dragoman, capsys: pytest.CaptureFixture[str]
) -> None:
    async with await client_of(opened) as client:
        sent = await chat(client, await begin(client), MESSAGE)
        metrics = (await client.get("/metrics")).text
    await opened.traces.drain()
    (turn,) = await opened.traces.recent()
    kept, logged = json.dumps(asdict(turn), default=str), capsys.readouterr().err
    for place in (kept, logged, metrics):
        assert [one for one in (*DIRTY, "evil@") if one in place] == []
    assert "30 days" in text(sent)
    kinds = [told["kind"] for told in turn.record["happened"]]
    assert kinds[:6] == ["masked", "model", "tool", "masked", "model", "model"]
    assert "withheld" in kinds
    assert turn.record["happened"][0]["kinds"] == {"email": 1, "card": 1, "phone": 1}
    outcomes = [told["outcome"] for told in turn.record["happened"] if told["kind"] == "model"]
    assert outcomes[:3] == ["answered", "server", "answered"]
    assert turn.record["happened"][2]["passages"]
    assert "How long may I return" not in logged
    assert 'dragoman_model_fallbacks_total{kind="server"} 1.0' in metrics
    assert 'dragoman_turns_total{outcome="answered"} 1.0' in metrics


async def test_the_id_an_error_shows_finds_the_turn_its_lines_and_its_request(
    opened: Dragoman, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError(f"no room for {DIRTY[0]} with {KEY}")

    monkeypatch.setattr(opened.sessions, "remember", broken)
    async with await client_of(opened) as client:
        reply = await client.post("/v1/chat", headers=await begin(client), json={"message": MESSAGE})
    ended = json.loads(reply.text.split("data: ")[-1].splitlines()[0])
    assert ended["type"] == "RUN_ERROR"
    shown = ended["metadata"]["trace_id"]
    await opened.traces.drain()
    (turn,) = await opened.traces.find(shown)
    assert (turn.outcome, turn.record["happened"][-1]) == ("failed", {"kind": "fault", "error": "RuntimeError"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    mine = [line for line in lines if line.get("trace") == shown]
    assert {line["event"] for line in mine} >= {"turn failed", "turn", "request"}
    assert {line["session"] for line in mine if line["event"] != "request"} == {turn.session}
    assert reply.headers["x-trace-id"] == shown
    assert [one for one in DIRTY if one in json.dumps(lines)] == []


async def test_a_fault_outside_of_a_turn_shows_an_id_too_and_no_more(
    opened: Dragoman, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError(f"no room for {DIRTY[0]}")

    async with await client_of(opened) as client:
        headers = await begin(client)
        monkeypatch.setattr(opened.turns, "history", broken)
        reply = await client.get("/v1/history", headers=headers)
    assert reply.status_code == 500
    error = reply.json()["error"]
    assert (error["code"], DIRTY[0] in reply.text) == ("fault", False)
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (line["event"], line["trace"], line["route"], line["status"]) == (
        "request",
        error["trace"],
        "/v1/history",
        500,
    )


async def test_the_web_framework_sends_no_exception_to_a_collector_of_logs(
    opened: Dragoman, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter, provider = InMemoryLogRecordExporter(), LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    monkeypatch.setattr(_logs._internal, "_LOGGER_PROVIDER", provider)

    async def broken(_: object) -> None:
        raise RuntimeError(f"no room for {DIRTY[0]}")

    async with await client_of(opened) as client:
        monkeypatch.setattr(opened.turns, "history", broken)
        await client.get("/v1/history", headers=await begin(client))
    assert exporter.get_finished_logs() == ()


async def test_each_request_is_one_line_without_its_arguments(
    opened: Dragoman, capsys: pytest.CaptureFixture[str]
) -> None:
    async with await client_of(opened) as client:
        await client.get(f"/nothing/{DIRTY[0]}?card={DIRTY[2]}")
        await client.get("/healthz")
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    told = [(line["route"], line["status"]) for line in lines if line["event"] == "request"]
    assert told == [("none", 404), ("/healthz", 200)]
    assert DIRTY[0] not in written
