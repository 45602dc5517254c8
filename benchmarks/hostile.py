"""A model that does what an attacker wants: it makes the calls it is told to, in order, then says what it likes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult

Call = tuple[str, str]
"""A tool's name, and its arguments as JSON."""


class HostileModel(BaseChatModel):
    """Makes its calls one after the other in every turn, whatever comes back, and keeps all it could read."""

    calls: list[Call]
    says: str
    read: list[str] = []

    @property
    def _llm_type(self) -> str:
        return "hostile"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> HostileModel:  # type: ignore[override]
        """It calls what it likes, offered or not."""
        return self

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.read += [message.text for message in messages]
        begun = max(at for at, message in enumerate(messages) if isinstance(message, HumanMessage))
        made = sum(isinstance(message, ToolMessage) for message in messages[begun:])
        if made >= len(self.calls):
            chunk = AIMessageChunk(self.says)
        else:
            name, arguments = self.calls[made]
            called = tool_call_chunk(name=name, args=arguments, id=f"call-{begun}-{made}", index=0)
            chunk = AIMessageChunk("", tool_call_chunks=[called])
        if run_manager:
            run_manager.on_llm_new_token(chunk.text, chunk=ChatGenerationChunk(message=chunk))
        yield ChatGenerationChunk(message=chunk)
