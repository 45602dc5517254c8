"""Which messages of a conversation are kept for its next turn. Calls and their results stay together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from assistant.guardrails.verdict import MARK
from assistant.memory.digest import shortened

MOST_TURNS = 10
"""Turns kept, the last one whole; one more, and the oldest are let go until LEFT_TURNS are left: not one by one, for
what is sent to a model keeps its beginning as long as it can.
"""

LEFT_TURNS = 6

MOST_PINNED = 12
"""Results that outlive their turn, the last ones first."""

Turn = list[AnyMessage]


def kept(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """What of a conversation the next turn builds on: the last turn as it was, those before with their results in
    short, and before all what was shown, decided and promised in turns let go. Keeping what was kept changes nothing.
    """
    pinned, turns = split(_paired(messages))
    if len(turns) > MOST_TURNS:
        gone = [message for turn in turns[:-LEFT_TURNS] for message in turn]
        pinned, turns = _pinned([*pinned, *gone]), turns[-LEFT_TURNS:]
    return [*pinned, *(message for turn in turns[:-1] for message in _in_short(turn)), *(turns[-1] if turns else ())]


def split(messages: Sequence[AnyMessage]) -> tuple[Turn, list[Turn]]:
    """What stands before the first turn, and the turns; each begins with what the shopper wrote."""
    turns: list[Turn] = [[]]
    for message in messages:
        if isinstance(message, HumanMessage):
            turns.append([])
        turns[-1].append(message)
    return turns[0], turns[1:]


def _in_short(turn: Turn) -> Iterator[AnyMessage]:
    cited = {cite for message in turn if isinstance(message, AIMessage) for cite in MARK.findall(message.text)}
    for message in turn:
        yield shortened(message, cited) if isinstance(message, ToolMessage) else _bare(message)


def _bare(message: AnyMessage) -> AnyMessage:
    """An answer without what was told about it: who made it and what it took were for its own turn."""
    if not isinstance(message, AIMessage) or not message.response_metadata:
        return message
    return AIMessage(
        message.text, id=message.id, tool_calls=message.tool_calls, additional_kwargs=message.additional_kwargs
    )


def _paired(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """Messages without calls that have no result, and results that nobody called for: a turn that broke leaves them."""
    results = {message.tool_call_id for message in messages if isinstance(message, ToolMessage)}
    called = {call["id"] for message in messages if isinstance(message, AIMessage) for call in message.tool_calls}
    if results == called:
        return list(messages)
    return list(_whole(messages, results & called))


def _whole(messages: Sequence[AnyMessage], paired: set[Any]) -> Iterator[AnyMessage]:
    for message in messages:
        if isinstance(message, AIMessage) and message.tool_calls:
            calls = [call for call in message.tool_calls if call["id"] in paired]
            if calls or message.text:
                yield message.model_copy(update={"tool_calls": calls})
        elif not isinstance(message, ToolMessage) or message.tool_call_id in paired:
            yield message


def _pinned(messages: Sequence[AnyMessage]) -> Turn:
    """The results that later turns need, however long ago, each with its call: the last about each order, action and
    person called.
    """
    found: dict[tuple[str, str], ToolMessage] = {}
    for message in messages:
        if isinstance(message, ToolMessage) and (about := pinned_by(message)):
            found.pop(about, None)
            found[about] = shortened(message, ())
    last = list(found.values())[-MOST_PINNED:]
    calls = {call["id"]: call for message in messages if isinstance(message, AIMessage) for call in message.tool_calls}
    if not last:
        return []
    asked = AIMessage("", id=f"pinned-{last[-1].id}", tool_calls=[calls[message.tool_call_id] for message in last])
    return [asked, *last]


def pinned_by(message: ToolMessage) -> tuple[str, str] | None:
    """What a result is about that outlives its turn: an order shown, an action and what became of it, a person called;
    None for all else.
    """
    told = message.artifact if isinstance(message.artifact, dict) else {}
    if told.get("operation_id"):
        return "action", str(told["operation_id"])
    if told.get("status") != "ok":
        return None
    if told.get("reference"):
        return "person", str(told["reference"])
    order = told.get("order_id") or (told.get("order") or {}).get("order_id")
    return ("order", str(order)) if order else None
