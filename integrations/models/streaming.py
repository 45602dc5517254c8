"""What our models have in common: they are asked asynchronously, and all they need to write is their stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import agenerate_from_stream
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.runnables.base import RunnableBinding
from langchain_core.tools import BaseTool

Tools = Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool]


class StreamingModel(BaseChatModel):
    """A chat model of which only the stream is to be written."""

    def bind_tools(
        self, tools: Tools, *, tool_choice: Any = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Offer tools, as they are."""
        return self.bind(tools=list(tools), **kwargs)

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


def pieces_of(
    model: BaseChatModel, messages: list[BaseMessage], tools: Tools = (), **more: Any
) -> AsyncGenerator[ChatGenerationChunk]:
    """A model's own stream, without the callbacks of a run of its own: each piece would be shown twice."""
    offered = cast("RunnableBinding[Any, Any]", model.bind_tools(tools)).kwargs if tools else {}
    return cast("AsyncGenerator[ChatGenerationChunk]", model._astream(messages, **offered, **more))
