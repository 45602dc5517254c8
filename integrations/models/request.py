"""What a model is asked, as a request of OpenAI's protocol: what stays the same first, so that servers can keep it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

Wire = dict[str, Any]

_MARK = re.compile(r"<\s*/?\s*context\b[^>]*>?", re.IGNORECASE)


def write_request(
    head: Wire, messages: Sequence[BaseMessage], notes: str = "", *, system: str = "system", tools: bool = True
) -> bytes:
    """The body of a request. `notes` change from turn to turn: they stand behind the shopper's last words, so that all
    before stays the same. `system` is the role of instructions; without `tools`, calls and results are told as text,
    for templates that know none.
    """
    last = max((place for place, message in enumerate(messages) if isinstance(message, HumanMessage)), default=-1)
    told = _message if tools else _as_text
    shown = [told(message, system) for message in messages]
    if last >= 0 and notes:
        shown[last] = {"role": "user", "content": f"{_unforged(messages[last].text)}\n\n{notes}"}
    shown = list(_merged(shown))
    return orjson.dumps({**head, "messages": shown})


def offer(tools: Sequence[Any]) -> orjson.Fragment:
    """Tools as the request carries them, the same bytes each time."""
    return orjson.Fragment(orjson.dumps([convert_to_openai_tool(tool) for tool in tools]))


def _unforged(text: str) -> str:
    """What others wrote, without marks that only the notes bear."""
    return _MARK.sub(" ", text) if "context" in text.lower() else text


def _message(message: BaseMessage, system: str) -> Wire | None:
    if isinstance(message, SystemMessage):
        return {"role": system, "content": message.text}
    if isinstance(message, HumanMessage):
        return {"role": "user", "content": _unforged(message.text)}
    if isinstance(message, ToolMessage):
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": _unforged(message.text)}
    if not isinstance(message, AIMessage):
        raise TypeError(f"no message of the protocol for {type(message).__name__}")
    calls = [_call(call["id"], call["name"], call["args"]) for call in message.tool_calls]
    said = {"role": "assistant", "content": message.text or None}
    return said | {"tool_calls": calls} if calls else said if message.text.strip() else None


def _call(call_id: str | None, name: str, arguments: Wire) -> Wire:
    written = orjson.dumps(arguments, option=orjson.OPT_NON_STR_KEYS).decode()
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": written}}


def _as_text(message: BaseMessage, system: str) -> Wire | None:
    if isinstance(message, ToolMessage):
        return {"role": "user", "content": _unforged(message.text)}
    if isinstance(message, AIMessage):
        return {"role": "assistant", "content": message.text} if message.text.strip() else None
    return _message(message, system)


def _merged(messages: Any) -> Iterator[Wire]:
    """Neighbours of one speaker as one message: some templates demand that speakers take turns."""
    before: Wire | None = None
    for message in messages:
        if message is None:
            continue
        if before and message["role"] == before["role"] == "user":
            before["content"] += f"\n\n{message['content']}"
            continue
        if before:
            yield before
        before = message
    if before:
        yield before
