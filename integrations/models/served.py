"""A model behind an OpenAI-compatible server that gives whole answers or none: what is cut short is never acted on."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models.chat_models import agenerate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI

from integrations.models.answer import Answer
from integrations.models.faults import ModelFault, fault_of

ASYNC_ONLY = "a served model is asked asynchronously: use ainvoke or astream"


class ServedModel(ChatOpenAI):
    """Streams text as it comes, tool calls only when the answer has ended well. Every failure is a ModelFault.

    `count` counts tokens where the server reports none; `longest_s` is the time a whole answer may take.
    """

    count: Callable[[str], int] = len
    longest_s: float = 180.0

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        """The answer's text in pieces, then one last piece with all else. Raises ModelFault."""
        answer, ends = Answer(), time.monotonic() + self.longest_s
        begun = False
        try:
            stream = cast("AsyncGenerator[ChatGenerationChunk]", super()._astream(messages, stop=stop, **kwargs))
            async with aclosing(stream) as pieces:
                async for piece in pieces:
                    begun = True
                    answer.add(piece)
                    if piece.text:
                        yield ChatGenerationChunk(message=AIMessageChunk(content=piece.text))
                    if time.monotonic() > ends:
                        raise ModelFault("too_slow", retry=False)
            answer.usage = answer.usage or self._counted(messages, answer)
            last = answer.last(_ids(messages))
        except Exception as error:
            fault = fault_of(error)
            fault.usage = answer.usage or (self._counted(messages, answer) if begun else None)
            raise fault from error
        yield last

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        """A piece as the library reads it, but for one without choices: gateways send it where something failed."""
        if chunk.get("choices") is None and not chunk.get("usage"):
            raise ModelFault("protocol")
        return super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, **kwargs))

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        raise NotImplementedError(ASYNC_ONLY)

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError(ASYNC_ONLY)

    def _counted(self, messages: list[BaseMessage], answer: Answer) -> UsageMetadata:
        """Tokens as near as they can be told from outside; what tools are described by is not counted."""
        read = sum(self.count(message.text) for message in messages)
        written = self.count(answer.text + "".join(asked.arguments for asked in answer.calls))
        return UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)


def _ids(messages: list[BaseMessage]) -> set[str]:
    """The ids that tool calls of the conversation bear."""
    return {call["id"] or "" for message in messages if isinstance(message, AIMessage) for call in message.tool_calls}
