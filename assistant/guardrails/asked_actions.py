"""An action is offered only for what the shopper spoke of, and only they prove who they are: text in a document or an
order can make a model ask for anything, but not put words into the shopper's mouth.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langgraph.types import Command

from assistant.embedded.turn import begun
from tools.offers import OFFERED
from tools.results import tell

NOT_ASKED = "NOT_ASKED"
"""The rule of a call that names what neither the shopper wrote nor their own orders hold."""

NAMING = ("order_id", "item_ids", "item_id", "payment_method_id", "tracking_id")
"""Arguments that stand in what the shopper wrote or in their own orders."""

WRITTEN = ("address1", "address2", "city", "zip")
"""Arguments that stand in what the shopper wrote: where goods go is nothing a tool may say."""

PROOFS = {"identify_customer": ("email", "postcode")}
"""Tools that take a proof: it counts only as the shopper's own words. A model may have learnt one elsewhere."""

OWN_ORDERS = ("show_order", "list_orders", "identify_customer", "return_options")
"""Tools that show only orders the session may see."""


class OnlyAskedActions(AgentMiddleware[Any, Any, Any]):
    """Refuses an action that names an order, an item, a method or a place the shopper did not bring up, and a proof of
    identity that they did not write.
    """

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        """Run the tool, unless it is an action on something foreign to the conversation."""
        call = request.tool_call
        messages = request.state["messages"]
        if call["name"] in PROOFS:
            call = {**call, "args": with_written_proofs(call["args"], PROOFS[call["name"]], messages)}
            if any(call["args"].get(name) for name in PROOFS[call["name"]]):
                tried = told_before(request.tool_call, messages)
                return tried or await handler(request.override(tool_call=call))
        elif call["name"] not in OFFERED or is_asked(call["args"], messages):
            return await handler(request)
        content, artifact = tell("refused", rule=NOT_ASKED, action=call["name"])
        return ToolMessage(content, name=call["name"], tool_call_id=call["id"], artifact=artifact)


def told_before(call: ToolCall, messages: Sequence[AnyMessage]) -> ToolMessage | None:
    """What the very same call told already since the shopper's last message: a model that repeats a proof uses up none
    of the shopper's attempts.
    """
    since = messages[begun(messages) :]
    told = {message.tool_call_id: message for message in since if isinstance(message, ToolMessage)}
    for made in (made for message in since if isinstance(message, AIMessage) for made in message.tool_calls):
        if (made["name"], made["args"]) == (call["name"], call["args"]) and made["id"] in told:
            return told[made["id"]].model_copy(update={"tool_call_id": call["id"], "id": None})
    return None


def is_asked(arguments: dict[str, Any], messages: Sequence[AnyMessage]) -> bool:
    """Whether all an action names stands in what the shopper wrote, or was shown of their own orders."""
    written = written_in(messages)
    shown = {_plain(text) for message in messages for text in _own(message)}
    named = [_plain(value) for name in NAMING for value in _values(arguments.get(name))]
    placed = [_plain(word) for name in WRITTEN for value in _values(arguments.get(name)) for word in value.split()]
    return all(value in shown or value in written for value in named) and all(word in written for word in placed)


def written_in(messages: Sequence[AnyMessage]) -> str:
    """All that the shopper wrote, by its letters and digits."""
    return _plain(" ".join(message.text for message in messages if isinstance(message, HumanMessage)))


def with_written_proofs(
    arguments: dict[str, Any], names: Sequence[str], messages: Sequence[AnyMessage]
) -> dict[str, Any]:
    """Arguments without the proofs that the shopper did not write."""
    written = written_in(messages)
    foreign = [name for name in names if not all(_plain(value) in written for value in _values(arguments.get(name)))]
    return {name: value for name, value in arguments.items() if name not in foreign}


def _values(value: Any) -> list[str]:
    return [str(part) for part in (value if isinstance(value, list) else [value]) if part not in (None, "")]


def _own(message: AnyMessage) -> Iterator[str]:
    """All texts in what a tool showed of the session's own orders."""
    if isinstance(message, ToolMessage) and message.name in OWN_ORDERS and isinstance(message.artifact, dict):
        yield from _texts(message.artifact) if message.artifact.get("status") == "ok" else ()


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, dict | list):
        for part in told.values() if isinstance(told, dict) else told:
            yield from _texts(part)
    elif isinstance(told, str):
        yield told


def _plain(text: str) -> str:
    """Letters and digits alone: how a number is written makes no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded if c.isalnum())
