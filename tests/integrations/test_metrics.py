"""What Prometheus reads: every figure, under names and labels that nobody outside can add to."""

from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from assistant.roles import tool_names
from assistant.tracing import Withheld
from integrations.observing.metrics import Metrics
from tests.integrations.turns_at_hand import ALL, asked, ended, ran


def told(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families for sample in family.samples if not sample.name.endswith("_created")
    }  # fmt: skip


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return told(metrics)[f"dragoman_{name}", tuple(sorted(labels.items()))]


def counted(*traces: Any) -> Metrics:
    metrics = Metrics(tool_names())
    for trace in traces:
        metrics.began(trace)
        metrics.ended(trace)
    return metrics


def test_each_figure_of_a_turn_is_counted() -> None:
    metrics = counted(ended(*ALL))
    model = "gpt-4o-mini"
    assert value(metrics, "turns_total", outcome="answered") == 1
    assert abs(value(metrics, "first_sentence_seconds_sum") - 0.3) < 1e-6
    assert abs(value(metrics, "model_first_token_seconds_sum", model=model) - 0.2) < 1e-6
    assert [value(metrics, "model_tokens_total", model=model, kind=kind) for kind in ("input", "cached", "output")] == [
        20, 80, 10,
    ]  # fmt: skip
    assert value(metrics, "model_cost_dollars_total", model=model) == 0.0015
    assert value(metrics, "model_calls_total", model="a", outcome="server") == 1
    assert value(metrics, "model_fallbacks_total", kind="server") == 1
    assert value(metrics, "tool_seconds_count", tool="search_policies", status="ok") == 1
    assert value(metrics, "gate_sentences_total", verdict="shown") == 1
    assert value(metrics, "gate_sentences_total", verdict="withheld") == 1
    assert value(metrics, "handoffs_total") == 1


def test_asking_the_same_model_again_is_no_fallback_and_one_after_another_are_two() -> None:
    again = asked("a", "server"), asked("a", "server"), asked("a")
    down = asked("a", "breaker"), asked("b", "timeout"), asked("embedded")
    metrics = counted(ended(*again), ended(*down))
    assert ("dragoman_model_fallbacks_total", (("kind", "server"),)) not in told(metrics)
    assert value(metrics, "model_fallbacks_total", kind="breaker") == 1
    assert value(metrics, "model_fallbacks_total", kind="timeout") == 1


def test_turns_under_way_are_told_and_end() -> None:
    metrics = Metrics()
    metrics.began(ended())
    assert value(metrics, "active_turns") == 1
    metrics.ended(ended(outcome="cancelled"))
    assert value(metrics, "active_turns") == 0
    assert value(metrics, "turns_total", outcome="cancelled") == 1


def test_a_hostile_model_cannot_add_labels() -> None:
    before = len(told(counted(ended(ran("other name", "odd status"), Withheld("", "")))))
    hostile = [
        ended(ran(f"tool_{number}", f"status {number}"), Withheld(f"EUR {number}", f"nothing told says {number}"))
        for number in range(500)
    ]
    assert len(told(counted(*hostile))) == before


def test_names_are_as_prometheus_wants_them() -> None:
    for family in text_string_to_metric_families(counted(ended(*ALL)).text().decode()):
        assert family.name.startswith("dragoman_")
        assert family.documentation.endswith(".")
        if family.type == "histogram":
            assert family.name.endswith(("_seconds", "_stars"))
