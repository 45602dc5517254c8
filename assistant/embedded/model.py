"""The embedded model as an ordinary LangChain chat model: tool calling and streaming, no key, no network."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import ToolCallChunk, tool_call
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant.embedded.action_calls import left_open
from assistant.embedded.compose import compose
from assistant.embedded.planner import Planner
from assistant.embedded.router import Route
from assistant.embedded.staff import STAFF_TOOLS, staff_calls
from assistant.embedded.task import ORDER_INTENTS, Task
from assistant.embedded.turn import LEFT_OPEN, read_turn
from assistant.tracing import ModelAsked, note

WORDED = "worded"
"""Marks a piece of a stream (in its additional_kwargs) in which this model words what tools told."""


class EmbeddedModel(BaseChatModel):
    """Reads the turn, calls tools until nothing more is to be looked up, then words what they told.

    It keeps no state: all it knows of the conversation stands in the messages (a question it asked carries the request
    it was asked for), so a conversation can be taken over
    from another model, and by another, at any point.
    """

    route: Callable[[str, str], Route]
    model_name: str = "embedded"

    @property
    def _llm_type(self) -> str:
        return "embedded"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: Any = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Offer tools; only those offered are called."""
        names = [convert_to_openai_tool(offered)["function"]["name"] for offered in tools]
        return self.bind(tool_names=names, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._answer(messages, kwargs.get("tool_names")))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in _chunks(self._answer(messages, kwargs.get("tool_names"))):
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in _chunks(self._answer(messages, kwargs.get("tool_names"))):
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _answer(self, messages: list[BaseMessage], tool_names: list[str] | None) -> AIMessage:
        began = time.perf_counter()
        message = self._composed(messages, tool_names)
        ended = time.perf_counter()
        note(ModelAsked(self.model_name, "answered", began, ended, ended, finish_reason=_reason(message)))
        return message

    def _composed(self, messages: list[BaseMessage], tool_names: list[str] | None) -> AIMessage:
        turn = read_turn(messages)
        planner = Planner(self.route)
        offered = tool_names or []
        tasks = planner.tasks(turn)
        asked = [call for call in staff_calls(turn) if call[0] in offered]
        calls = asked or [call for call in planner.calls(turn, tasks) if call[0] in offered]
        calls = [] if any(turn.told(name) for name in STAFF_TOOLS) else calls
        if calls:
            return AIMessage("", tool_calls=[
                tool_call(name=name, args=arguments, id=f"call_{uuid.uuid4().hex[:16]}") for name, arguments in calls
            ])  # fmt: skip
        if tool_names is not None:
            tasks = [_offered(task, offered) for task in tasks]
        waits = next((request for task in tasks if (request := left_open(task, turn))), None)
        return AIMessage(compose(tasks, turn), additional_kwargs={LEFT_OPEN: waits} if waits else {})


def _offered(task: Task, tool_names: list[str]) -> Task:
    """A task whose tools this role does not have is outside what it can help with. Where it only words what was told,
    no tools are offered at all.
    """
    lacking = task.intent in ORDER_INTENTS and "show_order" not in tool_names
    lacking = lacking or (task.intent == "person" and "hand_to_person" not in tool_names)
    return replace(task, intent="out_of_scope", sure=1.0) if lacking else task


def _chunks(message: AIMessage) -> Iterator[ChatGenerationChunk]:
    """A message as a stream: its tool calls, or its text line by line."""
    import json

    for position, call in enumerate(message.tool_calls):
        part = ToolCallChunk(
            name=call["name"],
            args=json.dumps(call["args"]),
            id=call["id"],
            index=position,
            type="tool_call_chunk",
        )
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=[part]))
    for line in message.text.splitlines(keepends=True):
        yield ChatGenerationChunk(message=AIMessageChunk(content=line, additional_kwargs={WORDED: True}))
    yield ChatGenerationChunk(
        message=AIMessageChunk(
            content="", chunk_position="last", additional_kwargs=message.additional_kwargs,
            response_metadata={"finish_reason": _reason(message)},
        )
    )  # fmt: skip


def _reason(message: AIMessage) -> str:
    return "tool_calls" if message.tool_calls else "stop"
