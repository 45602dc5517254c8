"""What a model that calls no tools is shown, to choose one by a schema and to word what it told, and what it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from assistant.embedded.turn import read_turn
from assistant.prompts import prompt
from knowledge.locales import served_locales
from tools.offers import OFFERED

ANSWER = "answer"
"""What a model chooses that wants no tool."""

CHOSEN = "chosen_"
"""Begins the name of a call that a model chose by a schema."""

PROOF = "identify_customer"
"""After this tool another is chosen, once: it proves who asks, and answers nothing."""

ASKING = ("missing", "refused", "invalid")
"""How a tool says that the shopper must give something, or may not have it."""

MOST_READ = 2400
"""Letters of what tools told that are shown for wording: small models have short memories and read slowly."""

UNREAD = ("closeness", "score", "url", "document", "kind", "locale", "product_id", "family", "sku", "gtin", "variants")
"""Fields that help a model that calls tools, and no answer."""

HANDOFF = "hand_to_person"
"""The tool that calls a person."""

EARLIER, MOST_EARLIER = 4, 300
"""Messages before the last that are shown for choosing, and letters of each."""

_NUMBER = re.compile(r"\d{4}")
"""What an order's number has in it."""


def are_for_code(messages: Sequence[BaseMessage]) -> bool:
    """Whether the embedded model speaks now: of what an action or a handoff came to, and of what a shopper must still
    give; and for the whole of the turn in which they give it.
    """
    turn = read_turn(messages)
    return bool(turn.past.left_open) or any(
        call.name in (*OFFERED, HANDOFF) or call.status in ASKING for call in turn.calls
    )


def without_vain(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages without what a model chose and what came to nothing: the embedded model begins it anew, for it looks
    an order up before it acts, keeps what it asks for, and may read a proof that the other gave in part.
    """
    told = [message for message in messages if isinstance(message, ToolMessage)]
    chosen = [one for one in told if one.tool_call_id.startswith(CHOSEN)]
    vain = {one.tool_call_id for one in chosen if (one.artifact or {}).get("status") in ASKING}
    return [
        message for message in messages
        if getattr(message, "tool_call_id", "") not in vain
        and not (isinstance(message, AIMessage) and {call["id"] for call in message.tool_calls} & vain)
    ]  # fmt: skip


def choosable(offered: Sequence[dict[str, Any]], messages: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    """Tools that can be called with what was written: one that takes an order's number gets an invented one else."""
    known = any(_NUMBER.search(message.text) for message in messages if isinstance(message, HumanMessage | ToolMessage))
    return [tool for tool in offered if known or "order_id" not in tool["parameters"].get("required", [])]


def choices(offered: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The schema of a choice: one of these tools with its arguments, or the answer."""
    tools = [{"tool": {"const": tool["name"]}, "arguments": _plain_schema(tool["parameters"])} for tool in offered]
    return {"anyOf": [_object(fields, list(fields)) for fields in [*tools, {"tool": {"const": ANSWER}}]]}


def _object(fields: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def _plain_schema(parameters: dict[str, Any]) -> dict[str, Any]:
    """Arguments with their kinds only: limits and patterns make a grammar slow, and code checks them anyway. Of those
    that may be left out only texts: small models fill in a number or a list where none was meant.
    """
    required = list(parameters.get("required", []))
    fields = {name: _kind(about) for name, about in parameters.get("properties", {}).items()}
    asked = {name: kind for name, kind in fields.items() if name in required or kind["type"] == "string"}
    return _object(asked, required)


def _kind(about: dict[str, Any]) -> dict[str, Any]:
    kinds = about.get("anyOf", [about])
    kind = next((one for one in kinds if one.get("type") not in (None, "null")), {"type": "string"})
    return {"type": "array", "items": {"type": "string"}} if kind["type"] == "array" else {"type": kind["type"]}


def to_choose(messages: Sequence[BaseMessage], offered: Sequence[dict[str, Any]]) -> list[BaseMessage]:
    """What a model is shown to choose a tool: the tools, always the same, then the conversation, shortened."""
    lines = "\n".join(map(_line, offered))
    spoken = [message for message in messages if isinstance(message, HumanMessage | AIMessage) and message.text]
    *earlier, last = [f"{_speaker(message)}: {message.text}" for message in spoken] or [""]
    shown = [line[:MOST_EARLIER] for line in earlier[-EARLIER:]]
    return [SystemMessage(prompt("route").replace("{tools}", lines)), HumanMessage("\n".join([*shown, last]))]


def _line(tool: dict[str, Any]) -> str:
    summary = tool["description"].replace("\n", " ").split(". ")[0].rstrip(".")
    return f"- {tool['name']}({', '.join(tool['parameters'].get('properties', {}))}): {summary}."


def _speaker(message: BaseMessage) -> str:
    return "Shopper" if isinstance(message, HumanMessage) else "Assistant"


def to_word(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """What a model is shown to word an answer: what tools told in this turn, then what the shopper wrote."""
    asked = next((message for message in reversed(messages) if isinstance(message, HumanMessage)), HumanMessage(""))
    locale = served_locales().get(str(asked.additional_kwargs.get("language", "en")))
    results = results_of(messages)
    told = [_shortened(message.text, MOST_READ // len(results)) for message in results]
    name = locale.name if locale else "English"
    system = prompt("word").replace("{language}", f"the language called {name}")
    return [SystemMessage(system), HumanMessage("\n\n".join([*told, asked.text]))]


def _shortened(text: str, most: int) -> str:
    """A fenced result of bounded length, without what no answer needs, its fence kept."""
    begin, _, rest = text.partition("\n")
    held, _, end = rest.rpartition("\n")
    with suppress(ValueError):
        held = json.dumps(_needed(json.loads(held)), ensure_ascii=False)
    return f"{begin}\n{held[:most]}\n{end}"


def _needed(value: Any) -> Any:
    if isinstance(value, dict):
        fields = {name: _needed(part) for name, part in value.items() if name not in UNREAD}
        return {name: part for name, part in fields.items() if part not in (None, "", [], {})}
    return [_needed(part) for part in value] if isinstance(value, list) else value


def results_of(messages: Sequence[BaseMessage]) -> list[ToolMessage]:
    """What tools told since the shopper's last message."""
    since: list[BaseMessage] = []
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            break
        since.insert(0, message)
    return [message for message in since if isinstance(message, ToolMessage)]
