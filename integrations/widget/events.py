"""Our events on the wire: AG-UI 1.0. The one place that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from ag_ui.core import (
    BaseEvent,
    CustomEvent,
    Interrupt,
    RunErrorEvent,
    RunFinishedEvent,
    RunFinishedInterruptOutcome,
    RunFinishedSuccessOutcome,
    RunStartedEvent,
    StepFinishedEvent,
    StepStartedEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
    ToolCallEndEvent,
    ToolCallStartEvent,
)

from assistant import events
from integrations.widget.order_view import order_card, picture_of, variant_name
from integrations.widget.payloads import PAYLOADS


class Wire:
    """Translates one turn's events to AG-UI events."""

    def __init__(self, thread_id: str, run_id: str) -> None:
        self._thread = thread_id
        self._run = run_id
        self._message = f"{run_id}-answer"
        self._writing = False
        self._steps: dict[str, str] = {}

    def start(self) -> BaseEvent:
        """The first event of a run."""
        return RunStartedEvent(thread_id=self._thread, run_id=self._run, protocol_version="1.0")

    @staticmethod
    def numbered(number: int, frames: list[BaseEvent]) -> list[tuple[int, str]]:
        """Frames as they are kept and sent, numbered after a number."""
        return [
            (number + n, frame.model_dump_json(by_alias=True, exclude_none=True)) for n, frame in enumerate(frames, 1)
        ]

    def translate(self, event: events.Event) -> Iterator[BaseEvent]:
        """The wire's events for one of ours."""
        match event:
            case events.Sentence(text):
                yield from self._write(text)
            case events.Step() | events.StepDone():
                yield from self._step(event)
            case events.Finished() | events.Failed():
                yield from self._end(event)
            case _:
                yield _custom(event)

    def _write(self, text: str) -> Iterator[BaseEvent]:
        if not self._writing:
            self._writing = True
            yield TextMessageStartEvent(message_id=self._message, role="assistant")
        yield TextMessageContentEvent(message_id=self._message, delta=text)

    def _step(self, event: events.Step | events.StepDone) -> Iterator[BaseEvent]:
        if isinstance(event, events.Step):
            self._steps[event.call_id] = event.words
            yield StepStartedEvent(step_name=event.words)
            yield ToolCallStartEvent(tool_call_id=event.call_id, tool_call_name=event.name)
        else:
            yield ToolCallEndEvent(tool_call_id=event.call_id)
            yield StepFinishedEvent(step_name=self._steps.pop(event.call_id, event.name))

    def break_off(self, **result: Any) -> Iterator[BaseEvent]:
        """The end of a run that is not answered to its end: `result` says why."""
        yield from self._close()
        yield RunFinishedEvent(
            thread_id=self._thread, run_id=self._run, result=result, outcome=RunFinishedSuccessOutcome()
        )

    def _close(self) -> Iterator[BaseEvent]:
        """Ends of what is still open."""
        for call_id, words in self._steps.items():
            yield ToolCallEndEvent(tool_call_id=call_id)
            yield StepFinishedEvent(step_name=words)
        self._steps = {}
        if self._writing:
            self._writing = False
            yield TextMessageEndEvent(message_id=self._message)

    def _end(self, event: events.Finished | events.Failed) -> Iterator[BaseEvent]:
        yield from self._close()
        if isinstance(event, events.Failed):
            yield RunErrorEvent(message=event.message, code=event.code, metadata={"trace_id": event.trace})
        else:
            result = {"language": event.language, "engine": event.engine, "latency_ms": event.latency_ms}
            yield RunFinishedEvent(
                thread_id=self._thread, run_id=self._run, result=result, outcome=_outcome(event.awaits)
            )


def _outcome(awaits: tuple[str, ...]) -> RunFinishedSuccessOutcome | RunFinishedInterruptOutcome:
    """Success, or what the run waits for: confirmations, by the actions' operation ids."""
    if not awaits:
        return RunFinishedSuccessOutcome()
    return RunFinishedInterruptOutcome(
        interrupts=[Interrupt(id=operation, reason="confirmation") for operation in awaits]
    )


AS_THEY_ARE = {events.HandedOver: "handoff", events.PersonMessage: "person_message", events.Notice: "notice"}
"""Events whose fields are those of their payload."""


def _custom(event: Any) -> CustomEvent:
    plain = AS_THEY_ARE.get(type(event))
    name, value = (plain, asdict(event)) if plain else _payload(event)
    return CustomEvent(name=name, value=PAYLOADS[name].model_validate(value).model_dump(mode="json"))


def _payload(event: Any) -> tuple[str, dict[str, Any]]:
    match event:
        case events.Citations(entries):
            return "citations", {"citations": [asdict(entry) for entry in entries]}
        case events.Cards(entries):
            return "cards", {"cards": [_card(card) for card in entries]}
        case events.OrderShown(order, language):
            return "order", {"order": order_card(order, language)}
        case events.Identify(missing, order_id):
            return "identify", {"missing": list(missing), "order_id": order_id}
        case events.ActionShown(told):
            fields = ("action", "status", "rule", "message", "quote", "operation_id")
            return "action", {name: told.get(name) for name in fields} | {"token": told.get("token", "")}
        case events.Suggestions(entries):
            return "suggestions", {"suggestions": list(entries)}
    raise TypeError(f"no payload for {type(event).__name__}")


def _card(card: dict[str, Any]) -> dict[str, Any]:
    fields = ("product_id", "name", "summary", "price", "price_to", "currency", "available", "url")
    variants = [_variant(variant) for variant in card["variants"]]
    counted = [variant["stock"] for variant in variants]
    return {
        **{name: card[name] for name in fields}, "image": picture_of(card["product_id"]), "variants": variants,
        "stock": sum(counted) if counted and None not in counted else None,
        "lowest_30_days": next((v.get("lowest_30_days") for v in _at_price(card)), None),
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip


def _at_price(card: dict[str, Any]) -> list[dict[str, Any]]:
    """The variants that the card's price is of."""
    return [variant for variant in card["variants"] if variant["price"] == card["price"]]


def _variant(variant: dict[str, Any]) -> dict[str, Any]:
    fields = {name: variant[name] for name in ("price", "currency", "available")}
    name = variant_name(variant["options"])
    return {"variant_id": variant["sku"], "name": name, **fields, "stock": variant.get("stock")}
