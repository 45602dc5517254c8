"""Who watches turns beside the database: the log, and a collector of OpenTelemetry spans where one is configured."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from integrations.observing.logs import TurnLog

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span, TracerProvider

    from assistant.tracing import Observer

log = logging.getLogger(__name__)

LAST_WAIT = 2.0
"""Seconds that closing waits for a collector."""


def open_observers(endpoint: str, stack: AsyncExitStack) -> list[Observer]:
    """The log, and what sends spans to an address; '' loads and sends nothing. Whoever watches fails nobody: where the
    package that sends is not installed, the log says so.
    """
    if not endpoint:
        return [TurnLog()]
    try:
        provider = open_exporter(endpoint)
    except ModuleNotFoundError:
        log.warning("spans are not sent: install what sends them with  pip install 'dragoman[otel]'")
        return [TurnLog()]
    from assistant.roles import tool_names
    from integrations.observing.spans import Spans

    stack.push_async_callback(_close, provider)
    return [TurnLog(), Spans(provider, tool_names())]


def open_exporter(endpoint: str) -> TracerProvider:
    """A provider, made the process's own, that sends spans to an address over HTTP; all else (headers, sampling, name
    of the service) the SDK reads from the OTEL_ variables. Raises ModuleNotFoundError.
    """
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = make_provider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
    return provider


async def _close(provider: TracerProvider) -> None:
    """Send what waits, but not for ever: a collector that is away does not keep the process. The thread is one that
    Python does not wait for either.
    """
    loop, sent = asyncio.get_running_loop(), asyncio.Event()

    def send() -> None:
        provider.shutdown()
        with contextlib.suppress(RuntimeError):  # nobody waits any more, and the loop is closed
            loop.call_soon_threadsafe(sent.set)

    threading.Thread(target=send, daemon=True).start()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(sent.wait(), LAST_WAIT)


def make_provider() -> TracerProvider:
    """A provider whose spans are this service's and hold no query of a request."""
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    class WithoutQueries(SpanProcessor):
        """The web framework notes what stands behind the `?` of an address; anything may."""

        def on_start(self, span: Span, parent_context: Context | None = None) -> None:
            if span.attributes and "url.query" in span.attributes:
                span.set_attribute("url.query", "REDACTED")

    resource = Resource.create({"service.name": "dragoman"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(WithoutQueries())
    return provider
