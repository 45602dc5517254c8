"""Traces as turns leave them behind, for the tests of those who watch."""

from __future__ import annotations

import time
from typing import Any

from assistant.tracing import Acted, Broke, Handed, Masked, ModelAsked, ToolRan, Trace, Withheld
from tools.context import Session

NOW = time.perf_counter()


def asked(model: str = "gpt-4o-mini", outcome: str = "answered", **more: Any) -> ModelAsked:
    given = {"began": NOW, "ended": NOW + 0.5, "first": NOW + 0.2, "finish_reason": "stop"} | more
    return ModelAsked(model, outcome, **given)


def ran(name: str = "search_policies", status: str = "ok", **more: Any) -> ToolRan:
    given = {"call_id": "call_1", "arguments": {}, "began": NOW, "ended": NOW + 0.1} | more
    return ToolRan(name=name, status=status, **given)


def ended(*happened: Any, session: str = "s", question: str = "Hello?", **more: Any) -> Trace:
    trace = Trace("0123456789ab", Session(session, language="en"), question, began=NOW)
    trace.happened = list(happened)
    trace.shown, trace.outcome, trace.engine, trace.ended = ["Hello."], "answered", "embedded", NOW + 1
    trace.first_shown = NOW + 0.3
    for name, value in more.items():
        setattr(trace, name, value)
    return trace


ALL = (
    asked("a", "server"), asked(input_tokens=100, cached_tokens=80, output_tokens=10, microdollars=1500),
    ran(passages=(("returns#2", 0.91),)), Masked({"email": 1}), Withheld("It costs EUR 3.", "figure"),
    Acted("cancel_order", "needs_confirmation", "", "op1"), Handed("H-1"), Broke("ValueError"),
)  # fmt: skip
"""One of each thing that can happen."""
