"""A served model that calls no tools, made one that does: it chooses a tool in JSON, held to a schema, and then words
what the tool told. Small models, and servers whose template knows no tools, answer so where they would not call. What
an action, a proof or a handoff came to, and what is still to be asked, such models lose: the embedded one words it.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import agenerate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.messages.ai import UsageMetadata, add_usage
from langchain_core.messages.tool import ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from assistant.guardrails.personal_data import as_written
from integrations.models import Manner
from integrations.models.choosing import (
    ANSWER,
    CHOSEN,
    PROOF,
    are_for_code,
    choices,
    choosable,
    results_of,
    to_choose,
    to_word,
    without_vain,
)
from integrations.models.faults import ModelFault
from integrations.models.streaming import StreamingModel, Tools, pieces_of

log = logging.getLogger(__name__)


READY = {
    "type": "function",
    "function": {"name": "ready", "description": "Say that you are ready.", "parameters": {"type": "object",
                 "properties": {"word": {"type": "string"}}, "required": ["word"]}},
}  # fmt: skip


class RoutedModel(StreamingModel):
    """Passes on to a served model what it can do; where that calls no tools, chooses by schema, then words. `manner`
    "auto" finds out by one trial call, once in this process. `code` words what is not left to such a model. Every
    failure is a ModelFault.
    """

    inner: BaseChatModel
    code: BaseChatModel
    manner: Manner = "auto"
    _calls: bool | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "routed"

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        *,
        tools: Tools = (),
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        if not tools or await self._calls_tools():
            speaking = pieces_of(self.inner, messages, tools)
        elif are_for_code(messages):
            speaking = pieces_of(self.code, without_vain(as_written(messages)), tools)
        else:
            speaking = self._by_schema(messages, tools)
        async with aclosing(speaking) as pieces:
            async for piece in pieces:
                yield piece

    async def _calls_tools(self) -> bool:
        if self.manner != "auto":
            return self.manner == "native"
        if self._calls is None:
            self._calls = await calls_a_tool(self.inner)
            log.info("a served model was tried with a tool", extra={"calls": self._calls})
        return self._calls

    async def _by_schema(self, messages: list[BaseMessage], tools: Tools) -> AsyncGenerator[ChatGenerationChunk]:
        usage: UsageMetadata | None = None
        told = [result.name for result in results_of(messages)]
        if set(told) <= {PROOF}:
            functions = [convert_to_openai_tool(tool)["function"] for tool in tools]
            offered = choosable([one for one in functions if one["name"] not in told], messages)
            chosen, usage = await self._choose(messages, offered)
            if chosen["tool"] != ANSWER:
                yield _called(chosen, usage)
                return
        async with aclosing(pieces_of(self.inner, to_word(messages))) as pieces:
            async for piece in pieces:
                yield _with_usage(piece, usage)

    async def _choose(
        self, messages: list[BaseMessage], offered: Sequence[dict[str, Any]]
    ) -> tuple[dict[str, Any], UsageMetadata | None]:
        """The tool a model chose with its arguments, and what that took. Raises ModelFault where it is none."""
        schema = {"type": "json_schema", "json_schema": {"name": "choice", "schema": choices(offered)}}
        said = await agenerate_from_stream(pieces_of(self.inner, to_choose(messages, offered), response_format=schema))
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


async def calls_a_tool(model: BaseChatModel) -> bool:
    """Whether a model calls a tool when it is told to. Raises ModelFault where the server did not answer."""
    try:
        said = await agenerate_from_stream(pieces_of(model, [HumanMessage("Call the tool `ready` now.")], [READY]))
    except ModelFault as fault:
        if fault.ours or fault.kind in ("broken_tool_call", "cut_short", "empty", "refused"):
            return False
        raise
    return bool(cast(AIMessage, said.generations[0].message).tool_calls)


def _called(chosen: dict[str, Any], usage: UsageMetadata | None) -> ChatGenerationChunk:
    given = {name: value for name, value in chosen.get("arguments", {}).items() if value not in ("", None)}
    asked = ToolCallChunk(
        name=chosen["tool"], args=json.dumps(given), id=f"{CHOSEN}{uuid.uuid4().hex[:16]}",
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
