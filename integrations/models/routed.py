"""A served model that calls no tools, made one that does: it chooses a tool in JSON, held to a schema, and then words
what the tool told. Small models, and servers whose template knows no tools, answer so where they would not call.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from typing import Any, Literal, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import agenerate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.messages.ai import UsageMetadata, add_usage
from langchain_core.messages.tool import ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.runnables.base import RunnableBinding
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from assistant.prompts import prompt
from integrations.models.faults import ModelFault
from knowledge.locales import served_locales

log = logging.getLogger(__name__)

Tools = Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool]
Manner = Literal["native", "schema", "auto"]
"""How a model is brought to call tools: by itself, by a schema, or as one trial call shows."""

ANSWER = "answer"
"""What a model chooses that wants no tool."""

MOST_READ = 2400
"""Letters of what tools told that are shown for wording: small models have short memories and read slowly."""

UNREAD = ("closeness", "score", "url", "document", "kind", "locale", "product_id", "family", "sku", "gtin", "variants")
"""Fields that help a model that calls tools, and no answer."""

EARLIER, MOST_EARLIER = 4, 300
"""Messages before the last that are shown for choosing, and letters of each."""

PROOF = "identify_customer"
"""After this tool another is chosen: it proves who asks, and answers nothing."""

_NUMBER = re.compile(r"\d{4}")
"""What an order's number has in it."""

READY = {
    "type": "function",
    "function": {"name": "ready", "description": "Say that you are ready.", "parameters": {"type": "object",
                 "properties": {"word": {"type": "string"}}, "required": ["word"]}},
}  # fmt: skip


class RoutedModel(BaseChatModel):
    """Passes on to a served model what it can do; where that calls no tools, chooses by schema, then words. `manner`
    "auto" finds out by one trial call, once in this process. Every failure is a ModelFault.
    """

    inner: BaseChatModel
    manner: Manner = "auto"
    _calls: bool | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "routed"

    def bind_tools(
        self, tools: Tools, *, tool_choice: Any = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Offer tools; how the model is told of them is decided when it is asked."""
        return self.bind(tools=list(tools), **kwargs)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        *,
        tools: Tools = (),
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        if tools and not await self._calls_tools():
            async for piece in self._by_schema(messages, tools):
                yield piece
            return
        async with aclosing(_pieces(self.inner, messages, tools)) as pieces:
            async for piece in pieces:
                yield piece

    async def _calls_tools(self) -> bool:
        if self.manner != "auto":
            return self.manner == "native"
        if self._calls is None:
            self._calls = await calls_a_tool(self.inner)
            log.info("a served model was tried with a tool", extra={"calls": self._calls})
        return self._calls

    async def _by_schema(self, messages: list[BaseMessage], tools: Tools) -> AsyncIterator[ChatGenerationChunk]:
        usage: UsageMetadata | None = None
        if not _told(messages) or _told(messages)[-1].name == PROOF:
            offered = choosable([convert_to_openai_tool(tool)["function"] for tool in tools], messages)
            chosen, usage = await self._choose(messages, offered)
            if chosen["tool"] != ANSWER:
                yield _called(chosen, usage)
                return
        async with aclosing(_pieces(self.inner, to_word(messages))) as pieces:
            async for piece in pieces:
                yield _with_usage(piece, usage)

    async def _choose(
        self, messages: list[BaseMessage], offered: Sequence[dict[str, Any]]
    ) -> tuple[dict[str, Any], UsageMetadata | None]:
        """The tool a model chose with its arguments, and what that took. Raises ModelFault where it is none."""
        schema = {"type": "json_schema", "json_schema": {"name": "choice", "schema": choices(offered)}}
        held = {"response_format": schema}
        said = await agenerate_from_stream(_pieces(self.inner, to_choose(messages, offered), extra_body=held))
        message = cast(AIMessage, said.generations[0].message)
        try:
            chosen = json.loads(message.text)
            names = {tool["name"] for tool in offered} | {ANSWER}
            if chosen["tool"] in names and isinstance(chosen.get("arguments", {}), dict):
                return chosen, message.usage_metadata
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        fault = ModelFault("broken_tool_call")
        fault.usage = message.usage_metadata
        raise fault

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, **kwargs))

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError("models are asked asynchronously: use ainvoke or astream")


async def calls_a_tool(model: BaseChatModel) -> bool:
    """Whether a model calls a tool when it is told to. Raises ModelFault where the server did not answer."""
    try:
        said = await agenerate_from_stream(_pieces(model, [HumanMessage("Call the tool `ready` now.")], [READY]))
    except ModelFault as fault:
        if fault.ours or fault.kind in ("broken_tool_call", "cut_short", "empty", "refused"):
            return False
        raise
    return bool(cast(AIMessage, said.generations[0].message).tool_calls)


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
    results = _told(messages)
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


def _told(messages: Sequence[BaseMessage]) -> list[ToolMessage]:
    """What tools told since the shopper's last message."""
    since: list[BaseMessage] = []
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            break
        since.insert(0, message)
    return [message for message in since if isinstance(message, ToolMessage)]


def _called(chosen: dict[str, Any], usage: UsageMetadata | None) -> ChatGenerationChunk:
    given = {name: value for name, value in chosen.get("arguments", {}).items() if value not in ("", None)}
    asked = ToolCallChunk(
        name=chosen["tool"], args=json.dumps(given), id=f"call_{uuid.uuid4().hex[:16]}",
        index=0, type="tool_call_chunk",
    )  # fmt: skip
    return ChatGenerationChunk(
        message=AIMessageChunk(content="", tool_call_chunks=[asked], chunk_position="last", usage_metadata=usage)
    )


def _with_usage(piece: ChatGenerationChunk, usage: UsageMetadata | None) -> ChatGenerationChunk:
    """A piece that, where it is the last, counts what choosing took as well."""
    message = piece.message
    if isinstance(message, AIMessageChunk) and message.chunk_position == "last":
        message.usage_metadata = add_usage(message.usage_metadata, usage)
    return piece


def _pieces(
    model: BaseChatModel, messages: list[BaseMessage], tools: Tools = (), **more: Any
) -> AsyncGenerator[ChatGenerationChunk]:
    """A model's own stream, without the callbacks of a run of its own."""
    offered = cast("RunnableBinding[Any, Any]", model.bind_tools(tools)).kwargs if tools else {}
    return cast("AsyncGenerator[ChatGenerationChunk]", model._astream(messages, **offered, **more))
