"""Turns as OpenTelemetry spans, by the conventions for generative AI; no content. They are made when a turn has ended,
of what happened in it, so a turn that nobody traces costs nothing.

The conventions are still in development (seen: semantic conventions 0.66b2), so this is the one place with their names.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from opentelemetry.context import Context, get_current
from opentelemetry.trace import SpanKind, StatusCode, TracerProvider, set_span_in_context

from assistant.tracing import Handed, Masked, ModelAsked, ToolRan, Trace, Withheld

Attributes = Mapping[str, str | int | float | tuple[str, ...]]

NANOSECONDS = 1_000_000_000


class Spans:
    """Makes an invoke_agent span of each turn, within the span of its request where there is one, and of what happened
    in it chat and execute_tool spans. A tool that is none of ours is called other: a model may write anything there.
    """

    def __init__(self, provider: TracerProvider, tools: Collection[str]) -> None:
        self._tools = frozenset(tools)
        self._tracer = provider.get_tracer("dragoman")
        self._contexts: dict[int, Context] = {}

    def began(self, trace: Trace) -> None:
        """Keep whose request the turn answers."""
        self._contexts[id(trace)] = get_current()

    def ended(self, trace: Trace) -> None:
        """Make the spans."""
        clock = _Clock()
        failed = trace.outcome in ("failed", "cancelled")
        context = self._span(
            f"invoke_agent {trace.session.role}", SpanKind.INTERNAL, self._contexts.pop(id(trace), None),
            (clock.at(trace.began), clock.at(trace.ended)), _of_turn(trace), trace.outcome if failed else "",
        )  # fmt: skip
        for one in trace.happened:
            if isinstance(one, ModelAsked):
                kind = SpanKind.INTERNAL if one.model == "embedded" else SpanKind.CLIENT
                name, attributes = f"chat {one.model}", _of_model(one, trace)
                error = "" if one.outcome == "answered" else one.outcome
            elif isinstance(one, ToolRan):
                tool = one.name if one.name in self._tools else "other"
                kind, name, attributes = SpanKind.INTERNAL, f"execute_tool {tool}", _of_tool(one, tool)
                error = one.status if one.status in ("failed", "cancelled") else ""
            else:
                continue
            self._span(name, kind, context, (clock.at(one.began), clock.at(one.ended)), attributes, error)

    def _span(
        self, name: str, kind: SpanKind, parent: Context | None, between: tuple[int, int], attributes: Attributes,
        error: str,
    ) -> Context:  # fmt: skip
        span = self._tracer.start_span(name, parent, kind, attributes, start_time=between[0])
        if error:
            span.set_attribute("error.type", error)
            span.set_status(StatusCode.ERROR)
        span.end(between[1])
        return set_span_in_context(span, parent)


class _Clock:
    """Turns readings of time.perf_counter() into nanoseconds since 1970."""

    def __init__(self) -> None:
        self._offset = time.time() - time.perf_counter()

    def at(self, reading: float) -> int:
        return int((self._offset + reading) * NANOSECONDS)


def _of_turn(trace: Trace) -> Attributes:
    asked = [one for one in trace.happened if isinstance(one, ModelAsked)]
    masked = [sum(one.kinds.values()) for one in trace.happened if isinstance(one, Masked)]
    return {
        "gen_ai.operation.name": "invoke_agent", "gen_ai.provider.name": "dragoman",
        "gen_ai.agent.name": trace.session.role, "gen_ai.conversation.id": trace.session.id,
        "gen_ai.response.model": trace.engine,
        "gen_ai.usage.input_tokens": sum(one.input_tokens for one in asked),
        "gen_ai.usage.cache_read.input_tokens": sum(one.cached_tokens for one in asked),
        "gen_ai.usage.output_tokens": sum(one.output_tokens for one in asked),
        "dragoman.trace": trace.id, "dragoman.channel": trace.session.channel, "dragoman.outcome": trace.outcome,
        "dragoman.language": trace.language, "dragoman.handoff": any(isinstance(one, Handed) for one in trace.happened),
        "dragoman.sentences.shown": len(trace.shown), "dragoman.masked": max(masked, default=0),
        "dragoman.sentences.withheld": sum(isinstance(one, Withheld) for one in trace.happened),
        "dragoman.cost.microdollars": sum(one.microdollars for one in asked),
    }  # fmt: skip


def _of_model(asked: ModelAsked, trace: Trace) -> Attributes:
    attributes: dict[str, str | int | float | tuple[str, ...]] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "dragoman" if asked.model == "embedded" else "openai",
        "gen_ai.conversation.id": trace.session.id, "gen_ai.request.model": asked.model, "gen_ai.request.stream": True,
        "gen_ai.usage.input_tokens": asked.input_tokens, "gen_ai.usage.output_tokens": asked.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": asked.cached_tokens,
    }  # fmt: skip
    if asked.outcome == "answered":
        attributes["gen_ai.response.model"] = asked.answered_by or asked.model
        attributes["gen_ai.response.finish_reasons"] = (asked.finish_reason,)
    if asked.first:
        attributes["gen_ai.response.time_to_first_chunk"] = asked.first - asked.began
    return attributes


def _of_tool(ran: ToolRan, name: str) -> Attributes:
    return {
        "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, "gen_ai.tool.type": "function",
        "gen_ai.tool.call.id": ran.call_id, "dragoman.tool.status": ran.status, "dragoman.tool.rule": ran.rule,
        "dragoman.tool.passages": len(ran.passages),
    }  # fmt: skip
