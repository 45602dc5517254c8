"""Guardrails as one: the agent's framework runs each middleware it knows in a task and two threads of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

Guardrail = AgentMiddleware[Any, Any, Any]
ModelCall = Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
ToolCall = Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]


class Joined(AgentMiddleware[Any, Any, Any]):
    """Several guardrails in one, outermost first. Each wraps calls of the model, of tools, or both."""

    def __init__(self, guardrails: Sequence[Guardrail]) -> None:
        super().__init__()
        self._of_models = [one for one in guardrails if _wraps(one, "awrap_model_call")]
        self._of_tools = [one for one in guardrails if _wraps(one, "awrap_tool_call")]

    async def awrap_model_call(self, request: ModelRequest[Any], handler: ModelCall) -> ModelResponse[Any]:
        """Call the model within each guardrail."""
        call: Any = handler
        for one in reversed(self._of_models):
            call = partial(one.awrap_model_call, handler=call)
        answer: ModelResponse[Any] = await call(request)
        return answer

    async def awrap_tool_call(self, request: ToolCallRequest, handler: ToolCall) -> ToolMessage | Command[Any]:
        """Run the tool within each guardrail."""
        call: Any = handler
        for one in reversed(self._of_tools):
            call = partial(one.awrap_tool_call, handler=call)
        result: ToolMessage | Command[Any] = await call(request)
        return result


def joined(guardrails: Sequence[Guardrail]) -> list[Guardrail]:
    """The same guardrails, those that only wrap calls as one."""
    apart = [one for one in guardrails if any(_wraps(one, hook) for hook in _NODES)]
    return [*apart, Joined([one for one in guardrails if one not in apart])]


_PLACES = ("before_model", "after_model", "before_agent", "after_agent")
_NODES = (*_PLACES, *(f"a{place}" for place in _PLACES))


def _wraps(guardrail: Guardrail, hook: str) -> bool:
    return getattr(type(guardrail), hook) is not getattr(AgentMiddleware, hook)
