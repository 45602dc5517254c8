"""What `/metrics` tells, for Prometheus. Nothing a model, a server or a shopper writes becomes a label."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assistant.tracing import Handed, Happening, ModelAsked, ToolRan, Trace, Withheld

MEDIA_TYPE = CONTENT_TYPE_LATEST

OTHER = "other"
"""The label of what is not among the names that code gives."""

STATUSES = frozenset((
    "ok", "none", "missing", "refused", "failed", "cancelled", "denied", "invalid", "needs_confirmation",
    "needs_approval", "done", "unknown",
))  # fmt: skip
"""What a tool's result can come to."""

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SLOW = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120)
"""Bounds of seconds, for what code does and for what waits for a model."""


class Metrics:
    """Counts turns as they end. Models are those of the settings, tools those of the roles."""

    def __init__(self, tools: Collection[str] = ()) -> None:
        self._tools = frozenset(tools)
        registry = self._registry = CollectorRegistry()
        self._turns = Counter("dragoman_turns", "Turns ended.", ["outcome"], registry=registry)
        self._active = Gauge("dragoman_active_turns", "Turns under way.", registry=registry)
        self.seconds = Histogram(
            "dragoman_turn_seconds", "Time to the end of an answer.", buckets=SLOW, registry=registry
        )
        self._first_shown = Histogram(
            "dragoman_first_sentence_seconds", "Time to the first sentence shown.", buckets=SLOW, registry=registry
        )
        self._first_token = Histogram(
            "dragoman_model_first_token_seconds", "Time to a model's first word.", ["model"], buckets=SLOW,
            registry=registry,
        )  # fmt: skip
        self._asked = Counter(
            "dragoman_model_calls", "Attempts to get an answer of a model, by what came of them.", ["model", "outcome"],
            registry=registry,
        )  # fmt: skip
        self._tokens = Counter(
            "dragoman_model_tokens", "Tokens read anew, read from a cache, written.", ["model", "kind"],
            registry=registry,
        )  # fmt: skip
        self._cost = Counter(
            "dragoman_model_cost_dollars", "US dollars, for models with a price.", ["model"], registry=registry
        )
        self._fallbacks = Counter(
            "dragoman_model_fallbacks", "Times the next model was asked, by why.", ["kind"], registry=registry
        )
        self._tool_seconds = Histogram(
            "dragoman_tool_seconds", "Time a tool took.", ["tool", "status"], buckets=QUICK, registry=registry
        )
        self._sentences = Counter(
            "dragoman_gate_sentences", "Sentences the gate judged.", ["verdict"], registry=registry
        )
        self.handoffs = Counter("dragoman_handoffs", "Calls for a person.", registry=registry)
        self.stars = Histogram(
            "dragoman_rating_stars", "What shoppers gave conversations.", buckets=(1, 2, 3, 4, 5), registry=registry
        )
        self.refused = Counter("dragoman_refused", "Messages not admitted.", ["reason"], registry=registry)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)

    def began(self, trace: Trace) -> None:
        """One turn more is under way."""
        self._active.inc()

    def ended(self, trace: Trace) -> None:
        """Count the turn."""
        self._active.dec()
        self._turns.labels(trace.outcome).inc()
        if trace.first_shown:
            self._first_shown.observe(trace.first_shown - trace.began)
        self._sentences.labels("shown").inc(len(trace.shown))
        for happening in trace.happened:
            self._count(happening)
        self._count_fallbacks([one for one in trace.happened if isinstance(one, ModelAsked)])

    def _count(self, happening: Happening) -> None:
        match happening:
            case ModelAsked():
                self._count_model(happening)
            case ToolRan(name, _, _, status, began, ended):
                labels = _known(name, self._tools), _known(status, STATUSES)
                self._tool_seconds.labels(*labels).observe(ended - began)
            case Withheld():
                self._sentences.labels("withheld").inc()
            case Handed():
                self.handoffs.inc()

    def _count_model(self, asked: ModelAsked) -> None:
        self._asked.labels(asked.model, asked.outcome).inc()
        fresh = max(0, asked.input_tokens - asked.cached_tokens)
        for kind, count in (("input", fresh), ("cached", asked.cached_tokens), ("output", asked.output_tokens)):
            if count > 0:
                self._tokens.labels(asked.model, kind).inc(count)
        if asked.microdollars:
            self._cost.labels(asked.model).inc(asked.microdollars / 1e6)
        if asked.first and asked.model != "embedded":
            self._first_token.labels(asked.model).observe(asked.first - asked.began)

    def _count_fallbacks(self, asked: list[ModelAsked]) -> None:
        for before, after in pairwise(asked):
            if before.outcome != "answered" and after.model != before.model:
                self._fallbacks.labels(before.outcome).inc()


def _known(name: str, names: Collection[str]) -> str:
    return name if name in names else OTHER
