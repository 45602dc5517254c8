"""Spans leave the process only for a collector that is configured, and one that is away keeps nobody."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from integrations.observing.exporting import LAST_WAIT, open_observers
from integrations.settings import Settings
from tests.command_line import command, process, refused
from tests.http_server import running
from tests.integrations.test_spans import own_provider
from tests.integrations.turns_at_hand import ALL, ended


@contextmanager
def collecting() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A collector on loopback: its address, and what it got by path."""
    got: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got[self.path] = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    with running(Handler) as address:
        yield address, got


def test_a_configured_collector_gets_the_spans_of_a_turn_and_none_of_its_words(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as (address, got):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "our-shop")
        done = process(home, "ask", "How much is shipping to Germany?")
    assert done.returncode == 0
    for part in (b"invoke_agent shopper", b"chat embedded", b"execute_tool search_policies", b"our-shop"):
        assert part in got["/v1/traces"]
    assert b"shipping to Germany" not in got["/v1/traces"]
    assert b"4.90" not in got["/v1/traces"]


@contextmanager
def no_thread_left() -> Iterator[None]:
    """Wait for the threads that were started: what they log late would stand in another test's streams."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(30)


def test_a_collector_that_is_away_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "8")  # the exporter by itself tries again for so long

    async def work() -> float:
        async with AsyncExitStack() as stack:
            _, spans = open_observers("http://127.0.0.1:9/v1/traces", stack)
            turn = ended(*ALL)
            spans.began(turn)
            spans.ended(turn)
            return time.monotonic()

    with own_provider(), no_thread_left():
        since = asyncio.run(work())
        assert time.monotonic() - since < LAST_WAIT + 1


def test_where_the_package_that_sends_is_missing_the_log_says_so_and_all_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    assert len(open_observers("http://127.0.0.1:9", AsyncExitStack())) == 1
    assert "dragoman[otel]" in caplog.text


def test_an_address_that_is_none_is_refused_by_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")
    refused(command(home, "trace", "list", "--json"), 2, "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, ""),
        ({"otel_endpoint": "http://c:4318/"}, "http://c:4318/v1/traces"),
        ({"otel_endpoint": "http://c:4318", "otel_traces_endpoint": "http://d/x"}, "http://d/x"),
        ({"otel_endpoint": "http://c:4318", "otel_traces_exporter": "none"}, ""),
        ({"otel_endpoint": "http://c:4318", "otel_sdk_disabled": True}, ""),
    ],
)
def test_where_spans_go(tmp_path: Path, given: dict[str, object], address: str) -> None:
    assert Settings(home=tmp_path, **given).spans_to == address  # type: ignore[arg-type]
