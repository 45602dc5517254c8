"""Traces in words for people and as objects for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.database.traces import Kept


def summary(turn: Kept) -> dict[str, Any]:
    """A turn in a list."""
    return {
        "trace": turn.trace, "session": turn.session, "at": turn.at.isoformat(), "channel": turn.channel,
        "role": turn.role, "language": turn.language, "engine": turn.engine, "outcome": turn.outcome,
        "seconds": turn.seconds, "question": turn.record["question"],
    }  # fmt: skip


def describe(turn: Kept) -> dict[str, Any]:
    """A turn with all that happened in it."""
    return {**summary(turn), **turn.record}


def word_line(turn: Kept) -> str:
    """A turn in one line."""
    question = turn.record["question"]
    question = question if len(question) <= 60 else question[:59] + "…"
    return (
        f"{turn.trace}  {turn.at:%Y-%m-%d %H:%M:%S}  {turn.outcome:9} {turn.seconds:7.2f} s  {turn.engine:16} "
        f"{turn.session}  {question}"
    )


def word_turn(turn: Kept) -> str:
    """A turn, step by step."""
    head = (
        f"{turn.trace}  {turn.at:%Y-%m-%d %H:%M:%S} UTC  {turn.outcome} in {turn.seconds:.2f} s by {turn.engine or '-'}"
        f"\nconversation {turn.session} ({turn.channel}, {turn.role}, {turn.language})"
    )
    lines = [head, f"  asked     {turn.record['question']}"]
    lines += [line for happening in turn.record["happened"] for line in _word(happening)]
    return "\n".join([*lines, f"  shown     {turn.record['answer']}"])


def _word(told: dict[str, Any]) -> Iterator[str]:
    kind = told["kind"]
    yield f"  {kind:9} {_WORDS[kind](told)}"
    for passage in told.get("passages", []):
        yield f"            found {passage['cite']}  {passage['score']:.3f}"


def _model(told: dict[str, Any]) -> str:
    took = f"{told['seconds']:.2f} s" + (
        f", first word after {told['first'] - told['at']:.2f} s" if told["first"] else ""
    )
    tokens = f"{told['input_tokens']} tokens in ({told['cached_tokens']} cached), {told['output_tokens']} out"
    cost = f", ${told['microdollars'] / 1e6:.6f}" if told["microdollars"] else ""
    used = f"  {tokens}{cost}" if told["input_tokens"] or told["output_tokens"] else ""
    return f"{told['model']}: {told['outcome']} {told['finish_reason']}  {took}{used}"


def _tool(told: dict[str, Any]) -> str:
    arguments = json.dumps(told["arguments"], ensure_ascii=False)
    rule = f" ({told['rule']})" if told["rule"] else ""
    return f"{told['name']} {arguments}: {told['status']}{rule}  {told['seconds']:.2f} s"


def _masked(told: dict[str, Any]) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in told["kinds"].items())
    return kinds or "nothing personal"


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "model": _model, "tool": _tool, "masked": _masked,
    "withheld": lambda told: f"({told['reason']}) {told['sentence']}",
    "refused": lambda told: told["code"],
    "action": lambda told: f"{told['action']}: {told['status']} {told['rule']} {told['operation_id']}",
    "handoff": lambda told: told["reference"],
    "fault": lambda told: told["error"],
}  # fmt: skip
