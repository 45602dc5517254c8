"""Turns as spans: the conventions' names, within the request, of a real turn with a fallback and a tool that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from opentelemetry import trace as api
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.util._once import Once

from assistant.roles import tool_names
from integrations.bootstrap import open_dragoman
from integrations.observing.exporting import make_provider
from integrations.observing.metrics import Metrics
from integrations.observing.spans import Spans
from integrations.settings import Settings
from integrations.widget.house import House
from integrations.widget.server import create_app
from tests.assistant.openai_server import Said, call, say, serving
from tests.assistant.test_fallback import QUESTION, ask, conversing
from tests.integrations.turns_at_hand import ALL, ended

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@contextmanager
def own_provider() -> Iterator[None]:
    """The process has no provider, and has none again afterwards."""
    api._TRACER_PROVIDER, api._TRACER_PROVIDER_SET_ONCE = None, Once()
    try:
        yield
    finally:
        api._TRACER_PROVIDER, api._TRACER_PROVIDER_SET_ONCE = None, Once()


@contextmanager
def exporting() -> Iterator[tuple[Any, InMemorySpanExporter]]:
    """A provider as ours, the process's own for a while, that keeps its spans."""
    exporter, provider = InMemorySpanExporter(), make_provider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with own_provider():
        api.set_tracer_provider(provider)
        yield provider, exporter


def named(exporter: InMemorySpanExporter) -> dict[str, list[ReadableSpan]]:
    found: dict[str, list[ReadableSpan]] = {}
    for span in exporter.get_finished_spans():
        found.setdefault(span.name, []).append(span)
    return found


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_turn_is_told_in_the_names_of_the_conventions() -> None:
    with exporting() as (provider, exporter):
        spans = Spans(provider, tool_names())
        turn = ended(*ALL)
        spans.began(turn)
        spans.ended(turn)
        found = named(exporter)
    (agent,), (failed,), (chat,), (tool,) = (found[name] for name in (
        "invoke_agent shopper", "chat a", "chat gpt-4o-mini", "execute_tool search_policies",
    ))  # fmt: skip
    assert attributes(agent)["gen_ai.conversation.id"] == "s"
    assert attributes(agent)["dragoman.trace"] == "0123456789ab"
    assert (failed.status.status_code, attributes(failed)["error.type"]) == (StatusCode.ERROR, "server")
    assert chat.kind is SpanKind.CLIENT
    assert {name: attributes(chat)[f"gen_ai.{name}"] for name in (
        "operation.name", "request.model", "usage.input_tokens", "usage.cache_read.input_tokens", "usage.output_tokens",
        "response.finish_reasons",
    )} == {
        "operation.name": "chat", "request.model": "gpt-4o-mini", "usage.input_tokens": 100,
        "usage.cache_read.input_tokens": 80, "usage.output_tokens": 10, "response.finish_reasons": ("stop",),
    }  # fmt: skip
    assert attributes(tool)["gen_ai.tool.name"] == "search_policies"
    assert all(span.parent and span.parent.span_id == agent.context.span_id for span in (failed, chat, tool))
    assert abs((chat.end_time or 0) - (chat.start_time or 0) - 500_000_000) < 1000


async def test_a_real_turn_with_a_fallback_and_a_tool_that_fails(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(body: dict[str, Any]) -> Said:
        return call("search_policies", question=QUESTION) if told_nothing(body) else 500

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("sk-key of anna@example.com")

    monkeypatch.setattr("tools.policies.find_policies", broken)
    with exporting() as (provider, exporter), serving(script) as (address, _):
        async with conversing(home, address) as (_, assistant):
            assistant.observers.append(Spans(provider, tool_names()))
            await ask(assistant)
        found = named(exporter)
    (agent,) = found["invoke_agent shopper"]
    answered, *failed = found["chat a"]
    assert attributes(answered)["gen_ai.response.finish_reasons"] == ("tool_calls",)
    assert attributes(answered)["gen_ai.response.model"] == "test-2026"
    assert [attributes(span)["error.type"] for span in failed] == ["server", "server", "server", "breaker"]
    assert attributes(found["execute_tool search_policies"][0])["error.type"] == "failed"
    assert found["chat embedded"]
    assert attributes(agent)["gen_ai.response.model"] == "embedded"
    held = json.dumps([span.to_json() for spans in found.values() for span in spans])
    assert "anna@" not in held
    assert QUESTION not in held


async def test_a_tool_there_is_not_stands_in_the_trace_alone(home: Path) -> None:
    foolish = "delete_all_of_anna@example.com"
    with exporting() as (provider, exporter), serving(
        lambda body: call(foolish, who="all") if told_nothing(body) else say("Hello.")
    ) as (address, _):  # fmt: skip
        async with conversing(home, address) as (dragoman, assistant):
            metrics = Metrics(tool_names())
            assistant.observers += [Spans(provider, tool_names()), metrics]
            await ask(assistant)
            await dragoman.traces.drain()
            (turn,) = await dragoman.traces.recent()
        found = named(exporter)
    assert attributes(found["execute_tool other"][0])["error.type"] == "failed"
    assert 'dragoman_tool_seconds_count{status="failed",tool="other"} 1.0' in metrics.text().decode()
    assert "delete_all" not in str([span.to_json() for spans in found.values() for span in spans])
    (tool,) = (step for step in turn.record["happened"] if step["kind"] == "tool")
    assert (tool["name"], tool["status"], tool["arguments"]) == ("[e-mail]", "failed", {"who": "all"})


def told_nothing(body: dict[str, Any]) -> bool:
    return body["messages"][-1]["role"] != "tool"


async def test_over_http_the_turn_is_within_the_request_and_the_request_within_its_caller(home: Path) -> None:
    with exporting() as (provider, exporter), serving(lambda body: say("Hello.")) as (address, _):
        settings = Settings(home=home, model="openai:a", openai_base_url=address)
        async with open_dragoman(settings) as opened:
            assistant = await opened.assistant()
            assistant.observers.append(Spans(provider, tool_names()))
            house = House(
                assistant,
                opened.sessions,
                opened.turns,
                opened.shop,
                opened.library.retriever,
                settings,
                opened.context,
            )
            app = ASGITransport(await create_app(house))
            async with AsyncClient(transport=app, base_url="http://shop.test") as client:
                token = (await client.post("/v1/sessions?email=anna@example.com", json={})).json()["token"]
                headers = {"authorization": f"Bearer {token}", "traceparent": PARENT}
                await client.post("/v1/chat", headers=headers, json={"message": "Hi, I am bo@example.com"})
        found = named(exporter)
    (request,), (agent,) = found["POST /v1/chat"], found["invoke_agent shopper"]
    assert request.parent
    assert f"{request.parent.span_id:016x}" == PARENT.split("-")[2]
    assert agent.parent == request.context
    assert f"{agent.context.trace_id:032x}" == PARENT.split("-")[1]
    held = json.dumps([span.to_json() for spans in found.values() for span in spans])
    assert "anna@" not in held
    assert "anna%40" not in held
    assert "bo@" not in held
    assert token not in held


async def test_without_a_collector_no_sdk_is_asked_and_nothing_is_watched(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as opened:
        assistant = await opened.assistant()
    assert [type(one).__name__ for one in assistant.observers] == ["TraceStore", "TurnLog"]
